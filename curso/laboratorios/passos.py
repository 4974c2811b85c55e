"""Laboratório: de exemplos a passos, e a taxa de aprendizado em cada passo."""

from __future__ import annotations

import functools
import math

from curso.desenho.estilo import CINZA, FIO, OKABE_ITO, Figura, decimal, milhar, moldura, plural, retangulo, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro, escolha, regua, regua_de

# O nome no botão, e o que a biblioteca espera em lr_scheduler_type.
FORMAS = {"linear": "linear", "cosseno": "cosine", "constante": "constant_with_warmup"}
LOTES, ACUMULOS = [1, 8, 16, 32, 64, 128, 256], [1, 2, 4, 8, 16]
MAXIMO_DE_EPOCAS, MAXIMO_DE_AQUECIMENTO = 10, 50
PONTOS = 240
LARGURA, MARGEM, ALTURA_DO_GRAFICO = 700, 24, 210
ESQUERDA, DIREITA, TOPO = 92, 676, 86
FUNDO_DO_AQUECIMENTO = "#fdf1e3"


def contar(exemplos: int, lote: int, acumulo: int, epocas: int, aquecimento: int) -> tuple[int, int, int]:
    """Passos por época, passos ao todo e passos de aquecimento, com os arredondamentos do Trainer.

    Args:
        exemplos: quantos há no treino. lote: quantos em cada lote.
        acumulo: quantos lotes se juntam antes de mudar os pesos.
        epocas: voltas pelos dados. aquecimento: a parte dos passos em que a taxa sobe, em %.

    Raises:
        ValueError: algum número fora do que faz sentido.
    """
    if min(exemplos, lote, acumulo, epocas) < 1 or not 0 <= aquecimento <= 100:
        raise ValueError("exemplos, lote, acúmulo e épocas são 1 ou mais; o aquecimento vai de 0 a 100%")
    por_epoca = math.ceil(math.ceil(exemplos / lote) / acumulo)
    total = por_epoca * epocas
    return por_epoca, total, math.ceil(total * aquecimento / 100)


@functools.lru_cache(maxsize=256)
def fatores(forma: str, aquecimento: int, total: int, passos: tuple[int, ...]) -> list[float]:
    """Por quanto a biblioteca multiplica a taxa em cada um dos passos."""
    import torch
    from transformers import get_scheduler

    if forma not in FORMAS:
        raise ValueError(f"forma={forma!r} não existe; escolha entre {', '.join(FORMAS)}")
    otimizador = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    agenda = get_scheduler(FORMAS[forma], otimizador, aquecimento, total)
    return [agenda.lr_lambdas[0](passo) for passo in passos]


