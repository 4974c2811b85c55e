"""O laboratório de lotes: a conta das casas, as três ordens, e os controles nos extremos."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest

from curso.desenho.estilo import descricao_de
from curso.laboratorios.lotes import (
    COMO_VIERAM,
    DO_LOTE,
    EMBARALHADOS,
    FIXO,
    MAXIMO_DE_SEQUENCIAS,
    ORDENS,
    PARECIDOS,
    PREENCHER,
    LaboratorioDeLotes,
    formar,
    quadro,
)

TAMANHOS = [9, 30, 12, 11, 31, 10, 29, 13]


def vazias(svg: str) -> int:
    return int(descricao_de(svg).split(" casas; ")[1].split(" ")[0])


def test_a_conta_feita_a_mao():
    # dois lotes de 4: 4 × 30 e 4 × 31, com 145 tokens de verdade
    lido = descricao_de(quadro(TAMANHOS, 4))
    assert "244 casas; 99 de preenchimento, 40,6%." in lido
    assert "Lote 1: 4 × 30, 48% de preenchimento. Lote 2: 4 × 31, 33% de preenchimento." in lido
    assert "Preenchimento até o maior do lote." in lido
    fixo = descricao_de(quadro(TAMANHOS, 4, preencher=FIXO))
    assert "512 casas; 367 de preenchimento, 71,7%." in fixo


@pytest.mark.parametrize("ordem", ORDENS)
@pytest.mark.parametrize("lote", [1, 3, 4, 8, 24])
def test_nenhuma_sequencia_se_perde(ordem, lote):
    lotes = formar(TAMANHOS, lote, ordem)
    assert sorted(itertools.chain(*lotes)) == sorted(TAMANHOS)
    assert all(len(grupo) == lote for grupo in lotes[:-1]) and 1 <= len(lotes[-1]) <= lote


def test_cada_ordem_faz_o_que_diz():
    muitos = [5 + 7 * i % 53 for i in range(24)]
    assert formar(muitos, 4, COMO_VIERAM)[0] == muitos[:4]
    assert formar(muitos, 4, EMBARALHADOS) != formar(muitos, 4, COMO_VIERAM)
    assert formar(muitos, 4, EMBARALHADOS) == formar(muitos, 4, EMBARALHADOS)
    custo = {ordem: vazias(quadro(muitos, 4, ordem)) for ordem in ORDENS}
    assert custo[PARECIDOS] < min(custo[COMO_VIERAM], custo[EMBARALHADOS])


def test_lote_de_um_nao_desperdica_e_o_fixo_sim():
    assert vazias(quadro(TAMANHOS, 1)) == 0
    assert vazias(quadro(TAMANHOS, 1, preencher=FIXO)) == 64 * 8 - sum(TAMANHOS)


def test_mais_longa_que_o_fixo_nao_e_cortada():
    assert "2 × 100" in descricao_de(quadro([100, 10], 2, preencher=FIXO))


def test_so_as_primeiras_entram():
    assert f"{MAXIMO_DE_SEQUENCIAS} sequências" in str(quadro(range(1, 500), 8))


@pytest.mark.parametrize(
    "argumentos",
    [{"tamanhos": []}, {"tamanhos": [0, 3]}, {"tamanhos": [3], "lote": 0}]
    + [{"tamanhos": [3], nome: "<script>"} for nome in ("ordem", "preencher")],
)
def test_o_que_nao_se_desenha_e_recusado(argumentos):
    with pytest.raises(ValueError):
        quadro(**argumentos)


@pytest.mark.parametrize("ordem", ORDENS)
@pytest.mark.parametrize("preencher", PREENCHER)
@pytest.mark.parametrize("tamanhos", [[1], [1] * 24, [1, 5_000], TAMANHOS * 3])
def test_os_controles_nos_extremos(tamanhos, ordem, preencher):
    bancada = LaboratorioDeLotes(tamanhos)
    for lote in (1, 24):
        bancada.lote.value, bancada.ordem.value, bancada.preencher.value = lote, ordem, preencher
        ET.fromstring(bancada.quadro.value)
        esperado = str(quadro(tamanhos, lote, ordem, preencher))
        assert bancada.quadro.value == esperado


def test_sem_sequencias_o_quadro_diz_por_que():
    assert "é preciso ao menos uma sequência" in LaboratorioDeLotes([]).leitura


def test_o_preenchimento_tem_um_sinal_e_o_texto_um_numero():
    svg = str(quadro(TAMANHOS, 4))
    assert ">21 ×</text>" in svg and ">9</text>" in svg
    assert descricao_de(svg).startswith(f"Preenchimento até {DO_LOTE}")
