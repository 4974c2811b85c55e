"""Laboratório: os três passos do pipeline sobre a frase que você escreve."""

from __future__ import annotations

from curso.desenho.estilo import Figura
from curso.desenho.passos import passos
from curso.laboratorios.base import LaboratorioDeTexto
from curso.laboratorios.sentimento import FRASE_INICIAL


def quadro(classificador, frase: str) -> Figura:
    """Pedaços, logits e probabilidades de uma frase, calculados com as peças do próprio pipeline."""
    import torch

    tokenizer, modelo = classificador.tokenizer, classificador.model
    entradas = tokenizer(frase, truncation=True, return_tensors="pt").to(modelo.device)
    with torch.inference_mode():
        logits = modelo(**entradas).logits[0]
    numeros = entradas["input_ids"][0].tolist()
    nomes = [modelo.config.id2label[i] for i in range(len(logits))]
    ordem = sorted(range(len(nomes)), key=nomes.__getitem__, reverse=True)
    probabilidades = logits.softmax(-1).tolist()
    return passos(
        frase,
        tokenizer.convert_ids_to_tokens(numeros),
        numeros,
        [nomes[i] for i in ordem],
        [logits[i].item() for i in ordem],
        [probabilidades[i] for i in ordem],
    )


class LaboratorioDosTresPassos(LaboratorioDeTexto):
    nome = "Laboratório dos três passos"

    def __init__(self, classificador, frase: str = FRASE_INICIAL):
        super().__init__(lambda digitada: quadro(classificador, digitada), frase)
