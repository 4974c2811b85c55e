"""Toda letra que o curso desenha se lê: contraste de 4,5:1 com o que está pintado atrás dela."""

from __future__ import annotations

import pytest

from tests.navegador import amostras
from tests.navegador.contraste import medir
from tests.wcag import DE_LETRA


def _exigir(folha, figuras: dict[str, str]) -> None:
    letras = []
    nomes = list(figuras)
    for inicio in range(0, len(nomes), 8):  # uma página enorme não cabe em uma foto
        letras += medir(folha, {nome: figuras[nome] for nome in nomes[inicio : inicio + 8]})
    sem_letra = set(figuras) - {letra.qual for letra in letras}
    assert not sem_letra, f"nenhuma letra medida em {sorted(sem_letra)}"
    ruins = [letra for letra in letras if letra.contraste < DE_LETRA]
    assert not ruins, "\n".join(map(str, ruins[:40]))


def test_figuras_fixas(folha):
    _exigir(folha, amostras.figuras_fixas())


def test_figuras_guardadas_nos_notebooks(folha):
    _exigir(folha, amostras.figuras_guardadas())


def test_desenhos_nos_extremos(folha):
    _exigir(folha, amostras.desenhos_nos_extremos())


def test_quadros_com_modelo(folha, monkeypatch):
    _exigir(folha, amostras.quadros_com_modelo(monkeypatch))


def test_questionario(folha):
    _exigir(folha, amostras.paginas_do_questionario())


RETANGULO = '<rect width="200" height="60" fill="{}" fill-opacity="{}"/>'
MEDIDAS_A_MAO = {
    # cor da letra, fundo, opacidade do fundo, contraste pela fórmula da WCAG
    "preto no branco": ("#000000", "#ffffff", 1, 21.0),
    "cinza no branco": ("#767676", "#ffffff", 1, 4.54),
    "branco no laranja": ("#ffffff", "#D55E00", 1, 3.87),
    "branco no azul meio transparente": ("#ffffff", "#0072B2", 0.5, 2.14),
    "letra da cor do fundo": ("#0072B2", "#0072B2", 1, 1.0),
}


@pytest.mark.parametrize("caso", MEDIDAS_A_MAO)
def test_a_medida_e_a_da_wcag(folha, caso):
    letra, fundo, opacidade, esperado = MEDIDAS_A_MAO[caso]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" fill="white"/>'
        f'{RETANGULO.format(fundo, opacidade)}<text x="20" y="40" font-size="20" fill="{letra}">HI</text></svg>'
    )
    assert [round(medida.contraste, 2) for medida in medir(folha, {caso: svg})] == [
        pytest.approx(esperado, abs=0.06)
    ] * 2
