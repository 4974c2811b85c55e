"""O laboratório do LoRA: as contas são as da peft e dos modelos de verdade, e o impossível é explicado."""

from __future__ import annotations

import itertools
import math
import xml.etree.ElementTree as ET

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoConfig, BertConfig, BertModel, LlamaConfig, LlamaForCausalLM

from curso.catalogo import entrada
from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios.lora import (
    ATENCAO,
    MATRIZES,
    MODELOS,
    POSTOS,
    QUERY_E_VALUE,
    TODAS,
    LaboratorioDoLora,
    quadro,
    treinados,
)

HOSTIS = [None, "", "8", "😀", "<script>alert(1)</script>", "a" * 10_000, 0, -1, 10**9, 2.5, math.nan, True, [4]]
DO_BERT = {
    QUERY_E_VALUE: r".*\.(query|value)",
    ATENCAO: r".*\.attention\..*(query|key|value|dense)",
    TODAS: r".*encoder\.layer\..*(query|key|value|dense)",
}
DO_LLAMA = {QUERY_E_VALUE: ["q_proj", "v_proj"], ATENCAO: ["q_proj", "k_proj", "v_proj", "o_proj"], TODAS: "all-linear"}


def em_meta(nome: str):
    """O modelo de verdade, sem os números: os grandes não cabem em um teste."""
    with torch.device("meta"):
        if nome == "Llama de 7 bilhões":
            return LlamaForCausalLM(LlamaConfig())
        pequeno = AutoConfig.from_pretrained(entrada("fill-mask").pasta)
        return BertModel(pequeno if nome == "encoder do curso" else BertConfig())


@pytest.mark.parametrize("nome", MODELOS)
def test_os_parametros_sao_os_do_modelo(nome):
    assert MODELOS[nome].parametros == em_meta(nome).num_parameters()


@pytest.mark.parametrize("quais", MATRIZES)
@pytest.mark.parametrize("nome", MODELOS)
def test_os_treinados_sao_os_que_a_peft_conta(nome, quais):
    alvos = (DO_LLAMA if "Llama" in nome else DO_BERT)[quais]
    modelo = em_meta(nome)
    tipo = "CAUSAL_LM" if "Llama" in nome else None  # com ele, «all-linear» deixa de fora a camada de saída
    with torch.device("meta"):
        ajustado = get_peft_model(modelo, LoraConfig(r=4, target_modules=alvos, task_type=tipo))
    assert treinados(MODELOS[nome], 4, quais) == ajustado.get_nb_trainable_parameters()[0]


def test_a_conta_feita_a_mao():
    # 4 camadas × 2 matrizes × 8 × (128 + 128) = 16.384 números: 12 bytes cada no treino, 4 no arquivo
    lido = descricao_de(quadro(8, QUERY_E_VALUE, "encoder do curso"))
    assert "Parâmetros treinados: 16,4 mil, 0,69% dos 2,4 milhões" in lido
    assert "ajuste completo, 28,5 MB · LoRA, 196,6 kB" in lido and "adaptador, 65,5 kB" in lido


def test_quem_cabe_na_t4():
    lido = descricao_de(quadro(8, QUERY_E_VALUE, "Llama de 7 bilhões"))
    assert "ajuste completo, 107,8 GB, não cabe" in lido
    assert "LoRA, base em 16 bits, 13,5 GB, cabe sem folga" in lido
    assert "QLoRA, base em 4 bits, 3,4 GB, cabe." in lido


@pytest.mark.parametrize("hostil", HOSTIS)
@pytest.mark.parametrize("qual", range(3))
def test_o_impossivel_e_explicado(hostil, qual):
    argumentos = [8, QUERY_E_VALUE, "encoder do curso"]
    argumentos[qual] = hostil if qual == 0 else str(hostil)
    figura = quadro(*argumentos)
    ET.fromstring(str(figura))
    assert titulo_de(figura) in ("Posto impossível", "Escolha desconhecida")
    assert "<script" not in str(figura)


def test_os_controles_mudam_o_quadro_e_os_textos_cabem():
    bancada = LaboratorioDoLora()
    vistos = set()
    for posto, quais, modelo in itertools.product((POSTOS[0], POSTOS[-1]), MATRIZES, MODELOS):
        bancada.posto.value, bancada.matrizes.value, bancada.modelo.value = posto, quais, modelo
        assert bancada.quadro.value == str(quadro(posto, quais, modelo))
        vistos.add(bancada.quadro.value)
        for item in ET.fromstring(bancada.quadro.value).iter("{http://www.w3.org/2000/svg}text"):
            if item.get("text-anchor") == "start":
                assert float(item.get("x")) + 0.62 * int(item.get("font-size")) * len(item.text) <= 640, item.text
    assert len(vistos) == 2 * len(MATRIZES) * len(MODELOS)
