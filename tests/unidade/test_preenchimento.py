"""O laboratório de preenchimento: a conta do lote, o lado, o corte, a digitação hostil."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from curso.desenho.estilo import descricao_de
from curso.laboratorios.preenchimento import MAXIMO_DE_LINHAS, LaboratorioDePreenchimento, quadro
from oficina import vocabulario
from tests.unidade.test_laboratorios import HOSTIS

TEXTOS = ["Ana mora em Belém.", "Ele trabalha como médico.", "Era uma vez um gato que dormia."] * 3
DUAS = ["um gato", "um gato que mora em Belém"]


@pytest.fixture(scope="module")
def tokenizer():
    return vocabulario.para_transformers(vocabulario.treinar_wordpiece(TEXTOS, 150), 64)


@pytest.fixture(scope="module")
def classificador(tokenizer):
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    return BertForSequenceClassification(config).eval()


@pytest.mark.parametrize(
    "texto", [*HOSTIS, "<script>\n</script>\n😀", "\n\n \n", "\ud800", "a\u0301", "oi\n" * 300, "[SEP]\n[PAD]"]
)
def test_digitacao_hostil(tokenizer, texto):
    bancada = LaboratorioDePreenchimento(tokenizer, DUAS)
    bancada.texto.value = texto
    ET.fromstring(bancada.quadro.value)
    assert bancada.leitura
    assert "<script" not in bancada.quadro.value


@pytest.mark.parametrize("texto", ["😀", "中文\n<script>alert(1)</script>", "a" * 1_000])
def test_digitacao_hostil_com_modelo(tokenizer, classificador, texto):
    bancada = LaboratorioDePreenchimento(tokenizer, DUAS, classificador)
    bancada.texto.value = texto
    ET.fromstring(bancada.quadro.value)
    assert "LABEL_" in bancada.leitura


def test_a_conta_e_a_do_tokenizer(tokenizer):
    mascara = tokenizer(DUAS, padding=True, return_tensors="pt")["attention_mask"]
    vazias = int((mascara == 0).sum())
    leitura = LaboratorioDePreenchimento(tokenizer, DUAS).leitura
    assert f"2 linhas × {mascara.shape[1]} colunas = {mascara.numel()} casas; {vazias} de preenchimento" in leitura
    assert f"{100 * vazias / mascara.numel():.0f}%" in leitura
    assert "nenhum token de fora" in leitura


def test_lado_e_corte(tokenizer):
    bancada = LaboratorioDePreenchimento(tokenizer, DUAS)
    assert "de preenchimento à direita" in bancada.leitura
    bancada.lado.value = "esquerda"
    assert "de preenchimento à esquerda" in bancada.leitura
    bancada.maximo.value = 4
    inteiro = len(tokenizer(DUAS[1])["input_ids"])
    assert f"{inteiro - 4} de fora" in bancada.leitura
    assert "2 linhas × 4 colunas = 8 casas; 0 de preenchimento, 0%" in bancada.leitura


def test_cada_preenchimento_leva_um_sinal(tokenizer):
    svg = str(quadro(tokenizer, DUAS))
    vazias = int((tokenizer(DUAS, padding=True, return_tensors="pt")["attention_mask"] == 0).sum())
    assert svg.count(">×</text>") == vazias + 1  # mais o da legenda


def test_linhas_vazias_nao_contam_e_as_que_sobram_sao_ditas(tokenizer):
    assert "1 linha × " in descricao_de(quadro(tokenizer, ["", "um gato", "  "]))
    assert "… e mais 2 linhas." in str(quadro(tokenizer, ["um gato"] * (MAXIMO_DE_LINHAS + 2)))


def test_com_modelo_a_resposta_e_a_dele(tokenizer, classificador):
    inputs = tokenizer(DUAS, padding=True, return_tensors="pt")
    with torch.inference_mode():
        maior = classificador(**inputs).logits.softmax(dim=-1)[0].max().item()
    leitura = LaboratorioDePreenchimento(tokenizer, DUAS, classificador).leitura
    assert f"{maior:.2f}".replace(".", ",") in leitura


def test_sem_frase_nao_ha_quadro(tokenizer):
    with pytest.raises(ValueError, match="ao menos uma"):
        quadro(tokenizer, [" "])
