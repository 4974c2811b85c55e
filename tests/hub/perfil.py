"""``python -m curso testar --perfil hub``: liga um Hub de mentira e aponta para ele os kernels dos notebooks."""

from __future__ import annotations

import os
import tempfile

from tests.hub.hub_de_mentira import HubDeMentira, acervo


def pytest_configure(config):
    if hasattr(config, "workerinput"):  # um trabalhador do xdist: herda o ambiente de quem o criou
        return
    hub = HubDeMentira(acervo()).__enter__()
    config.add_cleanup(lambda: hub.__exit__())
    casa = tempfile.TemporaryDirectory(prefix="curso-hub-", ignore_cleanup_errors=True)
    config.add_cleanup(casa.cleanup)
    os.environ |= {"HF_ENDPOINT": hub.endereco, "HF_HOME": casa.name, "CURSO_MODELOS": "hub"}
    for nome in ("HF_HUB_OFFLINE", "HF_HUB_CACHE", "HF_TOKEN"):
        os.environ.pop(nome, None)
