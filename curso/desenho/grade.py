"""Uma grade de tokens por tokens: pesos de atenção, ou quem vê quem em uma máscara."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import (
    CINZA,
    FIO,
    OKABE_ITO,
    TINTA,
    Figura,
    decimal,
    encurtar,
    fracao,
    moldura,
    retangulo,
    texto,
)

LARGURA, MARGEM, COLUNA_DO_NOME, CABECA = 700, 20, 120, 96
MAIOR_LADO, MENOR_LADO = 46, 26
MAXIMO_DE_TOKENS = 18
# Até este valor o preto se lê melhor sobre o azul; dele em diante, o branco. Os dois passam de 4,5:1 na virada.
PRETO_ATE = 0.925


def grade(
    linhas: Sequence[str],
    colunas: Sequence[str],
    valores: Sequence[Sequence[float | None]],
    *,
    titulo: str,
    nota: str = "",
    destaque: int | None = None,
) -> Figura:
    """Um quadrado para cada par de tokens, mais escuro quanto maior o valor.

    Args:
        linhas: os tokens que olham, de cima para baixo.
        colunas: os tokens olhados, da esquerda para a direita.
        valores: de 0 a 1, uma lista para cada linha; ``None`` é «não vê», e sai com um ×.
        titulo: o que a grade mostra.
        nota: uma linha de observação embaixo.
        destaque: a linha a contornar.

    Raises:
        ValueError: tamanhos que não combinam.
    """
    if len(valores) != len(linhas) or any(len(linha) != len(colunas) for linha in valores):
        raise ValueError("a grade precisa de um valor para cada linha e cada coluna")
    mostradas, vistas = linhas[:MAXIMO_DE_TOKENS], colunas[:MAXIMO_DE_TOKENS]
    lado = max(MENOR_LADO, min(MAIOR_LADO, (LARGURA - COLUNA_DO_NOME - 2 * MARGEM) / max(len(vistas), 1)))
    x0, y0 = MARGEM + COLUNA_DO_NOME, CABECA + 34
    partes = [texto(MARGEM, 30, encurtar(titulo, 80), peso="bold", tamanho=15)]
    for coluna, token in enumerate(vistas):
        x = x0 + (coluna + 0.5) * lado
        rotulo = texto(0, 0, encurtar(token, 12), tamanho=13)
        partes.append(f'<g transform="translate({x + 4:.1f} {y0 - 8}) rotate(-55)">{rotulo}</g>')
    for linha, token in enumerate(mostradas):
        y = y0 + linha * lado
        peso = "bold" if linha == destaque else "normal"
        partes.append(texto(x0 - 8, y + lado / 2 + 5, encurtar(token, 13), ancora="end", tamanho=13, peso=peso))
        for coluna, valor in enumerate(valores[linha][: len(vistas)]):
            partes.append(_quadrado(x0 + coluna * lado, y, lado, valor))
        if linha == destaque:
            partes.append(
                f'<rect x="{x0 - 1:.1f}" y="{y - 1:.1f}" width="{len(vistas) * lado + 2:.1f}" '
                f'height="{lado + 2:.1f}" fill="none" stroke="{TINTA}" stroke-width="2.5"/>'
            )
    y = y0 + len(mostradas) * lado + 24
    restantes = max(len(linhas), len(colunas)) - MAXIMO_DE_TOKENS
    for observacao in (f"… e mais {restantes} tokens que não couberam." if restantes > 0 else "", nota):
        if observacao:
            partes.append(texto(MARGEM, y, encurtar(observacao, 96), cor=CINZA, tamanho=13))
            y += 22
    descricao = _em_palavras(mostradas, vistas, valores, destaque) + (f" {nota}" if nota else "")
    return moldura(LARGURA, int(y), encurtar(titulo, 200), descricao, "".join(partes))


def _quadrado(x: float, y: float, lado: float, valor: float | None) -> str:
    if valor is None:
        return retangulo(x, y, lado, lado, "#f2f2f2", borda=FIO, raio=0) + texto(
            x + lado / 2, y + lado / 2 + 5, "×", ancora="middle", cor=CINZA
        )
    parte = fracao(valor)
    fundo = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{lado:.1f}" height="{lado:.1f}" fill="{OKABE_ITO["azul"]}" '
        f'fill-opacity="{parte:.2f}" stroke="{FIO}"/>'
    )
    if lado < 34:  # o número não caberia
        return fundo
    cor = "#000000" if parte <= PRETO_ATE else "#ffffff"
    return fundo + texto(x + lado / 2, y + lado / 2 + 4, decimal(valor), ancora="middle", tamanho=12, cor=cor)


def _em_palavras(linhas, colunas, valores, destaque) -> str:
    escolhidas = range(len(linhas)) if destaque is None else [destaque]
    frases = []
    for i in escolhidas:
        visto = [(v, c) for v, c in zip(valores[i], colunas, strict=False) if v is not None and v == v]
        if not visto:
            frases.append(f"«{linhas[i]}» não vê nenhum token.")
            continue
        maior, token = max(visto, key=lambda par: par[0])
        iguais = len(visto) > 1 and maior - min(valor for valor, _ in visto) < 1e-6
        pesos = (
            f"com o mesmo peso para todos, {decimal(maior)}"
            if iguais
            else f"o maior peso, {decimal(maior)}, vai para «{token}»"
        )
        frases.append(f"«{linhas[i]}» vê {len(visto)} de {len(colunas)} tokens; {pesos}.")
    return " ".join(frases)
