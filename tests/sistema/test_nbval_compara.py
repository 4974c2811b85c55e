"""A regressão dos notebooks é de verdade: uma saída trocada, ou um laboratório que não responde, reprova."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest

from curso.projeto import RAIZ, lista_de_notebooks


def _nbval(pasta, notebook) -> subprocess.CompletedProcess:
    caminho = pasta / "copia.ipynb"
    nbformat.write(notebook, caminho)
    comando = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-p",
        "tests.nbval_com_tolerancia",
        "-p",
        "no:cacheprovider",
        f"--rootdir={pasta}",
        caminho,
    ]
    return subprocess.run(comando, cwd=RAIZ, capture_output=True, text=True, timeout=240)


def _pequeno(fonte: str, saida: str):
    celula = nbformat.v4.new_code_cell(
        fonte, execution_count=1, outputs=[nbformat.v4.new_output("stream", name="stdout", text=saida)]
    )
    return nbformat.v4.new_notebook(
        cells=[celula], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


@pytest.mark.parametrize(
    ("saida", "passa"),
    [
        ("0.3333\n", True),
        ("0.3330\n", True),
        ("0.3433\n", False),
        ("0.3333 \n", False),
        ("", False),
    ],
)
def test_comparacao(tmp_path, saida, passa):
    feito = _nbval(tmp_path, _pequeno("print(f'{1/3:.4f}')", saida))
    assert (feito.returncode == 0) is passa, feito.stdout


def test_barra_que_se_redesenha_milhares_de_vezes(tmp_path):
    """Nenhuma mensagem se perde enquanto a célula executa, nem a que diz que ela acabou."""
    fonte = """
from IPython.display import HTML, display
barra = display(HTML("0"), display_id=True)
for passo in range(5000):
    barra.update(HTML("x" * 2000))
print("fim")
"""
    notebook = _pequeno(fonte, "fim\n")
    notebook.cells[0].metadata["tags"] = ["nbval-ignore-output"]
    feito = _nbval(tmp_path, notebook)
    assert feito.returncode == 0, feito.stdout[-2000:]


def test_laboratorio_mudo_reprova(tmp_path):
    """Troca a leitura guardada de um laboratório: se o nbval não visse a interação, passaria."""
    notebook = nbformat.read(lista_de_notebooks()[0], as_version=4)
    prova = next(c for c in notebook.cells if c.id == "laboratorio-prova")
    ultima = next(i for i, c in enumerate(notebook.cells) if c.id == "laboratorio-prova")
    prova.outputs[0].text = prova.outputs[0].text.replace("positivo 0", "positivo 1", 1)
    notebook.cells = notebook.cells[: ultima + 1]
    feito = _nbval(tmp_path, notebook)
    assert feito.returncode == 1 and "1 failed" in feito.stdout, feito.stdout
