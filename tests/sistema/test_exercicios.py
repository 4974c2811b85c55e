"""Cada exercício, no seu notebook: o esboço não responde, o erro típico é recusado com dica, a solução é aceita.

Executam-se só as células de que os exercícios dependem (as outras têm o seu teste no nbval): um treino de dois
minutos não se repete para conferir uma conta de lápis.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from nbclient import NotebookClient

from curso.execucao import PRAZO_DA_CELULA_S
from curso.exercicios import achar
from curso.exercicios.questionario import e_questionario
from curso.projeto import lista_de_notebooks
from tests.dependencias import necessarias

pytestmark = pytest.mark.usefixtures("sem_variaveis_do_leitor")


@pytest.fixture
def sem_variaveis_do_leitor(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def variantes(notebook, chave: str, letra: str) -> dict[str, str]:
    """O código do exercício com o esboço, com o erro típico e com a solução dobrada."""
    celulas = {c.id: c for c in notebook.cells}
    esboco = celulas[f"exercicio-{letra}"].source
    solucao = re.search(r"```python\n(.*?)```", celulas[f"solucao-{letra}"].source, re.DOTALL)[1]
    erro = achar(chave).erro_tipico
    linha_do_esboco = re.search(r"^\w+ = \.\.\..*$", esboco, re.MULTILINE)[0]
    preparo = esboco.split(linha_do_esboco)[0]
    return {"esboco": esboco, "erro": esboco.replace(linha_do_esboco, erro), "solucao": preparo + solucao}


COM_EXERCICIOS = [c for c in lista_de_notebooks() if not e_questionario(c)]


@pytest.mark.parametrize("caminho", COM_EXERCICIOS, ids=lambda c: c.stem)
def test_exercicios(caminho):
    notebook = nbformat.read(caminho, as_version=4)
    numero = re.match(r"[0-9-]*[0-9]", caminho.stem)[0]
    cliente = NotebookClient(notebook, timeout=PRAZO_DA_CELULA_S, resources={"metadata": {"path": str(caminho.parent)}})
    esperado = {"esboco": "ainda não respondido", "erro": "ainda não. Dica:", "solucao": "certo!"}
    letras = [c.id.removeprefix("exercicio-") for c in notebook.cells if c.id.startswith("exercicio-")]
    codigos = {letra: variantes(notebook, f"{numero}.{letra}", letra) for letra in letras}
    rodam = necessarias(notebook, {f"exercicio-{letra}": "\n".join(c.values()) for letra, c in codigos.items()})
    vistos = 0
    with cliente.setup_kernel():
        for indice, celula in enumerate(list(notebook.cells)):
            if celula.id.startswith("exercicio-"):
                letra = celula.id.removeprefix("exercicio-")
                for nome, codigo in codigos[letra].items():
                    celula.source = codigo
                    cliente.execute_cell(celula, indice)
                    saida = "".join(s.get("text", "") for s in celula.outputs)
                    assert esperado[nome] in saida, f"{numero}.{letra}, {nome}: {saida}"
                    vistos += 1
            elif celula.id in rodam:
                cliente.execute_cell(celula, indice)
    assert vistos >= 6


def test_so_rodam_as_celulas_de_que_o_exercicio_depende():
    fontes = {
        "preparacao": "!ls\npreparar()",
        "dados": "import random\ndados = [random.random()]",
        "treino": "trainer.train()\nprint(dados)",
        "muda": "dados.append(1)",
        "conta": "total = sum(dados)",
        "depois": "total = 0",
    }
    celulas = [nbformat.v4.new_code_cell(fonte, id=nome) for nome, fonte in fontes.items()]
    celulas.insert(5, nbformat.v4.new_code_cell("resposta = ...", id="exercicio-a"))
    notebook = nbformat.v4.new_notebook(cells=celulas)
    rodam = necessarias(notebook, {"exercicio-a": "resposta = total"})
    assert rodam == {"preparacao", "dados", "muda", "conta", "exercicio-a"}
