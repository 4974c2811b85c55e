"""O laboratório da descida: a conta é a do PyTorch, o limite é o da teoria, e os controles nos extremos."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios.descida import (
    CURVA_X,
    CURVA_Y,
    INICIO,
    MAXIMO_DE_PASSOS,
    LaboratorioDaDescida,
    caminho,
    perda,
    quadro,
    veredito,
)


@pytest.mark.parametrize(("taxa", "momento"), [(0.1, 0.0), (0.2, 0.0), (0.05, 0.9), (0.3, 0.5)])
def test_a_conta_e_a_do_pytorch(taxa, momento):
    import torch

    pesos = torch.nn.Parameter(torch.tensor(INICIO, dtype=torch.float64))
    optimizer = torch.optim.SGD([pesos], lr=taxa, momentum=momento)
    curvas = torch.tensor([CURVA_X, CURVA_Y], dtype=torch.float64)
    for lugar in caminho(taxa, momento, 15):
        assert pesos.tolist() == pytest.approx(lugar)
        optimizer.zero_grad()
        ((curvas * pesos**2).sum() / 2).backward()
        optimizer.step()


def test_o_primeiro_passo_feito_a_mao():
    assert caminho(0.1, 0.0, 1) == [(-9.0, 2.5), pytest.approx((-8.1, 0.25))]
    assert perda(-9.0, 2.5) == 68.625


@pytest.mark.parametrize("momento", [0.0, 0.5, 0.8])
def test_diverge_a_partir_do_limite_da_teoria(momento):
    limite = 2 * (1 + momento) / CURVA_Y
    antes, depois = (perda(*caminho(limite * fator, momento, 60)[-1]) for fator in (0.97, 1.03))
    assert antes < perda(*INICIO) < depois


@pytest.mark.parametrize(
    ("perdas", "comeco"),
    [
        ([10, 20], "Diverge: a perda terminou 2,0 vezes"),
        ([1, 1e9], "Diverge: a perda terminou mais de mil vezes"),
        ([100, 50], "Ainda não chegou: resta 50,0%"),
        ([100, 0.5, 2, 0.5], "Chegou: abaixo de 1% da perda inicial a partir do passo 3"),
    ],
)
def test_o_veredito(perdas, comeco):
    assert veredito(perdas).startswith(comeco)


def test_o_que_sai_do_mapa_e_dito():
    divergente = quadro(0.4, 0.0, 60)
    assert "Saiu do quadro no passo 1" in descricao_de(divergente) and "saiu no passo 1" in str(divergente)
    assert "mais de um milhão no fim" in descricao_de(divergente)
    assert "Saiu do quadro" not in descricao_de(quadro())
    assert "atravessou o vale 20 vezes" in descricao_de(quadro(0.2))


def test_nada_se_desenha_fora_da_moldura():
    for taxa, momento in ((0.4, 0.0), (0.4, 0.9), (0.23, 0.0)):
        svg = ET.fromstring(str(quadro(taxa, momento, 60)))
        for traco in svg.iter("{http://www.w3.org/2000/svg}polyline"):
            for ponto in traco.get("points").split():
                x, y = map(float, ponto.split(","))
                assert 0 <= x <= 700 and 0 <= y <= float(svg.get("height"))


@pytest.mark.parametrize(
    "argumentos",
    [
        {"taxa": 0},
        {"taxa": -1},
        {"taxa": float("nan")},
        {"taxa": float("inf")},
        {"momento": 1.0},
        {"momento": float("nan")},
        {"passos": 0},
        {"passos": 10**9},
    ],
)
def test_o_que_nao_se_desenha_e_recusado(argumentos):
    with pytest.raises(ValueError, match="taxa entre 0 e 1"):
        quadro(**argumentos)


@pytest.mark.parametrize("taxa", [0.01, 0.4])
@pytest.mark.parametrize("momento", [0.0, 0.9])
@pytest.mark.parametrize("passos", [1, MAXIMO_DE_PASSOS])
def test_os_controles_nos_extremos(taxa, momento, passos):
    bancada = LaboratorioDaDescida()
    bancada.taxa.value, bancada.momento.value, bancada.passos.value = taxa, momento, passos
    ET.fromstring(bancada.quadro.value)
    assert bancada.quadro.value == str(quadro(taxa, momento, passos))
    assert bancada.leitura == descricao_de(bancada.quadro.value) and "?" not in bancada.leitura


def test_o_titulo_diz_o_que_se_escolheu():
    assert titulo_de(quadro(0.05, 0.9, 1)) == "Taxa 0,05, momento 0,90, 1 passo"
