"""As verificações do capítulo 4, um módulo para cada notebook."""

from curso.exercicios.capitulo_04 import (  # noqa: F401  — importar registra os exercícios
    cartao_do_modelo,
    compartilhando,
    o_hub,
)
