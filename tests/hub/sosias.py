"""Sósias dos modelos do Hub: minúsculos e sem treino, com a arquitetura, os rótulos e o tipo de tokenizer dos reais.

Um notebook que só funciona com os mirins (dois rótulos, WordPiece, um BERT por dentro) quebra com eles nos testes, e não
na mão do leitor. O que respondem é ao acaso: aqui só se exige que toda célula execute.
"""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForTokenClassification,
    BertModel,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    LlamaConfig,
    LlamaForCausalLM,
    MarianConfig,
    MarianMTModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
    RobertaConfig,
    RobertaForSequenceClassification,
    T5Config,
    T5ForConditionalGeneration,
)

from curso.projeto import RAIZ

VOCABULARIO, LARGURA = 3_000, 48
MEDIDAS = {
    "vocab_size": VOCABULARIO,
    "hidden_size": LARGURA,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 2 * LARGURA,
}
ENTIDADES = ["O"] + [f"{parte}-{classe}" for classe in ("PESSOA", "ORGANIZACAO", "LOCAL", "TEMPO") for parte in "BI"]
MOLDE = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
CARTAO = "---\nlanguage: pt\nlicense: mit\n---\n\n# Sósia\n\nUm modelo de teste.\n"


def fazer(pasta: Path) -> dict[str, Path]:
    """Grava em ``pasta`` um sósia para cada tarefa do catálogo; devolve onde está cada um."""
    torch.manual_seed(0)
    textos = (RAIZ / "dados" / "sentimento" / "treino.jsonl").read_text(encoding="utf-8").splitlines()[:3000]
    pastas = {}
    for tarefa, (modelo, tokenizer) in {**_encoders(textos), **_decoders(textos), **_seq2seq(textos)}.items():
        pastas[tarefa] = pasta / tarefa
        modelo.save_pretrained(pastas[tarefa])
        tokenizer.save_pretrained(pastas[tarefa])
        (pastas[tarefa] / "README.md").write_text(CARTAO, encoding="utf-8")
    return pastas


Par = tuple[PreTrainedModel, PreTrainedTokenizerFast]


def _encoders(textos: list[str]) -> dict[str, Par]:
    bert = _wordpiece(textos)
    marcas = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tweets = _bpe(textos, marcas, "<s> $A </s>", "<s> $A </s> </s> $B </s>", max_length=128)
    deberta = _unigram(
        textos, ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"], "[CLS] $A [SEP]", "[CLS] $A [SEP] $B [SEP]"
    )
    xlm = _unigram(textos, marcas, "<s> $A </s>", "<s> $A </s> </s> $B </s>")
    opiniao = RobertaConfig(**MEDIDAS, **_rotulos("NEG", "NEU", "POS"), max_position_embeddings=130, type_vocab_size=1)
    inferencia = DebertaV2Config(
        **MEDIDAS,
        **_rotulos("entailment", "neutral", "contradiction"),
        type_vocab_size=0,
        relative_attention=True,
        position_buckets=32,
        pos_att_type=["p2c", "c2p"],
    )
    return {
        "sentiment-analysis": (RobertaForSequenceClassification(opiniao), tweets),
        "zero-shot-classification": (DebertaV2ForSequenceClassification(inferencia), deberta),
        "fill-mask": (BertForMaskedLM(BertConfig(**MEDIDAS)), bert),
        "ner": (BertForTokenClassification(BertConfig(**MEDIDAS, **_rotulos(*ENTIDADES))), bert),
        "question-answering": (BertForQuestionAnswering(BertConfig(**MEDIDAS)), bert),
        "feature-extraction": (BertModel(BertConfig(**MEDIDAS)), xlm),
    }


def _decoders(textos: list[str]) -> dict[str, Par]:
    """Em 16 bits, com a configuração de geração de quem sorteia, como os reais."""
    medidas = {**MEDIDAS, "num_key_value_heads": 2, "max_position_embeddings": 2048}
    tucano = LlamaForCausalLM(LlamaConfig(**medidas, bos_token_id=0, eos_token_id=2, pad_token_id=1))
    tucano.generation_config.update(do_sample=True, temperature=0.2, top_k=20, repetition_penalty=1.2)
    qwen = Qwen3ForCausalLM(Qwen3Config(**medidas, head_dim=12, eos_token_id=2, pad_token_id=0))
    qwen.generation_config.update(do_sample=True, temperature=0.6, top_k=20, top_p=0.95)
    conversa = _bpe(textos, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], "$A", "$A $B", max_length=2048)
    conversa.chat_template = MOLDE
    continua = _bpe(textos, ["<s>", "<pad>", "</s>", "<unk>"], "<s> $A", "<s> $A <s> $B", max_length=2048)
    return {
        "text-generation": (tucano.to(torch.bfloat16), continua),
        "conversa": (qwen.to(torch.bfloat16), conversa),
    }


