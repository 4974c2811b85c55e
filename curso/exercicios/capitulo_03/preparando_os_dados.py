"""As verificações de «3.1 Preparando os dados»."""

from __future__ import annotations

import random

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero, tokenizer_de

PARES = [(f"Recado número {n}.", tema) for n in range(30) for tema in ("casa", "clima", "saúde")[: 1 + n % 3]]
NO_TESTE = 20
TAMANHOS = [9, 30, 12, 11, 31, 10, 29, 13]
LOTE = 4
CARTA = "Querida tia, a chuva levou o telhado da escola, mas ninguém se machucou. " * 3
HIPOTESE = "Este texto é sobre os estragos que a chuva fez na escola."
MAXIMO = 24


def divisao() -> tuple[list[str], list[str]]:
    """Os textos de treino e de teste do exercício a: pares embaralhados e só depois divididos."""
    pares = PARES.copy()
    random.Random(2).shuffle(pares)
    textos = [texto for texto, _ in pares]
    return textos[NO_TESTE:], textos[:NO_TESTE]


@exercicio("03-1.a", erro_tipico="vazados = len([t for t in textos_de_treino if t in textos_de_teste])")
def textos_vazados(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: quantos textos diferentes aparecem dos dois lados."
    treino, teste = divisao()
    if resposta == len(set(treino) & set(teste)):
        return None
    if resposta == len(set(teste)):
        return "este é o número de textos diferentes do teste. Conte só os que estão também no treino."
    if resposta in (sum(t in set(teste) for t in treino), sum(t in set(treino) for t in teste)):
        return "você contou linhas, e um texto pode ter mais de uma. Conte textos diferentes, com `set`."
    return "compare os dois conjuntos de textos diferentes: o sinal `&` entre dois `set` dá o que eles têm em comum."


@exercicio("03-1.b", erro_tipico="codigo = tokenizer(carta, hipotese, truncation=True, max_length=24)")
def par_cortado(resposta) -> str | None:
    if not hasattr(resposta, "keys") or "input_ids" not in resposta:
        return "a resposta é o que o tokenizer devolve, com `input_ids`. Passe os dois textos em uma chamada só."
    ids = resposta["input_ids"]
    ids = ids.tolist() if hasattr(ids, "tolist") else ids
    ids = list(ids[0] if ids and isinstance(ids[0], list) else ids)
    tokenizer = tokenizer_de("fill-mask")
    if ids == tokenizer(CARTA, HIPOTESE, truncation="only_first", max_length=MAXIMO)["input_ids"]:
        return None
    if ids == tokenizer(HIPOTESE, CARTA, truncation="only_second", max_length=MAXIMO)["input_ids"]:
        return "o corte está certo, mas o par está trocado: primeiro o texto, depois a hipótese."
    if len(ids) > MAXIMO:
        return f"são {len(ids)} tokens, e o enunciado pede no máximo {MAXIMO}: faltam `truncation` e `max_length`."
    if ids == tokenizer(CARTA, truncation=True, max_length=MAXIMO)["input_ids"]:
        return "só a carta entrou. Passe a hipótese como segundo argumento."
    if ids == tokenizer(CARTA + " " + HIPOTESE, truncation=True, max_length=MAXIMO)["input_ids"]:
        return "os dois textos viraram um só, e o corte levou a hipótese. Passe cada um em um argumento."
    return 'a hipótese tem de ficar inteira: o corte sai só do primeiro texto, com `truncation="only_first"`.'


def _casas(tamanhos: list[int]) -> int:
    lotes = [tamanhos[i : i + LOTE] for i in range(0, len(tamanhos), LOTE)]
    return sum(max(lote) * len(lote) for lote in lotes)


@exercicio("03-1.c", erro_tipico="poupadas = 8 * max(tamanhos) - sum(tamanhos)")
def casas_poupadas(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: quantas casas a menos."
    antes, depois = _casas(TAMANHOS), _casas(sorted(TAMANHOS))
    if resposta == antes - depois:
        return None
    if resposta == depois - antes:
        return "o número está certo, mas o sinal não: subtraia as casas de depois das de antes."
    if resposta in (antes, depois):
        return "estas são as casas de um dos jeitos. Faça a conta dos dois, e subtraia."
    if resposta in (antes - sum(TAMANHOS), len(TAMANHOS) * max(TAMANHOS) - sum(TAMANHOS)):
        return "este é o preenchimento de um jeito só. A pergunta é a diferença entre os dois jeitos."
    return (
        "em cada lote de 4, as casas são 4 vezes a sequência mais longa. Some os dois lotes, antes e depois de ordenar."
    )
