"""Laboratório: taxa de aprendizado, quantidade de textos e o que aprende, e a curva que sai disso.

As sessenta curvas foram medidas antes, por ``python -m oficina curvas``, e vêm em ``curvas.json``.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from pathlib import Path

import ipywidgets as widgets

from curso.desenho.estilo import (
    CINZA,
    FIO,
    FUNDO,
    OKABE_ITO,
    Figura,
    decimal,
    milhar,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import LARGO, Laboratorio, desenho_seguro

ARQUIVO = Path(__file__).with_suffix(".json")
PARADO, EXPLOSIVO, VOLTOU, DESCENDO = 0.9, 1.03, 1.05, 0.98
QUARTO = 4  # a última quarta parte das avaliações
LENTA, ALTA, DECOROU, APRENDENDO, ESTAVEL = (
    "mal saiu do lugar",
    "taxa alta demais",
    "decorou",
    "ainda aprendendo",
    "estabilizou",
)
EXPLICACOES = {
    LENTA: "a perda de treino não chegou a cair 10% abaixo do sorteio",
    ALTA: "a perda de treino passou do sorteio, e não aprendeu",
    DECOROU: "a validação terminou 5% ou mais acima do seu mínimo",
    APRENDENDO: "a validação ainda caiu 2% ou mais no último quarto do treino",
    ESTAVEL: "a validação parou de cair, e não voltou a subir",
}
LARGURA, ALTURA, MARGEM = 640, 462, 20
ESQUERDA, DIREITA, TOPO, CHAO, PERDA_MAXIMA = 64, 500, 76, 336, 3.0
COR_DO_TREINO, COR_DA_VALIDACAO = OKABE_ITO["laranja"], OKABE_ITO["azul"]


@functools.cache
def grade() -> dict:
    """O que a oficina mediu: as opções de cada régua, os passos, e uma lista de curvas."""
    return json.loads(ARQUIVO.read_text(encoding="utf-8"))


def curva(taxa: float, textos: int, modelo: str) -> dict:
    """A curva de uma combinação.

    Raises:
        ValueError: a combinação não foi medida.
    """
    for medida in grade()["curvas"]:
        if (medida["taxa"], medida["textos"], medida["modelo"]) == (taxa, textos, modelo):
            return medida
    raise ValueError(f"não há curva para taxa={taxa!r}, textos={textos!r}, modelo={modelo!r}")


def diagnosticar(treino: Sequence[float | None], validacao: Sequence[float | None], classes: int) -> str:
    """O nome do que se vê nas duas curvas, por uma regra fixa. A ordem das perguntas importa.

    1. A perda de treino terminou acima de 90% da perda de quem sorteia a resposta? Então não aprendeu: porque a taxa
       era alta demais, se em algum momento passou 3% acima do sorteio ou deixou de ser um número; senão, porque mal
       saiu do lugar.
    2. A validação terminou 5% ou mais acima do seu mínimo? Decorou.
    3. A validação caiu 2% ou mais no último quarto das avaliações? Ainda aprendendo.
    4. Senão, estabilizou.

    Args:
        treino, validacao: a perda em cada avaliação; ``None`` no lugar do que não é número.
        classes: entre quantas respostas se escolhe.

    Raises:
        ValueError: listas vazias ou de tamanhos diferentes, ou menos de duas classes.
    """
    if not treino or len(treino) != len(validacao) or classes < 2:
        raise ValueError("as duas curvas têm o mesmo número de pontos, ao menos um, e há duas classes ou mais")
    sorteio = math.log(classes)
    if not all(_e_numero(perda) for perda in (*treino, *validacao)):
        return ALTA
    if treino[-1] > PARADO * sorteio:
        return ALTA if max(treino) > EXPLOSIVO * sorteio else LENTA
    if validacao[-1] >= VOLTOU * min(validacao):
        return DECOROU
    antes = validacao[-1 - max(1, len(validacao) // QUARTO)] if len(validacao) > 1 else validacao[-1]
    return APRENDENDO if validacao[-1] <= DESCENDO * antes else ESTAVEL


def quadro(taxa: float, textos: int, modelo: str) -> Figura:
    """As duas perdas, o sorteio, e o diagnóstico da regra.

    Args:
        taxa, textos, modelo: uma combinação das que ``grade()`` traz.

    Raises:
        ValueError: a combinação não foi medida.
    """
    medida, tudo = curva(taxa, textos, modelo), grade()
    return desenhar(medida, tudo["passos"], tudo["lote"], len(tudo["assuntos"]))


def desenhar(medida: dict, passos: Sequence[int], lote: int, classes: int) -> Figura:
    """O desenho de uma curva qualquer com as chaves de ``curvas.json``."""
    treino, validacao = medida["treino"], medida["validacao"]
    diagnostico = diagnosticar(treino, validacao, classes)
    titulo = f"Aprende: {medida['modelo']} · {plural(medida['textos'], 'texto')} · taxa {escrever_taxa(medida['taxa'])}"
    voltas = passos[-1] * lote / medida["textos"]
    partes = [texto(MARGEM, 30, titulo, peso="bold", tamanho=15), *_eixos(passos, math.log(classes))]
    partes += _linha(passos, treino, COR_DO_TREINO, quadrados=True)
    partes += _linha(passos, validacao, COR_DA_VALIDACAO, quadrados=False)
    partes += _nomes(treino, validacao)
    numeros = [f"treino {_perda(treino[-1])}", f"validação {_perda(validacao[-1])}"]
    validos = [perda for perda in validacao if _e_numero(perda)]
    if validos:
        numeros.append(f"mínimo da validação {_perda(min(validos))} no passo {passos[validacao.index(min(validos))]}")
    fim = f"No fim: {', '.join(numeros)}."
    acertos = f"Acertou {_porcento(medida['acuracia'][-1])} da validação, em {_vezes(voltas)} pelos textos."
    partes += [
        texto(MARGEM, CHAO + 62, f"Diagnóstico: {diagnostico}", peso="bold", tamanho=15),
        texto(MARGEM, CHAO + 80, f"A regra: {EXPLICACOES[diagnostico]}.", tamanho=13),
        texto(MARGEM, CHAO + 98, fim, tamanho=13),
        texto(MARGEM, CHAO + 116, acertos, tamanho=13, cor=CINZA),
    ]
    descricao = f"Diagnóstico: {diagnostico}, porque {EXPLICACOES[diagnostico]}. {fim} {acertos}"
    return moldura(LARGURA, ALTURA, titulo, descricao, "".join(partes))


def escrever_taxa(taxa: float) -> str:
    """``1e-05`` → ``"0,00001"``: com vírgula e sem notação científica."""
    return f"{taxa:.5f}".rstrip("0").replace(".", ",")


def _eixos(passos: Sequence[int], sorteio: float) -> list[str]:
    partes = []
    for perda in (0, 1, 2, 3):
        partes.append(_traco(ESQUERDA, _y(perda), DIREITA, _y(perda), FIO))
        partes.append(texto(ESQUERDA - 8, _y(perda) + 5, str(perda), ancora="end", tamanho=13))
    for passo in passos[len(passos) // 4 - 1 :: max(1, len(passos) // 4)]:
        partes.append(texto(_x(passo, passos), CHAO + 18, str(passo), ancora="middle", tamanho=13))
    partes.append(texto((ESQUERDA + DIREITA) / 2, CHAO + 36, "passo do treino", ancora="middle", tamanho=13))
    partes.append(texto(MARGEM, TOPO - 20, f"perda (··· sorteio: {decimal(sorteio)})", tamanho=13))
    partes.append(_traco(ESQUERDA, _y(sorteio), DIREITA, _y(sorteio), CINZA, traco="2 4"))
    return partes


def _linha(passos: Sequence[int], perdas: Sequence[float | None], cor: str, *, quadrados: bool) -> list[str]:
    """O treino vai tracejado, com quadrados; a validação, cheia, com círculos. Fora do quadro, uma seta."""
    pontos = [(_x(p, passos), _y(v), v) for p, v in zip(passos, perdas, strict=True) if _e_numero(v)]
    traco = ' stroke-dasharray="7 4"' if quadrados else ""
    caminho = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in pontos)
    partes = [f'<polyline points="{caminho}" fill="none" stroke="{cor}" stroke-width="2"{traco}/>'] if pontos else []
    for x, y, valor in pontos:
        if valor > PERDA_MAXIMA:
            partes.append(texto(x, y - 3, "▲", ancora="middle", tamanho=12))
        elif quadrados:
            partes.append(retangulo(x - 3.5, y - 3.5, 7, 7, cor, raio=0))
        else:
            partes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{FUNDO}" stroke="{cor}" stroke-width="2"/>')
    return partes


def _nomes(treino: Sequence[float | None], validacao: Sequence[float | None]) -> list[str]:
    """O nome de cada linha ao lado do seu fim; quando se encostam, um sobe e o outro desce."""
    baixo, alto = ((lista[-1] if _e_numero(lista[-1]) else PERDA_MAXIMA) for lista in (treino, validacao))
    y_do_treino, y_da_validacao = _y(baixo) + 5, _y(alto) + 5
    if abs(y_do_treino - y_da_validacao) < 18:
        meio, sinal = (y_do_treino + y_da_validacao) / 2, 1 if y_do_treino >= y_da_validacao else -1
        y_do_treino, y_da_validacao = meio + 9 * sinal, meio - 9 * sinal
    return [
        texto(DIREITA + 12, y_do_treino, "■ treino", tamanho=14),
        texto(DIREITA + 12, y_da_validacao, "○ validação", tamanho=14),
    ]


def _x(passo: int, passos: Sequence[int]) -> float:
    return ESQUERDA + (DIREITA - ESQUERDA) * passo / passos[-1]


def _y(perda: float) -> float:
    return CHAO - (CHAO - TOPO) * min(max(perda, 0.0), PERDA_MAXIMA) / PERDA_MAXIMA


def _traco(x1: float, y1: float, x2: float, y2: float, cor: str, traco: str = "") -> str:
    tracejado = f' stroke-dasharray="{traco}"' if traco else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{cor}"{tracejado}/>'


def _e_numero(perda: float | None) -> bool:
    return perda is not None and math.isfinite(perda)


def _perda(valor: float | None) -> str:
    return decimal(valor) if _e_numero(valor) else "?"


def _porcento(fracao: float | None) -> str:
    return f"{decimal(100 * fracao, 0)}%" if _e_numero(fracao) else "?"


def _vezes(voltas: float) -> str:
    escrito = decimal(voltas, 0 if voltas >= 10 else 1).removesuffix(",0")
    return f"{escrito} {'volta' if escrito == '1' else 'voltas'}"


class LaboratorioDeCurvas(Laboratorio):
    """Três escolhas, a curva que cada combinação dá, e o diagnóstico.

    Attributes:
        taxa, textos, modelo: as réguas (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório de curvas"

    def __init__(self, taxa: float = 5e-4, textos: int = 1200, modelo: str = "4 camadas"):
        tudo = grade()
        self.taxa = _regua("Taxa", [(escrever_taxa(t), t) for t in tudo["taxas"]], taxa)
        self.textos = _regua("Textos", [(milhar(n), n) for n in tudo["textos"]], textos)
        self.modelo = _regua("Aprende", [(m, m) for m in tudo["modelos"]], modelo)
        super().__init__([self.taxa, self.textos, self.modelo])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self.taxa.value, self.textos.value, self.modelo.value),
            "O laboratório não achou esta curva",
        )


def _regua(nome: str, opcoes: list[tuple[str, object]], valor) -> widgets.SelectionSlider:
    """Só para nas combinações medidas; as setas do teclado também a movem."""
    return widgets.SelectionSlider(options=opcoes, value=valor, description=nome, **LARGO)
