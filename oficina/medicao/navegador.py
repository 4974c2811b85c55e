"""Da tecla ao desenho, em cada laboratório, no navegador: o que ``tests/navegador/latencia.py`` mede, resumido."""

from __future__ import annotations

import json
import subprocess
import sys

from curso.projeto import RAIZ
from oficina.medicao.maquina import gravar, ler, mediana_e_p90


def fazer(so: list[str] | None = None) -> None:
    """Mede todos, ou só os laboratórios dos notebooks dados (``["03-2"]``), e guarda os outros como estavam."""
    # Em outro processo: a oficina não importa os testes.
    comando = [sys.executable, "-m", "tests.navegador.latencia", *(so or [])]
    feito = subprocess.run(comando, cwd=RAIZ, stdout=subprocess.PIPE, text=True, check=True)
    medidas = (ler("navegador") or {"laboratorios": {}})["laboratorios"] if so else {}
    for nome, medido in json.loads(feito.stdout.splitlines()[-1]).items():
        mediana, p90 = mediana_e_p90(medido["tempos_ms"])
        medidas[nome] = {
            "mediana_ms": round(mediana, 1),
            "p90_ms": round(p90, 1),
            "python_ms": round(medido["python_ms"], 1),
        }
        print(
            f"{nome:28} mediana {mediana:4.0f} ms · p90 {p90:4.0f} ms · Python {medido['python_ms']:.1f} ms", flush=True
        )
    gravar("navegador", {"laboratorios": dict(sorted(medidas.items(), key=lambda item: item[0].split()[0]))})
