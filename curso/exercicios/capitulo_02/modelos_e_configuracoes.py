"""As verificações de «2.2 Modelos e configurações»."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from curso.exercicios import exercicio
from curso.exercicios.comum import e_numero

MEDIDAS_DO_A = {"vocab_size": 8_000, "hidden_size": 192, "num_hidden_layers": 6, "num_attention_heads": 6}
REDE_DO_A = 768
MEDIDAS_DO_C = {
    "vocab_size": 50_000,
    "hidden_size": 4_096,
    "num_hidden_layers": 48,
    "num_attention_heads": 32,
    "intermediate_size": 16_384,
}


@functools.cache
def _parametros(classe: str, **medidas: int) -> int:
    """Quantos parâmetros teria o modelo; montado em «meta», não ocupa memória."""
    import torch
    import transformers

    with torch.device("meta"):
        return getattr(transformers, classe)(transformers.BertConfig(**medidas)).num_parameters()


@functools.cache
def _tensores() -> dict[str, int]:
    """Nome e bytes de cada tensor do arquivo do encoder."""
    from curso.catalogo import modelo

    with open(Path(modelo("fill-mask")) / "model.safetensors", "rb") as arquivo:
        cabecalho = json.loads(arquivo.read(int.from_bytes(arquivo.read(8), "little")))
    return {
        nome: ficha["data_offsets"][1] - ficha["data_offsets"][0]
        for nome, ficha in cabecalho.items()
        if nome != "__metadata__"
    }


@exercicio("02-2.a", erro_tipico="quantos = BertModel(BertConfig(**medidas)).num_parameters()")
def parametros_de_uma_configuracao(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número inteiro: o que devolve `.num_parameters()`."
    if resposta == _parametros("BertModel", **MEDIDAS_DO_A, intermediate_size=REDE_DO_A):
        return None
    if resposta == _parametros("BertModel", **MEDIDAS_DO_A):
        return "falta `intermediate_size=768`. O que não se diz fica com o padrão, e o padrão é 3.072."
    if resposta == _parametros("BertForMaskedLM", **MEDIDAS_DO_A, intermediate_size=REDE_DO_A):
        return "este é o modelo com a cabeça que adivinha palavras. O enunciado pede `BertModel`."
    if resposta == _parametros("BertModel"):
        return "este é o BERT com as medidas padrão. Passe as do enunciado a `BertConfig`."
    return "o número não bate. Confira o nome de cada medida: um nome errado é aceito sem aviso."


@exercicio("02-2.b", erro_tipico="maior_tensor = max(cabecalho)")
def maior_tensor_do_arquivo(resposta) -> str | None:
    if not isinstance(resposta, str):
        return "a resposta é um texto: o nome do tensor, como está no cabeçalho."
    tensores = _tensores()
    if resposta == max(tensores, key=tensores.get):
        return None
    if resposta == "__metadata__":
        return "`__metadata__` não é um tensor. Deixe-o de fora antes de comparar."
    if resposta in tensores:
        return (
            f"este tensor existe e ocupa {tensores[resposta]} bytes, mas há maior. "
            "Compare o fim menos o início de `data_offsets`, e não os nomes."
        )
    return "não há tensor com esse nome no cabeçalho. Copie o nome inteiro, com os pontos."


@exercicio("02-2.c", erro_tipico="gigabytes = 9.89 * 4")
def memoria_de_um_modelo_grande(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: quantos GB."
    parametros = _parametros("BertModel", **MEDIDAS_DO_C)
    certa = parametros * 2 / 1e9
    for valor, dica in (
        (certa, None),
        (certa * 2, "esta conta é a de `float32`, de 4 bytes por parâmetro. Em `float16` são 2."),
        (certa / 2, "estes são os bilhões de parâmetros. Falta multiplicar pelos bytes de cada um."),
        (certa * 1e9, "isto está em bytes. Divida por 1e9 para ter GB."),
        (certa * 1e3, "isto está em MB. Divida por mil para ter GB."),
    ):
        if abs(resposta - valor) <= 0.01 * valor:
            return dica
    return "o número não bate. Monte o modelo em `torch.device('meta')`, conte os parâmetros e multiplique por 2 bytes."
