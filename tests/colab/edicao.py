"""Publica a edição do curso em um repositório git desta máquina, e desvia para ele o clone da célula de preparação."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from curso.projeto import RAIZ, dados_do_projeto

TEM_GIT = shutil.which("git") is not None
DUBLE = Path(__file__).parent


def publicar(pasta: Path) -> Path:
    """Um repositório com tudo o que está nesta cópia do curso, com ou sem commit, e a etiqueta da edição."""
    repositorio = pasta / "edicao"
    edicao = dados_do_projeto()["edicao"]
    variaveis = os.environ | {"GIT_DIR": str(repositorio / ".git"), "GIT_WORK_TREE": str(RAIZ)}
    for nome in ("GIT_INDEX_FILE", "GIT_CONFIG_COUNT"):
        variaveis.pop(nome, None)
    assinatura = ["-c", "user.name=curso", "-c", "user.email=curso@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", "init", "--quiet", repositorio], check=True, capture_output=True)
    for comando in (["add", "--all"], ["commit", "--quiet", "--message", f"Edição {edicao}"], ["tag", edicao]):
        subprocess.run(["git", *assinatura, *comando], cwd=RAIZ, env=variaveis, check=True, capture_output=True)
    return repositorio


def ambiente_do_kernel(repositorio: Path, content: Path) -> dict[str, str]:
    """As variáveis com que um kernel nasce achando que está no Colab; o clone vem de ``repositorio``."""
    inicio = content / ".ipython" / "profile_default" / "startup"
    inicio.mkdir(parents=True, exist_ok=True)
    shutil.copy(DUBLE / "kernel.py", inicio / "00-colab.py")
    return {
        "COLAB_DUBLE_CONTENT": str(content),
        "COLAB_DUBLE_RASTRO": str(content / "rastro.txt"),
        "IPYTHONDIR": str(content / ".ipython"),
        "PYTHONPATH": os.pathsep.join([str(DUBLE / "pacotes"), str(RAIZ / "tests" / "sem_rede")]),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repositorio.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://github.com/{dados_do_projeto()['repositorio']}.git",
    }
