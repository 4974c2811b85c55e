"""O que as receitas de ajuste fino têm em comum: partir do encoder mirim, sujar o texto, montar o lote."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from curso.projeto import MODELOS
from oficina.parcelas import Parcelas
from oficina.textos import dicionario, sem_acentos
from oficina.vocabulario import n_gramas, por_numero, saber_do_dicionario

ENCODER = MODELOS / "encoder-mirim"


def partir_do_encoder(
    classe, descarte: float = 0.1, pasta: Path = ENCODER, **configuracao
) -> tuple[Parcelas, PreTrainedTokenizerFast]:
    """O encoder mirim com uma cabeça nova, e as parcelas de letras e de dicionário prontas para treinar.

    Args:
        classe: por exemplo ``BertForSequenceClassification``.
        descarte: dropout no treino.
        pasta: de onde vêm os pesos; outra que não a do encoder, para continuar um ajuste fino já feito.
        configuracao: o que muda na configuração (rótulos, por exemplo).
    """
    tokenizer = PreTrainedTokenizerFast.from_pretrained(pasta)
    modelo = classe.from_pretrained(
        pasta,
        hidden_dropout_prob=descarte,
        attention_probs_dropout_prob=descarte,
        **configuracao,
    )
    if pasta == ENCODER and not isinstance(modelo, BertForMaskedLM):
        _continuar_a_transformacao(modelo)
    tokens = por_numero(tokenizer.backend_tokenizer)
    return Parcelas(modelo, n_gramas(tokens), saber_do_dicionario(tokens, dicionario())), tokenizer


def _continuar_a_transformacao(modelo) -> None:
    """A camada densa do *pooler* não existe no pré-treinamento: começa perto da identidade, e não do acaso."""
    pooler = getattr(modelo.bert, "pooler", None)
    if pooler is not None:
        with torch.no_grad():
            pooler.dense.weight.copy_(torch.eye(len(pooler.dense.weight)))
            pooler.dense.bias.zero_()


def juntar(listas: list[list[int]], valor: int = 0) -> torch.Tensor:
    """Listas de inteiros → tensor ``[lote, a maior]``, completado com ``valor``."""
    tensor = torch.full((len(listas), max(map(len, listas))), valor)
    for linha, lista in enumerate(listas):
        tensor[linha, : len(lista)] = torch.tensor(lista)
    return tensor


def codificar(tokenizer: Tokenizer, textos: list, maximo: int) -> list[list[int]]:
    """Números dos tokens de cada texto (ou par de textos), cortados em ``maximo`` sem perder o [SEP] final."""
    listas = [codigo.ids for codigo in tokenizer.encode_batch(textos)]
    return [lista if len(lista) <= maximo else [*lista[: maximo - 1], lista[-1]] for lista in listas]


# ------------------------------------------------------------------- o ruído


def sujar(texto: str, sorteio: random.Random, tirar: float = 0.1) -> str:
    """O mesmo texto como alguém com pressa o digitaria; em metade das vezes, sem uma fração das palavras."""
    if tirar and sorteio.random() < 0.5:
        texto = " ".join(p for p in texto.split() if sorteio.random() > tirar) or texto
    if sorteio.random() < 0.3:
        texto = texto.lower()
    if sorteio.random() < 0.15:
        texto = sem_acentos(texto)
    if sorteio.random() < 0.3:
        texto = texto.rstrip(".!") or texto
    elif sorteio.random() < 0.1:
        texto = texto.rstrip(".") + "!"
    if sorteio.random() < 0.15 and len(texto) > 8:
        texto = _errar_uma_letra(texto, sorteio)
    return texto


def _errar_uma_letra(texto: str, sorteio: random.Random) -> str:
    i = sorteio.randrange(1, len(texto) - 2)
    return sorteio.choice(
        [
            texto[:i] + texto[i + 1 :],
            texto[:i] + texto[i + 1] + texto[i] + texto[i + 2 :],
            texto[:i] + texto[i] * sorteio.randint(2, 4) + texto[i + 1 :],
        ]
    )
