"""As verificações de «2.3 Tokenizers»."""

from __future__ import annotations

from curso.exercicios import exercicio
from curso.exercicios.comum import e_numero, tokenizer_de

FRASE_DO_CUSTO = "A desburocratização do cartório demorou anos."
TEXTO_DAS_CORTADAS = "O otorrinolaringologista de Itaquaquecetuba atende às quintas."
PALAVRA_DO_BPE, PEDACOS_DO_BPE = "patos", ["p", "ato", "s"]


@exercicio("02-3.a", erro_tipico='custo = len(tokenizer(frase)["input_ids"]) / len(frase.split())')
def custo_por_palavra(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: tokens divididos por palavras."
    tokens, palavras = len(tokenizer_de("fill-mask").tokenize(FRASE_DO_CUSTO)), len(FRASE_DO_CUSTO.split())
    if abs(resposta - tokens / palavras) <= 0.01:
        return None
    if abs(resposta - (tokens + 2) / palavras) <= 0.01:
        return "o `[CLS]` e o `[SEP]` entraram na conta. Use `tokenize`, que só corta, ou `add_special_tokens=False`."
    if abs(resposta - palavras / tokens) <= 0.01:
        return "a divisão está invertida: são tokens por palavra."
    if abs(resposta - tokens) <= 0.01:
        return "este é o total de tokens. Divida pelo número de palavras."
    if abs(resposta - (tokens - 1) / palavras) <= 0.01:
        return "o ponto final também é um token."
    return "o número não bate. Confira a frase, e conte as palavras com `frase.split()`."


@exercicio("02-3.b", erro_tipico='cortadas = [t for t in codigo.tokens() if t.startswith("##")]')
def palavras_cortadas(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, list | tuple | set):
        return "a resposta é uma lista de textos: as palavras que viraram mais de um token."
    dadas = [str(dada).strip(".,!? ") for dada in resposta]
    if any(dada.startswith("##") for dada in dadas):
        return "estes são pedaços. O que se pede são as palavras inteiras, como estão no texto: use `word_to_chars`."
    codigo = tokenizer_de("fill-mask")(TEXTO_DAS_CORTADAS)
    de_cada_um = codigo.word_ids()
    certas = set()
    for palavra in set(de_cada_um) - {None}:
        if de_cada_um.count(palavra) > 1:
            inicio, fim = codigo.word_to_chars(palavra)
            certas.add(TEXTO_DAS_CORTADAS[inicio:fim])
    if set(dadas) == certas:
        return None
    if not set(dadas) - certas:
        return f"até aqui está certo, e falta: são {len(certas)} palavras ao todo."
    if certas < set(dadas):
        return "há palavras a mais. Fique só com os números que aparecem mais de uma vez em `word_ids()`."
    return "conte quantas vezes cada número aparece em `word_ids()`; os repetidos são as palavras cortadas."


@exercicio("02-3.c", erro_tipico='pedacos = list("patos")')
def aplicar_as_juncoes(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, list | tuple):
        return 'a resposta é uma lista de pedaços, como ["pa", "tos"].'
    dados = [str(pedaco) for pedaco in resposta]
    if dados == PEDACOS_DO_BPE:
        return None
    if "".join(dados) != PALAVRA_DO_BPE:
        return f"juntos, os pedaços têm de formar «{PALAVRA_DO_BPE}»."
    if dados == list(PALAVRA_DO_BPE):
        return "estas são as letras. Aplique nelas cada par de `juncoes`, na ordem, com `juntar`."
    if dados == ["p", "at", "o", "s"]:
        return "você aplicou só a primeira junção. Percorra a lista inteira."
    return "só se junta o que está em `juncoes`, na ordem da lista. Escreva o `for` e imprima os pedaços a cada passo."
