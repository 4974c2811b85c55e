"""O tempo e o pico de memória de cada notebook, executado inteiro em um kernel novo."""

from __future__ import annotations

import os
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from curso.carimbo import ID_DA_PREPARACAO
from curso.projeto import RAIZ, achar_notebook, lista_de_notebooks
from oficina.medicao.maquina import gravar, ler, pico_mb


def fazer(so: list[str] | None = None) -> None:
    """Mede todos, ou só os notebooks dos números dados (``["03-2"]``), e guarda os outros como estavam."""
    os.environ |= {"CURSO_MODELOS": "embutidos", "PYTHONPATH": str(RAIZ)}
    medidas = (ler("notebooks") or {"notebooks": {}})["notebooks"] if so else {}
    for caminho in [achar_notebook(numero) for numero in so] if so else lista_de_notebooks():
        medidas[caminho.stem] = m = medir(caminho)
        print(
            f"{caminho.stem:34} {m['segundos']:6.1f} s · preparação {m['preparacao_s']:.1f} s · {m['pico_mb']:.0f} MB",
            flush=True,
        )
    gravar("notebooks", {"notebooks": dict(sorted(medidas.items()))})


def medir(caminho: Path) -> dict:
    """Segundos do notebook (com a partida do kernel), segundos da célula de preparação e pico de memória do kernel."""
    notebook = nbformat.read(caminho, as_version=4)
    cliente = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(caminho.parent)}}
    )
    preparacao = 0.0
    inicio = time.perf_counter()
    with cliente.setup_kernel():
        for indice, celula in enumerate(notebook.cells):
            comeco = time.perf_counter()
            cliente.execute_cell(celula, indice)
            if celula.get("id") == ID_DA_PREPARACAO:
                preparacao = time.perf_counter() - comeco
        segundos = time.perf_counter() - inicio
        pico = pico_mb(cliente.km.provisioner.process.pid)
    return {"segundos": round(segundos, 1), "preparacao_s": round(preparacao, 2), "pico_mb": round(pico)}
