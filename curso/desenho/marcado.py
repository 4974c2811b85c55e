"""Um texto com trechos pintados: as entidades, ou a resposta dentro do contexto."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import CINZA, OKABE_ITO, TINTA, Figura, encurtar, limpar, moldura, retangulo, texto

LARGURA, MARGEM, TAMANHO = 700, 20, 15
LARGURA_DA_LETRA = 9.0  # a letra monoespaçada de 15 px tem sempre a mesma largura: os trechos caem no lugar
ALTURA_DA_LINHA = 46
LETRAS_POR_LINHA = int((LARGURA - 2 * MARGEM) / LARGURA_DA_LETRA)
MONO = "font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"

# (primeiro caractere, depois do último, rótulo)
Trecho = tuple[int, int, str]


def marcado(escrito: str, trechos: Sequence[Trecho], *, titulo: str, nota: str = "", leitura: str = "") -> Figura:
    """O texto, quebrado em linhas, com cada trecho sublinhado de uma cor e o nome do rótulo embaixo.

    Args:
        escrito: o texto inteiro.
        trechos: posições em caracteres dentro de ``escrito``, e o rótulo de cada uma.
        titulo: o que está marcado.
        nota: uma linha de observação embaixo.
        leitura: o que dizer a quem não vê, quando não há trechos.

    Raises:
        ValueError: trecho fora do texto.
    """
    if any(not 0 <= de < ate <= len(escrito) for de, ate, _ in trechos):
        raise ValueError("um dos trechos está fora do texto")
    rotulos = sorted({rotulo for *_, rotulo in trechos})
    cores = {rotulo: list(OKABE_ITO.values())[i % len(OKABE_ITO)] for i, rotulo in enumerate(rotulos)}
    partes = [texto(MARGEM, 30, encurtar(titulo, 78), peso="bold", tamanho=15)]
    y = 66
    for inicio, fim in quebrar(escrito):
        for de, ate, rotulo in trechos:
            a, b = max(de, inicio), min(ate, fim)
            if a < b:
                x, largura = MARGEM + (a - inicio) * LARGURA_DA_LETRA, (b - a) * LARGURA_DA_LETRA
                partes.append(
                    f'<rect x="{x:.1f}" y="{y - 15}" width="{largura:.1f}" height="20" fill="{cores[rotulo]}" '
                    f'fill-opacity="0.22"/>'
                )
                partes.append(retangulo(x, y + 5, largura, 3, cores[rotulo], raio=0))
                if a == de:
                    partes.append(texto(x, y + 21, encurtar(rotulo, 16), tamanho=12, peso="bold"))
        linha = limpar(escrito[inicio:fim])
        partes.append(_linha(MARGEM, y, linha))
        y += ALTURA_DA_LINHA
    if nota:
        partes.append(texto(MARGEM, y, encurtar(nota, 92), cor=CINZA, tamanho=13))
        y += 20
    lidos = "; ".join(f"«{escrito[de:ate]}» é {rotulo}" for de, ate, rotulo in trechos)
    descricao = f"{lidos}." if lidos else leitura or "Nenhum trecho marcado."
    return moldura(LARGURA, int(y), encurtar(titulo, 200), descricao + (f" {nota}" if nota else ""), "".join(partes))


def quebrar(escrito: str, largura: int = LETRAS_POR_LINHA) -> list[tuple[int, int]]:
    """Onde cada linha começa e acaba, cortando nos espaços quando há; nenhum caractere se perde."""
    linhas, inicio = [], 0
    while inicio < len(escrito):
        fim = min(inicio + largura, len(escrito))
        quebra = escrito.find("\n", inicio, fim)
        if quebra >= 0:
            fim = quebra + 1
        elif fim < len(escrito):
            espaco = escrito.rfind(" ", inicio, fim)
            fim = espaco + 1 if espaco > inicio else fim
        linhas.append((inicio, fim))
        inicio = fim
    return linhas


def _linha(x: float, y: float, escrito: str) -> str:
    """A linha em letra monoespaçada, esticada para ter a largura exata em qualquer computador."""
    sem_fim = escrito.rstrip()
    if not sem_fim:
        return ""
    largura = len(sem_fim) * LARGURA_DA_LETRA
    bruto = texto(x, y, sem_fim, tamanho=TAMANHO, cor=TINTA)
    return bruto.replace(
        "<text ",
        f'<text xml:space="preserve" style="{MONO}" textLength="{largura:.1f}" lengthAdjust="spacingAndGlyphs" ',
        1,
    )
