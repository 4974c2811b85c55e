"""Quem traduz quem: as probabilidades entre tokens de duas línguas, contadas nos pares (o Modelo 1 da IBM).

Um encoder–decoder pequeno passa horas sem descobrir para onde olhar na frase de entrada. Contar quais tokens andam
juntos leva segundos, e o treino usa essa contagem de três jeitos: para os vetores de uma palavra e da sua tradução
nascerem parecidos, para mostrar à atenção cruzada onde olhar, e para escrever entradas a partir de frases sem par.
"""

from __future__ import annotations

import random

import numpy as np
import torch

VOLTAS = 6
MENOR_CHANCE = 0.1  # abaixo disto, uma tradução não entra em uma glosa
IGUALDADE = 0.3  # quanto acaso fica no vetor de uma palavra que tem tradução


class Alinhamento:
    """A tabela t(entrada | saída) entre os tokens de um vocabulário comum às duas línguas.

    Args:
        chaves: ``entrada * tamanho + saída`` de cada par de tokens que tem chance, em ordem crescente.
        chances: a probabilidade de cada um.
    """

    def __init__(self, chaves: np.ndarray, chances: np.ndarray, tamanho: int):
        self.chaves, self.chances, self.tamanho = chaves, chances, tamanho
        self.traducoes: dict[int, tuple[list[int], list[float]]] = {}
        for chave, chance in zip(chaves, chances, strict=True):
            if chance > MENOR_CHANCE:
                entradas, pesos = self.traducoes.setdefault(int(chave % tamanho), ([], []))
                entradas.append(int(chave // tamanho))
                pesos.append(float(chance))

    @classmethod
    def contar(cls, pares: list[tuple[list[int], list[int]]], tamanho: int) -> Alinhamento:
        """Seis voltas de EM: cada token de entrada se explica por um dos tokens da saída do mesmo par."""
        entradas, saidas, lugares, antes = [], [], [], 0
        for entrada, saida in pares:
            entradas.append(np.tile(entrada, len(saida)))
            saidas.append(np.repeat(saida, len(entrada)))
            lugares.append(np.tile(np.arange(len(entrada)) + antes, len(saida)))
            antes += len(entrada)
        lugar = np.concatenate(lugares).astype(np.int64)
        chaves, qual = np.unique(
            np.concatenate(entradas).astype(np.int64) * tamanho + np.concatenate(saidas), return_inverse=True
        )
        chances, saida_da_chave = np.ones(len(chaves)), chaves % tamanho
        for _ in range(VOLTAS):
            parte = chances[qual]
            parte /= np.bincount(lugar, parte, minlength=antes)[lugar]
            contagem = np.bincount(qual, parte, minlength=len(chaves))
            chances = contagem / np.bincount(saida_da_chave, contagem, minlength=tamanho)[saida_da_chave]
        return cls(chaves, chances, tamanho)

    @classmethod
    def identidade(cls, tamanho: int) -> Alinhamento:
        """Para quando a saída é na língua da entrada: cada token se explica por ele mesmo."""
        numeros = np.arange(tamanho, dtype=np.int64)
        return cls(numeros * tamanho + numeros, np.ones(tamanho), tamanho)

    def vetores(self, largura: int, uso: tuple[np.ndarray, np.ndarray]) -> torch.Tensor:
        """Vetores ao acaso, em que o de um token de saída é a média dos das suas traduções.

        Args:
            uso: quantas vezes cada token aparece nas entradas e nas saídas.

        Returns:
            Tensor ``[vocabulário, largura]``, cada linha com comprimento 1.
        """
        acaso, resto = torch.randn(2, self.tamanho, largura)
        lugar = torch.from_numpy(np.stack([self.chaves % self.tamanho, self.chaves // self.tamanho]))
        tabela = torch.sparse_coo_tensor(
            lugar, torch.from_numpy(self.chances).float(), (self.tamanho, self.tamanho), check_invariants=False
        )
        medias = torch.sparse.mm(tabela, acaso)
        medias = torch.nn.functional.normalize(medias, dim=1) * largura**0.5
        na_saida = torch.from_numpy(uso[1] / np.maximum(1, uso[0] + uso[1])).float().unsqueeze(1)
        return torch.nn.functional.normalize(na_saida * medias + (1 - na_saida) * acaso + IGUALDADE * resto, dim=1)

    def onde_olhar(self, entradas: torch.Tensor, saidas: torch.Tensor, em_ordem: float) -> torch.Tensor:
        """Para cada token da saída, em que tokens da entrada ele está, pela tabela e pelo lugar na frase.

        Args:
            entradas, saidas: números dos tokens, ``[lote, tokens]``; 0 e -100 preenchem.
            em_ordem: quanto conta estar à mesma altura da frase; zero se a ordem não importa.

        Returns:
            Tensor ``[lote, tokens da saída, tokens da entrada]``; cada linha soma 1, ou 0 se a tabela não sabe.
        """
        procuradas = (entradas[:, None, :] * self.tamanho + saidas[:, :, None].clamp(min=0)).numpy()
        onde = np.searchsorted(self.chaves, procuradas).clip(max=len(self.chaves) - 1)
        pesos = torch.from_numpy(np.where(self.chaves[onde] == procuradas, self.chances[onde], 0.0)).float()
        altura_na_saida = torch.arange(saidas.shape[1]) / (saidas != -100).sum(1, keepdim=True)
        altura_na_entrada = torch.arange(entradas.shape[1]) / (entradas != 0).sum(1, keepdim=True)
        distancia = (altura_na_saida[:, :, None] - altura_na_entrada[:, None, :]).abs()
        pesos = pesos * torch.exp(-em_ordem * distancia) * ((saidas != -100)[:, :, None] & (entradas != 0)[:, None, :])
        soma = pesos.sum(-1, keepdim=True)
        return torch.where(soma > 0.02, pesos / soma.clamp(min=1e-9), 0.0)

    def glosar(self, saida: list[int], sorteio: random.Random) -> list[int]:
        """Uma entrada possível para uma frase que não tem par: token por token, com faltas e trocas de lugar."""
        glosa = []
        for token in saida:
            if token in self.traducoes:
                token = sorteio.choices(*self.traducoes[token])[0]
            if sorteio.random() > 0.1:
                glosa.append(token)
        for i in range(len(glosa) - 1):
            if sorteio.random() < 0.1:
                glosa[i], glosa[i + 1] = glosa[i + 1], glosa[i]
        return glosa
