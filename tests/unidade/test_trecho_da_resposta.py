"""O laboratório do trecho: a busca é a de força bruta, a resposta é a do pipeline, digitação hostil não quebra."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import pytest

from curso import modelo
from curso.laboratorios.trecho_da_resposta import (
    CONTEXTO,
    MAXIMO_DE_TOKENS,
    LaboratorioDoTrecho,
    ler,
    melhor_trecho,
    quadro,
)
from tests.unidade.test_laboratorios import HOSTIS

DAQUI = ["👩🏽‍🚀 ok", "a\u0301 e\u0302", "[CLS] [SEP] [MASK]", "? " * 900]


@pytest.fixture(scope="module")
def par():
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    checkpoint = modelo("question-answering")
    return AutoTokenizer.from_pretrained(checkpoint), AutoModelForQuestionAnswering.from_pretrained(checkpoint)


@pytest.mark.parametrize("hostil", [*HOSTIS, *DAQUI])
def test_digitacao_hostil_nas_duas_caixas(par, hostil):
    bancada = LaboratorioDoTrecho(*par)
    for pergunta, contexto in ((hostil, CONTEXTO), ("Onde?", hostil), (hostil, hostil)):
        assert bancada.perguntar(pergunta, contexto)
        ET.fromstring(bancada.quadro.value)
        assert "<script" not in bancada.quadro.value


def test_o_que_falta_e_dito(par):
    bancada = LaboratorioDoTrecho(*par)
    assert "procurar a resposta" in bancada.perguntar("Onde?", "  ")
    assert "lê até 2000 caracteres" in bancada.perguntar("Onde?", "a" * 2001)
    assert "Escreva uma frase" in bancada.perguntar("", CONTEXTO)


@pytest.mark.parametrize("maior", [1, 2, 5, 50])
def test_a_busca_acha_o_melhor_par(maior):
    sorteio = random.Random(maior)
    comeco, fim = ([sorteio.random() for _ in range(12)] for _ in range(2))
    i, j, nota = melhor_trecho(comeco, fim, maior)
    assert i <= j < i + maior and nota == comeco[i] * fim[j]
    validos = [(a, b) for a in range(12) for b in range(12) if a <= b < a + maior]
    assert all(nota >= comeco[a] * fim[b] for a, b in validos)


def test_so_um_token_e_nenhum():
    assert melhor_trecho([1.0], [1.0]) == (0, 0, 1.0)
    with pytest.raises(ValueError):
        melhor_trecho([], [])


@pytest.mark.parametrize("pergunta", ["Onde eu trabalho?", "Qual é o meu nome?", "Em que empresa eu trabalho?"])
def test_a_resposta_e_a_do_pipeline(par, pergunta):
    from transformers import pipeline

    import curso.tarefas  # noqa: F401

    certa = pipeline("question-answering", model=par[1], tokenizer=par[0])(question=pergunta, context=CONTEXTO)
    assert f"Resposta: «{certa['answer']}»" in LaboratorioDoTrecho(*par).perguntar(pergunta)


def test_as_probabilidades_somam_um_e_so_ha_tokens_do_contexto(par):
    lida = ler(*par, "Onde eu trabalho?", CONTEXTO)
    assert sum(lida.comeco) == pytest.approx(1, abs=1e-5) and sum(lida.fim) == pytest.approx(1, abs=1e-5)
    assert CONTEXTO[lida.posicoes[0][0] : lida.posicoes[0][1]] == "Meu"
    assert lida.posicoes[-1][1] == len(CONTEXTO)


def test_a_regua_limita_a_resposta(par):
    bancada = LaboratorioDoTrecho(*par)
    bancada.perguntar("Em que empresa eu trabalho?")
    inteira = bancada.leitura
    bancada.maior.value = 1
    assert bancada.leitura != inteira
    assert "foi preciso procurar outro par" in bancada.leitura


def test_o_trecho_aparece_mesmo_em_um_texto_comprido(par):
    longo = "A feira vende frutas e verduras. " * 15 + "Rosa mora em Belém desde 1990."
    figura = str(quadro(*par, "Onde Rosa mora?", longo))
    ET.fromstring(figura)
    assert "sem lugar no quadro" in figura
    assert figura.count('stroke-width="2.5"') >= 1
    assert figura.count('fill="#f2f2f2"') + figura.count('fill="#fdf3e1"') == MAXIMO_DE_TOKENS


def test_o_quadro_e_o_do_laboratorio(par):
    bancada = LaboratorioDoTrecho(*par)
    assert bancada.quadro.value == str(quadro(*par, "Onde eu trabalho?", CONTEXTO))
    assert "0x" not in repr(bancada)
