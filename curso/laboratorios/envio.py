"""Laboratório: que arquivos de uma pasta sobem para o Hub, com os padrões de ``upload_folder``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import ipywidgets as widgets

from curso.desenho.estilo import CINZA, FIO, OKABE_ITO, Figura, decimal, encurtar, moldura, plural, retangulo, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro

MAXIMO_DE_ARQUIVOS, MAXIMO_DE_LETRAS = 24, 2_000
LARGURA, MARGEM, PASSO = 700, 16, 25
COLUNA_DO_NOME, COLUNA_DO_TAMANHO, COLUNA_DO_AVISO = 92, 440, 458
SEGREDO, RETOMAR, PICKLE, PESSOAS, REGISTRO = (
    "senha ou token",
    "só para retomar o treino",
    "pickle: executa código",
    "de pessoas? confira",
    "registro do treino",
)


def risco(nome: str) -> str:
    """Por que este arquivo não deveria subir; vazio se nada no nome preocupa."""
    base, fim = PurePosixPath(nome).name.lower(), PurePosixPath(nome).suffix.lower()
    if base.startswith(".env") or fim in {".pem", ".key"} or re.search(r"senha|secret|password|^token(\.|$)", base):
        return SEGREDO
    if fim in {".csv", ".xlsx", ".sqlite", ".db"}:
        return PESSOAS
    if re.match(r"optimizer|scheduler|rng_state|trainer_state|scaler", base):
        return RETOMAR
    if fim in {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}:
        return PICKLE
    return REGISTRO if "tfevents" in base or fim == ".log" else ""


def padroes(escrito: str) -> list[str] | None:
    """``"runs/*, *.pt"`` → ``["runs/*", "*.pt"]``; nada escrito, nenhum padrão."""
    return [p for p in re.split(r"[,;\s]+", escrito[:MAXIMO_DE_LETRAS]) if p] or None


def separar(nomes: list[str], so_estes: str, menos_estes: str) -> list[str]:
    """Os que sobem: a mesma função que ``upload_folder`` usa, com o que ele deixa de fora por conta própria."""
    from huggingface_hub.utils import DEFAULT_IGNORE_PATTERNS, filter_repo_objects

    fora = (padroes(menos_estes) or []) + DEFAULT_IGNORE_PATTERNS
    return list(filter_repo_objects(nomes, allow_patterns=padroes(so_estes), ignore_patterns=fora))


def em_bytes(n: float) -> str:
    if n < 1_000:
        return f"{n:.0f} B"
    return f"{decimal(n / 1e3, 0)} kB" if n < 1e5 else f"{decimal(n / 1e6, 1)} MB"


def quadro(arquivos: Mapping[str, int], menos_estes: str = "", so_estes: str = "") -> Figura:
    """Uma linha para cada arquivo da pasta: se sobe ou fica, quanto pesa, e o que preocupa nele.

    Args:
        arquivos: nome, com as subpastas, e tamanho em bytes; só os 24 primeiros entram.
        menos_estes, so_estes: o que se passaria em ``ignore_patterns`` e em ``allow_patterns``, com vírgulas.

    Raises:
        ValueError: pasta vazia, ou um tamanho negativo.
    """
    arquivos = dict(list(arquivos.items())[:MAXIMO_DE_ARQUIVOS])
    if not arquivos or min(arquivos.values()) < 0:
        raise ValueError("é preciso ao menos um arquivo, e nenhum tamanho negativo")
    sobem = separar(list(arquivos), so_estes, menos_estes)
    perigosos = [nome for nome in sobem if risco(nome)]
    verbo = "Sobe" if len(sobem) == 1 else "Sobem"
    titulo = f"{verbo} {len(sobem)} de {plural(len(arquivos), 'arquivo')}, {em_bytes(sum(arquivos[n] for n in sobem))}"
    partes = [texto(MARGEM, 30, titulo, peso="bold", tamanho=15)]
    y = 46
    for nome, tamanho in arquivos.items():
        partes.append(_linha(y, nome, tamanho, nome in sobem))
        y += PASSO
    conta = (
        f"{plural(len(perigosos), 'arquivo')} com aviso entre os que sobem" if perigosos else "Nenhum aviso no que sobe"
    )
    partes.append(texto(MARGEM, y + 18, conta, peso="bold"))
    ditos = "; ".join(f"{nome} ({risco(nome)})" if risco(nome) else nome for nome in sobem) or "nada"
    ficam = ", ".join(nome for nome in arquivos if nome not in sobem) or "nada"
    return moldura(LARGURA, y + 34, titulo, f"{conta}. Sobem: {ditos}. Ficam: {ficam}.", "".join(partes))


def _linha(y: float, nome: str, tamanho: int, sobe: bool) -> str:
    cor = OKABE_ITO["azul"] if sobe else "#ededed"
    preocupa = risco(nome)
    partes = [
        retangulo(MARGEM, y, 64, 20, cor, borda="none" if sobe else FIO),
        texto(
            MARGEM + 32,
            y + 15,
            "↑ sobe" if sobe else "fica",
            ancora="middle",
            tamanho=13,
            cor="#ffffff" if sobe else CINZA,
        ),
        texto(COLUNA_DO_NOME, y + 15, encurtar(nome, 40), cor="#1a1a1a" if sobe else CINZA),
        texto(COLUNA_DO_TAMANHO, y + 15, em_bytes(tamanho), ancora="end", tamanho=13, cor=CINZA),
    ]
    if preocupa:
        x = COLUNA_DO_AVISO
        if sobe:
            partes.append(
                f'<path d="M{x} {y + 17} l8 -14 l8 14 z" fill="#ffffff" stroke="{OKABE_ITO["laranja"]}" stroke-width="2"/>'
            )
        partes.append(
            texto(
                x + 22,
                y + 15,
                preocupa,
                tamanho=13,
                peso="bold" if sobe else "normal",
                cor="#1a1a1a" if sobe else CINZA,
            )
        )
    return "".join(partes)


class LaboratorioDeEnvio(Laboratorio):
    """Escreva padrões e veja o que subiria.

    Attributes:
        menos, so: as caixas (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório de envio"

    def __init__(self, arquivos: Mapping[str, int], menos: str = ""):
        self._arquivos = dict(arquivos)
        self.menos = caixa("Deixar de fora:", menos, "ignore_patterns, por exemplo: runs/*, *.pt")
        self.so = caixa("Subir só:", "", "allow_patterns; vazio quer dizer tudo")
        super().__init__([self.menos, self.so])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self._arquivos, self.menos.value, self.so.value),
            "O laboratório não conseguiu ler estes padrões",
        )


def caixa(nome: str, valor: str, exemplo: str) -> widgets.Text:
    return widgets.Text(
        value=valor,
        description=nome,
        placeholder=exemplo,
        layout=widgets.Layout(width="98%", max_width="700px"),
        style={"description_width": "130px"},
    )
