"""Uma página em branco do Chromium, sem rede; sem ele, estes testes são pulados, e se diz."""

from __future__ import annotations

import shutil

import pytest

from tests.navegador.contraste import ESCALA


# Por módulo: o Playwright não abre duas vezes ao mesmo tempo, e outros testes desta pasta também o abrem.
@pytest.fixture(scope="module")
def folha():
    playwright = pytest.importorskip("playwright.sync_api", reason="sem o pacote playwright")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("sem Chromium nem Chrome")
    with playwright.sync_playwright() as p:
        navegador = p.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        contexto = navegador.new_context(
            device_scale_factor=ESCALA, viewport={"width": 920, "height": 600}, offline=True
        )
        yield contexto.new_page()
        navegador.close()
