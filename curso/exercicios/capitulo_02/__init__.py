"""As verificações do capítulo 2, um módulo para cada notebook."""

from curso.exercicios.capitulo_02 import (  # noqa: F401  — importar registra os exercícios
    aplicacao,
    juntando_tudo,
    modelos_e_configuracoes,
    por_dentro_do_pipeline,
    sequencias_multiplas,
    tokenizers,
)
