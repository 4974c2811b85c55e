"""``python -m oficina encoder``: pré-treina o encoder mirim, adivinhando palavras escondidas (MLM).

O que mais conta, na ordem: texto em quantidade e variedade; um vocabulário de palavras inteiras; esconder
palavras inteiras, e não pedaços; as parcelas de letras e de dicionário (veja ``parcelas.py``); tempo.
"""

from __future__ import annotations

import random

import torch
import torch.nn.functional as F
from transformers import BertConfig, BertForMaskedLM

from curso.projeto import MODELOS
from oficina.corpus import (
    do_dia_a_dia,
    documentos,
    explicacoes_do_dicionario,
    perguntas_com_contexto,
    textos_com_rotulo,
)
from oficina.parcelas import Parcelas
from oficina.textos import dicionario
from oficina.treino import Fila, comecar, gravar, treinar
from oficina.vocabulario import (
    ESPECIAIS,
    n_gramas,
    para_transformers,
    por_numero,
    saber_do_dicionario,
    treinar_wordpiece,
)

PASTA = MODELOS / "encoder-mirim"
VOCABULARIO, LARGURA, CAMADAS, CABECAS, MAXIMO_DE_TOKENS = 12_000, 128, 4, 4, 256
TOKENS_POR_LOTE, LOTES_POR_SACO, TOKENS_POR_BLOCO = 3_000, 40, 160
PASSOS, TAXA, ESCONDIDAS = 8_500, 1.5e-3, 0.2
VEZES_DO_DIA_A_DIA = 3  # frases curtas e comuns contam mais: são as que mais se parecem com o que um aluno digita
MASCARA = ESPECIAIS.index("[MASK]")


def configuracao(tamanho: int) -> BertConfig:
    return BertConfig(
        vocab_size=tamanho,
        hidden_size=LARGURA,
        num_hidden_layers=CAMADAS,
        num_attention_heads=CABECAS,
        intermediate_size=4 * LARGURA,
        max_position_embeddings=MAXIMO_DE_TOKENS,
        hidden_dropout_prob=0.0,  # as palavras escondidas mudam a cada vez: o modelo não chega a decorar
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
    )


def fazer() -> None:
    """Treina e grava ``modelos/encoder-mirim`` (BertForMaskedLM)."""
    sorteio = comecar()
    verbetes, textos = dicionario(), documentos()
    formas = [f for v in verbetes for f in (v.expressao, *v.formas)]
    vocabulario = treinar_wordpiece(textos + formas + [v.expressao.capitalize() for v in verbetes], VOCABULARIO)
    tokens = por_numero(vocabulario)
    blocos = em_blocos(vocabulario, textos)
    blocos += em_blocos(vocabulario, do_dia_a_dia()) * (VEZES_DO_DIA_A_DIA - 1)
    blocos += [vocabulario.encode(p, c).ids for p, c in perguntas_com_contexto()]
    blocos += [vocabulario.encode(texto, hipotese).ids for texto, hipotese in textos_com_rotulo(sorteio)]
    blocos += [vocabulario.encode(frase).ids for frase in explicacoes_do_dicionario(sorteio)]

    modelo = BertForMaskedLM(configuracao(len(tokens)))
    aprendiz = Parcelas(modelo, n_gramas(tokens), saber_do_dicionario(tokens, verbetes), acaso=0.02)
    lotes = Lotes([bloco[:MAXIMO_DE_TOKENS] for bloco in blocos], tokens, sorteio)
    treinar(
        "encoder",
        aprendiz,
        lambda: perda_de_mlm(aprendiz, *lotes.proximo()),
        filas=[lotes],
        sorteio=sorteio,
        passos=PASSOS,
        taxa=TAXA,
        aquecimento=300,
    )
    gravar(aprendiz.assar(), para_transformers(vocabulario, MAXIMO_DE_TOKENS), PASTA)


def em_blocos(vocabulario, textos: list[str]) -> list[list[int]]:
    """Cada texto em um bloco de tokens; os longos, em vários, cortados no fim de uma frase quando há."""
    inicio, fim = ESPECIAIS.index("[CLS]"), ESPECIAIS.index("[SEP]")
    paradas = {vocabulario.token_to_id(sinal) for sinal in ".!?"}
    blocos = []
    for codigo in vocabulario.encode_batch(textos, add_special_tokens=False):
        resto = codigo.ids
        while resto:
            corte = len(resto)
            if corte > TOKENS_POR_BLOCO:
                corte = max((i + 1 for i in range(TOKENS_POR_BLOCO) if resto[i] in paradas), default=TOKENS_POR_BLOCO)
            blocos.append([inicio, *resto[:corte], fim])
            resto = resto[corte:]
    return blocos


