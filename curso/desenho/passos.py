"""Os três passos de um pipeline, em um quadro: pedaços → logits → probabilidades."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import (
    CINZA,
    OKABE_ITO,
    TINTA,
    Figura,
    barra,
    decimal,
    encurtar,
    fracao,
    moldura,
    retangulo,
    texto,
)

LARGURA, MARGEM = 700, 20
MAXIMO_DE_PEDACOS = 24


def passos(
    frase: str,
    pedacos: Sequence[str],
    numeros: Sequence[int],
    nomes: Sequence[str],
    logits: Sequence[float],
    probabilidades: Sequence[float],
) -> Figura:
    """Desenha o caminho de uma frase por um classificador.

    Args:
        frase: o texto digitado.
        pedacos: os tokens, na ordem.
        numeros: o número (*input id*) de cada token.
        nomes: o rótulo de cada classe.
        logits: um número por classe, sem limites.
        probabilidades: a softmax dos logits, na mesma ordem.

    Raises:
        ValueError: tamanhos que não combinam.
    """
    if len(pedacos) != len(numeros) or not len(nomes) == len(logits) == len(probabilidades):
        raise ValueError("cada pedaço precisa de um número, e cada rótulo, de um logit e de uma probabilidade")
    partes = [texto(MARGEM, 30, f"«{encurtar(frase, 76)}»", peso="bold", tamanho=15)]
    y = _cabecalho(partes, 52, "1", "tokenizer: o texto vira pedaços, e cada pedaço, um número")
    y = _fichas(partes, y, pedacos, numeros)
    y = _cabecalho(partes, y + 8, "2", "modelo: dos números sai um logit para cada rótulo")
    for indice, (nome, logit) in enumerate(zip(nomes, logits, strict=True)):
        partes.append(texto(MARGEM + 34 + 220 * indice, y + 18, f"{encurtar(nome, 14)}:  {decimal(logit)}"))
    y = _cabecalho(partes, y + 40, "3", "pós-processamento: a softmax transforma logits em probabilidades")
    maior = max((p for p in probabilidades if p == p), default=None)
    for indice, (nome, valor) in enumerate(zip(nomes, probabilidades, strict=True)):
        peso = "bold" if valor == maior else "normal"
        cor = list(OKABE_ITO.values())[indice % len(OKABE_ITO)]
        partes += [
            texto(MARGEM + 130, y + 17, encurtar(nome, 14), ancora="end", peso=peso),
            barra(MARGEM + 140, y, 400, 400 * fracao(valor), 22, cor),
            texto(MARGEM + 550, y + 17, decimal(valor), peso=peso),
        ]
        y += 32
    titulo = encurtar(f"Os três passos para «{frase}»", 200)
    return moldura(LARGURA, int(y + 8), titulo, _em_palavras(pedacos, nomes, logits, probabilidades), "".join(partes))


def _cabecalho(partes: list[str], y: float, numero: str, frase: str) -> float:
    partes += [
        f'<circle cx="{MARGEM + 11}" cy="{y + 4}" r="11" fill="{TINTA}"/>',
        texto(MARGEM + 11, y + 9, numero, cor="#ffffff", ancora="middle", peso="bold"),
        texto(MARGEM + 32, y + 9, frase, cor=CINZA),
    ]
    return y + 26


def _fichas(partes: list[str], y: float, pedacos: Sequence[str], numeros: Sequence[int]) -> float:
    """Uma ficha para cada pedaço, quebrando a linha quando não cabe. Devolve o y seguinte."""
    x = float(MARGEM + 32)
    for pedaco, numero in list(zip(pedacos, numeros, strict=True))[:MAXIMO_DE_PEDACOS]:
        rotulo = encurtar(pedaco, 18)
        largura = max(8.6 * max(len(rotulo), len(str(numero))), 20) + 14
        if x + largura > LARGURA - MARGEM:
            x, y = float(MARGEM + 32), y + 50
        partes += [
            retangulo(x, y, largura, 42, "#e8f1f8", borda=OKABE_ITO["azul"]),
            texto(x + largura / 2, y + 18, rotulo, ancora="middle"),
            texto(x + largura / 2, y + 36, str(numero), ancora="middle", cor=CINZA, tamanho=12),
        ]
        x += largura + 6
    restantes = len(pedacos) - MAXIMO_DE_PEDACOS
    if restantes > 0:
        partes.append(texto(MARGEM + 32, y + 62, f"… e mais {restantes} pedaços", cor=CINZA, tamanho=13))
        y += 22
    return y + 50


def _em_palavras(pedacos, nomes, logits, probabilidades) -> str:
    mostrados = " ".join(pedacos[:MAXIMO_DE_PEDACOS]) + (" …" if len(pedacos) > MAXIMO_DE_PEDACOS else "")
    cada = "; ".join(
        f"{nome}: logit {decimal(logit)}, probabilidade {decimal(p)}"
        for nome, logit, p in zip(nomes, logits, probabilidades, strict=True)
    )
    return f"{len(pedacos)} pedaços: {mostrados}. {cada}."
