"""O que as verificações de sentimento têm em comum."""

from __future__ import annotations

from curso.exercicios.comum import pipeline_de


def classificador():
    return pipeline_de("sentiment-analysis")


def um_resultado(resposta) -> dict | None:
    """Aceita ``[{...}]`` ou ``{...}``; ``None`` se não é o resultado de uma frase só."""
    if isinstance(resposta, list) and len(resposta) == 1:
        resposta = resposta[0]
    return resposta if isinstance(resposta, dict) and {"label", "score"} <= resposta.keys() else None
