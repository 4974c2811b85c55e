"""``python -m oficina en-pt``, ``pt-en`` e ``resumos``: encoder–decoders T5 mirins, treinados do zero.

O que ajuda com tão poucos pares: um vocabulário pequeno e comum às duas línguas, cortado de um jeito diferente a
cada vez (*BPE dropout*); palavras soltas do dicionário; pares emendados; e, para o decoder aprender a língua de
saída, refazer frases estragadas dela.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from curso.projeto import MODELOS
from oficina.ajuste_fino import juntar
from oficina.corpus import do_dia_a_dia, documentos
from oficina.dados import carregar
from oficina.textos import dicionario
from oficina.treino import Fila, comecar, cronometrar, gravar, treinar

VOCABULARIO, LARGURA, CAMADAS, CABECAS = 8_000, 192, 3, 6
ESPECIAIS = ["<pad>", "</s>", "<unk>"]
MAIOR_FRASE = 14  # em palavras: frases longas encheriam o lote de preenchimento
TAXA, DESCARTE, CORTES_AO_ACASO = 2e-3, 0.1, 0.1

Par = tuple[str, str]


@dataclass(frozen=True)
class Receita:
    """Um encoder–decoder: o nome, quantos passos treina, o tamanho do lote (em textos) e o maior texto (em tokens)."""

    nome: str
    passos: int
    pares_por_passo: int
    outros_por_passo: int
    maximo: int

    @property
    def pasta(self) -> Path:
        return MODELOS / f"{self.nome}-mirim"


RECEITAS = {
    "en-pt": Receita("en-pt", passos=9_000, pares_por_passo=40, outros_por_passo=16, maximo=64),
    "pt-en": Receita("pt-en", passos=9_000, pares_por_passo=40, outros_por_passo=16, maximo=64),
    "resumos": Receita("resumos", passos=4_000, pares_por_passo=8, outros_por_passo=8, maximo=200),
}


def fazer(nome: str) -> None:
    """Treina e grava ``modelos/NOME-mirim``."""
    receita = RECEITAS[nome]
    with cronometrar(nome):
        sorteio = comecar()
        principais, secundarios, vocabulario = preparar(nome)
        modelo = T5ForConditionalGeneration(configuracao(vocabulario.get_vocab_size()))
        filas = [Fila(principais, sorteio), Fila(secundarios, sorteio)]

        def perda() -> torch.Tensor:
            pares = [variar(par, filas[0], sorteio) for par in filas[0].tirar(receita.pares_por_passo)]
            pares += [estragar(par, sorteio) for par in filas[1].tirar(receita.outros_por_passo)]
            return perda_do_lote(modelo, vocabulario, pares, receita.maximo)

        vocabulario.model.dropout = CORTES_AO_ACASO
        treinar(nome, modelo, perda, filas=filas, sorteio=sorteio, passos=receita.passos, taxa=TAXA, aquecimento=400)
        vocabulario.model.dropout = None
        gravar(modelo, para_transformers(vocabulario, 512), receita.pasta)


def preparar(nome: str) -> tuple[list[Par], list[Par], Tokenizer]:
    """Os pares da tarefa, os que só ensinam a língua (ou palavras soltas) e o vocabulário."""
    if nome == "resumos":
        principais = [(item["texto"], item["resumo"]) for item in carregar("resumos", "treino")]
        contextos = [texto for texto in documentos() if 25 <= len(texto.split()) <= 120]
        return principais, [(texto, texto) for texto in contextos], treinar_bpe(contextos)
    de, para = nome.split("-")
    principais = [(item[de], item[para]) for item in carregar("pares", "treino")]
    portugues = do_dia_a_dia()
    vocabulario = treinar_bpe([texto for par in principais for texto in par] + portugues)
    ingles = [item["en"] for item in carregar("pares", "treino")]
    palavras = [(v.expressao, i) if de == "pt" else (i, v.expressao) for v in dicionario() for i in v.ingles]
    lingua = portugues if para == "pt" else ingles
    return principais, palavras + [(texto, texto) for texto in lingua if len(texto.split()) <= MAIOR_FRASE], vocabulario


def configuracao(tamanho: int) -> T5Config:
    return T5Config(
        vocab_size=tamanho,
        d_model=LARGURA,
        d_kv=LARGURA // CABECAS,
        d_ff=3 * LARGURA,
        num_layers=CAMADAS,
        num_decoder_layers=CAMADAS,
        num_heads=CABECAS,
        dropout_rate=DESCARTE,
        feed_forward_proj="relu",
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )


def treinar_bpe(textos: list[str], tamanho: int = VOCABULARIO, especiais: list[str] = ESPECIAIS) -> Tokenizer:
    """BPE que marca o começo das palavras com ``▁`` e separa dígitos e sinais; o que não conhece vira ``<unk>``."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="always"),
            pre_tokenizers.Split(Regex(r"\d|[^\w\s▁]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.train_from_iterator(
        textos,
        trainers.BpeTrainer(vocab_size=tamanho, special_tokens=especiais, limit_alphabet=200, show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    return tokenizer


def para_transformers(tokenizer: Tokenizer, maximo: int) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=maximo,
        model_input_names=["input_ids", "attention_mask"],
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    )


def perda_do_lote(modelo, vocabulario: Tokenizer, pares: list[Par], maximo: int) -> torch.Tensor:
    entradas, saidas = (
        juntar(
            [codigo.ids[: maximo - 1] + [1] if len(codigo.ids) > maximo else codigo.ids for codigo in codigos], vazio
        )
        for codigos, vazio in (
            (vocabulario.encode_batch([entrada for entrada, _ in pares]), 0),
            (vocabulario.encode_batch([saida for _, saida in pares]), -100),
        )
    )
    vale = saidas != -100
    mascara = (entradas != 0).long()
    estados = modelo.encoder(input_ids=entradas, attention_mask=mascara).last_hidden_state
    anteriores = torch.cat([torch.zeros(len(saidas), 1, dtype=torch.long), saidas[:, :-1].clamp(min=0)], 1)
    lidos = modelo.decoder(
        input_ids=anteriores, encoder_hidden_states=estados, encoder_attention_mask=mascara, use_cache=False
    ).last_hidden_state
    # A camada de saída é a parte mais cara: só onde há token.
    logits = modelo.lm_head(lidos[vale] * modelo.config.d_model**-0.5)
    return torch.nn.functional.cross_entropy(logits, saidas[vale], label_smoothing=0.1)


def variar(par: Par, fila: Fila, sorteio: random.Random) -> Par:
    """Às vezes emendado em outro par curto, ou sem o ponto final dos dois lados, ou em minúsculas."""
    entrada, saida = par
    if len(entrada.split()) < 8 and sorteio.random() < 0.2:
        outra = sorteio.choice(fila.itens)
        if len(outra[0].split()) < 10:
            entrada, saida = f"{entrada} {outra[0]}", f"{saida} {outra[1]}"
    dado = sorteio.random()
    if dado < 0.08 and entrada.endswith(".") and saida.endswith("."):
        return entrada[:-1], saida[:-1]
    if dado < 0.13:
        return entrada.lower(), saida
    return entrada, saida


def estragar(par: Par, sorteio: random.Random) -> Par:
    """Uma frase igual dos dois lados chega estragada: palavras a menos, trocadas de lugar ou escondidas."""
    entrada, saida = par
    if entrada != saida:
        return par
    palavras = [p if sorteio.random() > 0.15 else "…" for p in entrada.split() if sorteio.random() > 0.1]
    for i in range(len(palavras) - 1):
        if sorteio.random() < 0.1:
            palavras[i], palavras[i + 1] = palavras[i + 1], palavras[i]
    return " ".join(palavras) or entrada, saida
