"""A cor nunca é o único sinal: o que muda de cor muda também de texto na mesma linha."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from curso.desenho.estilo import OKABE_ITO, moldura, retangulo, texto
from tests.navegador import amostras

SVG = "{http://www.w3.org/2000/svg}"
CORES = {cor.lower(): nome for nome, cor in OKABE_ITO.items()}
# Nestes, o segundo sinal é o lugar, e o quadro o diz: em cima e embaixo; uma coluna com título para cada lado.
PELO_LUGAR = {"trecho", "lado"}


def _so_pela_cor(svg: str) -> list[tuple[str, str]]:
    """Os pares de cores que duas formas da mesma linha têm, com os mesmos textos ao lado: só a cor as separa."""
    arvore = ET.fromstring(svg)
    textos = [
        (float(t.get("x")), float(t.get("y")), "".join(t.itertext()))
        for t in arvore.findall(f"{SVG}text")
        if t.get("x") is not None
    ]
    formas = []
    for r in arvore.findall(f"{SVG}rect"):
        cor = CORES.get(r.get("fill", "").lower()) or CORES.get(r.get("stroke", "").lower())
        if cor and float(r.get("width")) > 0:
            x, y, largura, altura = (float(r.get(a)) for a in ("x", "y", "width", "height"))
            # O que está escrito nela, ou logo embaixo; se nada, o que está na mesma linha.
            nela = {t for tx, ty, t in textos if y - 2 <= ty <= y + altura + 22 and x - 1 <= tx <= x + largura + 1}
            perto = nela or {t for _, ty, t in textos if y - 2 <= ty <= y + altura + 4}
            formas.append((cor, frozenset(perto)))
    return [(a[0], b[0]) for i, a in enumerate(formas) for b in formas[i + 1 :] if a[0] != b[0] and a[1] == b[1]]


@pytest.fixture(scope="module")
def desenhos():
    with pytest.MonkeyPatch.context() as troca:
        todos = amostras.desenhos_nos_extremos() | amostras.quadros_com_modelo(troca)
    return {nome: svg for nome, svg in todos.items() if nome.split()[0] not in PELO_LUGAR}


def test_o_que_muda_de_cor_muda_de_texto(desenhos):
    ruins = {nome: _so_pela_cor(svg) for nome, svg in desenhos.items()}
    assert not {nome: pares for nome, pares in ruins.items() if pares}


def test_uma_legenda_so_de_cores_seria_achada():
    barras = "".join(
        texto(20, 70 + i * 60, nome)
        + retangulo(130, 50 + i * 60, 100, 12, OKABE_ITO["azul"])
        + retangulo(130, 62 + i * 60, 80, 12, OKABE_ITO["laranja"])
        for i, nome in enumerate(("2024", "2025"))
    )
    legenda = retangulo(20, 10, 12, 12, OKABE_ITO["azul"]) + texto(40, 20, "meninas")
    legenda += retangulo(220, 10, 12, 12, OKABE_ITO["laranja"]) + texto(240, 20, "meninos")
    assert ("azul", "laranja") in _so_pela_cor(str(moldura(400, 200, "t", "d", legenda + barras)))


def test_onde_o_sinal_e_o_lugar_o_quadro_o_diz(monkeypatch):
    trecho = amostras.quadros_com_modelo(monkeypatch)["trecho cheio"]
    assert "Barra de cima: a resposta começa aqui. Barra de baixo: termina aqui." in trecho
    lados = ET.fromstring(amostras.desenhos_nos_extremos()["lado a lado"])
    titulos = {"".join(t.itertext()): float(t.get("x")) for t in lados.findall(f"{SVG}text") if t.get("y") == "62"}
    for r in lados.findall(f"{SVG}rect"):
        cor = CORES.get(r.get("fill").lower())
        if cor:
            assert (float(r.get("x")) > titulos["Ela"]) == (cor == "laranja"), (
                "cada cor fica sob o título da sua coluna"
            )
