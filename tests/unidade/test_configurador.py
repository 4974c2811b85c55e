"""O montador de configurações: a fórmula é a do modelo de verdade, o impossível é explicado, as réguas acompanham."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import ipywidgets as widgets
import pytest
import torch

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios import configurador
from curso.laboratorios.configurador import (
    CABECAS,
    LARGURAS,
    VOCABULARIOS,
    LaboratorioDeConfiguracoes,
    contar,
    contar_de_verdade,
    quadro,
)

PEQUENA = (2, 64, 2, 1_000)
HOSTIS = [None, "", "   ", "4", "😀", "<script>alert(1)</script>", "a" * 10_000, 0, -1, 10**9, 2.5, math.nan, True, [4]]


@pytest.mark.parametrize("medidas", [PEQUENA, (1, 64, 1, 4_000), (3, 128, 4, 1_000), (24, 1024, 16, 30_000)])
def test_a_formula_e_a_do_modelo(medidas):
    assert sum(contar(*medidas).values()) == contar_de_verdade(*medidas)[0]


def test_so_o_pequeno_e_construido_de_fato():
    assert contar_de_verdade(*PEQUENA)[1] == "cpu"
    assert contar_de_verdade(24, 1024, 16, 30_000)[1] == "meta"


def test_montar_nao_mexe_no_sorteio_do_notebook():
    contar_de_verdade.cache_clear()
    antes = torch.random.get_rng_state()
    contar_de_verdade(*PEQUENA)
    assert torch.equal(antes, torch.random.get_rng_state())


def test_as_cabecas_nao_mudam_a_conta():
    assert contar(2, 64, 2, 1_000) == contar(2, 64, 4, 1_000)


@pytest.mark.parametrize("hostil", HOSTIS)
@pytest.mark.parametrize("qual", range(4))
def test_medidas_hostis(hostil, qual):
    medidas = list(PEQUENA)
    medidas[qual] = hostil
    figura = quadro(*medidas)
    ET.fromstring(str(figura))
    assert titulo_de(figura) == "Configuração impossível"
    assert "<script" not in str(figura)


def test_cabecas_que_nao_dividem_a_largura():
    assert "64 não se divide por 6" in descricao_de(quadro(2, 64, 6, 1_000))


@pytest.mark.parametrize(
    ("medidas", "esperado"),
    [
        ((4, 128, 4, 12_000), "float32 9,6 MB, cabe"),
        ((32, 4096, 32, 128_000), "float16 ou bfloat16 14,0 GB, cabe sem folga"),
        ((80, 8192, 64, 250_000), "treinar com AdamW 1,1 TB, não cabe"),
    ],
)
def test_cabe_na_t4(medidas, esperado):
    assert esperado in descricao_de(quadro(*medidas))


def test_os_textos_cabem_no_quadro():
    for medidas in [(1, 64, 1, 1_000), (80, 8192, 64, 250_000), (32, 4096, 32, 128_000)]:
        raiz = ET.fromstring(str(quadro(*medidas)))
        for item in raiz.iter("{http://www.w3.org/2000/svg}text"):
            if item.get("text-anchor") == "start":
                assert float(item.get("x")) + 0.62 * float(item.get("font-size")) * len(item.text) <= 640


def test_se_a_formula_errar_o_quadro_diz(monkeypatch):
    monkeypatch.setattr(configurador, "contar_de_verdade", lambda *medidas: (7, "cpu"))
    assert "e o modelo tem 7." in descricao_de(quadro(*PEQUENA))


def test_as_reguas_movem_o_quadro():
    bancada = LaboratorioDeConfiguracoes(*PEQUENA)
    antes = bancada.quadro.value
    assert antes == str(quadro(*PEQUENA))
    bancada.camadas.value = 3
    assert bancada.quadro.value == str(quadro(3, *PEQUENA[1:])) != antes
    bancada.montar(2, 128, 4, 4_000)
    assert bancada.leitura == descricao_de(quadro(2, 128, 4, 4_000))
    bancada.cabecas.value = 6
    assert "não se divide" in bancada.leitura


def test_as_reguas_se_movem_pelo_teclado_e_so_param_onde_devem():
    bancada = LaboratorioDeConfiguracoes(*PEQUENA)
    assert isinstance(bancada.camadas, widgets.IntSlider)
    for controle, valores in (
        (bancada.largura, LARGURAS),
        (bancada.cabecas, CABECAS),
        (bancada.vocabulario, VOCABULARIOS),
    ):
        assert isinstance(controle, widgets.SelectionSlider)
        assert [valor for _, valor in controle.options] == valores


def test_um_erro_vira_uma_frase(monkeypatch):
    def quebrado(*medidas):
        raise RuntimeError("sem <memória>")

    monkeypatch.setattr(configurador, "quadro", quebrado)
    bancada = LaboratorioDeConfiguracoes(*PEQUENA)
    assert "não conseguiu montar" in bancada.quadro.value and "<memória>" not in bancada.quadro.value


def test_repr_nao_traz_endereco_de_memoria():
    assert "0x" not in repr(LaboratorioDeConfiguracoes(*PEQUENA))
