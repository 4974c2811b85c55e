"""O que os cartões e o catálogo dizem de cada checkpoint é o que se mediu com ele.

Medir tudo de novo leva minutos. Enquanto nada de que a medida depende mudou (``relatorio.de_onde``), basta que cartões
e catálogo digam o que está guardado; se algo mudou, ou com ``CURSO_REMEDIR=1`` (toda semana, no fluxo de testes), a
prova é feita outra vez.
"""

from __future__ import annotations

import os

import pytest

from curso.catalogo import entrada
from curso.projeto import RAIZ
from oficina import relatorio
from oficina.cartoes import porcento


@pytest.mark.parametrize("tarefa", relatorio.tarefas_medidas())
def test_cartao_e_catalogo_dizem_o_que_foi_medido(tarefa):
    prova, chave, _ = relatorio.PROVAS[tarefa]
    guardadas = relatorio.medidas_de(tarefa)
    if os.environ.get("CURSO_REMEDIR") == "1" or guardadas.get("de_onde") != relatorio.de_onde(tarefa):
        medidas = prova()
        for nome, valor in guardadas["modelo"].items():
            assert medidas["modelo"][nome] == pytest.approx(valor, abs=0.011), nome
    dito = porcento(guardadas["modelo"][chave])
    cartao = (entrada(tarefa).pasta / "README.md").read_text(encoding="utf-8")
    assert dito in cartao and dito in entrada(tarefa).medida
    assert len(guardadas["erros"]) == relatorio.ERROS_GUARDADOS and all(
        texto in cartao for texto, _ in guardadas["erros"]
    )


def test_a_impressao_digital_muda_com_um_byte(tmp_path):
    fontes = {f.relative_to(RAIZ).as_posix() for f in relatorio.fontes("ner")}
    assert {"modelos/entidades-mirim/model.safetensors", "oficina/provas.py", "curso/tarefas/perguntas.py"} <= fontes
    pesos = tmp_path / "pesos"
    pesos.write_bytes(b"abc")
    antes = relatorio.impressao_digital([pesos], "5.0")
    assert antes == relatorio.impressao_digital([pesos], "5.0") != relatorio.impressao_digital([pesos], "5.1")
    pesos.write_bytes(b"abd")
    assert relatorio.impressao_digital([pesos], "5.0") != antes
