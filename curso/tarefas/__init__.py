"""Três tarefas que a versão 5 da transformers retirou do ``pipeline``, devolvidas pelo registro da própria biblioteca.

Basta importar este módulo (``modelo("question-answering")`` já o importa) e voltam a funcionar, com as
assinaturas e os resultados da versão 4::

    pipeline("question-answering", model=...)
    pipeline("summarization", model=...)
    pipeline("translation", model=...)          # e também "translation_en_to_pt", "translation_pt_to_en"…

Onde a biblioteca ainda traz uma tarefa, nada muda. Fora do curso, use o modelo diretamente (``AutoModel…``), ou
copie esta pasta e importe-a do mesmo jeito.
"""

from __future__ import annotations

import re

from transformers import AutoModelForQuestionAnswering, AutoModelForSeq2SeqLM, pipelines
from transformers.pipelines import PIPELINE_REGISTRY

from curso.tarefas.perguntas import PerguntasERespostas
from curso.tarefas.texto_a_texto import Resumo, Traducao

TAREFAS = {
    "question-answering": (PerguntasERespostas, AutoModelForQuestionAnswering),
    "summarization": (Resumo, AutoModelForSeq2SeqLM),
    "translation": (Traducao, AutoModelForSeq2SeqLM),
}
PAR_DE_LINGUAS = re.compile(r"translation_[^_]+_to_[^_]+")


def restaurar() -> list[str]:
    """Registra as tarefas que faltam e devolve os nomes delas. Repetir não faz nada."""
    retiradas = getattr(pipelines, "REMOVED_TASKS", {})  # só as versões mais novas têm esta lista
    registradas = []
    for tarefa, (classe, familia) in TAREFAS.items():
        retiradas.pop(tarefa, None)
        if tarefa not in PIPELINE_REGISTRY.get_supported_tasks():
            PIPELINE_REGISTRY.register_pipeline(tarefa, pipeline_class=classe, pt_model=familia, type="text")
            # Com esta marca, save_pretrained gravaria a classe como código do checkpoint, que ninguém deve executar.
            del classe._registered_impl
            registradas.append(tarefa)
    if "translation" in registradas:
        _aceitar_pares_de_linguas()
    return registradas


def _aceitar_pares_de_linguas() -> None:
    """O registro só conhece nomes exatos; ``translation_en_to_pt`` passa a valer como ``translation``."""
    conferir = PIPELINE_REGISTRY.check_task

    def conferir_com_pares(task: str):
        return conferir("translation" if PAR_DE_LINGUAS.fullmatch(task) else task)

    PIPELINE_REGISTRY.check_task = conferir_com_pares


restaurar()
