"""O texto alternativo de um gráfico do matplotlib, tirado do que está desenhado nele.

Vai nos metadados da saída, no campo ``alt``: o nbconvert o põe na página, e a extensão do curso, no JupyterLab.
"""

from __future__ import annotations

from curso.desenho.estilo import plural

MAXIMO_DE_CARACTERES = 600


def alternativa(fig) -> str:
    """O título, os eixos e cada série com os seus extremos, em palavras; vazio se não há eixos."""
    frases = [frase for eixos in fig.axes for frase in _de_um_quadro(eixos)]
    inteira = " ".join(["Gráfico.", *frases]) if frases else ""
    return inteira if len(inteira) <= MAXIMO_DE_CARACTERES else inteira[: MAXIMO_DE_CARACTERES - 1].rstrip() + "…"


def _de_um_quadro(eixos) -> list[str]:
    frases = []
    if eixos.get_title():
        frases.append(_frase(eixos.get_title()))
    for nome, rotulo in (("horizontal", eixos.get_xlabel()), ("vertical", eixos.get_ylabel())):
        if rotulo:
            frases.append(f"Na {nome}, {_frase(rotulo)}")
    for linha in eixos.get_lines():
        x, y = linha.get_xdata(), linha.get_ydata()
        if len(x):
            frases.append(
                f"{_nome(linha, 'Linha')}: de {_numero(y[0])}, em {_numero(x[0])}, a {_numero(y[-1])}, em {_numero(x[-1])}."
            )
    for pontos in eixos.collections:
        quantos = len(pontos.get_offsets())
        if quantos:
            frases.append(f"{_nome(pontos, 'Pontos')}: {plural(quantos, 'ponto')}.")
    for barras in eixos.containers:
        alturas = getattr(barras, "datavalues", None)
        if alturas is not None and len(alturas):
            frases.append(f"{_nome(barras, 'Barras')}: {', '.join(map(_numero, alturas))}.")
    escritos = [t.get_text() for t in eixos.texts if t.get_text().strip()]
    if escritos:
        frases.append(f"Escrito no gráfico: {', '.join(escritos)}.")
    return frases


def _nome(artista, sem_nome: str) -> str:
    rotulo = str(artista.get_label() or "")
    return sem_nome if rotulo.startswith("_") or not rotulo else rotulo


def _frase(escrito: str) -> str:
    return escrito if escrito.endswith((".", "!", "?")) else f"{escrito}."


def _numero(valor) -> str:
    """``0.31`` → ``"0,31"``; o que não é número (uma data, um nome) sai como está."""
    try:
        return f"{float(valor):.3g}".replace(".", ",") if abs(float(valor)) < 1000 else f"{float(valor):.0f}"
    except (TypeError, ValueError):
        return str(valor)


def descrever_os_graficos() -> None:
    """Faz o IPython guardar, com cada gráfico, o texto alternativo dele. Fora do IPython, não faz nada."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def so_a_alternativa(fig, include=None, exclude=None):
        # Nenhum dado: a imagem quem faz é o formatador de sempre, uma vez só.
        return {}, {"image/png": {"alt": alternativa(fig)}}

    shell.display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", so_a_alternativa)
