"""``python -m curso testar --perfil colab``: todo kernel dos notebooks nasce achando que está no Google Colab."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.colab.edicao import TEM_GIT, ambiente_do_kernel, publicar

CASA = pytest.StashKey[Path]()


def pytest_configure(config):
    """Publica a edição uma vez; cada processo de teste ganha o seu /content, em que o primeiro notebook clona."""
    if not TEM_GIT:
        raise pytest.UsageError("O perfil colab precisa do git. Instale-o e repita.")
    if not hasattr(config, "workerinput"):  # um trabalhador do xdist herda o ambiente de quem o criou
        casa = tempfile.TemporaryDirectory(prefix="curso-colab-", ignore_cleanup_errors=True)
        config.add_cleanup(casa.cleanup)
        config.stash[CASA] = Path(casa.name)
        os.environ["COLAB_DUBLE_EDICAO"] = str(publicar(Path(casa.name)))
    edicao = Path(os.environ["COLAB_DUBLE_EDICAO"])
    os.environ |= ambiente_do_kernel(edicao, edicao.parent / f"content-{os.getpid()}")


def pytest_sessionfinish(session):
    """Um notebook que não se achasse no Colab passaria calado com o curso desta pasta: exige que um clone exista."""
    casa = session.config.stash.get(CASA, None)
    pediu_notebooks = any("notebook" in alvo for alvo in session.config.args)
    if casa and pediu_notebooks and session.exitstatus == pytest.ExitCode.OK and not _clones(casa):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if CASA in config.stash:
        terminalreporter.write_line(
            f"Cópias do curso que a célula de preparação clonou: {_clones(config.stash[CASA])}."
        )


def _clones(casa: Path) -> int:
    return len(list(casa.glob("content-*/curso/curso/__init__.py")))
