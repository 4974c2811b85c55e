"""Traduz as frases que o tema, o myst-nb e o copybutton trazem em inglês, fora do alcance do gettext."""

from pathlib import Path

from sphinx.util import logging

NAS_PAGINAS = {
    'title="Toggle primary sidebar"': 'title="Mostrar ou esconder a lista de notebooks"',
    'title="Toggle secondary sidebar"': 'title="Mostrar ou esconder o conteúdo da página"',
    'aria-label="Toggle hidden content"': 'aria-label="Mostrar ou esconder o código"',
    '<nav aria-label="Page">': '<nav aria-label="Conteúdo da página">',
    'aria-label="Main"': 'aria-label="Notebooks"',
    'title="Repositório fonte"': 'title="Repositório no GitHub"',
}
NO_BOTAO_DE_COPIAR = {
    "'copy': 'Copy'": "'copy': 'Copiar'",
    "'Copy to clipboard'": "'Copiar o código'",
    "'Copied!'": "'Copiado!'",
    "'Failed to copy'": "'Não foi possível copiar'",
}


def traduzir(arquivos: list[Path], frases: dict[str, str]) -> None:
    faltam = set(frases)
    for arquivo in arquivos:
        texto = arquivo.read_text(encoding="utf-8")
        for ingles, portugues in frases.items():
            if ingles in texto:
                faltam.discard(ingles)
                texto = texto.replace(ingles, portugues)
        arquivo.write_text(texto, encoding="utf-8", newline="\n")
    # Uma versão nova do tema pode mudar a frase; o aviso, que aqui vale erro, diz que esta tabela envelheceu.
    for ingles in sorted(faltam):
        logging.getLogger(__name__).warning("traducao.py: a frase %r não aparece mais", ingles)


def ao_terminar(app, erro):
    if erro is None:
        saida = Path(app.outdir)
        traduzir(sorted(saida.rglob("*.html")), NAS_PAGINAS)
        traduzir([saida / "_static" / "copybutton.js"], NO_BOTAO_DE_COPIAR)


def setup(app):
    app.connect("build-finished", ao_terminar, priority=900)  # depois de o copybutton pôr o arquivo dele
    return {"parallel_read_safe": True}
