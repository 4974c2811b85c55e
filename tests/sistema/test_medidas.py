"""O que os cartões e o catálogo dizem de cada checkpoint é o que se mede de novo, agora, com ele."""

from __future__ import annotations

import pytest

from curso.catalogo import entrada
from oficina import relatorio
from oficina.cartoes import porcento


@pytest.mark.parametrize("tarefa", relatorio.tarefas_medidas())
def test_cartao_e_catalogo_dizem_o_que_foi_medido(tarefa):
    prova, chave, _ = relatorio.PROVAS[tarefa]
    guardadas, medidas = relatorio.medidas_de(tarefa), prova()
    for nome, valor in guardadas["modelo"].items():
        assert medidas["modelo"][nome] == pytest.approx(valor, abs=0.011), nome
    dito = porcento(guardadas["modelo"][chave])
    cartao = (entrada(tarefa).pasta / "README.md").read_text(encoding="utf-8")
    assert dito in cartao and dito in entrada(tarefa).medida
    assert len(guardadas["erros"]) == relatorio.ERROS_GUARDADOS and all(
        texto in cartao for texto, _ in guardadas["erros"]
    )
