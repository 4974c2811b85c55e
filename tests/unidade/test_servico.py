"""O laboratório do serviço: mostra o que foi e o que voltou, e não quebra com entrada hostil nem sem serviço."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from curso.laboratorios.servico import MAXIMO_ENVIADO, LaboratorioDoServico, quadro
from tests.unidade.test_laboratorios import HOSTIS


def eco(texto: str):
    if not texto.strip():
        return 422, {"detail": "texto vazio"}
    return 200, {"rotulo": texto[:20], "probabilidade": 0.9411, "aviso": ""}


@pytest.mark.parametrize("texto", [*HOSTIS, "", "   ", "👩🏽‍🚀", "\ud800", "</svg>", "🙂" * 10_000])
def test_digitacao_hostil(texto):
    bancada = LaboratorioDoServico(eco)
    bancada.texto.value = texto
    ET.fromstring(bancada.quadro.value)
    assert bancada.leitura
    assert "<script" not in bancada.quadro.value


def test_le_o_pedido_e_a_resposta():
    leitura = LaboratorioDoServico(eco, "Oi").leitura
    assert leitura.startswith("Pedido com 2 caracteres. Resposta 200, deu certo: ")
    assert 'rotulo: "Oi"; probabilidade: 0.941; aviso: ""' in leitura


def test_o_texto_vazio_chega_ao_servico():
    bancada = LaboratorioDoServico(eco)
    bancada.texto.value = ""
    assert bancada.leitura == (
        'Pedido com 0 caracteres. Resposta 422, o pedido chegou, e o conteúdo não serve: detail: "texto vazio".'
    )


def test_repetir_aumenta_o_pedido_ate_um_limite():
    recebidos = []
    bancada = LaboratorioDoServico(lambda texto: (recebidos.append(texto), eco(texto))[1], "abc")
    bancada.repetir.value = 10
    assert recebidos[-1] == "abc" * 10
    bancada.texto.value = "x" * 1_000
    bancada.repetir.value = 1_000
    assert len(recebidos[-1]) == MAXIMO_ENVIADO


def test_servico_fora_do_ar():
    def fora(_texto):
        raise ConnectionError("recusada")

    assert LaboratorioDoServico(fora).leitura == "ConnectionError: recusada"


@pytest.mark.parametrize("corpo", [None, [], "oi", 3.5, {}, {"detail": ["<b>"], "campos": ["body.texto"]}])
@pytest.mark.parametrize("codigo", [200, 404, 418, 500])
def test_qualquer_resposta_tem_quadro(codigo, corpo):
    ET.fromstring(str(quadro("oi", codigo, corpo)))
