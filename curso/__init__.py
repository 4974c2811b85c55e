"""O que os notebooks importam: ``from curso import preparar, modelo``.

Este arquivo não importa torch nem transformers (``import curso`` custa milésimos
de segundo) e é escrito com a sintaxe de qualquer Python 3, para que um Python
antigo chegue até a mensagem de ``curso.__main__`` em vez de um SyntaxError.
"""

__all__ = ["modelo", "preparar"]


def __getattr__(nome):
    if nome == "preparar":
        from curso.ambiente import preparar

        return preparar
    if nome == "modelo":
        from curso.catalogo import modelo

        return modelo
    raise AttributeError("o módulo 'curso' não tem o atributo %r" % nome)
