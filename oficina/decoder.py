"""``python -m oficina decoder`` e ``conversa``: um decoder Llama mirim que continua textos, e o mesmo ensinado a conversar.

O decoder lê histórias, explicações e frases, e aprende a adivinhar o próximo token. A versão de conversa continua
daí, lê diálogos no formato do seu *chat template* e só aprende com as falas do assistente.
"""

from __future__ import annotations

import random

import torch
import torch.nn.functional as F
from tokenizers import AddedToken, Tokenizer, decoders, processors
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from curso.projeto import MODELOS
from oficina.corpus import frases, sem_repetir
from oficina.dados import carregar
from oficina.roteiros import historias_dos_roteiros
from oficina.seq2seq import separar, treinar_bpe
from oficina.treino import Fila, comecar, gravar, treinar

DECODER, CONVERSA = MODELOS / "decoder-mirim", MODELOS / "conversa-mirim"
# Comparadas com o mesmo tempo de um núcleo, em bits por letra na validação. Em 5 minutos: largura 96, 1,94; 160, 2,00;
# 160 com vocabulário de 12.000, 2,04; 256, 2,19. Em 30 minutos: 160, 1,51; 256, 1,67. A receita inteira (205 min): 1,47.
VOCABULARIO, LARGURA, CAMADAS, CABECAS, JANELA = 6_000, 160, 6, 5, 256
ESPECIAIS = ["<pad>", "</s>", "<unk>", "<s>", "<|sistema|>", "<|pessoa|>", "<|assistente|>"]
PASSOS, BLOCOS_POR_PASSO, TOKENS_POR_BLOCO, TAXA = 4_200, 16, 160, 1.5e-3
PASSOS_DE_CONVERSA, CONVERSAS_POR_PASSO, TAXA_DE_CONVERSA = 1_200, 24, 4e-4
VEZES_DAS_HISTORIAS = 3  # textos completos contam mais do que frases soltas
PASSOS_DA_RELEITURA, TAXA_DA_RELEITURA, VEZES_NA_RELEITURA, POR_ROTEIRO = 4_500, 1.2e-3, 2, 30

MOLDE = (
    "{%- for m in messages -%}"
    "{%- if m.role == 'system' -%}<|sistema|>{{ m.content | trim }}</s>"
    "{%- elif m.role == 'user' -%}<|pessoa|>{{ m.content | trim }}</s>"
    "{%- else -%}<|assistente|>{% generation %}{{ m.content | trim }}</s>{% endgeneration %}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|assistente|>{%- endif -%}"
)


def fazer(nome: str) -> None:
    """Treina e grava ``modelos/decoder-mirim`` ou ``modelos/conversa-mirim``."""
    {"decoder": continuar_textos, "conversa": conversar}[nome]()


def continuar_textos() -> None:
    """Treina do zero e grava ``modelos/decoder-mirim``, em duas fases."""
    sorteio = comecar()
    historias, soltas = textos()
    vocabulario = treinar_bpe(historias + soltas, VOCABULARIO, ESPECIAIS)
    comecar_com_s(vocabulario)
    modelo = LlamaForCausalLM(configuracao(vocabulario.get_vocab_size()))
    lidos = historias * VEZES_DAS_HISTORIAS + soltas
    estudar("decoder", modelo, vocabulario, lidos, sorteio, passos=PASSOS, taxa=TAXA)
    reler()


def reler() -> None:
    """A segunda fase: entram as histórias dos roteiros, e cada texto começa sem o espaço na frente.

    A biblioteca decodifica só os tokens novos; sem esse espaço, o que ela cola ao prompt é o que o modelo escreveu.
    """
    sorteio = comecar()
    vocabulario = Tokenizer.from_file(str(DECODER / "tokenizer.json"))
    sem_espaco_na_frente(vocabulario)
    modelo = LlamaForCausalLM.from_pretrained(DECODER)
    historias, soltas = textos()
    lidos = historias * VEZES_NA_RELEITURA + soltas + historias_dos_roteiros(sorteio, POR_ROTEIRO)
    passos, taxa = PASSOS_DA_RELEITURA, TAXA_DA_RELEITURA
    estudar("decoder-releitura", modelo, vocabulario, lidos, sorteio, passos=passos, taxa=taxa)


def textos() -> tuple[list[str], list[str]]:
    """As histórias e explicações, e as frases soltas."""
    return [item["texto"] for item in carregar("historias", "treino")], sem_repetir(frases())


