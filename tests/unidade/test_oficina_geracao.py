"""As receitas dos modelos que escrevem: tokenizers, perdas e chat template, em miniatura."""

from __future__ import annotations

import random

import pytest
import torch
import torch.nn.functional as F
from transformers import LlamaForCausalLM, T5ForConditionalGeneration, pipeline

from oficina import decoder, seq2seq
from oficina.ajuste_fino import juntar
from oficina.provas_de_geracao import chrf, palavra_por_palavra

FRASES = [
    "A casa é bonita, não é?",
    "O gato dorme em 2024!",
    "Dez maçãs — ou 11; tanto faz.",
    "the house is nice",
    "Coração, avô e avó.",
    "Não sei; talvez…",
]


@pytest.fixture(scope="module")
def vocabulario():
    return seq2seq.treinar_bpe(FRASES * 4, 300)


@pytest.mark.parametrize("frase", FRASES)
def test_o_tokenizer_devolve_o_texto(vocabulario, frase):
    assert vocabulario.decode(vocabulario.encode(frase).ids) == frase
    tokenizer = seq2seq.para_transformers(vocabulario, 64)
    assert tokenizer.decode(tokenizer(frase)["input_ids"], skip_special_tokens=True) == frase
    assert tokenizer(frase)["input_ids"][-1] == tokenizer.eos_token_id == 1


def test_digitos_separados(vocabulario):
    assert vocabulario.encode("em 2024").tokens[-5:-1] == ["2", "0", "2", "4"]


def test_a_perda_e_a_da_biblioteca(vocabulario):
    torch.manual_seed(0)
    modelo = T5ForConditionalGeneration(seq2seq.configuracao(vocabulario.get_vocab_size())).eval()
    pares = [("the house is nice", "A casa é bonita, não é?"), ("the", "O gato dorme em 2024!")]
    entradas = juntar([codigo.ids for codigo in vocabulario.encode_batch([a for a, _ in pares])])
    saidas = juntar([codigo.ids for codigo in vocabulario.encode_batch([b for _, b in pares])], -100)
    logits = modelo(input_ids=entradas, attention_mask=(entradas != 0).long(), labels=saidas).logits
    esperada = F.cross_entropy(logits.flatten(0, 1), saidas.flatten(), ignore_index=-100, label_smoothing=0.1)
    torch.testing.assert_close(seq2seq.perda_do_lote(modelo, vocabulario, pares, 64), esperada)


def test_estragar_so_o_que_e_igual_dos_dois_lados():
    sorteio = random.Random(0)
    assert seq2seq.estragar(("house", "casa"), sorteio) == ("house", "casa")
    frase = "uma frase de sete palavras bem contadas"
    estragadas = {seq2seq.estragar((frase, frase), sorteio)[0] for _ in range(30)}
    assert len(estragadas) > 10 and all(seq2seq.estragar((frase, frase), sorteio)[1] == frase for _ in range(5))


@pytest.fixture(scope="module")
def tokenizer_de_conversa():
    vocabulario = seq2seq.treinar_bpe(FRASES * 4, 300, decoder.ESPECIAIS)
    decoder.comecar_com_s(vocabulario)
    tokenizer = decoder.para_transformers(vocabulario)
    tokenizer.chat_template = decoder.MOLDE
    return tokenizer


def test_o_decoder_comeca_com_s_e_nao_fecha(tokenizer_de_conversa):
    numeros = tokenizer_de_conversa("A casa")["input_ids"]
    assert numeros[0] == tokenizer_de_conversa.bos_token_id and numeros[-1] != tokenizer_de_conversa.eos_token_id


def test_so_as_falas_do_assistente_ensinam(tokenizer_de_conversa):
    mensagens = [
        {"role": "system", "content": "Coração, avô e avó."},
        {"role": "user", "content": "A casa é bonita, não é?"},
        {"role": "assistant", "content": "Não sei; talvez…"},
    ]
    numeros, alvos = decoder.codificar_conversa(tokenizer_de_conversa, mensagens)
    aprendidos = [n for n in alvos if n != -100]
    assert tokenizer_de_conversa.decode(aprendidos).strip() == "Não sei; talvez…</s>"
    texto = tokenizer_de_conversa.apply_chat_template(mensagens[:2], tokenize=False, add_generation_prompt=True)
    assert texto == "<|sistema|>Coração, avô e avó.</s><|pessoa|>A casa é bonita, não é?</s><|assistente|>"
    assert len(numeros) == len(alvos)


def test_blocos_do_mesmo_tamanho_e_sem_perder_texto(monkeypatch):
    monkeypatch.setattr(decoder, "TOKENS_POR_BLOCO", 8)
    vocabulario = seq2seq.treinar_bpe(FRASES * 4, 300, decoder.ESPECIAIS)
    blocos = decoder.em_blocos(vocabulario, FRASES, random.Random(1))
    assert {len(bloco) for bloco in blocos} == {9}
    assert all(anterior[-1] == seguinte[0] for anterior, seguinte in zip(blocos, blocos[1:], strict=False))


def test_a_conversa_funciona_no_pipeline(tokenizer_de_conversa):
    torch.manual_seed(0)
    modelo = LlamaForCausalLM(decoder.configuracao(len(tokenizer_de_conversa)))
    conversar = pipeline("text-generation", model=modelo, tokenizer=tokenizer_de_conversa)
    (dada,) = conversar([{"role": "user", "content": "Não sei"}], max_new_tokens=4, do_sample=False)
    assert [m["role"] for m in dada["generated_text"]] == ["user", "assistant"]


def test_chrf_e_palavra_por_palavra():
    assert chrf(["a casa"], [("the house", "a casa")]) == 1 > chrf(["o gato"], [("the house", "a casa")])
    assert palavra_por_palavra("xyzxyz", "en") == "xyzxyz"
    assert palavra_por_palavra("the house", "en") != "the house"
