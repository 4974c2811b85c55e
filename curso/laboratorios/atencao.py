"""Laboratório: para onde cada cabeça de atenção do encoder olha, na frase que você escreve."""

from __future__ import annotations

from curso.desenho.estilo import Figura
from curso.desenho.grade import grade
from curso.laboratorios.base import LaboratorioDeTexto, regua


def quadro(tokenizer, modelo, frase: str, camada: int, cabeca: int) -> Figura:
    """Os pesos de uma cabeça: cada linha é um token que olha, e soma 1.

    Args:
        modelo: carregado com ``attn_implementation="eager"``, a única que devolve os pesos.
        camada, cabeca: a partir de 1.

    Raises:
        ValueError: o modelo não devolve os pesos de atenção.
    """
    import torch

    entradas = tokenizer(frase, truncation=True, return_tensors="pt").to(modelo.device)
    with torch.inference_mode():
        atencoes = modelo(**entradas, output_attentions=True).attentions
    if not atencoes or atencoes[0] is None:
        raise ValueError('carregue o modelo com attn_implementation="eager"')
    tokens = tokenizer.convert_ids_to_tokens(entradas["input_ids"][0].tolist())
    pesos = atencoes[camada - 1][0, cabeca - 1].tolist()
    return grade(
        tokens, tokens, pesos, titulo=f"Camada {camada}, cabeça {cabeca}: cada linha diz para onde o token olha"
    )


class LaboratorioDeAtencao(LaboratorioDeTexto):
    """Attributes: ``camada`` e ``cabeca``, as réguas."""

    nome = "Laboratório de atenção"

    def __init__(self, tokenizer, modelo, frase: str = "Esperei a vida inteira por um curso da Hugging Face."):
        self.camada = regua("Camada", 1, 1, modelo.config.num_hidden_layers)
        self.cabeca = regua("Cabeça", 1, 1, modelo.config.num_attention_heads)
        super().__init__(
            lambda digitada: quadro(tokenizer, modelo, digitada, self.camada.value, self.cabeca.value),
            frase,
            [self.camada, self.cabeca],
        )
