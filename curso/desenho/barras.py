"""Barras horizontais de probabilidades."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import CINZA, OKABE_ITO, Figura, barra, decimal, encurtar, fracao, moldura, texto

LARGURA, MARGEM, COLUNA_DO_NOME, ALTURA_DA_BARRA, PASSO = 640, 20, 110, 24, 38


def barras(nomes: Sequence[str], valores: Sequence[float], *, titulo: str, nota: str = "") -> Figura:
    """Uma barra para cada nome; a maior vem marcada e escrita em negrito.

    Args:
        nomes: o rótulo de cada barra.
        valores: probabilidades de 0 a 1, na mesma ordem. ``NaN`` desenha uma barra vazia com «?».
        titulo: a frase ou pergunta que as barras respondem.
        nota: uma linha de observação sob as barras.

    Raises:
        ValueError: quantidades diferentes de nomes e valores.
    """
    if len(nomes) != len(valores):
        raise ValueError(f"{len(nomes)} nomes para {len(valores)} valores")
    comprimento_maximo = LARGURA - COLUNA_DO_NOME - 2 * MARGEM - 60
    inicio = MARGEM + COLUNA_DO_NOME
    maior = max((v for v in valores if v == v), default=None)
    partes = [texto(MARGEM, 30, encurtar(titulo, 78), peso="bold", tamanho=15)]
    y = 48
    for indice, (nome, valor) in enumerate(zip(nomes, valores, strict=True)):
        peso = "bold" if valor == maior else "normal"
        cor = list(OKABE_ITO.values())[indice % len(OKABE_ITO)]
        partes += [
            texto(inicio - 10, y + 17, encurtar(nome, 14), ancora="end", peso=peso),
            barra(inicio, y, comprimento_maximo, comprimento_maximo * fracao(valor), ALTURA_DA_BARRA, cor),
            texto(inicio + comprimento_maximo + 10, y + 17, decimal(valor), peso=peso),
        ]
        y += PASSO
    if nota:
        partes.append(texto(MARGEM, y + 10, encurtar(nota, 92), cor=CINZA, tamanho=13))
        y += 22
    return moldura(LARGURA, y + 4, encurtar(titulo, 200), _em_palavras(nomes, valores, nota), "".join(partes))


def _em_palavras(nomes: Sequence[str], valores: Sequence[float], nota: str) -> str:
    frase = "; ".join(f"{limpo} {decimal(valor)}" for limpo, valor in zip(nomes, valores, strict=True))
    return f"{frase}." + (f" {nota}" if nota else "")


def aviso(titulo: str, mensagem: str) -> Figura:
    """O quadro de quando não há o que desenhar: diz por quê e o que fazer."""
    corpo = texto(MARGEM, 30, encurtar(titulo, 78), peso="bold", tamanho=15) + texto(
        MARGEM, 62, encurtar(mensagem, 92), cor=CINZA
    )
    return moldura(LARGURA, 84, encurtar(titulo, 200), mensagem, corpo)
