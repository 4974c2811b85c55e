"""Laboratório: escreva uma frase e veja as probabilidades de cada sentimento."""

from __future__ import annotations

from curso.desenho.barras import aviso, barras
from curso.desenho.estilo import Figura, encurtar
from curso.laboratorios.base import LaboratorioDeTexto

FRASE_INICIAL = "Esperei a vida inteira por um curso da Hugging Face."


def quadro(classificador, frase: str) -> Figura:
    """As barras de probabilidade de uma frase.

    Args:
        classificador: um ``pipeline("sentiment-analysis", ...)``.
        frase: o texto a classificar; o que passa do limite do modelo é cortado.
    """
    tokenizer = classificador.tokenizer
    numeros = tokenizer(frase, truncation=True)["input_ids"]
    conhecidos = [n for n in numeros if n not in tokenizer.all_special_ids]
    if not conhecidos:
        return aviso("Nenhum pedaço conhecido", "O modelo não conhece nenhum sinal desta frase; ele só adivinharia.")
    notas = sorted(classificador(frase, top_k=None, truncation=True), key=lambda nota: nota["label"], reverse=True)
    cortada = len(tokenizer(frase)["input_ids"]) > len(numeros)
    nota = f"O modelo só leu os primeiros {len(numeros)} tokens." if cortada else ""
    return barras(
        [n["label"] for n in notas], [n["score"] for n in notas], titulo=f"«{encurtar(frase, 70)}»", nota=nota
    )


class LaboratorioDeSentimento(LaboratorioDeTexto):
    nome = "Laboratório de sentimento"

    def __init__(self, classificador, frase: str = FRASE_INICIAL):
        super().__init__(lambda digitada: quadro(classificador, digitada), frase)
