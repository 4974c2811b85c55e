"""As medidas de tempo e memória: as contas, e a tabela que sai delas."""

from __future__ import annotations

import subprocess
import sys

import pytest

from curso.catalogo import catalogo
from curso.projeto import RAIZ, lista_de_notebooks
from oficina.medicao import comparacao, maquina, tabela


def test_mediana_e_p90():
    assert maquina.mediana_e_p90([3]) == (3, 3)
    assert maquina.mediana_e_p90(range(1, 11)) == (5.5, 10)
    assert maquina.mediana_e_p90([*range(1, 20), 1000]) == (10.5, 19)


@pytest.mark.skipif(sys.platform != "linux", reason="só o Linux conta o pico em /proc")
def test_o_pico_de_memoria_e_o_do_processo_e_nao_o_de_quem_o_criou():
    """Um pai que ocupou 300 MB não aumenta a medida do filho; 200 MB do filho, sim."""
    peso = bytearray(300 * 2**20)
    programa = "from oficina.medicao.maquina import pico_mb; a = pico_mb(); x = bytearray({}); print(pico_mb() - a)"

    def cresce(quanto):
        feito = subprocess.run(
            [sys.executable, "-c", programa.format(quanto)], cwd=RAIZ, capture_output=True, text=True, check=True
        )
        return float(feito.stdout)

    assert cresce(0) < 20 and 190 < cresce(200 * 2**20) < 220
    assert len(peso)


def test_quadro_em_markdown():
    assert tabela.quadro(("a", "b"), [("x", 1)]) == "| a | b |\n| --- | --: |\n| x | 1 |"


def test_o_documento_e_o_que_esta_medido():
    """``MEDIDAS.md`` não se edita à mão: sai das medidas guardadas, e fala de tudo o que o curso tem."""
    texto = tabela.TABELA.read_text(encoding="utf-8")
    assert texto == tabela.texto()
    medidos = maquina.ler("notebooks")["notebooks"]
    assert set(medidos) == {caminho.stem for caminho in lista_de_notebooks()}
    assert set(maquina.ler("comparacao")["tarefas"]) == set(catalogo()) == set(comparacao.ORIGINAIS)
    for nome, titulo, _ in tabela.PARTES:
        assert maquina.ler(nome) is not None and f"## {titulo}" in texto, nome
