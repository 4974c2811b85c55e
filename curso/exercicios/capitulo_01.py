"""As verificações do capítulo 1."""

from __future__ import annotations

import numbers

from curso.exercicios import exercicio
from curso.exercicios.sentimento import classificador

COMENTARIOS = [
    "Adorei a oficina, aprendi muito.",
    "A sala estava quente e o som falhava.",
    "Professora paciente e exemplos claros.",
    "Perdi o meu tempo.",
    "Quero fazer a próxima turma!",
]
FRASE = "Não gostei nem um pouco."


@exercicio("01-1.a", erro_tipico="quantas_positivas = len(classificador(comentarios))")
def quantas_positivas(resposta) -> str | None:
    certa = sum(r["label"] == "positivo" for r in classificador()(COMENTARIOS))
    if isinstance(resposta, bool) or not isinstance(resposta, numbers.Integral):
        return "a resposta é um número inteiro: quantos resultados têm o rótulo «positivo»."
    if resposta == len(COMENTARIOS) != certa:
        return f"{resposta} é o total de comentários. Conte só os resultados cujo `label` é «positivo»."
    if resposta != certa:
        return "o número não bate. Imprima os resultados um a um e confira qual rótulo está sendo contado."
    return None


@exercicio("01-1.b", erro_tipico='probabilidade_positiva = classificador("Não gostei nem um pouco.")[0]["score"]')
def probabilidade_positiva(resposta) -> str | None:
    notas = {r["label"]: r["score"] for r in classificador()(FRASE, top_k=None)}
    if isinstance(resposta, bool) or not isinstance(resposta, numbers.Real):
        return "a resposta é só o número, o `score` do rótulo «positivo»."
    if abs(resposta - notas["positivo"]) <= 1e-3:
        return None
    if abs(resposta - notas["negativo"]) <= 1e-3:
        return "esta é a probabilidade de «negativo». Procure, na lista, o dicionário cujo `label` é «positivo»."
    if abs(resposta - notas["positivo"]) <= 1e-2:
        return "quase: não arredonde, guarde o número inteiro que saiu."
    if 1 < resposta <= 100:
        return "a probabilidade vai de 0 a 1, e não de 0 a 100."
    return f"o número não bate. Confira se a frase é exatamente «{FRASE}»."
