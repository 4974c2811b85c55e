"""O laboratório de passos: a conta igual à do Trainer, a taxa igual à da biblioteca, os controles nos extremos."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from datasets import Dataset
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios.passos import ACUMULOS, FORMAS, LOTES, LaboratorioDePassos, contar, fatores, quadro


def test_a_conta_feita_a_mao():
    # 1.000 exemplos em lotes de 16: 63 lotes; de 4 em 4, 16 passos por época, o último com 3 lotes
    assert contar(1000, 16, 4, 3, 10) == (16, 48, 5)
    assert contar(1, 256, 16, 1, 0) == (1, 1, 0)


@pytest.mark.parametrize(("exemplos", "lote", "acumulo", "epocas"), [(10, 3, 2, 2), (7, 2, 4, 1), (9, 4, 1, 3)])
@pytest.mark.parametrize("forma", FORMAS)
def test_o_trainer_da_os_mesmos_passos_e_a_mesma_taxa(tmp_path, exemplos, lote, acumulo, epocas, forma):
    args = TrainingArguments(
        tmp_path,
        learning_rate=0.5,
        per_device_train_batch_size=lote,
        gradient_accumulation_steps=acumulo,
        num_train_epochs=epocas,
        warmup_steps=0.3,
        lr_scheduler_type=FORMAS[forma],
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
    )
    config = BertConfig(
        vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, num_labels=2
    )
    dados = Dataset.from_list([{"input_ids": [i % 9] * 3, "labels": i % 2} for i in range(exemplos)])
    trainer = Trainer(BertForSequenceClassification(config), args, train_dataset=dados)
    trainer.train()
    _, total, aquecimento = contar(exemplos, lote, acumulo, epocas, 30)
    assert trainer.state.max_steps == trainer.state.global_step == total
    taxas = [registro["learning_rate"] for registro in trainer.state.log_history if "learning_rate" in registro]
    assert taxas == pytest.approx([0.5 * f for f in fatores(forma, aquecimento, total, tuple(range(total)))])


def test_o_quadro_diz_os_numeros_em_palavras():
    svg = quadro(15_674)
    assert titulo_de(svg) == "1.470 passos, 490 por época"
    lido = descricao_de(svg)
    assert "15.674 exemplos; 32 × 1 = 32 exemplos por passo; 3 épocas." in lido
    assert "Aquecimento: 147 passos, na faixa clara. Na metade do treino, 0,000167; no fim, 0." in lido
    assert "no fim, 0,0003." in descricao_de(quadro(15_674, forma="constante"))
    assert "Sem aquecimento." in descricao_de(quadro(15_674, aquecimento=0))


@pytest.mark.parametrize(
    "argumentos",
    [{"exemplos": 0}, {"exemplos": 9, "lote": 0}, {"exemplos": 9, "acumulo": -1}, {"exemplos": 9, "epocas": 0}]
    + [{"exemplos": 9, "aquecimento": valor} for valor in (-1, 101, float("nan"))]
    + [{"exemplos": 9, "forma": "<script>"}],
)
def test_o_que_nao_se_desenha_e_recusado(argumentos):
    with pytest.raises(ValueError):
        quadro(**argumentos)


@pytest.mark.parametrize("exemplos", [1, 15_674, 10_000_000])
def test_os_controles_nos_extremos(exemplos):
    bancada = LaboratorioDePassos(exemplos)
    extremos = itertools.product((LOTES[0], LOTES[-1]), (ACUMULOS[0], ACUMULOS[-1]), (1, 10), (0, 50), FORMAS)
    for valores in extremos:
        controles = (bancada.lote, bancada.acumulo, bancada.epocas, bancada.aquecimento, bancada.forma)
        for controle, valor in zip(controles, valores, strict=True):
            controle.value = valor
        ET.fromstring(bancada.quadro.value)
        assert bancada.quadro.value == str(quadro(exemplos, 3e-4, *valores))


def test_sem_exemplos_o_laboratorio_diz_por_que():
    assert "são 1 ou mais" in LaboratorioDePassos(0).leitura
