"""O que se instala no Colab: só o que falta, com teto, e nunca o que ele já carregou."""

from __future__ import annotations

import subprocess
import sys

import pytest
from packaging.requirements import Requirement

from curso import colab

LINHAS = colab.REQUISITOS.read_text(encoding="utf-8").splitlines()
PEDIDOS = [Requirement(linha) for linha in LINHAS if not linha.startswith("#")]


def test_os_requisitos_tem_teto_e_nao_tocam_no_que_o_colab_carregou():
    assert PEDIDOS
    for pedido in PEDIDOS:
        assert any(limite.operator in ("<", "<=", "==") for limite in pedido.specifier), pedido
        assert pedido.name.lower() not in colab.INTOCAVEIS


def test_que_faltam():
    texto = "# comentário\npytest>=7,<99  # tem\npacote-que-nao-existe>=1,<2\npytest<1\n\n"
    assert colab.que_faltam(texto) == ["pacote-que-nao-existe>=1,<2", "pytest<1"]


@pytest.fixture
def pip(monkeypatch):
    """Os comandos dados ao pip, e o arquivo de versões fixas de cada um."""
    dados, codigo = [], [0]

    def run(comando, **_):
        if codigo[0] is None:
            raise subprocess.TimeoutExpired(comando, 1)
        dados.append((comando, comando[comando.index("--constraint") + 1].read_text()))
        return subprocess.CompletedProcess(comando, codigo[0])

    monkeypatch.setattr(colab.subprocess, "run", run)
    return dados, codigo


def _requisitos(tmp_path, texto):
    arquivo = tmp_path / "requirements.txt"
    arquivo.write_text(texto, encoding="utf-8")
    return arquivo


def test_nada_falta_nada_se_diz(pip, tmp_path, capsys):
    colab.completar(_requisitos(tmp_path, "pytest>=7\n"))
    assert not pip[0] and not capsys.readouterr().out


def test_instala_so_o_que_falta_sem_mover_o_resto(pip, tmp_path, capsys):
    colab.completar(_requisitos(tmp_path, "pytest>=7\nnao-existe>=1,<2\n"))
    ((comando, fixos),) = pip[0]
    assert comando[:4] == [sys.executable, "-m", "pip", "install"] and comando[-1] == "nao-existe>=1,<2"
    assert "pytest>=7" not in comando and "--upgrade" not in comando
    import numpy
    import torch

    assert f"numpy=={numpy.__version__}" in fixos.splitlines() and f"torch=={torch.__version__}" in fixos.splitlines()
    assert capsys.readouterr().out == "Instalando o que falta no Colab: nao-existe…\n"


@pytest.mark.parametrize("resultado", [1, None])
def test_sem_rede_a_aula_segue(pip, tmp_path, capsys, resultado):
    pip[1][0] = resultado
    colab.completar(_requisitos(tmp_path, "nao-existe>=1,<2\n"))
    assert (
        "Não consegui instalar: nao-existe. Confira a internet e execute esta célula de novo" in capsys.readouterr().out
    )
