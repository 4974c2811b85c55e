"""As verificações de «2.1 Por dentro do pipeline»."""

from __future__ import annotations

import functools
import math

from curso.exercicios import exercicio
from curso.exercicios.comum import pipeline_de, tokenizer_de

TRES = ["Odeio tanto isso!", "A entrega atrasou de novo.", "Esperei a vida inteira por um curso da Hugging Face."]
FESTA = "A festa começou às seis porque choveu até as quatro. Dona Lurdes vendeu duzentos pastéis."
PERGUNTAS = [
    "Por que a festa começou às seis?",
    "Quantos pastéis foram vendidos?",
    "Quem tocou na festa?",
    "Até quando choveu?",
]
LIMITE = 0.6


def _valor(resposta) -> float | None:
    """O número de um ``float``, de um inteiro ou de um tensor de um número só; ``None`` se não é um."""
    if isinstance(resposta, (bool, str)):
        return None
    try:
        valor = float(resposta)
    except (TypeError, ValueError, RuntimeError):
        return None
    return valor if math.isfinite(valor) else None


@functools.cache
def _tamanhos() -> list[int]:
    return [len(numeros) for numeros in tokenizer_de("sentiment-analysis")(TRES)["input_ids"]]


@functools.cache
def _respostas() -> list[dict]:
    responder = pipeline_de("question-answering")
    return [responder(question=pergunta, context=FESTA) for pergunta in PERGUNTAS]


@exercicio("02-1.a", erro_tipico="desperdicio = mascara.float().mean().item()")
def fracao_de_preenchimento(resposta) -> str | None:
    valor = _valor(resposta)
    if valor is None:
        return "a resposta é um número de 0 a 1: a fração da tabela que é preenchimento."
    tamanhos = _tamanhos()
    casas = max(tamanhos) * len(tamanhos)
    certa = 1 - sum(tamanhos) / casas
    if abs(valor - certa) <= 1e-4:
        return None
    if abs(valor - (1 - certa)) <= 1e-4:
        return "esta é a fração de tokens de verdade. O preenchimento é o que falta para 1."
    if abs(valor - certa * casas) <= 1e-4:
        return "esta é a quantidade de casas com `[PAD]`. Divida pelo total de casas da tabela."
    if abs(valor - 100 * certa) <= 1e-2:
        return "a fração vai de 0 a 1, e não de 0 a 100."
    if abs(valor - certa) <= 1e-2:
        return "quase: não arredonde, guarde o número inteiro que saiu."
    return "o número não bate. Conte os zeros da máscara e divida por todas as casas dela."


@exercicio("02-1.b", erro_tipico="quanto_acima = 0.9 - 0.1")
def diferenca_de_logits(resposta) -> str | None:
    valor = _valor(resposta)
    if valor is None:
        return "a resposta é um número: a diferença entre os dois logits."
    certa = math.log(9)
    if abs(valor - certa) <= 5e-3:
        return None
    if abs(valor + certa) <= 5e-3:
        return "o tamanho está certo, e o sinal, trocado: «positivo» é o mais provável, e o logit dele é o maior."
    if abs(valor - 0.8) <= 5e-3:
        return "esta é a diferença das probabilidades. A dos logits é o logaritmo da razão entre elas."
    if abs(valor - 9) <= 5e-3:
        return "«positivo» é mesmo nove vezes mais provável. Falta o logaritmo."
    if abs(valor - math.log10(9)) <= 5e-3 or abs(valor - math.log2(9)) <= 5e-3:
        return "a conta é esta, com o logaritmo natural, que em Python é `math.log`."
    return "o número não bate. Divida uma probabilidade pela outra e tire o logaritmo."


@exercicio(
    "02-1.c", erro_tipico='respostas = [responder({"question": p, "context": festa})["answer"] for p in perguntas]'
)
def respostas_com_limite(resposta) -> str | None:
    if not isinstance(resposta, (list, tuple)) or len(resposta) != len(PERGUNTAS):
        return f"a resposta é uma lista com {len(PERGUNTAS)} textos, um para cada pergunta."
    if not all(isinstance(item, str) for item in resposta):
        return "cada item da lista é um texto: o que está em `answer`, ou «não sei»."
    dadas = _respostas()
    certas = [r["answer"] if r["score"] >= LIMITE else "não sei" for r in dadas]
    escritas = [item.strip().lower() for item in resposta]
    if escritas == [certa.lower() for certa in certas]:
        return None
    if escritas == [r["answer"].lower() for r in dadas]:
        return "falta o limite: onde o `score` é menor que 0,6, a resposta é «não sei»."
    if escritas == [r["answer"].lower() if r["score"] < LIMITE else "não sei" for r in dadas]:
        return "o limite está ao contrário: «não sei» é para as notas baixas."
    errada = next(i for i, (a, b) in enumerate(zip(escritas, certas, strict=True)) if a != b.lower())
    return f"confira a resposta à pergunta «{PERGUNTAS[errada]}», e se o contexto é o da `festa`."
