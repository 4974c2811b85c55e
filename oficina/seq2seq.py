"""``python -m oficina en-pt``, ``pt-en`` e ``resumos``: encoder–decoders mirins, treinados do zero.

O que ajuda com tão poucos pares: um vocabulário pequeno e comum às duas línguas; palavras soltas do dicionário; o
alinhamento contado antes (veja ``alinhamento.py``); frases sem par, com uma glosa no lugar da entrada. No resumo, o
que faz as vezes do par é a frase que mais se parece com o resto do texto.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    MarianConfig,
    MarianMTModel,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from curso.projeto import MODELOS
from oficina.ajuste_fino import juntar
from oficina.alinhamento import Alinhamento
from oficina.corpus import do_dia_a_dia, documentos
from oficina.dados import carregar
from oficina.textos import dicionario, palavras
from oficina.textos.gramatica import pares_com_nomes
from oficina.treino import Fila, comecar, gravar, treinar

CAMADAS, LARGURA_DA_CABECA, MAIOR_TEXTO, MAIOR_SAIDA = 3, 32, 256, 128  # tamanhos de texto em tokens
ESPECIAIS = ["<pad>", "</s>", "<unk>"]
# Só no meio da frase: depois de um ponto, a maiúscula pode não ser de um nome.
NOME_NO_MEIO = re.compile(r"(?<=[a-zà-ÿ,;:] )[A-ZÀ-Ý][a-zà-ÿ]{2,}")
FIM = ESPECIAIS.index("</s>")
MAIOR_FRASE = 14  # em palavras: frases longas encheriam o lote de preenchimento
TAXA, DESCARTE, PESO_DA_GUIA = 2e-3, 0.1, 0.5
PARES_COM_NOMES, NOMES_POR_PASSO = 8_000, 16

Par = tuple[str, str]


@dataclass(frozen=True)
class Receita:
    """Um encoder–decoder: o nome, a classe, quantos passos treina, o lote (em textos) e o maior texto (em tokens)."""

    nome: str
    classe: type[PreTrainedModel]
    configuracao: type
    vocabulario: int
    largura: int
    passos: int
    nomes: dict  # o ritmo da fase dos nomes: passos, taxa, aquecimento
    pares_por_passo: int
    outros_por_passo: int
    maximo: int
    em_ordem: float  # quanto a saída segue a ordem da entrada
    escrever: dict = field(default_factory=dict)  # o que a sua generation_config tem de próprio

    @property
    def pasta(self) -> Path:
        return MODELOS / f"{self.nome}-mirim"


MARIAN, PEGASUS = (MarianMTModel, MarianConfig), (PegasusForConditionalGeneration, PegasusConfig)
TRADUZIR = {"pares_por_passo": 48, "outros_por_passo": 24, "maximo": 64, "em_ordem": 4}
RECEITAS = {
    "en-pt": Receita(
        "en-pt",
        *MARIAN,
        vocabulario=8_000,
        largura=192,
        passos=7_000,
        nomes={"passos": 800, "taxa": TAXA / 3},
        **TRADUZIR,
    ),
    "pt-en": Receita(
        "pt-en",
        *MARIAN,
        vocabulario=8_000,
        largura=160,
        passos=2_400,
        nomes={"passos": 400, "taxa": TAXA / 3},
        **TRADUZIR,
    ),
    "resumos": Receita(
        "resumos",
        *PEGASUS,
        vocabulario=6_000,
        largura=160,
        passos=3_000,
        nomes={"passos": 3_600, "taxa": TAXA / 2, "aquecimento": 200},
        pares_por_passo=8,
        outros_por_passo=8,
        maximo=200,
        em_ordem=0,
        escrever={"min_new_tokens": 20, "no_repeat_ngram_size": 3},  # escolhidos na validação: ele parava cedo demais
    ),
}


def fazer(nome: str) -> None:
    """Treina e grava ``modelos/NOME-mirim``."""
    receita = RECEITAS[nome]
    sorteio = comecar()
    aula = Aula(receita, sorteio)
    modelo = receita.classe(configuracao(receita, aula.vocabulario.get_vocab_size()))
    modelo.get_input_embeddings().weight.data.copy_(aula.vetores())
    aula.dar(nome, modelo, passos=receita.passos, taxa=TAXA, aquecimento=400)
    aprender_nomes(nome)


def aprender_nomes(nome: str) -> None:
    """Continua um modelo já gravado com nomes próprios sempre outros: quem não pode decorar tem de copiar.

    Um tradutor lê também pares cheios de nomes; nos textos e resumos, que já os têm, cada nome dá lugar a outro.
    """
    receita = RECEITAS[nome]
    sorteio = comecar()
    aula = Aula(receita, sorteio, Tokenizer.from_file(str(receita.pasta / "tokenizer.json")))
    if nome == "resumos":
        aula.nomes = sorted(
            {i["texto"][e["inicio"] : e["fim"]] for i in carregar("entidades", "treino") for e in i["entidades"]}
        )
    else:
        com_nomes = pares_com_nomes(sorteio, PARES_COM_NOMES)
        aula.filas.append(Fila(com_nomes if nome == "en-pt" else [(pt, en) for en, pt in com_nomes], sorteio))
    modelo = receita.classe.from_pretrained(receita.pasta, attn_implementation="eager")
    aula.dar(f"{nome}-nomes", modelo, **receita.nomes)


class Aula:
    """O que um encoder–decoder lê: as filas de pares, o vocabulário e o alinhamento contado nos mesmos pares."""

    def __init__(self, receita: Receita, sorteio: random.Random, vocabulario: Tokenizer | None = None):
        self.receita, self.sorteio, self.nomes = receita, sorteio, []
        principais, secundarios, textos = preparar(receita)
        self.vocabulario = vocabulario or treinar_bpe(textos, receita.vocabulario)
        self.filas = [Fila(principais, sorteio), Fila(secundarios, sorteio)]
        tamanho = self.vocabulario.get_vocab_size()
        contados = codificar(self.vocabulario, principais + [par for par in secundarios if par[0]], receita.maximo)
        self.uso = tuple(np.bincount(np.concatenate(lado), minlength=tamanho) for lado in zip(*contados, strict=True))
        self.alinhamento = (
            Alinhamento.identidade(tamanho)
            if receita.nome == "resumos"
            else Alinhamento.contar([(entrada[:-1], saida[:-1]) for entrada, saida in contados], tamanho)
        )

    def vetores(self) -> torch.Tensor:
        return self.alinhamento.vetores(self.receita.largura, self.uso)

    def lote(self) -> list[tuple[list[int], list[int]]]:
        """Um lote de pares em números; quando falta a entrada, uma glosa da saída faz as vezes dela."""
        principais, secundarios, *com_nomes = self.filas
        pares = [variar(par, principais, self.sorteio) for par in principais.tirar(self.receita.pares_por_passo)]
        pares += secundarios.tirar(self.receita.outros_por_passo)
        pares += [variar(par, principais, self.sorteio) for fila in com_nomes for par in fila.tirar(NOMES_POR_PASSO)]
        if self.nomes:
            pares = [com_outros_nomes(par, self.nomes, self.sorteio) for par in pares]
        return [
            (entrada if len(entrada) > 1 else [*self.alinhamento.glosar(saida[:-1], self.sorteio), FIM], saida)
            for entrada, saida in codificar(self.vocabulario, pares, self.receita.maximo)
        ]

    def dar(self, nome: str, modelo: PreTrainedModel, **ritmo) -> None:
        """Treina o modelo com esta aula e grava o checkpoint."""

        def perda() -> torch.Tensor:
            return perda_do_lote(modelo, self.lote(), self.alinhamento, self.receita.em_ordem)

        treinar(nome, modelo, perda, filas=self.filas, sorteio=self.sorteio, **ritmo)
        # O padrão da biblioteca para max_length, 20, cortaria as frases.
        modelo.generation_config.update(max_length=MAIOR_SAIDA, **self.receita.escrever)
        gravar(modelo, para_transformers(self.vocabulario, MAIOR_TEXTO), self.receita.pasta)


def preparar(receita: Receita) -> tuple[list[Par], list[Par], list[str]]:
    """Os pares da tarefa, os outros (com a entrada vazia, se for para glosar) e os textos do vocabulário."""
    if receita.nome == "resumos":
        principais = [(item["texto"], item["resumo"]) for item in carregar("resumos", "treino")]
        proprios = {texto for par in principais for texto in par}
        longos = [t for t in documentos() if 25 <= len(t.split()) <= 120 and t not in proprios]
        outros = [(texto, frase) for texto in longos if (frase := frase_central(texto))]
        return principais, outros, longos + sorted(proprios)
    de, para = receita.nome.split("-")
    principais = [(item[de], item[para]) for item in carregar("pares", "treino")]
    portugues = do_dia_a_dia()
    textos = [texto for par in principais for texto in par] + portugues
    ingles = [item["en"] for item in carregar("pares", "treino")]
    soltas = [(v.expressao, i) if de == "pt" else (i, v.expressao) for v in dicionario() for i in v.ingles]
    lingua = portugues if para == "pt" else ingles
    return principais, soltas + [("", texto) for texto in lingua if len(texto.split()) <= MAIOR_FRASE], textos


def frase_central(texto: str) -> str:
    """A frase que mais divide palavras com o resto do texto; vazia se ele tem menos de três frases."""
    frases = re.findall(r"\S.*?[.!?…](?=\s|$)", texto)
    if len(frases) < 3:
        return ""
    conjuntos = [{p for p in palavras(frase) if len(p) > 3} for frase in frases]

    def semelhanca(qual: int) -> float:
        resto = set().union(*(c for i, c in enumerate(conjuntos) if i != qual))
        return len(conjuntos[qual] & resto) / (len(conjuntos[qual]) + 3)

    return frases[max(range(len(frases)), key=semelhanca)]


def configuracao(receita: Receita, tamanho: int):
    return receita.configuracao(
        vocab_size=tamanho,
        d_model=receita.largura,
        encoder_layers=CAMADAS,
        decoder_layers=CAMADAS,
        encoder_attention_heads=receita.largura // LARGURA_DA_CABECA,
        decoder_attention_heads=receita.largura // LARGURA_DA_CABECA,
        encoder_ffn_dim=3 * receita.largura,
        decoder_ffn_dim=3 * receita.largura,
        activation_function="relu",
        dropout=DESCARTE,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=True,
        max_position_embeddings=MAIOR_TEXTO,
        pad_token_id=0,
        eos_token_id=FIM,
        decoder_start_token_id=0,
        forced_eos_token_id=FIM,
        attn_implementation="eager",  # a única que mostra para onde a atenção olha
    )


def treinar_bpe(textos: list[str], tamanho: int, especiais: list[str] = ESPECIAIS) -> Tokenizer:
    """BPE que marca o começo das palavras com ``▁`` e separa dígitos e sinais; o que não conhece vira ``<unk>``."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = separar("always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.train_from_iterator(
        textos,
        trainers.BpeTrainer(vocab_size=tamanho, special_tokens=especiais, limit_alphabet=200, show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    return tokenizer


def separar(na_frente: str) -> pre_tokenizers.PreTokenizer:
    """Separa em palavras, dígitos e sinais. ``na_frente``: se o texto começa com ``▁`` (``"always"``) ou não."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme=na_frente),
            pre_tokenizers.Split(Regex(r"\d|[^\w\s▁]"), "isolated"),
        ]
    )


def para_transformers(tokenizer: Tokenizer, maximo: int) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=maximo,
        model_input_names=["input_ids", "attention_mask"],
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    )


def codificar(vocabulario: Tokenizer, pares: list[Par], maximo: int) -> list[tuple[list[int], list[int]]]:
    """Os números dos tokens dos dois lados, cada um com o seu ``</s>`` e no máximo ``maximo`` tokens."""
    lados = [
        [codigo.ids[: maximo - 1] + [FIM] if len(codigo.ids) > maximo else codigo.ids for codigo in codigos]
        for codigos in (vocabulario.encode_batch([par[lado] for par in pares]) for lado in (0, 1))
    ]
    return list(zip(*lados, strict=True))


def perda_do_lote(
    modelo: PreTrainedModel, itens: list[tuple[list[int], list[int]]], alinhamento: Alinhamento, em_ordem: float
) -> torch.Tensor:
    """Entropia cruzada do próximo token, mais a da atenção cruzada da camada do meio contra o alinhamento."""
    entradas, saidas = juntar([e for e, _ in itens]), juntar([s for _, s in itens], -100)
    vale, comeco = saidas != -100, torch.zeros(len(itens), 1, dtype=torch.long)
    lidos = modelo.model(
        input_ids=entradas,
        attention_mask=(entradas != 0).long(),
        decoder_input_ids=torch.cat([comeco, saidas[:, :-1].clamp(min=0)], 1),
        use_cache=False,
        output_attentions=True,
    )
    # A camada de saída é a parte mais cara: só onde há token.
    logits = modelo.lm_head(lidos.last_hidden_state[vale]) + modelo.final_logits_bias
    perda = F.cross_entropy(logits, saidas[vale], label_smoothing=0.1)
    certo = alinhamento.onde_olhar(entradas, saidas, em_ordem)
    olhado = lidos.cross_attentions[CAMADAS // 2].mean(1)
    return perda - PESO_DA_GUIA * (certo * torch.log(olhado + 1e-6)).sum() / vale.sum()


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


def com_outros_nomes(par: Par, nomes: list[str], sorteio: random.Random) -> Par:
    """Metade das vezes, troca cada nome que está nos dois textos por outro, da mesma terminação (pelo gênero)."""
    entrada, saida = par
    comuns = sorted(set(NOME_NO_MEIO.findall(entrada)) & set(NOME_NO_MEIO.findall(saida)))
    if not comuns or sorteio.random() < 0.5:
        return par
    for nome in comuns:
        outro = sorteio.choice(nomes)
        if (nome[-1] == "a") == (outro[-1] == "a"):
            entrada, saida = (re.sub(rf"\b{nome}\b", outro, texto) for texto in (entrada, saida))
    return entrada, saida
