"""``python -m oficina transferencia``: o mesmo treino com e sem pré-treinamento, com cada vez mais exemplos.

Mede a curva que o notebook 01-2 mostra: achar pessoas, organizações e lugares, partindo do encoder pré-treinado ou de
pesos ao acaso. Tudo o mais é igual: a arquitetura, o tokenizer, os exemplos, os passos, a taxa.
"""

from __future__ import annotations

import json
import random

import torch
import torch.nn.functional as F
from tqdm import tqdm
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer, pipeline

from curso.carimbo import gravar_inteiro
from curso.projeto import MODELOS
from oficina.ajuste_fino import juntar
from oficina.dados import desmarcar, entidades_marcadas
from oficina.entidades import MAXIMO_DE_TOKENS, ROTULOS, rotular
from oficina.provas import f1_de_entidades
from oficina.textos import avaliacao
from oficina.treino import MEDIDAS, SEMENTE

ENCODER = MODELOS / "encoder-mirim"
ARQUIVO = MEDIDAS / "transferencia.json"
TAMANHOS = (50, 100, 200, 400, 800, 1600, 3200)
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
        f1 = treinar_e_medir(partida, tamanho, semente)
        medidas.append({"partida": partida, "exemplos": tamanho, "semente": semente, "f1": f1})
        condicoes = {"passos": PASSOS, "frases_por_passo": FRASES_POR_PASSO, "taxa": TAXA}
        gravar_inteiro(ARQUIVO, json.dumps({**condicoes, "medidas": medidas}, indent=1, ensure_ascii=False) + "\n")


def treinar_e_medir(partida: str, tamanho: int, semente: int) -> float:
    """Treina um reconhecedor de entidades em ``tamanho`` frases e devolve o F1 estrito nas frases livres."""
    sorteio = random.Random(semente)
    torch.manual_seed(semente)
    tokenizer = AutoTokenizer.from_pretrained(ENCODER)
    configuracao = AutoConfig.from_pretrained(
        ENCODER,
        id2label=dict(enumerate(ROTULOS)),
        label2id={nome: numero for numero, nome in enumerate(ROTULOS)},
    )
    if partida == PARTIDAS[0]:
        modelo = AutoModelForTokenClassification.from_pretrained(ENCODER, config=configuracao)
    else:
        modelo = AutoModelForTokenClassification.from_config(configuracao)
    exemplos = sorteio.sample(entidades_marcadas("treino"), tamanho)
    otimizador = torch.optim.AdamW(modelo.parameters(), lr=TAXA)
    ritmo = torch.optim.lr_scheduler.LambdaLR(otimizador, lambda p: min(1, (p + 1) / 25) * (1 - p / PASSOS))
    modelo.train()
    for _ in range(PASSOS):
        itens = sorteio.choices(exemplos, k=FRASES_POR_PASSO)
        codigos = tokenizer.backend_tokenizer.encode_batch([texto for texto, _ in itens])
        numeros = juntar([codigo.ids[:MAXIMO_DE_TOKENS] for codigo in codigos])
        alvos = [rotular(codigo, marcas)[:MAXIMO_DE_TOKENS] for codigo, (_, marcas) in zip(codigos, itens, strict=True)]
        logits = modelo(numeros, attention_mask=(numeros != 0).long()).logits
        F.cross_entropy(logits.flatten(0, 1), juntar(alvos, -100).flatten()).backward()
        torch.nn.utils.clip_grad_norm_(modelo.parameters(), 1.0)
        otimizador.step()
        ritmo.step()
        otimizador.zero_grad()
    reconhecedor = pipeline("ner", model=modelo.eval(), tokenizer=tokenizer, aggregation_strategy="simple")
    livres = [desmarcar(colunas[0]) for colunas in avaliacao("entidades")]
    return f1_de_entidades(
        lambda texto: {(e["start"], e["end"], e["entity_group"]) for e in reconhecedor(texto)}, livres
    )