def _seq2seq(textos: list[str]) -> dict[str, Par]:
    sentinelas = [f"<extra_id_{i}>" for i in range(100)]
    tokenizer = _unigram(textos, ["<pad>", "</s>", "<unk>", *sentinelas], "$A </s>", "$A </s> $B </s>")
    marcas = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    t5 = T5Config(vocab_size=VOCABULARIO, d_model=LARGURA, d_kv=12, d_ff=96, num_layers=2, num_heads=4, **marcas)
    marian = MarianConfig(
        vocab_size=VOCABULARIO,
        d_model=LARGURA,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=96,
        decoder_ffn_dim=96,
        max_position_embeddings=512,
        **marcas,
    )
    traduzem = {tarefa: (MarianMTModel(marian), tokenizer) for tarefa in ("translation", "translation_pt_to_en")}
    return {"summarization": (T5ForConditionalGeneration(t5), tokenizer), **traduzem}


def _rotulos(*nomes: str) -> dict:
    return {"id2label": dict(enumerate(nomes)), "label2id": {nome: i for i, nome in enumerate(nomes)}}


# ----------------------------------------------------------------------- tokenizers


def _wordpiece(textos: list[str]) -> PreTrainedTokenizerFast:
    especiais = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARIO, special_tokens=especiais, show_progress=False)
    tokenizer.train_from_iterator(textos, trainer)
    tokenizer.post_processor = _molde(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")
    return _pronto(tokenizer, especiais, 512, tipos=True)


def _bpe(textos: list[str], especiais: list[str], um: str, par: str, *, max_length: int) -> PreTrainedTokenizerFast:
    """Sobre bytes, como o do GPT-2."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    opcoes = {"initial_alphabet": pre_tokenizers.ByteLevel.alphabet(), "special_tokens": especiais}
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARIO, show_progress=False, **opcoes)
    tokenizer.train_from_iterator(textos, trainer)
    tokenizer.post_processor = _molde(tokenizer, um, par)
    return _pronto(tokenizer, especiais, max_length)


def _unigram(textos: list[str], especiais: list[str], um: str, par: str) -> PreTrainedTokenizerFast:
    """Como o SentencePiece: o espaço é o caractere ``▁``."""
    desconhecido = next(marca for marca in especiais if "unk" in marca.lower())
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    opcoes = {"special_tokens": especiais, "unk_token": desconhecido, "show_progress": False}
    tokenizer.train_from_iterator(textos, trainers.UnigramTrainer(vocab_size=VOCABULARIO, **opcoes))
    tokenizer.post_processor = _molde(tokenizer, um, par)
    return _pronto(tokenizer, especiais, 512)


def _molde(tokenizer: Tokenizer, um: str, par: str) -> processors.TemplateProcessing:
    marcas = {parte.split(":")[0] for parte in f"{um} {par}".split() if not parte.startswith("$")}
    numeros = [(marca, tokenizer.token_to_id(marca)) for marca in sorted(marcas)]
    return processors.TemplateProcessing(single=um, pair=par, special_tokens=numeros)


def _pronto(
    tokenizer: Tokenizer, especiais: list[str], max_length: int, tipos: bool = False
) -> PreTrainedTokenizerFast:
    papeis = {"[PAD]": "pad", "[UNK]": "unk", "[CLS]": "cls", "[SEP]": "sep", "[MASK]": "mask"}
    papeis |= {"<pad>": "pad", "<unk>": "unk", "<s>": "bos", "</s>": "eos", "<mask>": "mask"}
    papeis |= {"<|im_start|>": "bos", "<|im_end|>": "eos", "<|endoftext|>": "pad"}
    nomes = {f"{papeis[marca]}_token": marca for marca in especiais if marca in papeis}
    entradas = ["input_ids", "token_type_ids", "attention_mask"] if tipos else ["input_ids", "attention_mask"]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=max_length, model_input_names=entradas, **nomes
    )
