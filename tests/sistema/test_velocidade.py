"""Os modelos mirins respondem na hora e cabem na memória de um computador velho."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from curso.catalogo import catalogo
from curso.projeto import RAIZ
from oficina.medir import GERAM, LIMITES

# Na máquina de um leitor, os testes dividem os núcleos com o que mais estiver aberto.
FOLGA = 1 if os.environ.get("CI") == "true" else 4


def _medir(*tarefas: str) -> dict:
    feito = subprocess.run(
        [sys.executable, "-m", "oficina.medir", *tarefas], cwd=RAIZ, capture_output=True, text=True, check=True
    )
    return json.loads(feito.stdout.splitlines()[-1])


@pytest.mark.parametrize("tarefa", sorted(catalogo()))
def test_carrega_e_responde_na_hora(tarefa):
    medido = _medir(tarefa)
    limite = 1000 * LIMITES["geracao_s"] if tarefa in GERAM else LIMITES["frase_ms"]
    assert medido["carregar_s"] <= FOLGA * LIMITES["carregar_s"]
    assert medido["responder_ms"] <= FOLGA * limite


def test_todas_juntas_cabem_na_memoria():
    assert _medir(*catalogo())["memoria_mb"] <= LIMITES["memoria_mb"]
