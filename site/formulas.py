"""As fórmulas viram MathML ao construir: o navegador as desenha sozinho, sem os megabytes do MathJax e sem rede."""

from docutils import nodes
from latex2mathml.converter import convert


def na_linha(tradutor, no):
    tradutor.body.append(convert(no.astext()))
    raise nodes.SkipNode


def destacada(tradutor, no):
    tradutor.body.append(f'<div class="formula">{convert(no.astext(), display="block")}</div>\n')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (na_linha, None), (destacada, None))
    return {"parallel_read_safe": True}
