"""``python -m oficina entidades``: ajusta o encoder mirim para achar pessoas, organizações e lugares.

O que ajuda: trocar os nomes das frases escritas por outros do mesmo tipo e gênero (do dicionário e das outras
frases), para que o modelo olhe o contexto e não decore nomes; minúsculas; frases emendadas; nomes soltos.
"""

from __future__ import annotations

import random

import torch
import torch.nn.functional as F
from transformers import BertForTokenClassification

from curso.projeto import MODELOS
from oficina.ajuste_fino import juntar, partir_do_encoder
from oficina.dados import Marcado, desmarcar, entidades_marcadas
from oficina.textos import livre, sem_acentos
from oficina.textos.gramatica import frases_de_nomes, nomes
from oficina.treino import Fila, comecar, gravar, treinar

PASTA = MODELOS / "entidades-mirim"
ROTULOS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
EPOCAS, FRASES_POR_PASSO, FEITAS_POR_PASSO, FEITAS, TAXA, DESCARTE = 14, 28, 5, 4_000, 6e-4, 0.15
MAXIMO_DE_TOKENS = 120


def fazer() -> None:
    """Treina e grava ``modelos/entidades-mirim``."""
    sorteio = comecar()
    marcados = entidades_marcadas("treino")
    aprendiz, tokenizer = partir_do_encoder(
        BertForTokenClassification,
        descarte=DESCARTE,
        id2label=dict(enumerate(ROTULOS)),
        label2id={nome: i for i, nome in enumerate(ROTULOS)},
    )
    fila, trocas = Fila(marcados, sorteio), Trocas(marcados, sorteio)
    moldadas = [desmarcar(frase) for frase in frases_de_nomes(sorteio, FEITAS)]
    feitas = Fila([item for item in moldadas if livre(item[0])], sorteio)

    def perda() -> torch.Tensor:
        sorteados = fila.tirar(FRASES_POR_PASSO) + feitas.tirar(FEITAS_POR_PASSO)
        itens = [variar(item, fila, trocas, sorteio) for item in sorteados]
        codigos = tokenizer.backend_tokenizer.encode_batch([texto for texto, _ in itens])
        numeros = juntar([codigo.ids[:MAXIMO_DE_TOKENS] for codigo in codigos])
        alvos = [rotular(codigo, marcas)[:MAXIMO_DE_TOKENS] for codigo, (_, marcas) in zip(codigos, itens, strict=True)]
        return F.cross_entropy(aprendiz(numeros).logits.flatten(0, 1), juntar(alvos, -100).flatten())

    passos = EPOCAS * len(marcados) // FRASES_POR_PASSO
    treinar("entidades", aprendiz, perda, filas=[fila, feitas], sorteio=sorteio, passos=passos, taxa=TAXA)
    gravar(aprendiz.assar(), tokenizer, PASTA)


def rotular(codigo, marcas: list[tuple[int, int, str]]) -> list[int]:
    """Um rótulo por token: ``B-`` no primeiro de cada entidade, ``I-`` nos seguintes, -100 nos especiais."""
    rotulos = []
    for (de, ate), especial in zip(codigo.offsets, codigo.special_tokens_mask, strict=True):
        if especial:
            rotulos.append(-100)
            continue
        dentro = next(((inicio, tipo) for inicio, fim, tipo in marcas if inicio <= de and ate <= fim), None)
        nome = "O" if dentro is None else f"{'B' if de == dentro[0] else 'I'}-{dentro[1]}"
        rotulos.append(ROTULOS.index(nome))
    return rotulos


class Trocas:
    """Nomes para pôr no lugar de outros: os do dicionário e os das próprias frases, por tipo e gênero."""

    def __init__(self, marcados: list[Marcado], sorteio: random.Random):
        self.sorteio = sorteio
        self.por_genero = nomes()
        self.genero = {nome: genero for (tipo, genero), lista in self.por_genero.items() for nome in lista}
        self.das_frases: dict[str, list[str]] = {}
        for texto, marcas in marcados:
            for de, ate, tipo in marcas:
                self.das_frases.setdefault(tipo, []).append(texto[de:ate])

    def outro(self, nome: str, tipo: str) -> str:
        genero = self.genero.get(nome, self.genero.get(nome.split()[0]))
        lista = self.por_genero.get((tipo, genero)) if genero else None
        if lista is None or self.sorteio.random() < 0.3:
            return self.sorteio.choice(self.das_frases[tipo])
        novo = self.sorteio.choice(lista)
        if tipo == "PER" and " " not in novo and self.sorteio.random() < 0.4:
            novo += " " + self.sorteio.choice(self.por_genero[("PER", "-")])
        return novo


def variar(item: Marcado, fila: Fila, trocas: Trocas, sorteio: random.Random) -> Marcado:
    """Uma frase com nomes trocados, às vezes emendada em outra, às vezes em minúsculas ou sem acentos."""
    texto, marcas = item
    if sorteio.random() < 0.15:
        texto, marcas = emendar(item, sorteio.choice(fila.itens))
    if sorteio.random() < 0.6:
        texto, marcas = trocar_nomes(texto, marcas, trocas, sorteio)
    dado = sorteio.random()
    if dado < 0.12:
        texto = texto.lower()
    elif dado < 0.16 and len(texto.upper()) == len(texto):
        texto = texto.upper()
    if sorteio.random() < 0.08:
        sem = sem_acentos(texto)
        texto = sem if len(sem) == len(texto) else texto
    if sorteio.random() < 0.15:
        texto = texto.rstrip(".")
    return texto, marcas


def emendar(uma: Marcado, outra: Marcado) -> Marcado:
    desvio = len(uma[0]) + 1
    return f"{uma[0]} {outra[0]}", uma[1] + [(de + desvio, ate + desvio, tipo) for de, ate, tipo in outra[1]]


def trocar_nomes(texto: str, marcas: list, trocas: Trocas, sorteio: random.Random) -> Marcado:
    partes, novas, fim_anterior, tamanho = [], [], 0, 0
    for de, ate, tipo in marcas:
        nome = texto[de:ate]
        if sorteio.random() < 0.6:
            minusculo = nome == nome.lower()
            nome = trocas.outro(nome, tipo)
            nome = nome.lower() if minusculo else nome
        antes = texto[fim_anterior:de]
        partes += [antes, nome]
        inicio = tamanho + len(antes)
        tamanho = inicio + len(nome)
        novas.append((inicio, tamanho, tipo))
        fim_anterior = ate
    return "".join(partes) + texto[fim_anterior:], novas
