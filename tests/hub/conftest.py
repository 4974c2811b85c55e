"""O Hub de mentira e um cache vazio para cada teste; o processo de teste aponta para eles."""

from __future__ import annotations

import time

import pytest

from tests.hub.hub_de_mentira import HubDeMentira, acervo


@pytest.fixture(scope="session")
def hub_ligado():
    with HubDeMentira(acervo()) as hub:
        yield hub


@pytest.fixture
def hub(hub_ligado, monkeypatch, tmp_path):
    """Um Hub sem falhas, um cache vazio, e o modo hub ligado."""
    from huggingface_hub import constants

    from curso.ambiente import pergunta_ao_hub

    modelo_de_url = f"{hub_ligado.endereco}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "ENDPOINT", hub_ligado.endereco)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", modelo_de_url)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache" / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)  # como preparar() faz
    monkeypatch.setenv("HF_ENDPOINT", hub_ligado.endereco)
    monkeypatch.setenv("CURSO_MODELOS", "hub")
    for nome in ("HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(nome, raising=False)
    pergunta_ao_hub.cache_clear()
    hub_ligado.zerar()
    yield hub_ligado
    hub_ligado.lentidao_s = 0
    hub_ligado.zerar()
    pergunta_ao_hub.cache_clear()


@pytest.fixture
def sem_rede(monkeypatch):
    """A partir da chamada, o Hub não responde."""
    from curso.ambiente import pergunta_ao_hub

    def desligar():
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        pergunta_ao_hub.cache_clear()

    return desligar


@pytest.fixture
def pedir(capsys):
    """``modelo(tarefa)``: a pasta devolvida, o que se disse ao leitor e quantos segundos levou."""
    from curso import modelo

    def _pedir(tarefa: str) -> tuple[str, str, float]:
        capsys.readouterr()
        inicio = time.perf_counter()
        pasta = modelo(tarefa)
        return pasta, capsys.readouterr().out, time.perf_counter() - inicio

    return _pedir