class Lotes(Fila):
    """Blocos de tamanho parecido no mesmo lote, com algumas palavras escondidas."""

    def __init__(self, blocos: list[list[int]], tokens: list[str], sorteio: random.Random):
        super().__init__(blocos, sorteio)
        self.continua = {i for i, token in enumerate(tokens) if token.startswith("##")}
        self.quantos, self.saco = len(tokens), []

    def proximo(self) -> tuple[torch.Tensor, torch.Tensor]:
        """``input_ids`` e ``labels``, ambos ``[lote, tokens]``; ``labels`` é -100 onde nada foi escondido."""
        if not self.saco:
            self.saco = self._novo_saco()
        blocos = self.saco.pop()
        largura = max(map(len, blocos))
        entradas = torch.zeros(len(blocos), largura, dtype=torch.long)
        alvos = torch.full((len(blocos), largura), -100)
        for linha, bloco in enumerate(blocos):
            escondido, certos = self._esconder(bloco)
            entradas[linha, : len(bloco)] = torch.tensor(escondido)
            alvos[linha, : len(bloco)] = torch.tensor(certos)
        return entradas, alvos

    def estado(self):
        return [self.ordem, self.saco]

    def voltar(self, estado) -> None:
        self.ordem, self.saco = estado

    def _novo_saco(self) -> list[list[list[int]]]:
        tirados, total = [], 0
        while total < TOKENS_POR_LOTE * LOTES_POR_SACO:
            tirados += self.tirar(1)
            total += len(tirados[-1])
        lotes, lote = [], []
        for bloco in sorted(tirados, key=len):
            if lote and len(bloco) * (len(lote) + 1) > TOKENS_POR_LOTE:
                lotes.append(lote)
                lote = []
            lote.append(bloco)
        lotes.append(lote)
        self.sorteio.shuffle(lotes)
        return lotes

    def _esconder(self, bloco: list[int]) -> tuple[list[int], list[int]]:
        palavras: list[list[int]] = []
        for i, numero in enumerate(bloco):
            if numero < len(ESPECIAIS):
                continue
            if numero in self.continua and palavras and palavras[-1][-1] == i - 1:
                palavras[-1].append(i)
            else:
                palavras.append([i])
        escondido, certos = list(bloco), [-100] * len(bloco)
        quantas = max(1, round(len(palavras) * ESCONDIDAS))
        for palavra in self.sorteio.sample(palavras, min(quantas, len(palavras))):
            dado = self.sorteio.random()
            for i in palavra:
                certos[i] = bloco[i]
                if dado < 0.85:
                    escondido[i] = MASCARA
                elif dado < 0.95:
                    escondido[i] = self.sorteio.randrange(len(ESPECIAIS), self.quantos)
        return escondido, certos


def perda_de_mlm(aprendiz: Parcelas, entradas: torch.Tensor, alvos: torch.Tensor) -> torch.Tensor:
    """Entropia cruzada só onde há palavra escondida; a saída usa a mesma tabela da entrada."""
    tabela = aprendiz.tabela()
    estados = aprendiz.modelo.bert(
        inputs_embeds=tabela[entradas], attention_mask=(entradas != 0).long(), token_type_ids=segmentos(entradas)
    ).last_hidden_state
    onde = alvos != -100
    cabeca = aprendiz.modelo.cls.predictions
    logits = cabeca.transform(estados[onde]) @ tabela.T + cabeca.decoder.bias
    return F.cross_entropy(logits, alvos[onde])


def segmentos(entradas: torch.Tensor) -> torch.Tensor:
    """``token_type_ids``: 1 depois do primeiro [SEP], nos pares; 0 no resto. ``[lote, tokens]``."""
    separadores = (entradas == ESPECIAIS.index("[SEP]")).long().cumsum(1)
    depois = separadores - (entradas == ESPECIAIS.index("[SEP]")).long() >= 1
    return (depois & (entradas != 0)).long()
