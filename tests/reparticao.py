"""Como os testes se repartem entre os processos do pytest-xdist.

É um plugin, e não parte do conftest, porque vale também quando só se testam notebooks.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

# Arquivos longos cujos testes não dividem nada: cada teste vai para o processo que estiver livre.
REPARTIDOS = {"test_exercicios.py", "test_medidas.py", "test_velocidade.py"}


def grupo(identidade: str) -> str:
    """O arquivo de um teste: um notebook é um kernel só, e fica inteiro em um processo. Nos repartidos, cada teste."""
    arquivo = identidade.split("::", 1)[0]
    return identidade if PurePosixPath(arquivo).name in REPARTIDOS else arquivo


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class PorGrupo(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return grupo(nodeid)

    return PorGrupo(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Os do navegador formam o grupo mais longo: começam primeiro, para o outro processo não terminar antes e esperar."""
    items.sort(key=lambda item: item.path.parent.name != "navegador")
