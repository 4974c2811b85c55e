"""As verificações de «3.4 Curvas de aprendizado», e o que elas mostram: treinos do notebook, medidos e arredondados."""

from __future__ import annotations

from collections.abc import Sequence

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero

PACIENCIA, TEXTOS, LIMITE = 3, 300, 2
# 120 textos, o encoder inteiro, taxa constante de 0,001, uma avaliação por época.
PERDAS = [1.76, 1.44, 1.20, 1.09, 1.25, 1.11, 1.29, 0.90, 0.99, 1.23, 1.13, 1.16]
# nome → de quantos em quantos passos se mediu, a perda de treino e a de validação
# fmt: off
_CURVAS = {
    "ana": (
        25,
        [1.73, 1.6, 1.49, 1.4, 1.36, 1.33, 1.3, 1.26, 1.26],
        [1.66, 1.51, 1.43, 1.36, 1.31, 1.28, 1.26, 1.24, 1.24],
    ),
    "bia": (
        8,
        [1.73, 1.26, 0.8, 0.45, 0.23, 0.13, 0.06, 0.04, 0.02, 0.02, 0.01, 0.01],
        [1.67, 1.3, 1.15, 1.08, 1.07, 1.17, 1.29, 1.48, 1.53, 1.59, 1.65, 1.69],
    ),
    "caio": (
        25,
        [1.65, 1.19, 0.93, 0.66, 0.52, 0.47, 0.31, 0.31, 0.23],
        [1.35, 0.97, 0.76, 0.66, 0.58, 0.51, 0.51, 0.49, 0.48],
    ),
}
# Os textos da validação, em ordem, em que cada modelo errou: o dos rótulos certos, e o dos rótulos relidos.
_ERROS_DE_A = {
    9, 11, 17, 19, 32, 61, 73, 81, 85, 94, 97, 102, 113, 115, 125, 129, 131, 139, 146, 152, 155, 167, 198,
    200, 203, 207, 212, 231, 233, 234, 236, 269, 273, 275, 284, 289, 292, 293, 298,
}
_ERROS_DE_B = {
    9, 17, 19, 32, 59, 61, 73, 77, 85, 92, 94, 101, 102, 113, 115, 117, 125, 131, 139, 146, 152, 155, 165,
    167, 191, 198, 200, 203, 207, 210, 211, 212, 228, 231, 232, 233, 241, 245, 269, 273, 275, 284, 288, 289,
    292, 293, 298,
}
# fmt: on
ACERTOS = tuple([texto not in erros for texto in range(TEXTOS)] for erros in (_ERROS_DE_A, _ERROS_DE_B))


def _historico(de_quantos: int, treino: Sequence[float], validacao: Sequence[float]) -> list[dict]:
    """No formato de ``trainer.state.log_history``: em cada passo, a linha do treino e a da avaliação."""
    linhas = []
    for vez, (perda, perda_na_validacao) in enumerate(zip(treino, validacao, strict=True), 1):
        linhas.append({"loss": perda, "step": vez * de_quantos})
        linhas.append({"eval_loss": perda_na_validacao, "step": vez * de_quantos})
    return linhas


HISTORICOS = {nome: _historico(*medidas) for nome, medidas in _CURVAS.items()}


@exercicio("03-4.a", erro_tipico='resposta = ("bia", 12)')
def quem_decorou(resposta) -> str | None:
    if not isinstance(resposta, tuple | list) or len(resposta) != 2 or not e_inteiro(resposta[1]):
        return 'a resposta é um par: o nome, entre aspas, e o número da avaliação, como ("ana", 3).'
    nome, avaliacao = resposta
    if nome not in _CURVAS:
        return "o nome é um dos três: ana, bia ou caio."
    _, treino, validacao = _CURVAS[nome]
    minimo = validacao.index(min(validacao)) + 1
    if validacao[-1] == min(validacao):
        return f"a perda de validação de {nome} terminou no seu mínimo. Procure a que desceu e voltou a subir."
    if avaliacao == minimo:
        return None
    if avaliacao == minimo - 1:
        return "o nome está certo. Para a avaliação, conte a partir de 1: `index` conta a partir de 0."
    if avaliacao in (len(validacao), treino.index(min(treino)) + 1):
        return "o nome está certo, mas ali a perda de treino é que é mínima. Procure o mínimo da de validação."
    return "o nome está certo. Procure a menor perda de validação, e conte em que avaliação ela está."


def _parada(perdas: Sequence[float], paciencia: int) -> int:
    """A avaliação em que o ``EarlyStoppingCallback`` para; a última, se ele não para."""
    melhor, sem_melhora = float("inf"), 0
    for avaliacao, perda in enumerate(perdas, 1):
        melhor, sem_melhora = (perda, 0) if perda < melhor else (melhor, sem_melhora + 1)
        if sem_melhora == paciencia:
            return avaliacao
    return len(perdas)


@exercicio("03-4.b", erro_tipico="avaliacao = PERDAS.index(min(PERDAS)) + 1 + 3")
def onde_para(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: a avaliação em que o treino para, contada a partir de 1."
    certa, menor_de_todas = _parada(PERDAS, PACIENCIA), PERDAS.index(min(PERDAS)) + 1
    if resposta == certa:
        return None
    if resposta == certa - 1:
        return "conte a partir de 1, e conte todas as três: ele para na terceira avaliação sem melhora."
    if resposta == certa - PACIENCIA:
        return "essa é a melhor avaliação até ali. O treino só para depois de mais três sem melhora."
    if resposta in (menor_de_todas, menor_de_todas + PACIENCIA):
        return "o treino não chega até lá: ande da primeira em diante, sem olhar o que vem depois."
    return "ande da esquerda para a direita, anotando o melhor até ali e há quantas avaliações ele não muda."


@exercicio("03-4.c", erro_tipico='resposta = (mean(acertos_a) - mean(acertos_b), "empate")')
def diferenca_de_verdade(resposta) -> str | None:
    if not isinstance(resposta, tuple | list) or len(resposta) != 2 or not e_numero(resposta[0]):
        return 'a resposta é um par: o número de desvios e o veredito, como (3.1, "diferença").'
    desvios, veredito = resposta
    so_a = sum(a and not b for a, b in zip(*ACERTOS, strict=True))
    so_b = sum(b and not a for a, b in zip(*ACERTOS, strict=True))
    certos = (so_a - so_b) / (so_a + so_b) ** 0.5
    if abs(desvios + certos) < 0.01:
        return "o tamanho está certo, e o sinal, trocado: primeiro os acertos de `a`, depois os de `b`."
    if desvios == so_a - so_b:
        return "essa é a diferença de acertos. Falta dividir pela raiz do número de discordâncias."
    if abs(desvios - certos) >= 0.01:
        return "conte os textos que só `a` acertou e os que só `b` acertou; a função `quantos_desvios` faz a conta."
    if veredito != ("diferença" if certos > LIMITE else "empate"):
        return "o número está certo. Com menos de dois desvios, o que se pode afirmar?"
    return None
