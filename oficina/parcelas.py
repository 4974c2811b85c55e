"""Embeddings que já nascem sabendo: tabela + n-gramas de letras + dicionário, somados no fim em uma tabela comum.

Uma palavra rara quase não aparece no treino, e o seu vetor ficaria ao acaso. Por isso, enquanto treina,
cada token soma ao seu vetor o dos seus pedaços de 3 a 5 letras e o que o dicionário mirim diz dele. Depois
do treino, ``assar`` soma as parcelas na tabela, e o que se grava é um BERT como outro qualquer.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from transformers import BertPreTrainedModel

from oficina.vocabulario import BALDES


class Parcelas(torch.nn.Module):
    """Calcula os vetores dos tokens de um modelo da família BERT enquanto ele treina.

    Args:
        modelo: o modelo da biblioteca, com a sua tabela de embeddings.
        gramas: ``[vocabulário, n]``, baldes dos n-gramas de cada token (``BALDES`` preenche).
        saber: ``[vocabulário, m]``, o que o dicionário diz de cada token.
        acaso: desvio padrão inicial das parcelas; zero para continuar de um modelo já treinado.
    """

    def __init__(self, modelo: BertPreTrainedModel, gramas: torch.Tensor, saber: torch.Tensor, acaso: float = 0.0):
        super().__init__()
        self.modelo = modelo
        largura = modelo.config.hidden_size
        self.letras = torch.nn.Embedding(BALDES, largura)
        self.verbetes = torch.nn.Linear(saber.shape[1], largura, bias=False)
        for peso in (self.letras.weight, self.verbetes.weight):
            torch.nn.init.normal_(peso, std=acaso) if acaso else torch.nn.init.zeros_(peso)
        cheios = gramas != BALDES
        quantos = cheios.sum(1)
        self.register_buffer("pedacos", gramas[cheios], persistent=False)
        self.register_buffer("inicios", torch.cumsum(quantos, 0) - quantos, persistent=False)
        self.register_buffer("escala", quantos.clamp(min=1).rsqrt().unsqueeze(1), persistent=False)
        self.register_buffer("saber", saber, persistent=False)

    def tabela(self) -> torch.Tensor:
        """Os vetores de todos os tokens, ``[vocabulário, largura]``: o que a tabela comum será depois de assar."""
        letras = F.embedding_bag(self.pedacos, self.letras.weight, self.inicios, mode="sum") * self.escala
        return self.modelo.get_input_embeddings().weight + letras + self.verbetes(self.saber)

    def forward(self, input_ids: torch.Tensor, tabela: torch.Tensor | None = None, **resto) -> torch.Tensor:
        """O mesmo que o modelo devolveria para ``input_ids`` se a tabela já estivesse assada."""
        tabela = self.tabela() if tabela is None else tabela
        return self.modelo(inputs_embeds=tabela[input_ids], attention_mask=(input_ids != 0).long(), **resto)

    @torch.no_grad()
    def assar(self) -> BertPreTrainedModel:
        """Soma as parcelas na tabela de embeddings do modelo, e o devolve."""
        self.modelo.get_input_embeddings().weight.copy_(self.tabela())
        self.letras.weight.zero_()
        self.verbetes.weight.zero_()
        return self.modelo.eval()
