"""Laboratório: a sua frase em vários tokenizers, lado a lado, e quanto ela custa em cada um."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from curso.desenho.estilo import (
    CINZA,
    OKABE_ITO,
    Figura,
    decimal,
    encurtar,
    largura_de_ficha,
    limpar,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import LaboratorioDeTexto

LARGURA, MARGEM, MAXIMO_DE_PEDACOS = 700, 20, 40
TONS = [  # fundo claro e borda, um depois do outro; o número embaixo diz o mesmo que a cor
    ("#e8f1f8", OKABE_ITO["azul"]),
    ("#fdf3e1", OKABE_ITO["amarelo"]),
    ("#e3f4ee", OKABE_ITO["verde"]),
    ("#f8ecf3", OKABE_ITO["rosa"]),
]

#: O que corta um texto em pedaços: ``tokenizer.tokenize``, por exemplo.
Corte = Callable[[str], Sequence[str]]


def quadro(cortes: Mapping[str, Corte], frase: str) -> Figura:
    """Uma faixa para cada tokenizer: os pedaços numerados, quantos são e quantos dão por palavra.

    Args:
        cortes: o nome de cada tokenizer e a função que corta um texto em pedaços.
        frase: o texto; conta como palavra o que há entre dois espaços.
    """
    if not cortes:
        raise ValueError("é preciso ao menos um tokenizer")
    palavras = max(len(frase.split()), 1)
    partes = [texto(MARGEM, 30, f"«{encurtar(frase, 76)}»", peso="bold", tamanho=15)]
    y, lidos, contas = 60.0, [], {}
    for nome, cortar in cortes.items():
        pedacos = [limpar(pedaco) for pedaco in cortar(frase)]
        contas[nome] = len(pedacos)
        conta = f"{plural(len(pedacos), 'pedaço')}, {decimal(len(pedacos) / palavras)} por palavra"
        partes += [
            texto(MARGEM, y, encurtar(nome, 30), peso="bold"),
            texto(LARGURA - MARGEM, y, conta, ancora="end"),
        ]
        y = _fichas(partes, y + 10, pedacos)
        mostrados = " ".join(pedacos[:MAXIMO_DE_PEDACOS]) + (" …" if len(pedacos) > MAXIMO_DE_PEDACOS else "")
        lidos.append(f"{nome}: {conta}: {mostrados}")
    menor = min(contas.values())
    nota = f"Menos pedaços: {' e '.join(nome for nome, total in contas.items() if total == menor)}."
    partes.append(texto(MARGEM, y - 4, encurtar(nota, 92), cor=CINZA, tamanho=13))
    titulo = encurtar(f"A frase «{frase}» em {len(cortes)} tokenizers", 200)
    return moldura(LARGURA, int(y + 12), titulo, " / ".join([*lidos, nota]), "".join(partes))


def _fichas(partes: list[str], y: float, pedacos: Sequence[str]) -> float:
    """Uma ficha para cada pedaço, com o seu número de ordem, quebrando a linha quando não cabe."""
    x = float(MARGEM)
    for indice, pedaco in enumerate(pedacos[:MAXIMO_DE_PEDACOS]):
        rotulo = encurtar(pedaco, 22)
        fundo, borda = TONS[indice % len(TONS)]
        largura = largura_de_ficha(rotulo, 8.8, 18) + 12
        if x + largura > LARGURA - MARGEM:
            x, y = float(MARGEM), y + 48
        partes += [
            retangulo(x, y, largura, 42, fundo, borda=borda),
            texto(x + largura / 2, y + 18, rotulo, ancora="middle"),
            texto(x + largura / 2, y + 36, str(indice + 1), ancora="middle", cor=CINZA, tamanho=12),
        ]
        x += largura + 5
    restantes = len(pedacos) - MAXIMO_DE_PEDACOS
    if restantes > 0:
        partes.append(texto(MARGEM, y + 60, f"… e mais {plural(restantes, 'pedaço')}", cor=CINZA, tamanho=13))
        y += 20
    return y + 76


class LaboratorioDeTokenizers(LaboratorioDeTexto):
    nome = "Laboratório de tokenizers"

    def __init__(self, cortes: Mapping[str, Corte], frase: str = "A tokenização do português é fascinante!"):
        super().__init__(lambda digitada: quadro(cortes, digitada), frase)
