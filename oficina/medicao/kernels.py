"""Quantos alunos cabem: N kernels que executam o mesmo notebook ao mesmo tempo."""

from __future__ import annotations

import asyncio
import os
import time

import nbformat
from nbclient import NotebookClient

from curso.projeto import RAIZ, achar_notebook
from oficina.medicao.maquina import Memoria, gravar, mediana_e_p90, memoria_dos_filhos_mb

NOTEBOOK = "01-1"
ALUNOS = (1, 8, 16, 24)
PRAZO_S = 1800


def fazer() -> None:
    # Uma linha de execução por aluno: com mais alunos do que núcleos, mais linhas só brigam entre si.
    os.environ |= {"CURSO_MODELOS": "embutidos", "PYTHONPATH": str(RAIZ), "OMP_NUM_THREADS": "1"}
    medidas = {}
    for alunos in ALUNOS:
        with Memoria(memoria_dos_filhos_mb) as memoria:
            tempos = asyncio.run(_todos(alunos))
        mediana, _ = mediana_e_p90(tempos)
        medidas[str(alunos)] = m = {
            "mediana_s": round(mediana, 1),
            "mais_lento_s": round(max(tempos), 1),
            "memoria_gb": round(memoria.pico_mb / 1000, 2),
        }
        print(
            f"{alunos:3} kernels · mediana {m['mediana_s']} s · o mais lento {m['mais_lento_s']} s · {m['memoria_gb']} GB",
            flush=True,
        )
        gravar("kernels", {"notebook": NOTEBOOK, "alunos": medidas})


async def _todos(alunos: int) -> list[float]:
    return await asyncio.gather(*(_um() for _ in range(alunos)))


async def _um() -> float:
    caminho = achar_notebook(NOTEBOOK)
    notebook = nbformat.read(caminho, as_version=4)
    cliente = NotebookClient(
        notebook,
        timeout=PRAZO_S,
        startup_timeout=PRAZO_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(caminho.parent)}},
    )
    inicio = time.perf_counter()
    await cliente.async_execute()
    return time.perf_counter() - inicio