def quadro(
    exemplos: int,
    taxa: float = 3e-4,
    lote: int = 32,
    acumulo: int = 1,
    epocas: int = 3,
    aquecimento: int = 10,
    forma: str = "linear",
) -> Figura:
    """A taxa de aprendizado do primeiro passo ao último, com o fim de cada época e o aquecimento marcados."""
    por_epoca, total, de_aquecimento = contar(exemplos, lote, acumulo, epocas, aquecimento)
    passos = sorted({round(total * i / PONTOS) for i in range(PONTOS + 1)} | {de_aquecimento})
    curva = dict(zip(passos, fatores(forma, de_aquecimento, total, tuple(passos)), strict=True))
    meio = fatores(forma, de_aquecimento, total, (total // 2,))[0]

    titulo = f"{plural(total, 'passo')}, {milhar(por_epoca)} por época"
    efetivo = f"{lote} × {acumulo} = {milhar(lote * acumulo)} exemplos por passo"
    conta = f"{milhar(exemplos)} exemplos; {efetivo}; {plural(epocas, 'época')}"
    y_de_zero = TOPO + ALTURA_DO_GRAFICO

    def ponto(passo: int, fator: float) -> str:
        return f"{_x(passo, total):.1f},{y_de_zero - ALTURA_DO_GRAFICO * fator:.1f}"

    partes = [
        texto(MARGEM, 30, titulo, peso="bold", tamanho=15),
        texto(MARGEM, 52, conta, tamanho=13, cor=CINZA),
        texto(MARGEM, 74, "taxa de aprendizado", tamanho=13),
    ]
    if de_aquecimento:
        largura = _x(de_aquecimento, total) - ESQUERDA
        partes.append(retangulo(ESQUERDA, TOPO, largura, ALTURA_DO_GRAFICO, FUNDO_DO_AQUECIMENTO, raio=0))
    for fracao in (0, 0.5, 1):
        y = y_de_zero - ALTURA_DO_GRAFICO * fracao
        partes += [
            _fio(ESQUERDA, y, DIREITA, y),
            texto(ESQUERDA - 8, y + 4, _taxa(taxa * fracao), ancora="end", tamanho=13),
        ]
    for epoca in range(1, epocas + 1):
        x = _x(epoca * por_epoca, total)
        partes.append(_fio(x, TOPO, x, y_de_zero, tracos=True))
        meio_da_epoca = (_x((epoca - 1) * por_epoca, total) + x) / 2
        nome = f"época {epoca}" if epocas <= 6 else str(epoca)
        partes.append(texto(meio_da_epoca, y_de_zero + 18, nome, ancora="middle", tamanho=13))
    linha = " ".join(ponto(passo, fator) for passo, fator in curva.items())
    partes.append(f'<polyline points="{linha}" fill="none" stroke="{OKABE_ITO["azul"]}" stroke-width="2.5"/>')
    notas = [
        f"Aquecimento: {_passos(de_aquecimento)}, na faixa clara." if de_aquecimento else "Sem aquecimento.",
        f"Na metade do treino, {_taxa(taxa * meio)}; no fim, {_taxa(taxa * curva[total])}.",
    ]
    partes.append(texto(MARGEM, y_de_zero + 44, " ".join(notas), tamanho=14))
    descricao = f"{conta}. Forma {forma}, taxa máxima {_taxa(taxa)}. {' '.join(notas)}"
    return moldura(LARGURA, y_de_zero + 62, titulo, descricao, "".join(partes))


def _x(passo: int, total: int) -> float:
    return ESQUERDA + (DIREITA - ESQUERDA) * passo / total


def _fio(x1: float, y1: float, x2: float, y2: float, tracos: bool = False) -> str:
    estilo = f'stroke="{CINZA}" stroke-dasharray="4 4"' if tracos else f'stroke="{FIO}"'
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {estilo}/>'


def _passos(quantos: int) -> str:
    return "1 passo" if quantos == 1 else f"{milhar(quantos)} passos"


def _taxa(valor: float) -> str:
    """``0.00015`` → ``"0,00015"``: três algarismos, sem notação científica."""
    return "0" if valor < 1e-9 else decimal(valor, 2 - math.floor(math.log10(valor))).rstrip("0")


class LaboratorioDePassos(Laboratorio):
    """O lote, o acúmulo, as épocas, o aquecimento, e o que isso faz com os passos e com a taxa.

    Attributes:
        lote, acumulo, epocas, aquecimento: as réguas. forma: os botões (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório de passos"

    def __init__(self, exemplos: int, taxa: float = 3e-4):
        self._exemplos, self._taxa = exemplos, taxa
        self.lote = regua_de("Tamanho do lote", LOTES, 32)
        self.acumulo = regua_de("Acúmulo", ACUMULOS, 1)
        self.epocas = regua("Épocas", 3, 1, MAXIMO_DE_EPOCAS)
        self.aquecimento = regua("Aquecimento (%)", 10, 0, MAXIMO_DE_AQUECIMENTO)
        self.forma = escolha("Forma:", list(FORMAS))
        super().__init__([self.lote, self.acumulo, self.epocas, self.aquecimento, self.forma])

    def _figura(self) -> Figura:
        valores = [c.value for c in (self.lote, self.acumulo, self.epocas, self.aquecimento, self.forma)]
        return desenho_seguro(
            lambda: quadro(self._exemplos, self._taxa, *valores), "O laboratório não conseguiu fazer esta conta"
        )
