"""O Drive do leitor: o curso não o pede."""


def mount(*argumentos, **opcoes):
    raise AssertionError("o curso pediu acesso ao Drive inteiro do leitor")
