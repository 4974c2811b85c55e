"""O laboratório de logits: a softmax é a do PyTorch, o impossível é explicado, as réguas acompanham."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import ipywidgets as widgets
import pytest
import torch

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios import logits_e_softmax
from curso.laboratorios.logits_e_softmax import INICIAIS, LaboratorioDeLogits, quadro, softmax

NOMES_HOSTIS = ["", "   ", "😀", "中文", "<script>alert(1)</script>", "a" * 10_000, "\x00", "linha\nnova", "\ud800"]
NUMEROS_HOSTIS = [None, "2", "", math.nan, math.inf, -math.inf, True, [1], 2j]


@pytest.mark.parametrize("logits", [[2.0, 0.5, -1.0], [0.0], [700.0, -700.0], [1.36, -1.41], [3.0] * 8])
@pytest.mark.parametrize("temperatura", [0.2, 1.0, 5.0])
def test_a_softmax_e_a_do_pytorch(logits, temperatura):
    certa = (torch.tensor(logits, dtype=torch.float64) / temperatura).softmax(-1).tolist()
    assert softmax(logits, temperatura) == pytest.approx(certa, abs=1e-12)


def test_somar_a_todos_nao_muda_nada():
    assert softmax([7.0, 5.5, 4.0]) == pytest.approx(softmax([2.0, 0.5, -1.0]))


def test_o_quadro_diz_os_numeros():
    assert descricao_de(quadro({"não": 1.0, "sim": 1.0})) == (
        "Temperatura 1,00: não logit 1,00, probabilidade 0,50; sim logit 1,00, probabilidade 0,50."
    )


def test_com_temperatura_a_coluna_mostra_a_divisao():
    svg = str(quadro({"não": 1.0, "sim": 4.0}, 2.0))
    assert ">logit ÷ T<" in svg and ">0,50<" in svg and ">7,39<" in svg
    assert ">logit ÷ T<" not in str(quadro({"não": 1.0, "sim": 4.0}))


@pytest.mark.parametrize("nome", NOMES_HOSTIS)
def test_nomes_hostis(nome):
    figura = quadro({nome: 1.0, "outro": 0.0})
    ET.fromstring(str(figura))
    assert "<script" not in str(figura)
    ET.fromstring(LaboratorioDeLogits({nome: 1.0, "outro": 0.0}).quadro.value)


@pytest.mark.parametrize("numero", NUMEROS_HOSTIS)
def test_numeros_hostis(numero):
    for figura in (quadro({"a": numero, "b": 0.0}), quadro({"a": 1.0}, numero)):
        ET.fromstring(str(figura))
        assert titulo_de(figura) == "Não dá para calcular"


@pytest.mark.parametrize("temperatura", [0, -1, -0.5])
def test_a_temperatura_e_maior_que_zero(temperatura):
    assert "maior que zero" in descricao_de(quadro(INICIAIS, temperatura))


@pytest.mark.parametrize("logits", [{}, None, [1.0], {1: 2.0}, {str(i): 0.0 for i in range(9)}])
def test_rotulos_demais_ou_de_menos(logits):
    assert titulo_de(quadro(logits)) == "Não dá para calcular"


@pytest.mark.parametrize("extremo", [1e300, -1e300, 5_000, -5_000, 20, -20])
def test_logits_extremos_se_desenham(extremo):
    figura = quadro({"a": extremo, "b": 0.0})
    ET.fromstring(str(figura))
    assert "probabilidade 1,00" in descricao_de(figura)
    assert titulo_de(quadro({"a": extremo}, 1e-300)) in ("Não dá para calcular", "Dos logits às probabilidades")


def test_os_textos_cabem_no_quadro():
    raiz = ET.fromstring(str(quadro({"um rótulo bem comprido": -700.0, "b": 30.0})))
    for item in raiz.iter("{http://www.w3.org/2000/svg}text"):
        largura = 0.62 * float(item.get("font-size")) * len(item.text)
        inicio = float(item.get("x")) - (largura if item.get("text-anchor") == "end" else 0)
        assert inicio >= 0 and inicio + largura <= 700


def test_as_reguas_movem_o_quadro():
    bancada = LaboratorioDeLogits()
    antes = bancada.quadro.value
    assert antes == str(quadro(INICIAIS))
    bancada.logits["neutro"].value = 3.0
    assert bancada.quadro.value == str(quadro({**INICIAIS, "neutro": 3.0})) != antes
    bancada.mudar(temperatura=2.0, neutro=0.0)
    assert bancada.leitura == descricao_de(quadro(INICIAIS, 2.0))


def test_as_reguas_se_movem_pelo_teclado():
    bancada = LaboratorioDeLogits()
    assert all(isinstance(c, widgets.FloatSlider) for c in (*bancada.logits.values(), bancada.temperatura))


def test_um_erro_vira_uma_frase(monkeypatch):
    def quebrado(*entradas):
        raise RuntimeError("sem <memória>")

    monkeypatch.setattr(logits_e_softmax, "quadro", quebrado)
    bancada = LaboratorioDeLogits()
    assert "não conseguiu calcular" in bancada.quadro.value and "<memória>" not in bancada.quadro.value


def test_repr_nao_traz_endereco_de_memoria():
    assert "0x" not in repr(LaboratorioDeLogits())
