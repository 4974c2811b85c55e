"""Material de aula a partir de um notebook: slides, cópia para imprimir e cópia com soluções, tudo sem rede.

Roda dentro do ``.venv``: ``python -m curso aula NOTEBOOK``. Usa só o que o notebook guarda; nada é executado.
"""
