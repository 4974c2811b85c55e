"""Onde estão as coisas e como o curso se chama: lido de um lugar só. Só a biblioteca padrão."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
NOTEBOOKS = RAIZ / "notebooks"
MODELOS = RAIZ / "modelos"
INICIO = NOTEBOOKS / "00-comece-aqui.ipynb"


class ErroDoCurso(RuntimeError):
    """Um problema que o leitor pode resolver: uma frase clara, com o remédio, sem rastro de pilha."""

    def _render_traceback_(self):
        # O IPython chama este método no lugar do traceback de 40 linhas.
        return [f"⚠️ {self}"]


@functools.cache
def dados_do_projeto() -> dict:
    """A tabela ``[tool.curso]`` de pyproject.toml: repositorio, edicao, verificado."""
    with open(RAIZ / "pyproject.toml", "rb") as arquivo:
        return tomllib.load(arquivo)["tool"]["curso"]


def lista_de_notebooks() -> list[Path]:
    """Os notebooks do curso, em ordem de leitura; as cópias que o JupyterLab faz ao duplicar não contam."""
    return sorted(n for n in NOTEBOOKS.glob("[0-9][0-9]-*.ipynb") if not re.search(r"-Copy\d+$", n.stem))


def achar_notebook(nome: str) -> Path:
    """Aceita um caminho, o nome do arquivo ou só o número: ``01-1`` → ``notebooks/01-1-pipelines.ipynb``."""
    caminho = Path(nome)
    if caminho.suffix == ".ipynb" and caminho.exists():
        return caminho.resolve()
    achados = [n for n in lista_de_notebooks() if n.stem == caminho.stem or n.stem.startswith(f"{nome}-")]
    if len(achados) == 1:
        return achados[0]
    queixa = f"Há mais de um notebook {nome!r}" if achados else f"Não achei o notebook {nome!r}"
    conhecidos = "\n  ".join(n.name for n in achados or lista_de_notebooks())
    raise ErroDoCurso(f"{queixa}. Escolha entre:\n  {conhecidos}")
