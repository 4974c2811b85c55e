"""O que todo desenho do curso tem em comum: cores, letra, moldura acessível."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import escape, unescape
from unicodedata import east_asian_width

# Okabe e Ito (2008): distinguíveis por quem não distingue verde de vermelho.
OKABE_ITO = {
    "azul": "#0072B2",
    "laranja": "#D55E00",
    "verde": "#009E73",
    "rosa": "#CC79A7",
    "amarelo": "#E69F00",
    "celeste": "#56B4E9",
}
TINTA = "#1a1a1a"
CINZA = "#595959"  # 7:1 sobre o branco
FIO = "#c4c4c4"
FUNDO = "#ffffff"
LETRA = "font-family:system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif"


@dataclass(frozen=True)
class Figura:
    """Um SVG que o notebook mostra: no JupyterLab, no GitHub e no papel."""

    svg: str

    def __str__(self) -> str:
        return self.svg

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": f"<Figura: {titulo_de(self)}>"}


def moldura(largura: int, altura: int, titulo: str, descricao: str, corpo: str) -> Figura:
    """Envolve ``corpo`` (SVG já escapado) com fundo opaco, título e descrição. Medidas em pixels."""
    titulo, descricao = limpar(titulo), limpar(descricao)
    return Figura(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {largura} {altura}" width="{largura}" '
        f'height="{altura}" role="img" aria-label="{escape(f"{titulo}. {descricao}")}" '
        f'style="max-width:100%;height:auto;{LETRA}">'
        f"<title>{escape(titulo)}</title><desc>{escape(descricao)}</desc>"
        f'<rect width="{largura}" height="{altura}" rx="6" fill="{FUNDO}" stroke="{FIO}"/>{corpo}</svg>'
    )


def texto(
    x: float,
    y: float,
    conteudo: str,
    *,
    tamanho: int = 14,
    cor: str = TINTA,
    ancora: str = "start",
    peso: str = "normal",
) -> str:
    """Um ``<text>`` com o conteúdo escapado. ``ancora``: start, middle ou end."""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{tamanho}" fill="{cor}" text-anchor="{ancora}" '
        f'font-weight="{peso}">{escape(limpar(conteudo))}</text>'
    )


def retangulo(
    x: float, y: float, largura: float, altura: float, cor: str, *, raio: int = 3, borda: str = "none"
) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(largura)}" height="{_n(altura)}" rx="{raio}" '
        f'fill="{cor}" stroke="{borda}"/>'
    )


def barra(x: float, y: float, comprimento: float, preenchido: float, altura: float, cor: str) -> str:
    """O fundo de uma barra horizontal e a parte preenchida dela."""
    return retangulo(x, y, comprimento, altura, "#f2f2f2", borda=FIO) + retangulo(x, y, preenchido, altura, cor)


def fracao(valor: float) -> float:
    """O valor preso entre 0 e 1; o que não é número vale 0."""
    return min(max(valor, 0.0), 1.0) if valor == valor else 0.0


def largura_de_ficha(conteudo: str, letra: float, minima: float) -> float:
    """Quanto um texto curto ocupa: os caracteres largos (do chinês, os emoji) valem 16."""
    return max(sum(16 if east_asian_width(c) in "WF" else letra for c in conteudo), minima)


def milhar(valor: int) -> str:
    """``12000`` → ``"12.000"``."""
    return f"{valor:,}".replace(",", ".")


def plural(quantos: int, nome: str) -> str:
    """``1 token``, ``2 tokens``, ``1.200 tokens``."""
    return f"{milhar(quantos)} {nome}" if quantos == 1 else f"{milhar(quantos)} {nome}s"


def encurtar(conteudo: str, maximo: int) -> str:
    """Corta no caractere ``maximo`` e diz que cortou, com reticências."""
    conteudo = limpar(conteudo)
    return conteudo if len(conteudo) <= maximo else conteudo[: maximo - 1].rstrip() + "…"


def limpar(conteudo: str) -> str:
    """Troca por espaço o que o XML não aceita (caracteres de controle, metades de pares substitutos)."""
    return "".join(
        c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" else " " for c in conteudo
    )


def decimal(valor: float, casas: int = 2) -> str:
    """``0.934`` → ``"0,93"``; o que não é número vira ``"?"``."""
    return f"{valor:.{casas}f}".replace(".", ",") if math.isfinite(valor) else "?"


def titulo_de(figura: Figura | str) -> str:
    return _entre(str(figura), "title")


def descricao_de(figura: Figura | str) -> str:
    """O que o desenho diz, em palavras: o ``<desc>`` que o leitor de tela lê."""
    return _entre(str(figura), "desc")


def _entre(svg: str, marca: str) -> str:
    achado = re.search(rf"<{marca}\b[^>]*>(.*?)</{marca}>", svg, re.DOTALL)
    return unescape(achado[1]) if achado else ""


def _n(valor: float) -> str:
    """Coordenadas com no máximo uma casa: arquivos menores e iguais em toda máquina."""
    return f"{valor:.1f}".removesuffix(".0")
