"""No Google Colab: instala o pouco que falta lá, sem tocar no que ele já traz."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

from curso.projeto import RAIZ

REQUISITOS = RAIZ / "colab" / "requirements.txt"
# O kernel do Colab já importou alguns destes: trocar a versão de um deles no meio da sessão quebra o resto dela.
INTOCAVEIS = ("torch", "numpy", "pandas", "matplotlib", "scikit-learn", "transformers", "ipywidgets", "ipython")
LIMITE_S = 180


def completar(requisitos: Path = REQUISITOS) -> None:
    """Instala o que falta de ``colab/requirements.txt``, e diz o quê. Nada a fazer: nada a dizer.

    Sem rede, diz o que ficou faltando e segue: só a célula que usa aquilo vai parar.
    """
    faltam = que_faltam(requisitos.read_text(encoding="utf-8"))
    if not faltam:
        return
    nomes = ", ".join(Requirement(linha).name for linha in faltam)
    print(f"Instalando o que falta no Colab: {nomes}…", flush=True)
    if not instalar(faltam):
        print(
            f"Não consegui instalar: {nomes}. Confira a internet e execute esta célula de novo; até lá, o resto funciona."
        )


def que_faltam(requisitos: str) -> list[str]:
    """As linhas de um arquivo de requisitos que esta máquina não atende."""
    linhas = [linha.split("#")[0].strip() for linha in requisitos.splitlines()]
    return [linha for linha in linhas if linha and not _atendido(Requirement(linha))]


def _atendido(pedido: Requirement) -> bool:
    versao = _versao(pedido.name)
    return versao is not None and pedido.specifier.contains(versao, prereleases=True)


def instalar(linhas: list[str]) -> bool:
    """O pip, proibido de mexer nos intocáveis: se um pacote pedir outra versão deles, ele desiste."""
    with tempfile.TemporaryDirectory() as pasta:
        fixos = Path(pasta) / "fixos.txt"
        fixos.write_text("\n".join(f"{n}=={v}" for n in INTOCAVEIS if (v := _versao(n))), encoding="utf-8")
        comando = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        try:
            feito = subprocess.run([*comando, "--constraint", fixos, *linhas], capture_output=True, timeout=LIMITE_S)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return feito.returncode == 0


def _versao(pacote: str) -> str | None:
    try:
        return importlib.metadata.version(pacote)
    except importlib.metadata.PackageNotFoundError:
        return None
