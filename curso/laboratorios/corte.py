"""Laboratório: a linha de corte de um classificador, e que erros ela dá a cada grupo de textos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curso.desenho.estilo import (
    CINZA,
    FIO,
    OKABE_ITO,
    Figura,
    barra,
    decimal,
    encurtar,
    fracao,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import Laboratorio, desenho_seguro, escolha, regua_decimal

LARGURA, MARGEM, COLUNA, BARRA = 700, 16, 300, 250
ALTURA_DA_BARRA, PASSO, ALTURA_DO_GRUPO = 15, 21, 76
MAXIMO_DE_GRUPOS = 6
TODOS = "todos"
# Cada erro tem uma cor e, porque a cor não basta, o nome por extenso ao lado da barra.
ERROS = (("queixa lida como elogio", False, "laranja"), ("elogio lido como queixa", True, "azul"))


def contar(notas: Sequence[float], elogios: Sequence[bool], corte: float) -> dict[str, tuple[int, int]]:
    """Quantos erros de cada tipo, e entre quantos textos. A partir do corte, o texto é dado por elogio.

    Raises:
        ValueError: notas e respostas em números diferentes, ou uma nota que não está entre 0 e 1.
    """
    if len(notas) != len(elogios) or not all(0 <= nota <= 1 for nota in notas):
        raise ValueError("é preciso uma nota entre 0 e 1 para cada resposta")
    contas = {}
    for nome, elogio, _ in ERROS:
        deste_lado = [nota for nota, certo in zip(notas, elogios, strict=True) if bool(certo) is elogio]
        contas[nome] = (sum(bool(nota >= corte) is not elogio for nota in deste_lado), len(deste_lado))
    return contas


def quadro(
    notas: Sequence[float], elogios: Sequence[bool], grupos: Sequence[str] | None = None, corte: float = 0.5
) -> Figura:
    """Duas barras por grupo: a parte das queixas e a parte dos elogios que o modelo lê ao contrário.

    Args:
        notas: a nota de «elogio» que o modelo deu a cada texto.
        elogios: se cada texto é mesmo um elogio.
        grupos: o grupo de cada texto; sem isto, há um só, com todos.
        corte: a partir de que nota o texto é dado por elogio.

    Raises:
        ValueError: listas de tamanhos diferentes, nenhuma nota, ou mais de seis grupos.
    """
    grupos = [TODOS] * len(notas) if grupos is None else list(grupos)
    nomes = sorted(set(grupos))
    if not nomes or not len(grupos) == len(notas) == len(elogios) or len(nomes) > MAXIMO_DE_GRUPOS:
        raise ValueError(f"é preciso um grupo para cada texto, e de 1 a {MAXIMO_DE_GRUPOS} grupos diferentes")
    titulo = f"Erros com a linha de corte em {decimal(corte)}"
    partes = [
        texto(MARGEM, 30, titulo, tamanho=15, peso="bold"),
        texto(MARGEM, 52, f"nota de {decimal(corte)} em diante: o modelo diz «elogio»", tamanho=13, cor=CINZA),
    ]
    ditos, y = [], 84
    for nome in nomes:
        deste = [i for i, grupo in enumerate(grupos) if grupo == nome]
        contas = contar([notas[i] for i in deste], [elogios[i] for i in deste], corte)
        acertos = 1 - sum(erros for erros, _ in contas.values()) / len(deste)
        cabeca = f"{encurtar(nome, 40)}: {plural(len(deste), 'texto')}, {100 * acertos:.0f}% de acertos"
        partes.append(texto(MARGEM, y, cabeca, peso="bold"))
        ditos.append(f"{cabeca}, {'; '.join(_linha(partes, y, ordem, contas) for ordem in range(len(ERROS)))}.")
        y += ALTURA_DO_GRUPO
        partes.append(retangulo(MARGEM, y - 24, LARGURA - 2 * MARGEM, 1, FIO, raio=0))
    return moldura(LARGURA, y - 16, titulo, " ".join(ditos), "".join(partes[:-1]))


def _linha(partes: list[str], y: float, ordem: int, contas: Mapping[str, tuple[int, int]]) -> str:
    """Desenha uma barra e devolve o que ela diz."""
    nome, _, cor = ERROS[ordem]
    erros, quantos = contas[nome]
    topo = y + 9 + ordem * PASSO
    parte = erros / quantos if quantos else float("nan")
    numero = f"{100 * parte:.0f}% ({erros} de {quantos})" if quantos else "nenhum texto"
    partes += [
        texto(MARGEM + 16, topo + 12, nome, tamanho=13),
        barra(MARGEM + COLUNA - 90, topo, BARRA, BARRA * fracao(parte), ALTURA_DA_BARRA, OKABE_ITO[cor]),
        texto(MARGEM + COLUNA - 90 + BARRA + 10, topo + 12, numero, tamanho=13),
    ]
    return f"{nome} {numero}"


class LaboratorioDeCorte(Laboratorio):
    """A linha de corte, o jeito de separar os textos, e os dois erros em cada grupo.

    Attributes:
        corte: a régua. separar: os botões (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório da linha de corte"

    def __init__(self, notas: Sequence[float], elogios: Sequence[bool], separar: Mapping[str, Sequence[str]]):
        self._notas, self._elogios = [float(nota) for nota in notas], [bool(certo) for certo in elogios]
        self._grupos = {TODOS: None, **separar}
        self.corte = regua_decimal("Linha de corte", 0.5, 0.05, 0.95, 0.05)
        self.separar = escolha("Separar por:", list(self._grupos))
        super().__init__([self.corte, self.separar])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self._notas, self._elogios, self._grupos[self.separar.value], self.corte.value),
            "O laboratório não conseguiu separar estes textos",
        )
