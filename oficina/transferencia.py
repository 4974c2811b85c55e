"""``python -m oficina transferencia``: o mesmo treino com e sem pré-treinamento, com cada vez mais exemplos.

Mede a curva que o notebook 01-2 mostra: com poucos exemplos rotulados, quem parte do encoder pré-treinado acerta
muito mais. Tudo o mais é igual: a arquitetura, o tokenizer, os exemplos, os passos, a taxa.
"""

from __future__ import annotations

import json
import random

import torch
import torch.nn.functional as F
from tqdm import tqdm
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from curso.carimbo import gravar_inteiro
from curso.projeto import MODELOS
from oficina.provas import frases_livres
from oficina.sentimento import frases_e_rotulos
from oficina.treino import MEDIDAS, SEMENTE

ENCODER = MODELOS / "encoder-mirim"
ARQUIVO = MEDIDAS / "transferencia.json"
TAMANHOS = (50, 100, 200, 400, 800, 1600, 3200, 6400)
SEMENTES, PASSOS, FRASES_POR_PASSO, TAXA = 3, 250, 16, 5e-4
PARTIDAS = ("pré-treinado", "pesos ao acaso")


def fazer() -> None:
    """Grava ``medidas/transferencia.json``; o que já foi medido não se repete, se for interrompido."""
    torch.set_num_threads(1)
    medidas = json.loads(ARQUIVO.read_text(encoding="utf-8"))["medidas"] if ARQUIVO.exists() else []
    feitas = {(m["partida"], m["exemplos"], m["semente"]) for m in medidas}
    faltam = [
        (partida, tamanho, SEMENTE + k)
        for k in range(SEMENTES)
        for tamanho in TAMANHOS
        for partida in PARTIDAS
        if (partida, tamanho, SEMENTE + k) not in feitas
    ]
    for partida, tamanho, semente in tqdm(faltam, unit="treino"):
        acerto = treinar_e_medir(partida, tamanho, semente)
        medidas.append({"partida": partida, "exemplos": tamanho, "semente": semente, "acerto": acerto})
        condicoes = {"passos": PASSOS, "frases_por_passo": FRASES_POR_PASSO, "taxa": TAXA}
        gravar_inteiro(ARQUIVO, json.dumps({**condicoes, "medidas": medidas}, indent=1, ensure_ascii=False) + "\n")


def treinar_e_medir(partida: str, tamanho: int, semente: int) -> float:
    """Treina um classificador de sentimento em ``tamanho`` frases e devolve a fração de acertos nas frases livres."""
    sorteio = random.Random(semente)
    torch.manual_seed(semente)
    tokenizer = AutoTokenizer.from_pretrained(ENCODER)
    if partida == PARTIDAS[0]:
        modelo = AutoModelForSequenceClassification.from_pretrained(ENCODER, num_labels=2)
    else:
        modelo = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(ENCODER, num_labels=2))
    exemplos = sorteio.sample(list(zip(*frases_e_rotulos("treino"), strict=True)), tamanho)
    otimizador = torch.optim.AdamW(modelo.parameters(), lr=TAXA)
    ritmo = torch.optim.lr_scheduler.LambdaLR(otimizador, lambda p: min(1, (p + 1) / 25) * (1 - p / PASSOS))
    modelo.train()
    for _ in range(PASSOS):
        frases, rotulos = zip(*sorteio.choices(exemplos, k=FRASES_POR_PASSO), strict=True)
        entradas = tokenizer(list(frases), padding=True, truncation=True, max_length=64, return_tensors="pt")
        F.cross_entropy(modelo(**entradas).logits, torch.tensor(rotulos)).backward()
        torch.nn.utils.clip_grad_norm_(modelo.parameters(), 1.0)
        otimizador.step()
        ritmo.step()
        otimizador.zero_grad()
    frases, rotulos = frases_livres()
    modelo.eval()
    with torch.inference_mode():
        entradas = tokenizer(frases, padding=True, truncation=True, return_tensors="pt")
        previstos = modelo(**entradas).logits.argmax(-1)
    return round((previstos == torch.tensor(rotulos)).float().mean().item(), 4)
