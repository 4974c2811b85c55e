"""Laboratório: a descida do gradiente em uma tigela de dois pesos, com a taxa, o momento e os passos que se escolher."""

from __future__ import annotations

import itertools
import math

from curso.desenho.estilo import CINZA, FIO, OKABE_ITO, TINTA, Figura, decimal, moldura, plural, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro, regua, regua_decimal

# A perda é ½ (x² + 9 y²): nove vezes mais curva de um lado que do outro, como quase sempre é a de uma rede.
CURVA_X, CURVA_Y = 1.0, 9.0
INICIO = (-9.0, 2.5)
TAXA, TAXA_MINIMA, TAXA_MAXIMA, MAXIMO_DE_PASSOS = 0.1, 0.01, 0.4, 60
CHEGOU = 0.01  # da perda inicial
LARGURA, MARGEM, ESCALA = 700, 16, 32.0
MAPA_Y, MAPA_ALTURA, CURVA_TOPO, CURVA_ALTURA = 64, 256, 366, 130
MEIO_X, MEIO_Y = LARGURA / 2, MAPA_Y + MAPA_ALTURA / 2
MEIA_LARGURA, MEIA_ALTURA = (LARGURA / 2 - MARGEM) / ESCALA, MAPA_ALTURA / 2 / ESCALA


def perda(x: float, y: float) -> float:
    return (CURVA_X * x * x + CURVA_Y * y * y) / 2


def caminho(taxa: float, momento: float = 0.0, passos: int = 20) -> list[tuple[float, float]]:
    """Os pesos antes do primeiro passo e depois de cada um. A conta é a do ``torch.optim.SGD``.

    Raises:
        ValueError: uma taxa que não é positiva, um momento fora de [0, 1), ou passos fora de 1 a 60.
    """
    if not (math.isfinite(taxa) and 0 < taxa <= 1 and 0 <= momento < 1 and 1 <= passos <= MAXIMO_DE_PASSOS):
        raise ValueError(f"taxa entre 0 e 1, momento de 0 até menos de 1, e de 1 a {MAXIMO_DE_PASSOS} passos")
    x, y = INICIO
    vx = vy = 0.0
    lugares = [(x, y)]
    for _ in range(int(passos)):
        vx, vy = momento * vx + CURVA_X * x, momento * vy + CURVA_Y * y
        x, y = x - taxa * vx, y - taxa * vy
        lugares.append((x, y))
    return lugares


def veredito(perdas: list[float]) -> str:
    """Uma frase sobre a descida, pelas perdas antes do primeiro passo e depois de cada um."""
    partes = [p / perdas[0] for p in perdas]
    if partes[-1] > 1:
        vezes = "mais de mil" if partes[-1] > 1000 else decimal(partes[-1], 1)
        return f"Diverge: a perda terminou {vezes} vezes maior do que começou."
    if partes[-1] < CHEGOU:
        # O momento passa do fundo e volta: chegar é ficar abaixo do limite até o fim.
        passo = max(i for i, p in enumerate(partes) if p >= CHEGOU) + 1
        return f"Chegou: abaixo de 1% da perda inicial a partir do passo {passo}."
    return f"Ainda não chegou: resta {decimal(100 * partes[-1], 1)}% da perda inicial."


def quadro(taxa: float = TAXA, momento: float = 0.0, passos: int = 20) -> Figura:
    """Em cima, o caminho no mapa dos dois pesos; embaixo, a perda depois de cada passo."""
    lugares = caminho(taxa, momento, passos)
    perdas = [perda(*lugar) for lugar in lugares]
    titulo = f"Taxa {decimal(taxa)}, momento {decimal(momento)}, {plural(int(passos), 'passo')}"
    frase = veredito(perdas)
    partes = [
        texto(MARGEM, 30, titulo, peso="bold", tamanho=15),
        texto(MARGEM, 52, "O mapa dos dois pesos: cada curva junta os pontos de mesma perda.", tamanho=13, cor=CINZA),
        _mapa(lugares),
        texto(MARGEM, CURVA_TOPO - 14, "A perda depois de cada passo (a inicial vale 100%)", tamanho=13, cor=CINZA),
        _curva([p / perdas[0] for p in perdas]),
        texto(MARGEM, CURVA_TOPO + CURVA_ALTURA + 48, frase, peso="bold", tamanho=15),
    ]
    viradas = sum(a[1] * b[1] < 0 for a, b in zip(lugares, lugares[1:], strict=False))
    fora = next((i for i, lugar in enumerate(lugares) if not _cabe(*lugar)), None)
    descricao = (
        f"{frase} Perda: {_curto(perdas[0])} no começo, {_curto(perdas[-1])} no fim. "
        f"O caminho atravessou o vale {viradas} {'vez' if viradas == 1 else 'vezes'}."
        + (f" Saiu do quadro no passo {fora}." if fora else "")
    )
    return moldura(LARGURA, CURVA_TOPO + CURVA_ALTURA + 64, titulo, descricao, "".join(partes))


def _curto(valor: float) -> str:
    """Um número legível de 0 a 10²⁵."""
    if valor >= 1e6:
        return "mais de um milhão"
    return decimal(valor, 0 if valor >= 100 else 2)


def _cabe(x: float, y: float) -> bool:
    return abs(x) <= MEIA_LARGURA and abs(y) <= MEIA_ALTURA


def _na_tela(x: float, y: float) -> tuple[float, float]:
    return MEIO_X + x * ESCALA, MEIO_Y - y * ESCALA


