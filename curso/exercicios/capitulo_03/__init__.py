"""As verificações do capítulo 3, um módulo para cada notebook."""

from curso.exercicios.capitulo_03 import curvas_de_aprendizado, preparando_os_dados  # noqa: F401  — importar registra os exercícios
