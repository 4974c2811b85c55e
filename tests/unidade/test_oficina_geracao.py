"""As receitas dos modelos que escrevem: tokenizers, perdas e chat template, em miniatura."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from transformers import LlamaForCausalLM, pipeline

from oficina import decoder, seq2seq
from oficina.ajuste_fino import juntar
from oficina.alinhamento import Alinhamento
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


@pytest.mark.parametrize("nome", ["en-pt", "resumos"])
def test_a_perda_e_a_da_biblioteca(vocabulario, nome, monkeypatch):
    torch.manual_seed(0)
    tamanho, receita = vocabulario.get_vocab_size(), seq2seq.RECEITAS[nome]
    modelo = receita.classe(seq2seq.configuracao(receita, tamanho)).eval()
    pares = [("the house is nice", "A casa é bonita, não é?"), ("the", "O gato dorme em 2024!")]
    itens = seq2seq.codificar(vocabulario, pares, 64)
    entradas, saidas = juntar([e for e, _ in itens]), juntar([s for _, s in itens], -100)
    lidos = modelo(input_ids=entradas, attention_mask=(entradas != 0).long(), labels=saidas, output_attentions=True)
    esperada = F.cross_entropy(lidos.logits.flatten(0, 1), saidas.flatten(), ignore_index=-100, label_smoothing=0.1)
    alinhamento = Alinhamento.contar([(e[:-1], s[:-1]) for e, s in itens], tamanho)
    com_guia = seq2seq.perda_do_lote(modelo, itens, alinhamento, 4)
    monkeypatch.setattr(seq2seq, "PESO_DA_GUIA", 0)
    torch.testing.assert_close(seq2seq.perda_do_lote(modelo, itens, alinhamento, 4), esperada)
    certo = alinhamento.onde_olhar(entradas, saidas, 4)
    olhado = lidos.cross_attentions[1].mean(1)
    guia = -(certo * torch.log(olhado + 1e-6)).sum() / (saidas != -100).sum()
    torch.testing.assert_close(com_guia, esperada + 0.5 * guia)


def test_textos_longos_sao_cortados_com_fim(vocabulario):
    ((entrada, saida),) = seq2seq.codificar(vocabulario, [("the house is nice " * 30, "A casa")], 20)
    assert len(entrada) == 20 and entrada[-1] == saida[-1] == seq2seq.FIM


# Uma língua em que 1 se diz 11, 2 se diz 12, 3 se diz 13.
PARES_DE_NUMEROS = [([1, 2], [11, 12]), ([1, 3], [11, 13]), ([2, 3], [12, 13]), ([1], [11])]


def test_alinhamento_acha_as_traducoes():
    alinhamento = Alinhamento.contar(PARES_DE_NUMEROS, 20)
    assert {
        saida: entradas[max(range(len(chances)), key=chances.__getitem__)]
        for saida, (entradas, chances) in alinhamento.traducoes.items()
    } == {11: 1, 12: 2, 13: 3}
    por_saida: dict[int, float] = {}
    for chave, chance in zip(alinhamento.chaves, alinhamento.chances, strict=True):
        por_saida[chave % 20] = por_saida.get(chave % 20, 0) + chance
    assert all(abs(soma - 1) < 1e-9 for soma in por_saida.values())
    torch.manual_seed(0)
    uso = (np.bincount([1, 2, 3], minlength=20), np.bincount([11, 12, 13], minlength=20))
    vetores = alinhamento.vetores(64, uso)
    perto = vetores[11:14] @ vetores[1:4].T
    assert perto.argmax(1).tolist() == [0, 1, 2] and perto.diagonal().min() > 0.5


def test_onde_olhar_soma_um_e_ignora_o_preenchimento():
    alinhamento = Alinhamento.contar(PARES_DE_NUMEROS, 20)
    entradas, saidas = torch.tensor([[1, 2], [1, 0]]), torch.tensor([[11, 12, 19], [11, -100, -100]])
    olhar = alinhamento.onde_olhar(entradas, saidas, 4)
    assert olhar.argmax(-1)[0, :2].tolist() == [0, 1]
    torch.testing.assert_close(olhar.sum(-1), torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))  # 19: não sabe


def test_glosa_troca_o_que_sabe_e_mantem_o_resto():
    alinhamento = Alinhamento.contar(PARES_DE_NUMEROS, 20)
    glosas = {tuple(alinhamento.glosar([11, 12, 13, 19], random.Random(i))) for i in range(40)}
    assert (1, 2, 3, 19) in glosas and len(glosas) > 3
    assert {numero for glosa in glosas for numero in glosa} <= {1, 2, 3, 19}


def test_frase_central():
    texto = "Choveu muito na cidade. A chuva na cidade alagou ruas. Ontem a chuva parou."
    assert seq2seq.frase_central(texto) == "A chuva na cidade alagou ruas."
    assert seq2seq.frase_central("Só uma. E duas.") == seq2seq.frase_central("") == ""


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


def test_com_outros_nomes_os_dois_textos_continuam_de_acordo():
    par = ("Ontem a Marina caiu. Depois a Marina e o Caio riram.", "Hoje a Marina está bem.")
    vistos = {seq2seq.com_outros_nomes(par, ["Dora", "Rui"], random.Random(semente)) for semente in range(20)}
    trocado = ("Ontem a Dora caiu. Depois a Dora e o Caio riram.", "Hoje a Dora está bem.")
    assert vistos == {par, trocado}
