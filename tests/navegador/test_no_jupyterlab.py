"""Cada notebook no JupyterLab de verdade: executa inteiro, e cada laboratório responde ao teclado e ao mouse."""

from __future__ import annotations

import importlib.util

import pytest

from curso.projeto import lista_de_notebooks
from tests.navegador import bancada

if importlib.util.find_spec("playwright") is None:
    pytest.skip("sem o pacote playwright: os testes no navegador foram pulados", allow_module_level=True)
if bancada.achar_navegador() is None:
    pytest.skip("sem Chromium nem Chrome: os testes no navegador foram pulados", allow_module_level=True)


@pytest.fixture(scope="module")
def mesa(tmp_path_factory):
    originais = {n: n.read_bytes() for n in lista_de_notebooks()}
    with bancada.jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as endereco, bancada.chromium(endereco) as mesa:
        yield mesa
    assert {n: n.read_bytes() for n in lista_de_notebooks()} == originais, "um notebook do curso mudou"


@pytest.fixture(scope="module", params=lista_de_notebooks(), ids=lambda caminho: caminho.stem)
def aberto(mesa, request):
    """Um notebook aberto e executado; o kernel dele se encerra quando os seus testes acabam."""
    mesa.abrir(request.param)
    try:
        mesa.executar_tudo()
        yield request.param
    finally:
        mesa.encerrar()


def test_executa_inteiro(mesa, aberto):
    assert mesa.js("erros") == []
    assert mesa.js("mortos") == []
    assert mesa.queixas == []
