"""A extensão dá nome ao que não tem, e ``conferir_arvore`` acha o que ficou sem: em uma página que imita o JupyterLab.

Os notebooks de verdade passam pela mesma ``conferir_arvore`` quando abrem no JupyterLab de verdade.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from curso.comandos import comando_do_jupyter
from curso.desenho.barras import barras
from curso.instalacao import Venv
from curso.projeto import RAIZ
from tests.navegador.arvore import conferir_arvore

EXTENSAO = RAIZ / "curso" / "extensoes" / "curso-acessibilidade"
HOSTIL = '"><img src=x onerror=alert(1)>'
FIGURA = str(barras(["positivo", HOSTIL], [0.9, 0.1], titulo="Que sentimento há na frase?"))
REGUA = """<div class="jupyter-widgets widget-slider"><label class="widget-label" title="null">Camada:</label>
  <div class="noUi-handle" tabindex="0" role="slider" aria-valuenow="3">pega</div>
  <div class="widget-readout" contenteditable="true">12.000</div></div>"""
PONTO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PAGINA = f"""<!doctype html><meta charset=utf-8><div class="jp-Notebook"><h1>Aula</h1>
<div class="jp-CodeCell"><div class="jp-OutputArea-child"><div class="jp-OutputArea-output">
  <img src="data:image/svg+xml,{quote(FIGURA)}"></div></div>
  <div class="jp-OutputArea-child"><div class="jp-OutputArea-output"><img src="data:image/png;base64,{PONTO}"></div></div>
  <div class="jp-OutputArea-child"><div class="jp-OutputArea-output">{REGUA}
    <div class="widget-toggle-buttons"><label class="widget-label">Lado:</label>
      <button class="mod-active">direita</button><button>esquerda</button></div>
    <div class="widget-hbox"><button class="widget-toggle-button">a</button><div><div class="widget-html-content">Sim.</div></div></div>
    <div class="widget-html-content">{FIGURA}</div></div></div></div></div>"""
IMITACAO = """(alt) => {
  const node = document.querySelector('.jp-CodeCell');
  const saidas = [{}, {metadata: {'image/png': {alt}}}, {}];
  const content = {widgets: [{node, model: {id: 'celula', outputs: {length: 3, get: (i) => saidas[i]}}}]};
  window.jupyterapp = {shell: {currentWidget: {content}, widgets: () => [{content}]}};
}"""
ALT = f"Gráfico. Frases e acertos, com uma linha que sobe de 0 a 1. {HOSTIL}"


@pytest.fixture
def imitacao(folha):
    folha.set_content(PAGINA)
    folha.evaluate(IMITACAO, ALT)
    return folha


@pytest.fixture
def com_extensao(imitacao):
    imitacao.evaluate("() => delete window._JUPYTERLAB")
    imitacao.evaluate("(f) => { (0, eval)(`(() => {${f}})()`) }", (EXTENSAO / "static" / "nomes.js").read_text("utf-8"))
    imitacao.evaluate(
        """async () => {
          const modulo = (await window._JUPYTERLAB['curso-acessibilidade'].get('./extensao'))();
          modulo.default.activate(window.jupyterapp);
          document.body.append(document.createElement('p'));
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
        }"""
    )
    return imitacao


def test_sem_a_extensao_a_arvore_tem_buracos_e_eles_sao_achados(imitacao):
    queixas = conferir_arvore(imitacao).queixas
    assert [q for q in queixas if "imagem sem descrição" in q and "celula:0" in q]
    assert [q for q in queixas if "slider sem nome" in q]


def test_com_a_extensao_tudo_tem_nome(com_extensao):
    vista = conferir_arvore(com_extensao)
    assert vista.queixas == []
    lida = f"Que sentimento há na frase? positivo 0,90; {HOSTIL} 0,10."
    assert vista.imagens[:2] == [lida, ALT], "o texto hostil é só texto"
    assert vista.controles == [
        ("slider", "Camada"),
        ("textbox", "Camada, valor escrito"),
        ("button", "direita"),
        ("button", "esquerda"),
        ("button", "a) Sim."),
    ]
    assert len(vista.percorridos) == 5 and com_extensao.locator("img[src='x']").count() == 0


def test_o_estado_tambem_se_ouve(com_extensao):
    assert com_extensao.locator(".noUi-handle").get_attribute("aria-valuetext") == "12.000"
    assert com_extensao.locator("button[aria-pressed=true]").all_inner_texts() == ["direita"]
    assert com_extensao.locator("[role=group]").get_attribute("aria-label") == "Lado"
    assert com_extensao.locator("[aria-live=polite] svg").count() == 1
    assert com_extensao.locator("[title=null]").count() == 0
    com_extensao.evaluate("() => { document.querySelector('.widget-readout').textContent = '30.000' }")
    com_extensao.wait_for_selector(".noUi-handle[aria-valuetext='30.000']")


ESTRAGOS = {
    "título pulado": (
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<h3>Fundo</h3>')",
        "título foi pulado",
    ),
    "botão sem nome": (
        "document.querySelector('.widget-slider').insertAdjacentHTML('afterend', '<button></button>')",
        "button sem nome",
    ),
    "foco escondido": (
        "document.head.insertAdjacentHTML('beforeend', '<style>.noUi-handle:focus{outline:none}</style>')",
        "nada na tela o diz",
    ),
    "controle fora do caminho": (
        "document.querySelector('.noUi-handle').addEventListener('keydown', (e) => e.preventDefault())",
        "Tab não chega aqui",
    ),
    "rótulo cortado": (
        "document.querySelector('.widget-label').style = 'display:block;width:9px;overflow:hidden;white-space:nowrap'",
        "está cortado",
    ),
}


@pytest.mark.parametrize("estrago", ESTRAGOS)
def test_cada_defeito_e_achado(com_extensao, estrago):
    gesto, queixa = ESTRAGOS[estrago]
    com_extensao.evaluate(f"() => {{ {gesto} }}")
    assert [q for q in conferir_arvore(com_extensao).queixas if queixa in q]


def test_o_jupyterlab_do_curso_carrega_a_extensao():
    pasta = EXTENSAO.parent.as_posix()
    opcoes = [str(parte).replace("\\", "/") for parte in comando_do_jupyter(Venv(RAIZ), 8888)]
    assert f"--LabApp.extra_labextensions_path={pasta}" in opcoes
    cartao = json.loads((EXTENSAO / "package.json").read_text("utf-8"))
    assert cartao["name"] == EXTENSAO.name, "o JupyterLab serve a pasta pelo nome"
    assert (EXTENSAO / cartao["jupyterlab"]["_build"]["load"]).is_file()
