"""Executa notebooks em um kernel limpo e guarda as saídas. Roda dentro do .venv: ``python -m curso executar``."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.reader import NotJSONError
from tqdm import tqdm

from curso.carimbo import em_texto, gravar_inteiro

PRAZO_DA_CELULA_S = 300
MIME_DE_WIDGET = "application/vnd.jupyter.widget-view+json"
# A barra que o Trainer desenha em HTML. A tabela de resultados que vem depois dela, na mesma saída, fica.
BARRA_DE_PROGRESSO = re.compile(r"<div>(?:(?!</div>).)*<progress.*?</div>", re.DOTALL)
# A barra da tqdm é um widget; sem ele, o que sobra é este texto, parado no zero.
BARRA_DA_TQDM = re.compile(r"(.+: )?\s*0%\|")


def limpar(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Tira o que muda a cada execução: estado e visão de widgets, barras, horários, identidade do kernel."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata.language_info = {"name": "python"}
    for celula in notebook.cells:
        celula.metadata.pop("execution", None)
        for saida in celula.get("outputs", []):
            saida.get("data", {}).pop(MIME_DE_WIDGET, None)
        if celula.cell_type == "code":
            celula.outputs = sem_barras(celula.outputs)
    return notebook


def sem_barras(saidas: list) -> list:
    """As saídas sem as barras de progresso: as de HTML, que trazem o tempo gasto, e as da tqdm, que ficam no zero.

    Sai inteira a saída que só tinha a barra.
    """
    ficam = []
    for saida in saidas:
        if BARRA_DA_TQDM.match(saida.get("data", {}).get("text/plain", "")):
            continue
        html = saida.get("data", {}).get("text/html")
        if html == "" or "<progress" in (html or ""):  # ao fechar a sua barra, o Trainer a troca por nada
            saida["data"]["text/html"] = html = BARRA_DE_PROGRESSO.sub("", html).strip()
            if not re.sub(r"<[^>]*>", "", html).strip():
                continue
        ficam.append(saida)
    return ficam


def executar(caminho: Path) -> float:
    """Executa e grava um notebook; devolve os segundos gastos. Se uma célula falha, o arquivo não é tocado."""
    notebook = nbformat.read(caminho, as_version=4)
    cliente = NotebookClient(
        notebook,
        timeout=PRAZO_DA_CELULA_S,
        coalesce_streams=True,  # o que se imprime aos poucos fica um bloco só no arquivo
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(caminho.parent)}},
    )
    inicio = time.perf_counter()
    with cliente.setup_kernel():
        for indice, celula in enumerate(
            tqdm(notebook.cells, desc=caminho.name, unit="célula", leave=False, disable=None)
        ):
            cliente.execute_cell(celula, indice)
    nbformat.validate(notebook)
    gravar_inteiro(caminho, em_texto(_como_no_disco(limpar(notebook))))
    return time.perf_counter() - inicio


def _como_no_disco(notebook: nbformat.NotebookNode) -> dict:
    """nbformat guarda textos como listas de linhas no arquivo; aqui, o mesmo dicionário que ele gravaria."""
    return json.loads(nbformat.writes(notebook))


def principal(caminhos: list[str]) -> int:
    falhas = 0
    for nome in caminhos:
        caminho = Path(nome)
        try:
            segundos = executar(caminho)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, NotJSONError, OSError) as erro:
            falhas += 1
            print(f"✗ {caminho.name}: não terminou; o arquivo ficou como estava.\n{erro}")
        else:
            print(f"✓ {caminho.name}: {segundos:.0f} s")
    return 1 if falhas else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
