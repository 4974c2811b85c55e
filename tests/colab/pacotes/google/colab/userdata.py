"""O cofre de segredos. Modelos públicos não pedem senha: ninguém devia vir aqui."""

import os

from google.colab.errors import Error


class SecretNotFoundError(Error):
    pass


class NotebookAccessError(Error):
    pass


class TimeoutException(Error):
    pass


def get(nome):
    rastro = os.environ.get("COLAB_DUBLE_RASTRO")
    if rastro:
        with open(rastro, "a", encoding="utf-8") as arquivo:
            arquivo.write(f"userdata.get({nome!r})\n")
    raise SecretNotFoundError(nome)
