"""Os laboratórios respondem a qualquer digitação: o quadro muda, nada escapa, nada quebra."""

import xml.etree.ElementTree as ET

import pytest

from curso.laboratorios.base import LaboratorioDeTexto, quadro_seguro
from curso.laboratorios.sentimento import LaboratorioDeSentimento
from curso.laboratorios.sentimento import quadro as quadro_de_sentimento
from curso.laboratorios.tres_passos import LaboratorioDosTresPassos
from curso.laboratorios.tres_passos import quadro as quadro_dos_passos

HOSTIS = [
    "",
    "   ",
    "😀",
    "中文",
    "<script>alert(1)</script>",
    "a" * 10_000,
    "bom " * 400,
    "\x00",
    "linha\nnova",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("laboratorio", [LaboratorioDeSentimento, LaboratorioDosTresPassos])
@pytest.mark.parametrize("texto", HOSTIS)
def test_digitacao_hostil(classificador, laboratorio, texto):
    bancada = laboratorio(classificador)
    bancada.texto.value = texto
    ET.fromstring(bancada.quadro.value)
    assert bancada.leitura
    assert "<script" not in bancada.quadro.value


def test_o_quadro_segue_a_digitacao(classificador):
    bancada = LaboratorioDeSentimento(classificador, "Adorei o presente.")
    antes = bancada.quadro.value
    bancada.texto.value = "Odeio tanto isso!"
    assert bancada.quadro.value != antes
    assert bancada.quadro.value == str(quadro_de_sentimento(classificador, "Odeio tanto isso!"))


def test_o_quadro_mostra_os_numeros_do_pipeline(classificador):
    frase = "O ônibus atrasou de novo."
    notas = {n["label"]: n["score"] for n in classificador(frase, top_k=None)}
    esperado = f"positivo {notas['positivo']:.2f}; negativo {notas['negativo']:.2f}.".replace(".", ",")
    assert LaboratorioDeSentimento(classificador, frase).leitura.replace(".", ",") == esperado


def test_os_tres_passos_dao_o_resultado_do_pipeline(classificador):
    frase = "Que aula boa!"
    notas = {n["label"]: n["score"] for n in classificador(frase, top_k=None)}
    for nome, nota in notas.items():
        assert f"{nome}: logit" in str(quadro_dos_passos(classificador, frase))
        assert f"probabilidade {nota:.2f}".replace(".", ",") in LaboratorioDosTresPassos(classificador, frase).leitura


def test_texto_que_nao_cabe_e_dito(classificador):
    assert "só leu os primeiros" in str(quadro_de_sentimento(classificador, "muito bom " * 180))


def test_um_erro_no_modelo_vira_uma_frase():
    def quebrado(frase):
        raise RuntimeError("sem <memória>")

    figura = str(quadro_seguro(quebrado, "oi"))
    assert "não conseguiu ler" in figura and "RuntimeError" in figura and "<memória>" not in figura


def test_repr_nao_traz_endereco_de_memoria():
    bancada = LaboratorioDeTexto(lambda frase: quadro_seguro(lambda f: 1 / 0, frase), "oi")
    assert repr(bancada) == "<laboratório: execute a célula para usar>"
