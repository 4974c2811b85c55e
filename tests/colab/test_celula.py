"""A célula de preparação em um kernel que acha que está no Colab: clona a edição, prepara e não estraga nada."""

from __future__ import annotations

import os

import nbformat
import pytest
from nbclient import NotebookClient

from curso.carimbo import celula_de_preparacao
from tests.colab.edicao import TEM_GIT, ambiente_do_kernel, publicar

pytestmark = pytest.mark.skipif(not TEM_GIT, reason="falta o git, que o Colab tem")


@pytest.fixture(scope="module")
def repositorio(tmp_path_factory):
    return publicar(tmp_path_factory.mktemp("edicao"))


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """O /content da sessão: os testes abaixo a usam na ordem em que estão escritos, como um leitor."""
    return tmp_path_factory.mktemp("content")


def executar(repositorio, content, *celulas: str) -> list[str]:
    """O texto que cada célula mostra, erros inclusive."""
    ambiente = {n: v for n, v in os.environ.items() if not n.startswith(("HF_", "CURSO_"))}
    ambiente |= ambiente_do_kernel(repositorio, content)
    caderno = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(fonte) for fonte in celulas])
    NotebookClient(caderno, timeout=120, kernel_name="python3", allow_errors=True).execute(env=ambiente)
    return ["".join(o.get("text", "") or o.get("evalue", "") for o in c.outputs) for c in caderno.cells]


def test_clona_a_edicao_e_prepara(repositorio, content):
    onde = "import curso, os; print(curso.__file__); print(os.getcwd())"
    preparo, lugares = executar(repositorio, content, celula_de_preparacao(), onde)
    assert preparo.startswith("Pronto: ") and "modelos: embutidos" in preparo and preparo.count("\n") == 1
    assert lugares.split() == [str(content / "curso" / "curso" / "__init__.py"), str(content / "curso" / "notebooks")]


def test_executar_de_novo_nao_toca_no_que_o_leitor_mudou(repositorio, content):
    dele = content / "curso" / "notebooks" / "00-comece-aqui.ipynb"
    dele.write_text("a minha cópia", encoding="utf-8")
    primeira, segunda = executar(repositorio, content, celula_de_preparacao(), celula_de_preparacao())
    assert primeira.startswith("Pronto: ") and segunda.startswith("Pronto: ")
    assert dele.read_text(encoding="utf-8") == "a minha cópia"


def test_uma_previsao_sem_abrir_o_cofre_de_segredos(repositorio, content):
    prever = (
        "from transformers import pipeline\n"
        "print(pipeline('sentiment-analysis', model=modelo('sentiment-analysis'))('Adorei o curso!')[0]['label'])"
    )
    pedir = "from huggingface_hub.utils import build_hf_headers; print('authorization' in build_hf_headers())"
    # A prova de que o rastro funciona: sem o que preparar() desliga, o mesmo pedido vai ao cofre.
    desfazer = "from huggingface_hub import constants; constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = False"
    rastro = "import os; print(os.path.exists(os.environ['COLAB_DUBLE_RASTRO']))"
    saidas = executar(repositorio, content, celula_de_preparacao(), prever, pedir, rastro, desfazer, pedir, rastro)
    assert [s.strip() for s in saidas[1:]] == ["positivo", "False", "False", "", "False", "True"]


def test_sem_rede_diz_o_que_fazer(tmp_path):
    (saida,) = executar(tmp_path / "nada", tmp_path, celula_de_preparacao())
    assert "Não consegui baixar o curso. Confira a internet e execute esta célula de novo." in saida


def test_biblioteca_antiga_ganha_o_remedio_do_colab(repositorio, content):
    envelhecer = (
        "import importlib.metadata as m; v = m.version; m.version = lambda n: '4.57.3' if n == 'transformers' else v(n)"
    )
    _, saida = executar(repositorio, content, envelhecer, celula_de_preparacao())
    assert "aqui está a 4.57.3" in saida and "Desconectar e excluir o ambiente de execução" in saida
