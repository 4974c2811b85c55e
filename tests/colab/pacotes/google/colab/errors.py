"""A mãe dos erros do google.colab."""


class Error(Exception):
    pass
