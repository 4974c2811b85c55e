"""A medida do curso carrega de uma pasta, sem rede, e dá as notas da definição."""

from __future__ import annotations

import pytest

from curso.projeto import RAIZ


@pytest.fixture(scope="module")
def medida():
    evaluate = pytest.importorskip("evaluate")
    return evaluate.load(str(RAIZ / "curso" / "medidas" / "acuracia_e_f1"))


@pytest.mark.parametrize(
    ("previstas", "certas", "acuracia", "f1"),
    [
        ([1, 1, 1, 0], [1, 1, 0, 0], 3 / 4, 4 / 5),  # precisão 2/3, revocação 1
        ([0, 0, 0, 0], [1, 0, 0, 0], 3 / 4, 0),  # quem nunca diz «sim»: acurácia alta, F1 zero, sem aviso
        ([0, 0], [0, 0], 1, 0),
        ([1], [1], 1, 1),
    ],
)
def test_notas_feitas_a_mao(medida, recwarn, previstas, certas, acuracia, f1):
    assert medida.compute(predictions=previstas, references=certas) == pytest.approx({"acuracia": acuracia, "f1": f1})
    assert not recwarn.list


def test_o_que_nao_e_lista_de_numeros_e_recusado(medida):
    with pytest.raises(ValueError):
        medida.compute(predictions=[1, 0], references=[1])
    with pytest.raises(ValueError):
        medida.compute(predictions=["sim"], references=["não"])
