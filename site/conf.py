"""O Sphinx do site do curso. Roda na pasta que ``curso.paginas`` monta: este arquivo, os notebooks e as figuras."""

import sys
from pathlib import Path

from curso.projeto import dados_do_projeto

AQUI = Path(__file__).parent
sys.path.insert(0, str(AQUI))  # busca.py, formulas.py e traducao.py

projeto = dados_do_projeto()
project = "Consumindo Modelos de Linguagem"
author = "Os autores do curso"
copyright = "os autores do curso. Código e notebooks: Apache-2.0"
version = release = projeto["edicao"]
language = "pt_BR"
locale_dirs = ["locale"]  # o que o tema e o Sphinx não traduzem

extensions = ["myst_nb", "sphinx_copybutton", "busca", "formulas", "traducao"]
exclude_patterns = ["requirements.txt"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# As saídas guardadas nos notebooks são as que os testes conferem: aqui nada executa.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_code_prompt_show = "Mostrar o código"
nb_code_prompt_hide = "Esconder o código"

html_theme = "sphinx_book_theme"
html_title = f"{project} com Hugging Face e Python"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["curso.css"]
html_js_files = [("curso.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_math_renderer = "mathml"
html_context = {"default_mode": "auto"}  # claro ou escuro, como o sistema
html_theme_options = {
    "repository_url": f"https://github.com/{projeto['repositorio']}",
    "use_repository_button": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "back_to_top_button": False,  # em tela estreita, cobriria o texto
    "navbar_persistent": [],  # a busca já está no alto da barra lateral
    "search_bar_text": "Buscar no curso",
    "footer_content_items": ["copyright.html"],
}

copybutton_selector = "div.cell_input div.highlight pre, div.highlight-python div.highlight pre"
copybutton_exclude = ".linenos, .gp, .go"
