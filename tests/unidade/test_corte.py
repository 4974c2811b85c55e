"""O laboratório da linha de corte: os erros contados à mão, e os controles nos extremos."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from curso.desenho.estilo import descricao_de
from curso.laboratorios.corte import TODOS, LaboratorioDeCorte, contar, quadro

NOTAS = [0.9, 0.6, 0.4, 0.1, 0.7, 0.2]
ELOGIOS = [True, False, True, False, False, True]
GRUPOS = ["x", "x", "x", "y", "y", "y"]


def test_a_conta_feita_a_mao():
    assert contar(NOTAS, ELOGIOS, 0.5) == {"queixa lida como elogio": (2, 3), "elogio lido como queixa": (2, 3)}
    lido = descricao_de(quadro(NOTAS, ELOGIOS, GRUPOS))
    assert (
        "x: 3 textos, 33% de acertos, queixa lida como elogio 100% (1 de 1); elogio lido como queixa 50% (1 de 2)."
        in lido
    )
    assert (
        "y: 3 textos, 33% de acertos, queixa lida como elogio 50% (1 de 2); elogio lido como queixa 100% (1 de 1)."
        in lido
    )


def test_a_nota_igual_ao_corte_e_elogio():
    assert contar([0.5], [True], 0.5)["elogio lido como queixa"] == (0, 1)
    assert contar([0.5], [False], 0.5)["queixa lida como elogio"] == (1, 1)


def test_subir_o_corte_troca_um_erro_pelo_outro():
    passos = [contar(NOTAS, ELOGIOS, corte) for corte in (0.05, 0.3, 0.5, 0.8, 0.95)]
    queixas = [conta["queixa lida como elogio"][0] for conta in passos]
    elogios = [conta["elogio lido como queixa"][0] for conta in passos]
    assert queixas == sorted(queixas, reverse=True) and elogios == sorted(elogios)
    assert (queixas[0], elogios[0], queixas[-1], elogios[-1]) == (3, 0, 0, 3)


def test_grupo_com_um_lado_so():
    assert "nenhum texto" in descricao_de(quadro([0.9], [True], ["só elogios"]))


def test_sem_grupos_ha_um_so():
    assert descricao_de(quadro(NOTAS, ELOGIOS)).startswith(f"{TODOS}: 6 textos")


@pytest.mark.parametrize(
    ("notas", "elogios", "grupos"),
    [
        ([], [], None),
        ([0.5], [], None),
        ([float("nan")], [True], None),
        ([1.5], [True], None),
        ([0.5], [True], []),
        ([0.5] * 7, [True] * 7, list("abcdefg")),
    ],
)
def test_o_que_nao_se_desenha_e_recusado(notas, elogios, grupos):
    with pytest.raises(ValueError):
        quadro(notas, elogios, grupos)


@pytest.mark.parametrize("nome", ["<script>alert(1)</script>", '"><b>', "🙂" * 30, "a" * 10_000, "\x00&amp;"])
def test_nomes_hostis_saem_escapados(nome):
    svg = str(quadro(NOTAS, ELOGIOS, [nome] * 6))
    ET.fromstring(svg)
    assert "<script" not in svg and "<b>" not in svg


@pytest.mark.parametrize("separar", [{}, {"metade": GRUPOS}, {"<i>": ["<script>"] * 6}])
def test_os_controles_nos_extremos(separar):
    bancada = LaboratorioDeCorte(NOTAS, ELOGIOS, separar)
    for opcao in bancada.separar.options:
        for corte in (bancada.corte.min, bancada.corte.max):
            bancada.separar.value, bancada.corte.value = opcao, corte
            ET.fromstring(bancada.quadro.value)
            assert bancada.quadro.value == str(quadro(NOTAS, ELOGIOS, separar.get(opcao), corte))


def test_listas_desiguais_o_quadro_diz_por_que():
    assert "é preciso um grupo para cada texto" in LaboratorioDeCorte([], [], {}).leitura


def test_vetores_do_numpy_valem_como_listas():
    """Um booleano do NumPy não é o do Python: o quadro do notebook recebe vetores."""
    vetores = quadro(np.array(NOTAS), np.array(ELOGIOS), np.array(GRUPOS))
    assert descricao_de(vetores) == descricao_de(quadro(NOTAS, ELOGIOS, GRUPOS))
