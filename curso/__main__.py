"""``python -m curso …``: a porta de entrada.

Aqui só a conferência da versão do Python, com sintaxe que qualquer Python 3
entende; os comandos estão em ``curso.comandos``.
"""

import os
import sys

VERSAO_MINIMA = (3, 11)


def aviso_de_python_antigo(versao, plataforma, existe):
    """Mensagem para quem tem um Python anterior a 3.11.

    ``existe(nome)`` diz se há um programa com esse nome no PATH; quando um Python
    novo o bastante já está instalado, a mensagem traz o comando pronto.
    """
    linhas = ["Este curso precisa do Python 3.11 ou mais novo, e este é o Python %d.%d." % versao[:2]]
    candidatos = ["python3.%d" % n for n in (13, 14, 12, 11)]
    achado = next((nome for nome in candidatos if existe(nome)), None)
    if achado:
        linhas.append("Um Python mais novo já está nesta máquina. Use:  %s -m curso abrir" % achado)
    elif plataforma.startswith("win"):
        linhas.append("Instale o Python 3.13 pelo site python.org ou com:  winget install Python.Python.3.13")
        linhas.append("Depois, nesta pasta:  py -3.13 -m curso abrir")
    elif plataforma == "darwin":
        linhas.append("Instale o Python 3.13 pelo site python.org ou com:  brew install python@3.13")
        linhas.append("Depois, nesta pasta:  python3.13 -m curso abrir")
    else:
        linhas.append(
            "No Ubuntu 22.04:  sudo apt install python3.11 python3.11-venv   (no Fedora: sudo dnf install python3.13)"
        )
        linhas.append("Depois, nesta pasta:  python3.11 -m curso abrir   (no Fedora: python3.13)")
    linhas.append("Sem instalar nada: abra o curso no Google Colab pelos selos do README.md.")
    return "\n".join(linhas)


def roda(nome):
    """O programa existe e roda? (Um atalho do pyenv existe mesmo sem o Python dele.)"""
    import subprocess

    try:
        return subprocess.call([nome, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def principal():
    if sys.version_info < VERSAO_MINIMA:
        sys.stderr.write(aviso_de_python_antigo(tuple(sys.version_info), sys.platform, roda) + "\n")
        return 2
    for fluxo in (sys.stdout, sys.stderr):
        # No Windows, a saída redirecionada usa uma codificação sem os nossos acentos e sinais.
        if hasattr(fluxo, "reconfigure"):
            fluxo.reconfigure(errors="replace", **({"encoding": "utf-8"} if os.name == "nt" else {}))
    from curso.comandos import executar_comando

    return executar_comando(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(principal())