def estudar(
    nome: str,
    modelo: LlamaForCausalLM,
    vocabulario: Tokenizer,
    lidos: list[str],
    sorteio: random.Random,
    *,
    passos: int,
    taxa: float,
) -> None:
    """Uma fase: lê os textos, em blocos embaralhados, e grava."""
    fila = Fila(em_blocos(vocabulario, lidos, sorteio), sorteio)

    def perda() -> torch.Tensor:
        numeros = torch.tensor(fila.tirar(BLOCOS_POR_PASSO))
        logits = modelo(input_ids=numeros[:, :-1], use_cache=False).logits
        return F.cross_entropy(logits.flatten(0, 1), numeros[:, 1:].flatten())

    treinar(nome, modelo, perda, filas=[fila], sorteio=sorteio, passos=passos, taxa=taxa, aquecimento=300)
    gravar(modelo, para_transformers(vocabulario), DECODER)


def conversar() -> None:
    """Continua o decoder com diálogos e grava ``modelos/conversa-mirim``."""
    sorteio = comecar()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(DECODER)
    tokenizer.chat_template = MOLDE
    modelo = LlamaForCausalLM.from_pretrained(DECODER)
    dialogos = [codificar_conversa(tokenizer, item["messages"]) for item in carregar("conversas", "treino")]
    fila = Fila([dialogo for dialogo in dialogos if len(dialogo[0]) <= JANELA], sorteio)

    def perda() -> torch.Tensor:
        itens = fila.tirar(CONVERSAS_POR_PASSO)
        maior = max(len(numeros) for numeros, _ in itens)
        entradas = torch.tensor([numeros + [0] * (maior - len(numeros)) for numeros, _ in itens])
        alvos = torch.tensor([rotulos + [-100] * (maior - len(rotulos)) for _, rotulos in itens])
        logits = modelo(input_ids=entradas, attention_mask=(entradas != 0).long(), use_cache=False).logits
        return F.cross_entropy(logits[:, :-1].flatten(0, 1), alvos[:, 1:].flatten(), ignore_index=-100)

    treinar("conversa", modelo, perda, filas=[fila], sorteio=sorteio, passos=PASSOS_DE_CONVERSA, taxa=TAXA_DE_CONVERSA)
    gravar(modelo, tokenizer, CONVERSA)


def codificar_conversa(tokenizer: PreTrainedTokenizerFast, mensagens: list[dict]) -> tuple[list[int], list[int]]:
    """Números dos tokens, e os alvos: -100 em tudo o que não é fala do assistente."""
    codigo = tokenizer.apply_chat_template(
        mensagens, tokenize=True, return_dict=True, return_assistant_tokens_mask=True
    )
    numeros, falas = codigo["input_ids"], codigo["assistant_masks"]
    return numeros, [n if fala else -100 for n, fala in zip(numeros, falas, strict=True)]


def configuracao(tamanho: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=tamanho,
        hidden_size=LARGURA,
        intermediate_size=int(2.67 * LARGURA),
        num_hidden_layers=CAMADAS,
        num_attention_heads=CABECAS,
        num_key_value_heads=CABECAS,
        max_position_embeddings=JANELA,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=3,
        eos_token_id=1,
    )


def comecar_com_s(vocabulario: Tokenizer) -> None:
    """Um decoder continua o texto: começa com <s>, e o </s> é ele quem escreve."""
    vocabulario.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", ESPECIAIS.index("<s>"))]
    )


def sem_espaco_na_frente(vocabulario: Tokenizer) -> None:
    """O ``▁`` passa a marcar só os espaços que há no texto, e não o começo dele."""
    vocabulario.pre_tokenizer = separar("never")
    vocabulario.decoder = decoders.Metaspace(prepend_scheme="never")


def em_blocos(vocabulario: Tokenizer, textos: list[str], sorteio: random.Random) -> list[list[int]]:
    """Textos embaralhados, um depois do outro, cada um entre <s> e </s>, cortados em blocos do mesmo tamanho."""
    fita = [
        numero
        for codigo in vocabulario.encode_batch(sorteio.sample(textos, len(textos)), add_special_tokens=False)
        for numero in (3, *codigo.ids, 1)
    ]
    tamanho = TOKENS_POR_BLOCO + 1
    return [fita[i : i + tamanho] for i in range(0, len(fita) - tamanho, tamanho - 1)]


def para_transformers(vocabulario: Tokenizer) -> PreTrainedTokenizerFast:
    for especial in ESPECIAIS:
        vocabulario.add_special_tokens([AddedToken(especial, special=True)])
    return PreTrainedTokenizerFast(
        tokenizer_object=vocabulario,
        model_max_length=JANELA,
        model_input_names=["input_ids", "attention_mask"],
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        bos_token="<s>",
    )
