"""``python -m oficina sentimento``: ajusta o encoder mirim para dizer se um texto é positivo ou negativo.

A receita, na ordem do que mais ajudou (os números estão no cartão do modelo):

1. partir do encoder pré-treinado, com as parcelas de letras e de dicionário (``parcelas.py``);
2. além das frases escritas para o curso, a opinião de um professor (regressão logística com o dicionário)
   sobre emendas de frases e sobre verbetes em frases curtas;
3. ruído: minúsculas, sem acento, sem ponto, uma letra trocada, uma palavra a menos;
4. por fim, só as frases escritas, sem o professor: ele não vê a ordem das palavras, e há frases em que ela decide.
"""

from __future__ import annotations

import random

import numpy as np
import torch
import torch.nn.functional as F
from transformers import BertForSequenceClassification

from curso.projeto import MODELOS
from oficina.ajuste_fino import codificar, juntar, partir_do_encoder, sujar
from oficina.dados import carregar
from oficina.professor import treinar_professor
from oficina.textos import Verbete, dicionario
from oficina.treino import Fila, comecar, gravar, treinar

PASTA = MODELOS / "sentimento-mirim"
ROTULOS = ["negativo", "positivo"]
MAXIMO_DE_TOKENS = 64  # nenhuma frase de treino passa disto
EPOCAS, FRASES_POR_PASSO, EMENDAS_POR_PASSO, EMENDAS = 8, 32, 24, 20_000
TAXA, DESCARTE, SUAVIZACAO = 4e-4, 0.2, 0.05
EPOCAS_SEM_PROFESSOR, TAXA_SEM_PROFESSOR, DESCARTE_SEM_PROFESSOR = 4, 2e-4, 0.1


def fazer() -> None:
    """Treina e grava ``modelos/sentimento-mirim``."""
    sorteio = comecar()
    frases, rotulos = frases_e_rotulos("treino")
    polares = polares_de(dicionario())
    aprendiz, tokenizer = partir_do_encoder(
        BertForSequenceClassification,
        descarte=DESCARTE,
        id2label=dict(enumerate(ROTULOS)),
        label2id={nome: i for i, nome in enumerate(ROTULOS)},
    )
    professor = treinar_professor(frases + [f for f, _ in polares], rotulos + [r for _, r in polares])
    emendas = [emendar(frases, polares, sorteio) for _ in range(EMENDAS)]
    opinioes = np.clip(professor.predict_proba(emendas), 0.02, 0.98).tolist()
    filas = [Fila(com_certeza(frases, rotulos), sorteio), Fila(list(zip(emendas, opinioes, strict=True)), sorteio)]

    def perda() -> torch.Tensor:
        itens = filas[0].tirar(FRASES_POR_PASSO) + filas[1].tirar(EMENDAS_POR_PASSO)
        return perda_do_lote(aprendiz, tokenizer.backend_tokenizer, itens, sorteio)

    passos = EPOCAS * len(frases) // FRASES_POR_PASSO
    treinar("sentimento", aprendiz, perda, filas=filas, sorteio=sorteio, passos=passos, taxa=TAXA)
    gravar(aprendiz.assar(), tokenizer, PASTA)
    apurar()


def apurar() -> None:
    """Continua o que se gravou só com as frases escritas."""
    sorteio = comecar()
    frases, rotulos = frases_e_rotulos("treino")
    aprendiz, tokenizer = partir_do_encoder(BertForSequenceClassification, descarte=DESCARTE_SEM_PROFESSOR, pasta=PASTA)
    fila = Fila(com_certeza(frases, rotulos), sorteio)

    def perda() -> torch.Tensor:
        return perda_do_lote(aprendiz, tokenizer.backend_tokenizer, fila.tirar(FRASES_POR_PASSO), sorteio)

    passos = EPOCAS_SEM_PROFESSOR * len(frases) // FRASES_POR_PASSO
    treinar("sentimento-frases", aprendiz, perda, filas=[fila], sorteio=sorteio, passos=passos, taxa=TAXA_SEM_PROFESSOR)
    gravar(aprendiz.assar(), tokenizer, PASTA)


def com_certeza(frases: list[str], rotulos: list[int]) -> list[tuple[str, list[float]]]:
    """Cada frase com as probabilidades que se querem dela: quase tudo no rótulo certo."""
    certeza = [[1 - SUAVIZACAO, SUAVIZACAO], [SUAVIZACAO, 1 - SUAVIZACAO]]
    return [(frase, certeza[rotulo]) for frase, rotulo in zip(frases, rotulos, strict=True)]


def perda_do_lote(aprendiz, tokenizer, itens: list[tuple[str, list[float]]], sorteio: random.Random) -> torch.Tensor:
    textos = [sujar(texto, sorteio) for texto, _ in itens]
    numeros = juntar(codificar(tokenizer, textos, MAXIMO_DE_TOKENS))
    return F.cross_entropy(aprendiz(numeros).logits, torch.tensor([alvo for _, alvo in itens]))


def frases_e_rotulos(parte: str) -> tuple[list[str], list[int]]:
    """Textos e rótulos (0 negativo, 1 positivo) de ``treino`` ou ``validacao``."""
    itens = carregar("sentimento", parte)
    return [item["texto"] for item in itens], [ROTULOS.index(item["rotulo"]) for item in itens]


def em_frase(polares: list[tuple[str, int]], sorteio: random.Random) -> str:
    """Um verbete com polaridade dentro de uma frase curta: sozinho, negado, em contraste…"""
    forma, _ = sorteio.choice(polares)
    outra, _ = sorteio.choice(polares)
    moldura = sorteio.choice(
        [
            "{a}",
            "{a}",
            "achei {a}",
            "foi {a}",
            "isso é {a}",
            "a gente achou {a}",
            "ficou {a}",
            "muito {a}",
            "que {a}",
            "não {a}",
            "não foi {a}",
            "nada {a}",
            "nem um pouco {a}",
            "{b}, mas {a}",
            "{b}, só que {a}",
            "apesar de {b}, {a}",
            "{a} e {b}",
        ]
    )
    texto = moldura.format(a=forma, b=outra)
    if sorteio.random() < 0.5:
        texto = texto[:1].upper() + texto[1:]
    return texto + sorteio.choice(["", ".", "!", "..."])


def emendar(frases: list[str], polares: list[tuple[str, int]], sorteio: random.Random) -> str:
    """Texto novo para o professor julgar: o começo de uma frase com o fim de outra, ou um verbete em frase."""
    if sorteio.random() < 0.4:
        return em_frase(polares, sorteio)
    uma, outra = (sorteio.choice(frases).split() for _ in range(2))
    return " ".join(uma[: sorteio.randint(1, len(uma))] + outra[sorteio.randint(0, len(outra) - 1) :])


def polares_de(verbetes: list[Verbete]) -> list[tuple[str, int]]:
    """Toda forma de verbete com polaridade, e se é positiva (1) ou negativa (0)."""
    return [
        (forma, int(v.polaridade == "+"))
        for v in verbetes
        if v.polaridade in "+-"
        for forma in (v.expressao, *v.formas)
    ]
