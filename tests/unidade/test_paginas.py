"""Como um notebook vira página do site: funções puras, sem o Sphinx."""

from __future__ import annotations

from pathlib import Path

import pytest

from curso import paginas
from curso.projeto import ErroDoCurso, dados_do_projeto

COLAB = "https://colab.research.google.com/x?a=1&b=2"


def pagina(saidas: list[dict], **celula) -> dict:
    codigo = {"cell_type": "code", "metadata": {}, "source": ["1"], "outputs": saidas} | celula
    return paginas.em_pagina({"metadata": {}, "cells": [codigo]}, COLAB)["cells"][0]


def test_a_figura_svg_entra_na_pagina_com_a_descricao():
    svg = ['<svg role="img" aria-label="um quadro">', "</svg>"]
    celula = pagina([{"data": {"image/svg+xml": svg, "text/plain": ["x"]}, "metadata": {}}])
    dados = celula["outputs"][0]["data"]
    assert "image/svg+xml" not in dados
    assert dados["text/html"] == '<div class="figura"><svg role="img" aria-label="um quadro"></svg></div>'


@pytest.mark.parametrize("nome", ["Laboratório de atenção", "Questionário", "Montador de <b>"])
def test_o_widget_vira_um_aviso_com_o_link_do_colab(nome):
    celula = pagina([{"data": {"text/plain": [f"<{nome}: execute a célula para usar>"]}, "metadata": {}}])
    aviso = celula["outputs"][0]["data"]["text/html"]
    assert nome.replace("<b>", "&lt;b&gt;") in aviso and 'role="note"' in aviso
    assert 'href="https://colab.research.google.com/x?a=1&amp;b=2"' in aviso


def test_outras_saidas_ficam_como_estavam():
    texto = {"output_type": "stream", "name": "stdout", "text": ["<oi: execute a célula para usar>"]}
    valor = {"data": {"text/plain": ["[{'label': 'positivo'}]"]}, "metadata": {}}
    assert pagina([dict(texto), {**valor, "data": dict(valor["data"])}])["outputs"] == [texto, valor]


def test_o_grafico_leva_a_descricao_que_tem_ou_uma_geral():
    sem = pagina([{"data": {"image/png": "x"}, "metadata": {}}])
    com = pagina([{"data": {"image/png": "x"}, "metadata": {"image/png": {"alt": "duas curvas"}}}])
    assert com["metadata"]["mystnb"]["image"]["alt"] == "duas curvas"
    assert sem["metadata"]["mystnb"]["image"]["alt"].startswith("Gráfico")


def test_so_a_preparacao_aparece_dobrada():
    assert pagina([], id="preparacao")["metadata"]["tags"] == ["hide-input"]
    assert "tags" not in pagina([], id="outra")["metadata"]


def test_links_para_arquivos_do_curso_vao_para_o_github():
    projeto = dados_do_projeto()
    base = f"https://github.com/{projeto['repositorio']}"
    assert paginas.com_links_de_fora("[a](../colab/README.md#gpu)") == (
        f"[a]({base}/blob/{projeto['edicao']}/colab/README.md#gpu)"
    )
    assert paginas.com_links_de_fora("[a](../aplicacao)") == f"[a]({base}/tree/{projeto['edicao']}/aplicacao)"
    for dentro in ("![f](../images/a.svg)", "[b](01-2-como-funcionam.ipynb)", "[c](https://exemplo.org/../d)"):
        assert paginas.com_links_de_fora(dentro) == dentro


def test_o_sumario_agrupa_por_capitulo_com_os_titulos_do_readme():
    titulos = paginas.capitulos("| capítulo | |\n|---|---|\n| 1. Modelos | x |\n| 12. Em produção | y |\n")
    assert titulos == {"01": "1. Modelos", "12": "12. Em produção"}
    fichas = {Path(f"{n}.ipynb"): (f"título {n}", "5 min") for n in ("00-a", "01-1-b", "01-2-c")}
    texto = paginas.sumario(fichas, titulos)
    assert texto.index("Antes de começar") < texto.index("1. Modelos") < texto.index("notebooks/glossario")
    assert "- [título 01-2-c](notebooks/01-2-c.ipynb) · 5 min" in texto
    assert texto.count(":caption:") == 3


def test_nao_apaga_uma_pasta_que_nao_e_um_site(tmp_path):
    (tmp_path / "tese.txt").write_text("anos de trabalho", encoding="utf-8")
    with pytest.raises(ErroDoCurso, match="--saida"):
        paginas.construir(tmp_path)
    assert (tmp_path / "tese.txt").exists()
