"""A tolerância perdoa a última casa de um decimal, e nada mais."""

import pytest

from tests.nbval_com_tolerancia import aproximar, aproximar_saidas


@pytest.mark.parametrize(
    ("obtido", "esperado", "perdoa"),
    [
        ("score 0.93412", "score 0.93409", True),
        ("score 0.93", "score 0.95", False),
        ("tensor([[-1.2345e-01, 2.0]])", "tensor([[-1.2346e-01, 2.0]])", True),
        ("positivo 0,93", "positivo 0,93", True),
        ("positivo 0.934", "negativo 0.934", False),
        ("[2, 841, 3]", "[2, 842, 3]", False),
        ("2 de 3", "3 de 3", False),
        ("0.5 0.5", "0.5", False),
        ("1.0", "1", False),
    ],
)
def test_aproximar(obtido, esperado, perdoa):
    assert (aproximar(obtido, esperado) == esperado) is perdoa


def test_saidas_de_tipos_diferentes_nao_se_misturam():
    obtida = [
        {"output_type": "stream", "text": "0.12345"},
        {"data": {"text/plain": "0.5", "image/svg+xml": "<svg w='1.0001'/>"}},
    ]
    esperada = [
        {"output_type": "stream", "text": "0.12350"},
        {"data": {"text/plain": "0.9", "image/svg+xml": "<svg w='1.0000'/>"}},
    ]
    resultado = aproximar_saidas(obtida, esperada)
    assert resultado[0]["text"] == "0.12350"
    assert resultado[1]["data"] == {"text/plain": "0.5", "image/svg+xml": "<svg w='1.0000'/>"}
    assert obtida[0]["text"] == "0.12345", "a saída original fica como está"


def test_um_notebook_fica_inteiro_em_um_processo():
    from tests.reparticao import grupo

    assert grupo("notebooks/00-a.ipynb::Cell 1") == grupo("notebooks/00-a.ipynb::Cell 2") == "notebooks/00-a.ipynb"
    assert grupo("tests/sistema/test_medidas.py::t[a]") != grupo("tests/sistema/test_medidas.py::t[b]")


BARRA = (
    "\n <div>\n <progress value='2' max='9' style='width:300px;'></progress>\n [2/9 00:10 < 00:40, 4 it/s]\n </div>\n "
)
TABELA = '<table class="dataframe"><tr><td>0.5</td></tr></table>'


def test_a_barra_da_tqdm_sai_e_um_texto_que_fala_de_porcentagem_fica():
    from curso.execucao import sem_barras

    barras = ["  0%|          | 0/490 [00:00<?, ?it/s]", "Lotes:   0%|          | 0/490 [00:00<?, ?it/s]"]
    textos = ["'acerta 0%'", "30%|"]
    saidas = [{"data": {"text/plain": t}} for t in barras + textos]
    assert [s["data"]["text/plain"] for s in sem_barras(saidas)] == textos


def test_a_barra_de_progresso_sai_e_a_tabela_que_vem_com_ela_fica():
    from curso.execucao import sem_barras

    vazia = {"data": {"text/html": ""}}
    saidas = [{"data": {"text/html": BARRA + TABELA}}, {"data": {"text/html": BARRA}}, vazia, {"text": "fim"}]
    assert sem_barras(saidas) == [{"data": {"text/html": TABELA}}, {"text": "fim"}]
    assert aproximar_saidas([{"data": {"text/html": BARRA}}, {"text": "0.50001"}], [{"text": "0.5"}]) == [
        {"text": "0.5"}
    ]
