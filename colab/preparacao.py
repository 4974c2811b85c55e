# @title Preparação: execute esta célula primeiro { display-mode: "form" }
import os, sys
from pathlib import Path

if "COLAB_RELEASE_TAG" in os.environ:  # só no Google Colab: traz a edição EDICAO do curso
    curso = Path("/content/curso")
    if not curso.exists():
        !git -c advice.detachedHead=false clone --quiet --depth 1 --branch EDICAO https://github.com/REPOSITORIO.git {curso}
    if not curso.exists():
        raise SystemExit("Não consegui baixar o curso. Confira a internet e execute esta célula de novo.")
    os.chdir(curso / "notebooks")
    sys.path.insert(0, str(curso))

from curso import modelo, preparar
preparar()
