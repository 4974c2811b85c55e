"""O começo de um kernel do Colab de mentira. Roda antes da primeira célula, copiado para o IPYTHONDIR dos testes.

Faz o que o kernel do Colab faz ao nascer (importa google.colab, põe a variável da edição, começa em /content, e o
IPython se apresenta como ``google.colab._shell.Shell``, que é como a huggingface_hub o reconhece), e leva a célula de preparação, sem mudar o notebook, para uma pasta dos testes no lugar de /content.
"""

import os

import google.colab  # noqa: F401 — o kernel do Colab já o traz importado

os.environ["COLAB_RELEASE_TAG"] = "release-colab-de-mentira"
interprete = get_ipython()  # noqa: F821
interprete.__class__ = type("Shell", (type(interprete),), {"__module__": "google.colab._shell"})
os.chdir(os.environ["COLAB_DUBLE_CONTENT"])


def _outra_pasta(linhas):
    return [linha.replace('"/content/', f'"{os.environ["COLAB_DUBLE_CONTENT"]}/') for linha in linhas]


interprete.input_transformers_cleanup.append(_outra_pasta)
