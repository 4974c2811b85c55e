"""O Chromium dos testes, sem rede; sem ele, os testes são pulados, e se diz."""

from __future__ import annotations

import pytest

from tests.navegador.bancada import OPCOES, achar_navegador
from tests.navegador.contraste import ESCALA


# Por módulo: o Playwright não abre duas vezes ao mesmo tempo, e outros testes desta pasta também o abrem.
@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="sem o pacote playwright")
    if achar_navegador() is None:
        pytest.skip("sem Chromium nem Chrome")
    with playwright.sync_playwright() as p:
        navegador = p.chromium.launch(executable_path=achar_navegador(), args=OPCOES)
        yield navegador
        navegador.close()


@pytest.fixture(scope="module")
def folha(chromium):
    """Uma página em branco, com os pontos bem pequenos."""
    contexto = chromium.new_context(device_scale_factor=ESCALA, viewport={"width": 920, "height": 600}, offline=True)
    yield contexto.new_page()
    contexto.close()
