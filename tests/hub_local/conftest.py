"""Um Hub local para o processo de teste, e o ambiente com que um processo novo fala com ele."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from curso.hub_local import HubLocal
from curso.hub_local.semente import semear
from curso.projeto import RAIZ


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with HubLocal(tmp_path_factory.mktemp("hub")) as ligado:
        semear(ligado.acervo)
        yield ligado


@pytest.fixture
def api(hub, monkeypatch):
    """Uma HfApi com a conta do aluno, sem Xet nem barras, e com o HF_HUB_OFFLINE de quem nos chamou desligado."""
    from huggingface_hub import HfApi, constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    return HfApi(endpoint=hub.endereco, token=hub.token)


@pytest.fixture
def anonima(hub, api):
    from huggingface_hub import HfApi

    return HfApi(endpoint=hub.endereco, token=False)


@pytest.fixture
def novo(api, request):
    """O nome de um repositório vazio, diferente em cada teste."""
    nome = f"aluno/{request.node.name.split('[')[0].replace('_', '-')[:60]}"
    api.create_repo(nome, exist_ok=True)
    yield nome
    api.delete_repo(nome, missing_ok=True)


@pytest.fixture
def executar(tmp_path):
    """Roda um programa em um Python novo, sem rede e sem nada do Hub no ambiente; devolve o que ele escreveu."""

    def _executar(programa: str, **mais: str) -> str:
        limpo = {n: v for n, v in os.environ.items() if not n.startswith(("HF_", "HUGGING", "CURSO_"))}
        caminho = os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)])
        limpo |= {"PYTHONPATH": caminho, "HOME": str(tmp_path), "OMP_NUM_THREADS": "1", "TMPDIR": str(tmp_path)} | mais
        comando = [sys.executable, "-c", programa]
        feito = subprocess.run(comando, env=limpo, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert feito.returncode == 0, feito.stderr[-3000:]
        assert not list(Path(tmp_path).glob("curso-hub-local-*")), "o Hub local deixou a pasta dele para trás"
        return feito.stdout

    return _executar
