"""O laboratório de curvas: a regra do diagnóstico, o desenho nos extremos, a grade inteira, e a oficina que a faz."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET

import pytest

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios import curvas
from curso.laboratorios.curvas import (
    ALTA,
    APRENDENDO,
    DECOROU,
    ESTAVEL,
    LENTA,
    LaboratorioDeCurvas,
    desenhar,
    diagnosticar,
    escrever_taxa,
    grade,
    quadro,
)
from oficina import curvas as oficina

NAN, INFINITO = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("treino", "validacao", "esperado"),
    [
        ([1.8, 1.79, 1.78, 1.77], [1.8, 1.79, 1.79, 1.78], LENTA),
        ([1.95, 1.9, 1.82, 1.8], [1.8, 1.81, 1.79, 1.8], ALTA),
        ([1.7, None, 0.1, 0.1], [1.7, 1.2, 0.9, 0.9], ALTA),
        ([1.7, 0.9, 0.2, 0.1], [1.7, INFINITO, 0.9, 0.9], ALTA),
        ([1.7, 0.5, 0.1, 0.01], [1.6, 1.0, 1.2, 1.5], DECOROU),
        ([1.9, 0.5, 0.1, 0.01], [1.6, 1.0, 1.2, 1.5], DECOROU),  # começou mal, mas aprendeu
        ([1.7, 1.4, 1.2, 1.0], [1.7, 1.4, 1.2, 1.0], APRENDENDO),
        ([1.7, 0.9, 0.5, 0.4], [1.6, 0.9, 0.6, 0.6], ESTAVEL),
        ([1.7, 0.9, 0.5, 0.4], [1.6, 0.6, 0.6, 0.61], ESTAVEL),  # subiu menos de 5%
        ([1.0], [1.0], ESTAVEL),
    ],
)
def test_a_regra(treino, validacao, esperado):
    assert diagnosticar(treino, validacao, 6) == esperado


def test_os_limites_da_regra_sao_os_que_ela_diz():
    sorteio = math.log(6)
    assert diagnosticar([0.91 * sorteio] * 4, [1.0] * 4, 6) == LENTA
    assert diagnosticar([0.89 * sorteio] * 4, [1.0] * 4, 6) == ESTAVEL
    assert diagnosticar([1.02 * sorteio] * 4, [1.0] * 4, 6) == LENTA
    assert diagnosticar([1.04 * sorteio] * 4, [1.0] * 4, 6) == ALTA
    assert diagnosticar([0.1] * 4, [1.0, 1.0, 1.0, 1.06], 6) == DECOROU
    assert diagnosticar([0.1] * 4, [1.0, 1.0, 1.0, 0.97], 6) == APRENDENDO
    assert diagnosticar([0.1] * 4, [1.0, 1.0, 1.0, 0.99], 6) == ESTAVEL


def test_o_sorteio_depende_das_classes():
    assert diagnosticar([0.7] * 4, [0.7] * 4, 2) == LENTA
    assert diagnosticar([0.7] * 4, [0.7] * 4, 6) == ESTAVEL


@pytest.mark.parametrize(("treino", "validacao", "classes"), [([], [], 6), ([1.0], [1.0, 1.0], 6), ([1.0], [1.0], 1)])
def test_o_que_nao_e_curva_e_recusado(treino, validacao, classes):
    with pytest.raises(ValueError):
        diagnosticar(treino, validacao, classes)


def test_a_grade_esta_inteira_e_e_a_da_oficina():
    tudo = grade()
    assert {chave: tudo[chave] for chave in oficina.cabecalho()} == oficina.cabecalho()
    chaves = {(c["taxa"], c["textos"], c["modelo"]) for c in tudo["curvas"]}
    esperadas = {(t, n, m) for t in tudo["taxas"] for n in tudo["textos"] for m in tudo["modelos"]}
    assert chaves == esperadas and len(tudo["curvas"]) == len(esperadas)
    for medida in tudo["curvas"]:
        assert len(medida["treino"]) == len(medida["validacao"]) == len(medida["acuracia"]) == len(tudo["passos"])
        assert all(0 <= nota <= 1 for nota in medida["acuracia"])
        assert all(perda >= 0 for perda in (*medida["treino"], *medida["validacao"]))


def test_ha_na_grade_um_exemplo_de_cada_diagnostico():
    vistos = {diagnosticar(c["treino"], c["validacao"], 6) for c in grade()["curvas"]}
    assert vistos == {LENTA, ALTA, DECOROU, APRENDENDO, ESTAVEL}


def test_o_quadro_diz_em_palavras_o_que_desenha():
    svg = quadro(5e-4, 30, "1 camada")
    ET.fromstring(str(svg))
    assert "taxa 0,0005" in titulo_de(svg) and "30 textos" in titulo_de(svg)
    lido = descricao_de(svg)
    assert lido.startswith(f"Diagnóstico: {DECOROU}, porque a validação terminou 5% ou mais acima do seu mínimo")
    medida = curvas.curva(5e-4, 30, "1 camada")
    assert f"{medida['validacao'][-1]:.2f}".replace(".", ",") in lido and "128 voltas pelos textos" in lido


def test_as_linhas_diferem_sem_cor():
    svg = str(quadro(5e-4, 1200, "4 camadas"))
    treino, validacao = (svg.index(nome) for nome in ("■ treino", "○ validação"))
    assert treino > 0 and validacao > 0
    assert svg.count("stroke-dasharray") == 2 and svg.count("<circle") == 12  # o tracejado é o treino, e o sorteio


def test_o_que_sai_do_quadro_leva_seta():
    medida = {
        "taxa": 1.0,
        "textos": 3,
        "modelo": "x",
        "treino": [9.0] * 4,
        "validacao": [1.0] * 4,
        "acuracia": [0.5] * 4,
    }
    svg = str(desenhar(medida, [10, 20, 30, 40], 16, 6))
    assert svg.count("▲") == 4 and "<circle" in svg


@pytest.mark.parametrize("perda", [None, NAN, INFINITO, 1e9, 0.0])
@pytest.mark.parametrize("nome", ["<script>alert(1)</script>", "🎉" * 50, "", "a" * 10_000])
def test_o_desenho_com_o_que_ninguem_esperava(perda, nome):
    medida = {"taxa": 1e-5, "textos": 1, "modelo": nome, "treino": [perda], "validacao": [perda], "acuracia": [NAN]}
    svg = str(desenhar(medida, [10], 16, 6))
    ET.fromstring(svg)
    assert "<script>" not in svg and "nan" not in svg.replace("ainda", "")


@pytest.mark.parametrize(("taxa", "textos", "modelo"), [(3, 30, "1 camada"), (5e-4, 31, "1 camada"), (5e-4, 30, "<b>")])
def test_combinacao_que_ninguem_mediu(taxa, textos, modelo):
    with pytest.raises(ValueError, match="não há curva"):
        quadro(taxa, textos, modelo)


def test_escrever_a_taxa():
    assert [escrever_taxa(t) for t in (1e-5, 5e-4, 1e-2)] == ["0,00001", "0,0005", "0,01"]


def test_o_laboratorio_passa_por_todas_as_combinacoes():
    bancada = LaboratorioDeCurvas()
    for taxa in grade()["taxas"]:
        for textos in grade()["textos"]:
            for modelo in grade()["modelos"]:
                bancada.taxa.value, bancada.textos.value, bancada.modelo.value = taxa, textos, modelo
                assert bancada.quadro.value == str(quadro(taxa, textos, modelo))


# ------------------------------------------------------------------ a oficina


@pytest.fixture
def arquivo(tmp_path, monkeypatch):
    monkeypatch.setattr(oficina, "ARQUIVO", tmp_path / "curvas.json")
    return tmp_path / "curvas.json"


def test_a_oficina_retoma_da_primeira_curva_que_falta(arquivo):
    feitas = []

    def medir(taxa, textos, modelo):
        if len(feitas) == 7:
            raise KeyboardInterrupt
        feitas.append((taxa, textos, modelo))
        return [1.23456, NAN], [0.5, INFINITO], [0.25, 0.5]

    with pytest.raises(KeyboardInterrupt):
        oficina.completar(medir)
    gravado = json.loads(arquivo.read_text(encoding="utf-8"))
    assert len(gravado["curvas"]) == 7 and gravado["curvas"][0]["treino"] == [1.235, None]
    oficina.completar(lambda *chave: feitas.append(chave) or ([1.0], [1.0], [1.0]))
    assert len(feitas) == len(set(feitas)) == 60
    assert len(json.loads(arquivo.read_text(encoding="utf-8"))["curvas"]) == 60


def test_a_oficina_nao_mistura_receitas(arquivo, monkeypatch):
    oficina.completar(lambda *_: ([1.0], [1.0], [1.0]))
    monkeypatch.setattr(oficina, "VALIDACAO", 50)
    oficina.completar(lambda *_: ([2.0], [2.0], [1.0]))
    gravado = json.loads(arquivo.read_text(encoding="utf-8"))
    assert len(gravado["curvas"]) == 60 and {c["treino"][0] for c in gravado["curvas"]} == {2.0}


def test_um_treino_de_verdade_anda_e_se_repete(monkeypatch):
    monkeypatch.setattr(oficina, "PASSOS", 4)
    monkeypatch.setattr(oficina, "AVALIACOES", 2)
    primeira, segunda = (oficina.treinar_e_medir(1e-2, 16, "só a cabeça") for _ in range(2))
    assert primeira == segunda and [len(lista) for lista in primeira] == [2, 2, 2]
    assert primeira[0][1] < primeira[0][0] and 1.5 < primeira[1][0] < 2.1
