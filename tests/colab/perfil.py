"""``python -m curso testar --perfil colab``: todo kernel dos notebooks nasce achando que está no Google Colab."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.colab.edicao import TEM_GIT, ambiente_do_kernel, publicar


def pytest_configure(config):
    """Publica a edição uma vez; cada processo de teste ganha o seu /content, em que o primeiro notebook clona."""
    if not TEM_GIT:
        raise SystemExit("Este perfil precisa do git. Instale-o e repita.")
    casa = tempfile.TemporaryDirectory(prefix="curso-colab-", ignore_cleanup_errors=True)
    config.add_cleanup(casa.cleanup)
    if "COLAB_DUBLE_EDICAO" not in os.environ:  # um trabalhador do xdist herda a de quem o criou
        os.environ["COLAB_DUBLE_EDICAO"] = str(publicar(Path(casa.name)))
    os.environ |= ambiente_do_kernel(Path(os.environ["COLAB_DUBLE_EDICAO"]), Path(casa.name))
