"""Os modelos mirins respondem na hora e cabem na memória de um computador velho."""

from __future__ import annotations

import os

import pytest

from curso.catalogo import catalogo
from oficina.medicao.checkpoints import GERAM, LIMITES, em_outro_processo

# Na máquina de um leitor, os testes dividem os núcleos com o que mais estiver aberto.
FOLGA = 1 if os.environ.get("CI") == "true" else 4


REPETICOES = 7  # a mediana de sete basta para dizer sim ou não


def _medir(*tarefas: str) -> dict:
    return em_outro_processo({tarefa: catalogo()[tarefa].pasta for tarefa in tarefas}, REPETICOES)


@pytest.mark.parametrize("tarefa", sorted(catalogo()))
def test_carrega_e_responde_na_hora(tarefa):
    medido = _medir(tarefa)
    limite = 1000 * LIMITES["geracao_s"] if tarefa in GERAM else LIMITES["frase_ms"]
    assert medido["carregar_s"] <= FOLGA * LIMITES["carregar_s"]
    assert medido["responder_ms"] <= FOLGA * limite


def test_todas_juntas_cabem_na_memoria():
    assert _medir(*catalogo())["memoria_mb"] <= LIMITES["memoria_mb"]
