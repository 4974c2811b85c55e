"""As verificações do capítulo 3, um módulo para cada notebook."""

from curso.exercicios.capitulo_03 import (  # noqa: F401  — importar registra os exercícios
    curvas_de_aprendizado,
    laco_de_treino,
    peft_lora,
    preparando_os_dados,
    trainer,
)
