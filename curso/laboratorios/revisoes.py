"""Laboratório: as revisões de um modelo no cache, os blobs que elas repartem, e quanto se libera ao apagar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curso.desenho.estilo import (
    CINZA,
    FIO,
    OKABE_ITO,
    Figura,
    decimal,
    encurtar,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import Laboratorio, desenho_seguro, escolha, regua

NADA, ANTIGA, NOVA, SOLTAS, TUDO = "nada", "a mais antiga", "a mais nova", "as soltas", "tudo"
APAGAR = (NADA, ANTIGA, NOVA, SOLTAS, TUDO)
MAXIMO_DE_ARQUIVOS, MAXIMO_DE_REVISOES, MAXIMO_DE_LETRAS = 4, 8, 20
MAXIMO_DO_NOME = 10
LARGURA, MARGEM, PASSO, ALTURA = 700, 16, 30, 24
INICIO_DAS_COLUNAS, PRIMEIRA_COLUNA, OUTRAS_COLUNAS = 196, 130, 100
DO_ATALHO, DO_BLOB, APAGADO = "#e8f1f8", "#fdf0dc", "#ededed"


@dataclass(frozen=True)
class Revisao:
    """Um retrato do repositório: o que mudou nele, e a versão de cada arquivo, uma letra para cada um."""

    titulo: str
    versoes: str
    etiqueta: str = ""


Blobs = dict[tuple[str, str], int]


def blobs_de(tamanhos: Mapping[str, int], revisoes: Iterable[Revisao]) -> Blobs:
    """Os conteúdos diferentes que estas revisões usam, e os bytes de cada um; o repetido entra uma vez."""
    return {
        (arquivo, versao): tamanhos[arquivo]
        for revisao in revisoes
        for arquivo, versao in zip(tamanhos, revisao.versoes, strict=True)
    }


def escolhidas(revisoes: Sequence[Revisao], apagar: str) -> set[int]:
    """Os índices do que se apaga. Solta é a revisão que nenhum nome aponta: nem ``main``, a última, nem etiqueta."""
    ultima = len(revisoes) - 1
    if apagar == SOLTAS:
        return {i for i, revisao in enumerate(revisoes[:ultima]) if not revisao.etiqueta}
    opcoes = {NADA: set(), ANTIGA: {0}, NOVA: {ultima}, TUDO: set(range(len(revisoes)))}
    if apagar not in opcoes:
        raise ValueError(f"apagar={apagar!r} não existe; escolha entre {', '.join(APAGAR)}")
    return opcoes[apagar]


def quadro(
    tamanhos: Mapping[str, int], historico: Sequence[Sequence[str]], baixadas: int = 3, apagar: str = NADA
) -> Figura:
    """As revisões no cache, uma linha para cada uma, e embaixo os blobs para onde os atalhos delas levam.

    Args:
        tamanhos: bytes de cada arquivo do repositório; no máximo quatro arquivos.
        historico: da mais antiga à mais nova: o que mudou, uma letra para a versão de cada arquivo, e a etiqueta.
        baixadas: quantas revisões, desde a primeira, foram baixadas.
        apagar: uma de ``APAGAR``.

    Raises:
        ValueError: arquivos ou revisões de menos ou de mais, uma versão sem letra, ou uma opção que não existe.
    """
    revisoes = [Revisao(*campos) for campos in historico[:baixadas]]
    if not 1 <= len(tamanhos) <= MAXIMO_DE_ARQUIVOS or not 1 <= len(revisoes) <= MAXIMO_DE_REVISOES:
        raise ValueError(f"é preciso de 1 a {MAXIMO_DE_ARQUIVOS} arquivos e de 1 a {MAXIMO_DE_REVISOES} revisões")
    if min(tamanhos.values()) < 0:
        raise ValueError("um arquivo não pode ter menos de 0 bytes")
    saem = escolhidas(revisoes, apagar)
    todos = blobs_de(tamanhos, revisoes)
    ficam = blobs_de(tamanhos, (r for i, r in enumerate(revisoes) if i not in saem))
    somadas = len(revisoes) * sum(tamanhos.values())
    no_disco, depois = sum(todos.values()), sum(ficam.values())
    quantas = "1 revisão" if len(revisoes) == 1 else f"{len(revisoes)} revisões"
    titulo = f"{quantas} no cache; apagar {apagar}"

    partes = [texto(MARGEM, 30, titulo, peso="bold", tamanho=15), texto(MARGEM, 58, "snapshots (atalhos)", cor=CINZA)]
    for coluna, arquivo in enumerate(tamanhos):
        partes.append(texto(_x(coluna), 58, encurtar(arquivo, 17), tamanho=12, cor=CINZA))
    y = 68
    for i, revisao in enumerate(revisoes):
        nomes = [nome for nome in ("main" if i == len(revisoes) - 1 else "", revisao.etiqueta) if nome]
        partes += _linha(y, i, revisao, nomes, i in saem)
        y += PASSO
    y += 22
    partes.append(texto(MARGEM, y + 17, "blobs (os bytes)", cor=CINZA))
    y = _blobs(partes, y, tamanhos, todos, ficam)
    contas = [
        f"Somadas uma a uma, as revisões teriam {bytes_em_texto(somadas)}.",
        f"No disco há {plural(len(todos), 'blob')}, {bytes_em_texto(no_disco)}.",
        f"Apagar {apagar}: libera {bytes_em_texto(no_disco - depois)}, ficam {bytes_em_texto(depois)}.",
    ]
    for linha, conta in enumerate(contas):
        partes.append(texto(MARGEM, y + 24 + 22 * linha, conta, tamanho=15, peso="bold" if linha == 2 else "normal"))
    quais = ", ".join(str(i + 1) for i in sorted(saem)) or "nenhuma"
    descricao = f"{' '.join(contas)} Revisões apagadas: {quais}."
    return moldura(LARGURA, y + 84, titulo, descricao, "".join(partes))


def bytes_em_texto(valor: int) -> str:
    """``438_000_000`` → ``"438,0 MB"``, em MB e KB de mil, como a ``huggingface_hub`` conta."""
    if valor >= 1e9:
        return f"{decimal(valor / 1e9, 2)} GB"
    if valor >= 1e6:
        return f"{decimal(valor / 1e6, 1)} MB"
    return f"{decimal(valor / 1e3, 0)} KB" if valor >= 1e3 else f"{valor} bytes"


def _x(coluna: int) -> int:
    return INICIO_DAS_COLUNAS + (PRIMEIRA_COLUNA + OUTRAS_COLUNAS * (coluna - 1) if coluna else 0)


def _largura(coluna: int) -> int:
    return (OUTRAS_COLUNAS if coluna else PRIMEIRA_COLUNA) - 8


def _linha(y: float, indice: int, revisao: Revisao, nomes: Sequence[str], sai: bool) -> list[str]:
    """Uma revisão: o que mudou, um atalho para cada arquivo (× se ela sai), e os nomes que a apontam."""
    cor = CINZA if sai else OKABE_ITO["azul"]
    partes = [texto(MARGEM, y + 17, f"{indice + 1}. {encurtar(revisao.titulo, MAXIMO_DE_LETRAS)}", tamanho=14)]
    for coluna, versao in enumerate(revisao.versoes):
        partes.append(
            _casa(_x(coluna), y, _largura(coluna), f"× {versao}" if sai else f"→ {versao}", sai, cor, DO_ATALHO)
        )
    rotulo = encurtar(" ".join(nomes) or "solta", MAXIMO_DO_NOME)
    peso = "bold" if nomes else "normal"
    x = INICIO_DAS_COLUNAS + PRIMEIRA_COLUNA + OUTRAS_COLUNAS * (len(revisao.versoes) - 1)
    return [*partes, texto(x, y + 17, rotulo, tamanho=13, peso=peso)]


def _blobs(partes: list[str], y: float, tamanhos: Mapping[str, int], todos: Blobs, ficam: Blobs) -> float:
    """Os blobs de cada arquivo, um sob o outro; devolve onde eles acabam."""
    fundo = y
    for coluna, arquivo in enumerate(tamanhos):
        versoes = [versao for nome, versao in todos if nome == arquivo]
        for linha, versao in enumerate(versoes):
            some = (arquivo, versao) not in ficam
            rotulo = f"{'× ' if some else ''}{versao}: {bytes_em_texto(tamanhos[arquivo])}"
            topo = y + linha * PASSO
            partes.append(_casa(_x(coluna), topo, _largura(coluna), rotulo, some, OKABE_ITO["laranja"], DO_BLOB))
            fundo = max(fundo, topo + PASSO)
    return fundo


def _casa(x: float, y: float, largura: float, rotulo: str, apagada: bool, borda: str, fundo: str) -> str:
    cor = retangulo(x, y, largura, ALTURA, APAGADO if apagada else fundo, borda=FIO if apagada else borda)
    return cor + texto(x + largura / 2, y + 17, rotulo, ancora="middle", tamanho=13)


class LaboratorioDoCache(Laboratorio):
    """Quantas revisões foram baixadas, quais se apagam, e quanto disco isso devolve.

    Attributes:
        baixadas: a régua. apagar: os botões (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório do cache"

    def __init__(self, tamanhos: Mapping[str, int], historico: Sequence[Sequence[str]], baixadas: int = 3):
        self._tamanhos, self._historico = tamanhos, historico
        ultima = min(max(len(historico), 1), MAXIMO_DE_REVISOES)
        self.baixadas = regua("Revisões baixadas", min(baixadas, ultima), 1, ultima)
        self.apagar = escolha("Apagar:", APAGAR)
        super().__init__([self.baixadas, self.apagar])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self._tamanhos, self._historico, self.baixadas.value, self.apagar.value),
            "O laboratório não conseguiu desenhar este cache",
        )
