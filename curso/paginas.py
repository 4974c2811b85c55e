"""O curso como páginas da web: ``python -m curso site``. Só a biblioteca padrão; o Sphinx roda no .venv-site."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from curso import instalacao
from curso.carimbo import ID_DA_PREPARACAO, endereco_no_colab, titulo_e_tempo
from curso.projeto import NOTEBOOKS, RAIZ, ErroDoCurso, dados_do_projeto, lista_de_notebooks

MODELO = RAIZ / "site"
REQUISITOS = MODELO / "requirements.txt"
VENV, SAIDA = ".venv-site", RAIZ / "_site"
# O que o Sphinx deixa na saída e nenhuma página usa.
SOBRAS = (".buildinfo*", "_sources", "objects.inv", "locales", "*-macros.html")
LUGAR_DO_SUMARIO = "<!-- aqui entra o sumário -->"
# O texto que um widget deixa no lugar de si mesmo em um notebook guardado.
WIDGET = re.compile(r"<(.+): execute a célula para usar>")


def construir(saida: Path) -> Path:
    """Faz o site em ``saida`` e devolve a página inicial. Se algo falha, o site que havia fica como estava."""
    _conferir_saida(saida)
    venv = instalacao.garantir(RAIZ, [REQUISITOS], VENV)
    with tempfile.TemporaryDirectory(prefix="curso-site-") as pasta:
        fonte, pronto = Path(pasta, "fonte"), Path(pasta, "pronto")
        montar_fonte(fonte)
        # Todo aviso é erro: um link quebrado ou um notebook fora do sumário não chega a ser publicado.
        comando = [venv.python, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
        comando += ["-d", Path(pasta, "doctrees"), fonte, pronto]
        ambiente = instalacao.ambiente_do_processo() | {"PYTHONPATH": str(RAIZ), "PYTHONIOENCODING": "utf-8:replace"}
        if subprocess.run(comando, cwd=RAIZ, env=ambiente).returncode:
            raise ErroDoCurso("O site não foi feito: os avisos acima dizem em que página. Corrija e repita o comando.")
        shutil.rmtree(saida, ignore_errors=True)
        shutil.copytree(pronto, saida, ignore=shutil.ignore_patterns(*SOBRAS))
    return saida / "index.html"


def _conferir_saida(saida: Path) -> None:
    """A pasta de saída é refeita do zero: só pode ser nova, vazia ou um site de antes."""
    ocupada = saida.exists() and (not saida.is_dir() or any(saida.iterdir()))
    if ocupada and not (saida / "searchindex.js").exists():
        raise ErroDoCurso(f"Já há outra coisa em {saida}. Escolha uma pasta nova ou vazia: --saida PASTA")


def montar_fonte(fonte: Path) -> None:
    """A pasta que o Sphinx lê: o modelo do site, as figuras e os notebooks, com as saídas em forma de página."""
    shutil.copytree(MODELO, fonte, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(RAIZ / "images", fonte / "images")
    (fonte / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / "glossario.md", fonte / "notebooks")
    cadernos = {caminho: json.loads(caminho.read_text(encoding="utf-8")) for caminho in lista_de_notebooks()}
    for caminho, notebook in cadernos.items():
        texto = json.dumps(em_pagina(notebook, endereco_no_colab(caminho)), ensure_ascii=False)
        (fonte / "notebooks" / caminho.name).write_text(texto, encoding="utf-8")
    capa = (MODELO / "index.md").read_text(encoding="utf-8")
    capa = com_links_de_fora(capa.replace("](../notebooks/", "](notebooks/"))
    leiame = (RAIZ / "README.md").read_text(encoding="utf-8")
    fichas = {caminho: titulo_e_tempo(notebook) for caminho, notebook in cadernos.items()}
    (fonte / "index.md").write_text(
        capa.replace(LUGAR_DO_SUMARIO, sumario(fichas, capitulos(leiame))), encoding="utf-8"
    )


def capitulos(leiame: str) -> dict[str, str]:
    """``{"01": "1. Modelos Transformer", …}``, da tabela do programa, no README."""
    return {f"{int(n):02}": f"{n}. {titulo}" for n, titulo in re.findall(r"^\| (\d+)\. (.+?) \|", leiame, re.MULTILINE)}


def sumario(fichas: dict[Path, tuple[str, str]], titulos: dict[str, str]) -> str:
    """A lista dos notebooks que se lê na capa e a navegação (``toctree``) que o Sphinx faz dela."""
    partes = []
    for capitulo in sorted({caminho.stem[:2] for caminho in fichas}):
        do_capitulo = {c: ficha for c, ficha in fichas.items() if c.stem.startswith(capitulo)}
        titulo = titulos.get(capitulo, "Antes de começar")
        linhas = [f"- [{nome}](notebooks/{c.name}) · {tempo}" for c, (nome, tempo) in do_capitulo.items()]
        arvore = ["```{toctree}", ":hidden:", f":caption: {titulo}", "", *(f"notebooks/{c.stem}" for c in do_capitulo)]
        partes.append("\n".join([f"### {titulo}", "", *linhas, "", *arvore, "```"]))
    partes.append("```{toctree}\n:hidden:\n:caption: Para consultar\n\nnotebooks/glossario\n```")
    return "\n\n".join(partes)


# ------------------------------------------------------------------- páginas


def em_pagina(notebook: dict, colab: str) -> dict:
    """O notebook como a página o mostra: saídas em HTML, preparação dobrada, links que saem do site no GitHub."""
    notebook["metadata"]["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    for celula in notebook["cells"]:
        if celula["cell_type"] == "markdown":
            celula["source"] = com_links_de_fora("".join(celula["source"]))
        if celula.get("id") == ID_DA_PREPARACAO:
            celula["metadata"]["tags"] = [*celula["metadata"].get("tags", []), "hide-input"]
        for saida in celula.get("outputs", []):
            _mostrar(saida, celula, colab)
    return notebook


def _mostrar(saida: dict, celula: dict, colab: str) -> None:
    dados = saida.get("data", {})
    svg = "".join(dados.pop("image/svg+xml", []))
    widget = WIDGET.fullmatch("".join(dados.get("text/plain", [])))
    if svg:
        # Dentro da página, e não em um <img>: assim o leitor de tela lê a descrição que a figura traz.
        dados["text/html"] = f'<div class="figura">{svg}</div>'
    elif widget:
        dados["text/html"] = (
            f'<p class="laboratorio" role="note"><strong>{html.escape(widget[1])}.</strong> Para mexer nele, '
            f'<a href="{html.escape(colab)}">abra este notebook no Colab</a> ou no seu computador.</p>'
        )
    elif "image/png" in dados:
        descricao = saida["metadata"].get("image/png", {}).get("alt")
        descricao = descricao or "Gráfico feito pela célula acima; o texto a seguir diz o que ele mostra."
        celula["metadata"]["mystnb"] = {"image": {"alt": descricao}}


def com_links_de_fora(texto: str) -> str:
    """Um link para um arquivo que não é página nem figura leva ao repositório no GitHub."""
    projeto = dados_do_projeto()

    def no_github(achado: re.Match) -> str:
        caminho, _, ancora = achado[1].partition("#")
        tipo = "tree" if (RAIZ / caminho).is_dir() else "blob"
        endereco = f"https://github.com/{projeto['repositorio']}/{tipo}/{projeto['edicao']}/{caminho}"
        return f"]({endereco}{'#' + ancora if ancora else ''})"

    return re.sub(r"\]\(\.\./(?!images/)([^)\s]+)\)", no_github, texto)
