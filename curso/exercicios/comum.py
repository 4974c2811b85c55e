"""O que as verificações têm em comum: as peças do leitor, refeitas, e o que vale como número."""

from __future__ import annotations

import functools
import numbers


@functools.cache
def pipeline_de(tarefa: str):
    """O pipeline do leitor, refeito: a verificação não depende das variáveis dele."""
    from transformers import pipeline

    from curso.catalogo import modelo

    return pipeline(tarefa, model=modelo(tarefa))


@functools.cache
def tokenizer_de(tarefa: str):
    from transformers import AutoTokenizer

    from curso.catalogo import modelo

    return AutoTokenizer.from_pretrained(modelo(tarefa))


def e_numero(resposta) -> bool:
    return isinstance(resposta, numbers.Real) and not isinstance(resposta, bool)


def e_inteiro(resposta) -> bool:
    return isinstance(resposta, numbers.Integral) and not isinstance(resposta, bool)
