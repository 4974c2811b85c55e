"""Duas listas de palavras com as suas probabilidades, lado a lado, para comparar."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import CINZA, OKABE_ITO, Figura, barra, decimal, encurtar, fracao, moldura, texto

LARGURA, MARGEM, PASSO = 700, 20, 30
COLUNA, NOME, BARRA = 330, 120, 130

Lista = Sequence[tuple[str, float]]


def lado_a_lado(nomes: tuple[str, str], listas: tuple[Lista, Lista], *, titulo: str, nota: str = "") -> Figura:
    """Uma coluna para cada lista; o que só aparece em uma delas vem marcado com ◆.

    Args:
        nomes: o que cada coluna mostra.
        listas: pares (palavra, probabilidade de 0 a 1), já na ordem.
        titulo: a pergunta que a comparação responde.
        nota: uma linha de observação embaixo.
    """
    partes = [texto(MARGEM, 30, encurtar(titulo, 80), peso="bold", tamanho=15)]
    so_de = [{p for p, _ in uma} - {p for p, _ in outra} for uma, outra in (listas, listas[::-1])]
    for coluna, (nome, lista) in enumerate(zip(nomes, listas, strict=True)):
        x = MARGEM + coluna * COLUNA
        cor = list(OKABE_ITO.values())[coluna]
        partes.append(texto(x, 62, encurtar(nome, 40), peso="bold"))
        for linha, (palavra, valor) in enumerate(lista):
            y = 78 + linha * PASSO
            marca = "◆ " if palavra in so_de[coluna] else ""
            partes += [
                texto(
                    x + NOME - 8,
                    y + 16,
                    marca + encurtar(palavra, 13),
                    ancora="end",
                    peso="bold" if marca else "normal",
                ),
                barra(x + NOME, y, BARRA, BARRA * fracao(valor), 22, cor),
                texto(x + NOME + BARRA + 8, y + 16, decimal(valor)),
            ]
    y = 78 + PASSO * max(map(len, listas)) + 18
    for observacao in ("◆ só aparece deste lado." if any(so_de) else "", nota):
        if observacao:
            partes.append(texto(MARGEM, y, encurtar(observacao, 92), cor=CINZA, tamanho=13))
            y += 20
    lido = " ".join(
        f"{nome}: {', '.join(f'{palavra} {decimal(valor)}' for palavra, valor in lista) or 'nada'}."
        for nome, lista in zip(nomes, listas, strict=True)
    )
    return moldura(LARGURA, int(y), encurtar(titulo, 200), lido + (f" {nota}" if nota else ""), "".join(partes))
