"""Do ``git clone`` à primeira previsão: o que espera quem chega agora."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from curso.instalacao import ambiente_do_processo
from curso.projeto import RAIZ
from oficina.medicao.maquina import gravar

INSTALAR = "from curso import instalacao, comandos; instalacao.garantir(comandos.RAIZ, [comandos.REQUISITOS])"
PREVER = """
from curso import preparar, modelo
preparar()
from transformers import pipeline
print(pipeline("sentiment-analysis", model=modelo("sentiment-analysis"))("Esperei a vida inteira por um curso da Hugging Face."))
"""


def fazer() -> None:
    with tempfile.TemporaryDirectory() as pasta:
        curso = Path(pasta) / "curso"
        em_venv = curso / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        passos = {
            "clonar_s": (["git", "clone", "--quiet", str(RAIZ), str(curso)], pasta),
            "instalar_s": ([sys.executable, "-c", INSTALAR], curso),
            "primeira_previsao_s": ([str(em_venv), "-c", PREVER], curso),
            "segunda_vez_s": ([str(em_venv), "-c", PREVER], curso),
        }
        medidas = {}
        for nome, (comando, onde) in passos.items():
            inicio = time.perf_counter()
            subprocess.run(comando, cwd=onde, env=ambiente_do_processo(), check=True, stdout=subprocess.DEVNULL)
            medidas[nome] = round(time.perf_counter() - inicio, 1)
            print(f"{nome:22} {medidas[nome]:7.1f} s", flush=True)
    medidas["ate_a_primeira_s"] = round(sum(medidas[n] for n in list(passos)[:3]), 1)
    gravar("primeira", medidas)
