"""``python -m curso testar --perfil hub``: um Hub de mentira, com sósias dos modelos reais, para os kernels dos notebooks."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.hub import sosias
from tests.hub.hub_de_mentira import HubDeMentira, acervo

LIGADO = pytest.StashKey[HubDeMentira]()


def pytest_configure(config):
    if hasattr(config, "workerinput"):  # um trabalhador do xdist: herda o ambiente de quem o criou
        return
    casa = tempfile.TemporaryDirectory(prefix="curso-hub-", ignore_cleanup_errors=True)
    config.add_cleanup(casa.cleanup)
    hub = config.stash[LIGADO] = HubDeMentira(acervo(sosias.fazer(Path(casa.name) / "sosias"))).__enter__()
    config.add_cleanup(lambda: hub.__exit__())
    os.environ |= {"HF_ENDPOINT": hub.endereco, "HF_HOME": casa.name, "CURSO_MODELOS": "hub"}
    for nome in ("HF_HUB_OFFLINE", "HF_HUB_CACHE", "HF_TOKEN"):
        os.environ.pop(nome, None)


def pytest_sessionfinish(session):
    """Sem comparar saídas, uma queda no modelo embutido passaria calada: exige que os pesos tenham vindo do Hub."""
    hub = session.config.stash.get(LIGADO, None)
    if hub and session.testscollected and session.exitstatus == pytest.ExitCode.OK and not hub.modelos_baixados():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if LIGADO in config.stash:
        nomes = ", ".join(config.stash[LIGADO].modelos_baixados()) or "nenhum, e isto é uma falha"
        terminalreporter.write_line(f"Modelos que vieram do Hub de mentira: {nomes}.")
