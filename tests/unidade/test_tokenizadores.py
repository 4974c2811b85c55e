"""O laboratório de tokenizers: contas certas, pedaços numerados, digitação hostil."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from curso.laboratorios.tokenizadores import MAXIMO_DE_PEDACOS, LaboratorioDeTokenizers, quadro
from oficina import decoder, seq2seq, vocabulario
from tests.unidade.test_laboratorios import HOSTIS

TEXTOS = ["Ana mora em Belém.", "Ele trabalha como médico.", "Era uma vez um gato que dormia."] * 3
SIMPLES = {"palavras": str.split, "letras": list}


@pytest.fixture(scope="module")
def cortes():
    wordpiece = vocabulario.para_transformers(vocabulario.treinar_wordpiece(TEXTOS, 150), 32)
    bpe = decoder.para_transformers(seq2seq.treinar_bpe(TEXTOS, 120, decoder.ESPECIAIS))
    return {"WordPiece": wordpiece.tokenize, "BPE": bpe.tokenize, "letras": list}


@pytest.mark.parametrize("texto", [*HOSTIS, "👩🏽‍🚀 ok", "a\u0301 e\u0302", "\ud800", "▁▁ ## [SEP]", "🙂" * 10_000])
def test_digitacao_hostil(cortes, texto):
    bancada = LaboratorioDeTokenizers(cortes)
    bancada.texto.value = texto
    ET.fromstring(bancada.quadro.value)
    assert bancada.leitura
    assert "<script" not in bancada.quadro.value


def test_conta_pedacos_e_custo_por_palavra():
    leitura = LaboratorioDeTokenizers(SIMPLES, "oi você").leitura
    assert "palavras: 2 pedaços, 1,00 por palavra: oi você" in leitura
    assert "letras: 7 pedaços, 3,50 por palavra" in leitura
    assert leitura.endswith("Menos pedaços: palavras.")


def test_empate_e_singular():
    leitura = LaboratorioDeTokenizers(SIMPLES, "é").leitura
    assert "1 pedaço, 1,00 por palavra" in leitura
    assert leitura.endswith("Menos pedaços: palavras e letras.")


def test_cada_pedaco_tem_numero_e_o_que_sobra_e_dito():
    svg = str(quadro({"letras": list}, "a" * (MAXIMO_DE_PEDACOS + 5)))
    assert f">{MAXIMO_DE_PEDACOS}</text>" in svg and f">{MAXIMO_DE_PEDACOS + 1}</text>" not in svg
    assert "… e mais 5 pedaços" in svg


def test_os_pedacos_sao_os_do_tokenizer(cortes):
    frase = "Ana trabalha em Belém."
    assert " ".join(cortes["WordPiece"](frase)) in LaboratorioDeTokenizers(cortes, frase).leitura


def test_sem_tokenizer_nao_ha_quadro():
    with pytest.raises(ValueError, match="ao menos um"):
        quadro({}, "oi")
