"""As verificações de «2.4 Várias sequências de uma vez»."""

from __future__ import annotations

import functools

from curso.exercicios import exercicio
from curso.exercicios.comum import e_numero, tokenizer_de

TRES = [[2, 6436, 169, 3], [2, 169, 3], [2, 11049, 1422, 929, 169, 3]]
FRASES = ["Esperei a vida inteira por um curso da Hugging Face.", "Odeio tanto isso!"]
DIARIO = " ".join(f"No dia {n} choveu." for n in range(1, 61))
TAMANHO_DA_JANELA, SOBREPOSICAO = 48, 12


def _em_listas(tabela) -> list | None:
    """Aceita lista de listas, tensor ou vetor do NumPy."""
    tabela = tabela.tolist() if hasattr(tabela, "tolist") else tabela
    if not isinstance(tabela, list | tuple) or not all(isinstance(linha, list | tuple) for linha in tabela):
        return None
    return [list(linha) for linha in tabela]


@exercicio("02-4.a", erro_tipico='entradas = {"input_ids": tres, "attention_mask": [[1] * len(s) for s in tres]}')
def lote_a_mao(resposta) -> str | None:
    if not hasattr(resposta, "keys") or not {"input_ids", "attention_mask"} <= set(resposta.keys()):
        return "a resposta é um dicionário com `input_ids` e `attention_mask`."
    ids, mascara = _em_listas(resposta["input_ids"]), _em_listas(resposta["attention_mask"])
    if ids is None or mascara is None:
        return "cada valor do dicionário é uma lista de listas, uma para cada sequência."
    maior = max(map(len, TRES))
    if len({len(linha) for linha in ids}) > 1:
        return "as linhas de `input_ids` têm tamanhos diferentes. Complete as curtas com 0 até o tamanho da mais longa."
    if ids == [[0] * (maior - len(s)) + s for s in TRES]:
        return "o enunciado pede o preenchimento à direita, depois dos números."
    if ids != [s + [0] * (maior - len(s)) for s in TRES]:
        return "confira `input_ids`: cada linha começa com a sequência, na mesma ordem, e termina com zeros."
    if mascara == [[1] * maior for _ in TRES]:
        return "a máscara está toda com 1, e assim o preenchimento contaria. Ponha 0 nas posições vazias."
    if [len(linha) for linha in mascara] != [maior] * len(TRES):
        return "a máscara tem de ter a mesma forma de `input_ids`."
    if mascara != [[1] * len(s) + [0] * (maior - len(s)) for s in TRES]:
        return "na máscara, 1 é token de verdade e 0 é preenchimento."
    return None


@functools.cache
def _estados():
    """Os estados do encoder para as duas frases, e a máscara."""
    import torch
    from transformers import AutoModel

    from curso.catalogo import modelo

    encoder = AutoModel.from_pretrained(modelo("feature-extraction"))
    lote = tokenizer_de("sentiment-analysis")(FRASES, padding=True, return_tensors="pt")
    with torch.inference_mode():
        return encoder(**lote).last_hidden_state, lote["attention_mask"]


@exercicio("02-4.b", erro_tipico="media = estados[1].mean(dim=0)")
def media_com_mascara(resposta) -> str | None:
    import torch

    if not isinstance(resposta, torch.Tensor):
        return "a resposta é um tensor."
    estados, mascara = _estados()
    resposta = resposta.detach().to("cpu", estados.dtype).squeeze()
    if resposta.shape != estados[1, 0].shape:
        return f"a forma é {tuple(resposta.shape)}; devia ser {tuple(estados[1, 0].shape)}, um número por dimensão."
    pesos = mascara[1].unsqueeze(-1)
    soma = (estados[1] * pesos).sum(dim=0)
    for valor, dica in (
        (soma / pesos.sum(), None),
        (estados[1].mean(dim=0), "esta é a média das 19 posições. Deixe de fora as de preenchimento, com a máscara."),
        (soma / len(pesos), "a soma está certa. Divida pelo número de uns da máscara, e não pelo de posições."),
        (soma, "esta é a soma. Falta dividir pelo número de uns da máscara."),
        (estados[0].mean(dim=0), "esta é a média da primeira frase. O enunciado pede a segunda, `estados[1]`."),
        (estados[1, 0], "este é o vetor do `[CLS]`. Faça a média de todos os tokens da frase."),
    ):
        if torch.allclose(resposta, valor, atol=1e-4):
            return dica
    return "os números não batem. Multiplique `estados[1]` pela máscara, some em `dim=0` e divida pelo número de uns."


@functools.cache
def _janelas(stride: int) -> int:
    tokenizer = tokenizer_de("sentiment-analysis")
    opcoes = {"truncation": True, "max_length": TAMANHO_DA_JANELA, "stride": stride}
    return len(tokenizer(DIARIO, return_overflowing_tokens=True, **opcoes)["input_ids"])


@exercicio("02-4.c", erro_tipico='quantas = len(tokenizer(diario)["input_ids"]) // 48')
def numero_de_janelas(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: quantas janelas."
    if resposta == _janelas(SOBREPOSICAO):
        return None
    if resposta == _janelas(0):
        return "esta é a conta sem sobreposição. Passe também `stride=12`."
    if resposta == _janelas(TAMANHO_DA_JANELA - SOBREPOSICAO):
        return "aqui `stride` é quantos tokens se repetem, 12, e não o tamanho do passo."
    return (
        "não bate. As janelas se sobrepõem, e duas casas de cada uma são do `[CLS]` e do `[SEP]`. "
        "Peça-as ao tokenizer, com `return_overflowing_tokens=True`, e conte."
    )
