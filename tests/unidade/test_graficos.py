"""O texto alternativo de um gráfico vem do que está desenhado nele, e viaja com a saída."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgb

from curso.ambiente import estilo_dos_graficos
from curso.desenho import graficos
from curso.desenho.graficos import alternativa
from tests.wcag import DE_LETRA, DE_TRACO, contraste

HOSTIL = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def eixos():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_linhas_eixos_e_titulo(eixos):
    eixos.plot([50, 3200], [0.315, 0.64], label="pré-treinado")
    eixos.plot([50, 3200], [0.04, 0.138])
    eixos.set(title="Quanto ajuda?", xlabel="frases", ylabel="F1")
    assert alternativa(eixos.figure) == (
        "Gráfico. Quanto ajuda? Na horizontal, frases. Na vertical, F1. "
        "pré-treinado: de 0,315, em 50, a 0,64, em 3200. Linha: de 0,04, em 50, a 0,138, em 3200."
    )


def test_pontos_barras_e_anotacoes(eixos):
    eixos.scatter([1, 2, 3], [1, 2, 3], label="modelos")
    eixos.bar(["a", "b"], [2, float("nan")], label="contagem")
    eixos.annotate("GPT", (1, 1))
    assert alternativa(eixos.figure) == ("Gráfico. modelos: 3 pontos. contagem: 2, nan. Escrito no gráfico: GPT.")


def test_vazio_hostil_e_enorme(eixos):
    assert alternativa(eixos.figure) == ""
    eixos.set_title(HOSTIL + "x" * 5_000)
    eixos.plot([], [])
    dita = alternativa(eixos.figure)
    assert len(dita) <= graficos.MAXIMO_DE_CARACTERES and dita.endswith("…") and HOSTIL in dita


def test_a_saida_leva_o_texto_e_a_imagem_de_sempre(eixos, monkeypatch):
    from IPython.core.pylabtools import select_figure_formats

    eixos.plot([0, 1], [0, 1], label=HOSTIL)
    sem, com = InteractiveShell(), InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: com)
    graficos.descrever_os_graficos()
    for shell in (sem, com):
        select_figure_formats(shell, {"png"})  # o que o %matplotlib inline faz, depois de preparar()
    dados, metadados = com.display_formatter.format(eixos.figure)
    assert dados == sem.display_formatter.format(eixos.figure)[0], "e nenhum HTML, que some em notebook não confiável"
    assert HOSTIL in metadados["image/png"]["alt"]


def test_fora_do_ipython_nao_faz_nada(monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    graficos.descrever_os_graficos()


def _cor(nome: str):
    return 255 * np.array(to_rgb(nome))


def test_o_estilo_tem_contraste_e_nao_conta_so_com_a_cor():
    estilo_dos_graficos()
    estilo = matplotlib.rcParams
    fundo = _cor(estilo["figure.facecolor"])
    tracos = list(estilo["axes.prop_cycle"])
    for traco in tracos:
        assert contraste(_cor(traco["color"]), fundo) >= DE_TRACO, traco
    assert len({traco["linestyle"] for traco in tracos}) == len(tracos)
    for parte in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
        assert contraste(_cor(estilo[parte]), fundo) >= DE_LETRA, parte
    assert contraste(_cor(estilo["axes.facecolor"]), fundo) == 1, "a letra de dentro tem o mesmo fundo"
