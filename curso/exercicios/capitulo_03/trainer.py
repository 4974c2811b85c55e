"""As verificações de «3.2 O Trainer»."""

from __future__ import annotations

import math

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero

EXEMPLOS, LOTE, ACUMULO, EPOCAS = 1_000, 16, 4, 3
HISTORICO = [
    {"step": 100, "eval_loss": 0.55, "eval_acuracia": 0.71, "eval_f1": 0.70},
    {"step": 200, "eval_loss": 0.49, "eval_acuracia": 0.77, "eval_f1": 0.75},
    {"step": 300, "eval_loss": 0.51, "eval_acuracia": 0.78, "eval_f1": 0.79},
    {"step": 400, "eval_loss": 0.58, "eval_acuracia": 0.79, "eval_f1": 0.77},
]
# (notas de cada classe, resposta certa): poucos «não», para que as duas classes deem números diferentes
CASOS = [
    ([[2.0, 1.0], [0.0, 3.0], [1.0, 2.0], [0.5, 0.1], [0.0, 1.0], [0.2, 0.9]], [0, 1, 0, 1, 1, 1]),
    ([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], [0, 0, 0, 1]),
]


@exercicio(
    "03-2.a",
    erro_tipico="medir_o_nao = lambda previsoes: {'f1_nao': f1_score(previsoes.label_ids, "
    "previsoes.predictions.argmax(axis=-1))}",
)
def f1_do_nao(resposta) -> str | None:
    import numpy as np
    from sklearn.metrics import f1_score
    from transformers import EvalPrediction

    if not callable(resposta):
        return "a resposta é a função, sem parênteses: `verificar` a chama com previsões diferentes."
    for logits, certas in CASOS:
        previsoes = EvalPrediction(predictions=np.array(logits), label_ids=np.array(certas))
        devolvido = resposta(previsoes)
        if not isinstance(devolvido, dict) or "f1_nao" not in devolvido:
            return "o Trainer espera um dicionário: devolva `{'f1_nao': …}`."
        nota = devolvido["f1_nao"]
        if not e_numero(nota):
            return "o valor de `f1_nao` tem de ser um número."
        escolhas = np.array(logits).argmax(axis=-1)
        if math.isclose(nota, f1_score(certas, escolhas, pos_label=0), abs_tol=1e-6):
            continue
        if math.isclose(nota, f1_score(certas, escolhas), abs_tol=1e-6):
            return "este é o F1 do «sim», que `f1_score` calcula quando não se diz nada. Veja o argumento `pos_label`."
        return "o F1 do «não» é outro. As escolhas são o `argmax` de cada linha, e `pos_label` diz qual classe se mede."
    return None


@exercicio("03-2.b", erro_tipico="passo = historico[-1]['step']")
def melhor_checkpoint(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é o número do passo: 100, 200, 300 ou 400."
    if resposta == max(HISTORICO, key=lambda m: m["eval_f1"])["step"]:
        return None
    if resposta == max(HISTORICO, key=lambda m: m["eval_acuracia"])["step"]:
        return "este é o último, e o de maior acurácia. A medida escolhida foi outra."
    if resposta == min(HISTORICO, key=lambda m: m["eval_loss"])["step"]:
        return "este é o de menor perda na validação. A medida escolhida foi o F1, e nele o maior ganha."
    return "procure o registro de maior `eval_f1`."


@exercicio("03-2.c", erro_tipico="passos = 3 * exemplos // lote")
def passos_do_treino(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: quantas vezes os pesos mudam."
    lotes = math.ceil(EXEMPLOS / LOTE)
    certo = EPOCAS * math.ceil(lotes / ACUMULO)
    if resposta == certo:
        return None
    if resposta in (EPOCAS * lotes, EPOCAS * EXEMPLOS // LOTE):
        return "estes são os lotes. Com o acúmulo, os pesos só mudam uma vez a cada quatro lotes."
    if resposta == certo // EPOCAS:
        return "estes são os passos de uma época. O treino tem três."
    if resposta == EPOCAS * EXEMPLOS // (LOTE * ACUMULO):
        return "quase: em cada época, os exemplos que sobram ainda dão um lote, e os lotes que sobram, um passo."
    return "quantos lotes há em uma época? E de quatro em quatro, quantos passos? Arredonde para cima as duas vezes."