def _borda(dentro: tuple[float, float], fora: tuple[float, float]) -> tuple[float, float]:
    """Onde o passo que sai do mapa cruza a borda."""
    (x, y), (para_x, para_y) = dentro, fora
    partes = [1.0]
    for de, para, meia in ((x, para_x, MEIA_LARGURA), (y, para_y, MEIA_ALTURA)):
        if abs(para) > meia:
            partes.append((math.copysign(meia, para) - de) / (para - de))
    parte = min(partes)
    return x + parte * (para_x - x), y + parte * (para_y - y)


def _mapa(lugares: list[tuple[float, float]]) -> str:
    """As curvas de nível, o mínimo, e os pontos ligados até o primeiro que não cabe."""
    partes = []
    for nivel in (1, 4, 12, 28, 50):
        raio_x, raio_y = (math.sqrt(2 * nivel / curva) * ESCALA for curva in (CURVA_X, CURVA_Y))
        partes.append(
            f'<ellipse cx="{MEIO_X:.1f}" cy="{MEIO_Y:.1f}" rx="{raio_x:.1f}" ry="{raio_y:.1f}" '
            f'fill="none" stroke="{FIO}"/>'
        )
    cabem = [_na_tela(*lugar) for lugar in itertools.takewhile(lambda lugar: _cabe(*lugar), lugares)]
    traco = list(cabem)
    if len(cabem) < len(lugares):
        traco.append(_na_tela(*_borda(lugares[len(cabem) - 1], lugares[len(cabem)])))
    pontos = " ".join(f"{x:.1f},{y:.1f}" for x, y in traco)
    partes.append(f'<polyline points="{pontos}" fill="none" stroke="{OKABE_ITO["azul"]}" stroke-width="2"/>')
    partes += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{OKABE_ITO["azul"]}"/>' for x, y in cabem[1:]]
    if len(traco) > len(cabem):
        (x, y), saida = traco[-1], f"saiu no passo {len(cabem)}"
        # Para dentro do quadro, longe da borda e do caminho que veio do outro lado do vale.
        partes.append(texto(x + 12, y + (-8 if y > MEIO_Y else 20), saida, tamanho=13, peso="bold"))
    x, y = cabem[0]
    partes.append(
        f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="#ffffff" stroke="{TINTA}" '
        f'stroke-width="2"/>'
    )
    partes.append(texto(x + 12, y - 10, "início", tamanho=13))
    # O × em traços: fica por cima do caminho, e continua visível.
    partes.append(
        f'<path d="M{MEIO_X - 5} {MEIO_Y - 5}l10 10m0 -10l-10 10" fill="none" stroke="{TINTA}" stroke-width="3"/>'
    )
    partes.append(f'<rect x="{MEIO_X + 8}" y="{MEIO_Y + 11}" width="52" height="18" fill="#ffffff"/>')
    partes.append(texto(MEIO_X + 10, MEIO_Y + 24, "mínimo", tamanho=13))
    return "".join(partes)


def _curva(partes: list[float]) -> str:
    """A perda em porcentagem da inicial; o que passa de 120% fica na borda de cima, com uma seta."""
    esquerda, direita, base = MARGEM + 52, LARGURA - MARGEM - 12, CURVA_TOPO + CURVA_ALTURA
    desenho = []
    for valor in (0, 50, 100):
        y = base - valor / 120 * CURVA_ALTURA
        desenho.append(f'<line x1="{esquerda}" y1="{y:.1f}" x2="{direita}" y2="{y:.1f}" stroke="{FIO}"/>')
        desenho.append(texto(esquerda - 8, y + 4, f"{valor}%", tamanho=12, cor=CINZA, ancora="end"))
    largura = (direita - esquerda) / (len(partes) - 1)
    pontos = []
    for i, parte in enumerate(partes):
        x, y = esquerda + i * largura, base - min(parte, 1.2) / 1.2 * CURVA_ALTURA
        pontos.append(f"{x:.1f},{y:.1f}")
        if parte > 1.2:
            desenho.append(texto(x, y + 5, "↑", tamanho=14, ancora="middle", peso="bold"))
            break
        desenho.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{OKABE_ITO["laranja"]}"/>')
    desenho.insert(
        6, f'<polyline points="{" ".join(pontos)}" fill="none" stroke="{OKABE_ITO["laranja"]}" stroke-width="2"/>'
    )
    desenho.append(texto(esquerda, base + 20, "passo 0", tamanho=12, cor=CINZA))
    desenho.append(texto(direita, base + 20, f"passo {len(partes) - 1}", tamanho=12, cor=CINZA, ancora="end"))
    return "".join(desenho)


class LaboratorioDaDescida(Laboratorio):
    """A taxa de aprendizado, o momento e o número de passos, e o caminho que os pesos fazem.

    Attributes:
        taxa, momento, passos: as réguas (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório da descida"

    def __init__(self, taxa: float = TAXA, momento: float = 0.0, passos: int = 20):
        self.taxa = regua_decimal("Taxa", taxa, TAXA_MINIMA, TAXA_MAXIMA, 0.01)
        self.momento = regua_decimal("Momento", momento, 0.0, 0.9, 0.1)
        self.passos = regua("Passos", passos, 1, MAXIMO_DE_PASSOS)
        super().__init__([self.taxa, self.momento, self.passos])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self.taxa.value, self.momento.value, self.passos.value),
            "O laboratório não conseguiu desenhar esta descida",
        )
