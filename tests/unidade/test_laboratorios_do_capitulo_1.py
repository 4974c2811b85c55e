"""Os laboratórios do capítulo 1, em modelos minúsculos feitos ali: números certos, digitação hostil, teclado."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForTokenClassification, LlamaForCausalLM, pipeline

from curso.desenho.grade import grade
from curso.desenho.lado_a_lado import lado_a_lado
from curso.desenho.marcado import marcado, quebrar
from curso.laboratorios import atencao, mascaras, proximo_token
from curso.laboratorios.atencao import LaboratorioDeAtencao
from curso.laboratorios.entidades import LaboratorioDeEntidades
from curso.laboratorios.mascaras import BIDIRECIONAL, CAUSAL, LaboratorioDeMascaras
from curso.laboratorios.palavra_escondida import DOIS_LADOS, SO_ANTES, LaboratorioDaPalavraEscondida, esconder
from curso.laboratorios.pares import LaboratorioDePares
from curso.laboratorios.pipelines import LaboratorioDePipelines
from curso.laboratorios.proximo_token import LaboratorioDoProximoToken
from oficina import decoder, seq2seq, vocabulario
from tests.unidade.test_laboratorios import HOSTIS

TEXTOS = ["Ana mora em Belém.", "Ele trabalha como médico.", "Era uma vez um gato que dormia.", "Odeio tanto isso!"] * 3


@pytest.fixture(scope="module")
def tokenizer():
    return vocabulario.para_transformers(vocabulario.treinar_wordpiece(TEXTOS, 200), 32)


def _config(tokenizer, **resto):
    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=32,
        pad_token_id=0,
        **resto,
    )


@pytest.fixture(scope="module")
def encoder(tokenizer):
    torch.manual_seed(0)
    return BertForMaskedLM(_config(tokenizer, attn_implementation="eager")).eval()


@pytest.fixture(scope="module")
def preencher(tokenizer, encoder):
    return pipeline("fill-mask", model=encoder, tokenizer=tokenizer)


@pytest.fixture(scope="module")
def reconhecer(tokenizer):
    torch.manual_seed(1)
    nomes = {0: "O", 1: "B-PER", 2: "B-LOC"}
    modelo = BertForTokenClassification(_config(tokenizer, id2label=nomes))
    return pipeline("ner", model=modelo, tokenizer=tokenizer, aggregation_strategy="simple")


@pytest.fixture(scope="module")
def decoder_minimo():
    torch.manual_seed(2)
    bpe = seq2seq.treinar_bpe(TEXTOS, 150, decoder.ESPECIAIS)
    decoder.comecar_com_s(bpe)
    tokenizer = decoder.para_transformers(bpe)
    return tokenizer, LlamaForCausalLM(decoder.configuracao(len(tokenizer))).eval()


@pytest.fixture
def bancadas(tokenizer, encoder, preencher, reconhecer, decoder_minimo):
    return [
        LaboratorioDeMascaras(),
        LaboratorioDeAtencao(tokenizer, encoder.bert),
        LaboratorioDeEntidades(reconhecer),
        LaboratorioDePares(preencher),
        LaboratorioDoProximoToken(*decoder_minimo),
        LaboratorioDaPalavraEscondida(preencher),
    ]


@pytest.mark.parametrize("texto", [*HOSTIS, "{} e {} [MASK] [MASK]", "{} [MASK]"])
def test_digitacao_hostil(bancadas, texto):
    for bancada in bancadas:
        bancada.texto.value = texto
        ET.fromstring(bancada.quadro.value)
        assert bancada.leitura and "<script" not in bancada.quadro.value


def test_os_controles_mudam_o_quadro(bancadas):
    mascara, olhar, _, pares, proximo, escondida = bancadas
    for bancada, controle, valor in (
        (mascara, mascara.mascara, CAUSAL),
        (mascara, mascara.palavra, 1),
        (olhar, olhar.camada, 2),
        (olhar, olhar.cabeca, 3),
        (pares, pares.par, "O homem / A mulher"),
        (proximo, proximo.temperatura, 0.3),
        (proximo, proximo.top_k, 2),
        (escondida, escondida.palavra, 1),
        (escondida, escondida.lados, SO_ANTES),
    ):
        antes = bancada.quadro.value
        controle.value = valor
        assert bancada.quadro.value != antes, (bancada.nome, valor)


def test_mascara_causal_e_um_triangulo():
    frase = "a b c d"
    assert "«b» vê 2 de 4 tokens; com o mesmo peso para todos, 0,50." in str(mascaras.quadro(frase, CAUSAL, 2))
    assert "«b» vê 4 de 4 tokens" in str(mascaras.quadro(frase, BIDIRECIONAL, 2))
    assert str(mascaras.quadro(frase, CAUSAL, 4)).count("×") == 6
    assert "«d» vê 4" in str(mascaras.quadro(frase, CAUSAL, 99))


def test_a_atencao_mostrada_e_a_do_modelo(tokenizer, encoder):
    frase = "Odeio tanto isso!"
    entradas = tokenizer(frase, return_tensors="pt")
    with torch.inference_mode():
        pesos = encoder.bert(**entradas, output_attentions=True).attentions[1][0, 2]
    tokens = tokenizer.convert_ids_to_tokens(entradas["input_ids"][0])
    figura = str(atencao.quadro(tokenizer, encoder.bert, frase, 2, 3))
    for linha, token in zip(pesos, tokens, strict=True):
        maior = f"{linha.max():.2f}".replace(".", ",")
        assert f"«{token}» vê {len(tokens)} de {len(tokens)} tokens; o maior peso, {maior}," in figura


def test_distribuicao_e_a_da_biblioteca(decoder_minimo):
    tokenizer, modelo = decoder_minimo
    entradas = tokenizer("Era uma vez", return_tensors="pt")
    with torch.inference_mode():
        logits = modelo(**entradas).logits[0, -1]
    puras = proximo_token.distribuicao(tokenizer, modelo, "Era uma vez", 1.0, len(tokenizer), 1.0)
    torch.testing.assert_close(puras, logits.softmax(-1))
    frias = proximo_token.distribuicao(tokenizer, modelo, "Era uma vez", 0.5, 3, 1.0)
    assert int((frias > 0).sum()) == 3 and frias.max() > puras.max()
    certas = (logits / 0.5).topk(3).values.softmax(-1)
    torch.testing.assert_close(frias.topk(3).values, certas)


def test_o_quadro_so_mostra_quem_pode_sair(decoder_minimo):
    dois = str(proximo_token.quadro(*decoder_minimo, "Era uma vez", 1.0, 2, 1.0))
    assert "2 tokens ainda podem" in dois and "0,00" not in dois
    assert "Só um token" in str(proximo_token.quadro(*decoder_minimo, "Era uma vez", 1.0, 1, 1.0))


def test_sortear_acrescenta_e_repete_com_a_mesma_semente(decoder_minimo):
    textos = []
    for _ in range(2):
        bancada = LaboratorioDoProximoToken(*decoder_minimo)
        for _ in range(4):
            bancada.acrescentar.click()
        textos.append(bancada.texto.value)
    assert textos[0] == textos[1] and textos[0].startswith("Era uma vez um gato que")
    assert len(textos[0]) > len("Era uma vez um gato que")


def test_quebrar_nao_perde_caracteres():
    texto = "palavra " * 40 + "x" * 200 + "\nfim"
    linhas = quebrar(texto, 30)
    assert "".join(texto[a:b] for a, b in linhas) == texto
    assert all(b - a <= 30 for a, b in linhas)


def test_desenhos_recusam_tamanhos_que_nao_combinam():
    with pytest.raises(ValueError, match="um valor para cada"):
        grade(["a"], ["a", "b"], [[1.0]], titulo="t")
    with pytest.raises(ValueError, match="fora do texto"):
        marcado("oi", [(0, 9, "PER")], titulo="t")


def test_lado_a_lado_marca_o_que_so_ha_de_um_lado():
    figura = str(lado_a_lado(("Ele", "Ela"), ([("médico", 0.4)], [("médica", 0.5)]), titulo="{} é [MASK]."))
    assert figura.count("◆ méd") == 2 and "Ele: médico 0,40." in figura
    assert "◆" not in str(lado_a_lado(("a", "b"), ([("x", 0.1)], [("x", float("nan"))]), titulo="t"))


# ------------------------------------------------------- o explorador de pipelines


@pytest.fixture
def explorador(preencher, reconhecer):
    def zero_shot(frase, candidate_labels, hypothesis_template):
        assert "{}" in hypothesis_template
        return {"labels": candidate_labels, "scores": [1 / len(candidate_labels)] * len(candidate_labels)}

    def responder(question, context):
        return {"answer": context[:3], "start": 0, "end": 3, "score": 0.5}

    return LaboratorioDePipelines(
        {
            "ner": lambda texto, aggregation_strategy: reconhecer(texto),
            "fill-mask": preencher,
            "zero-shot-classification": zero_shot,
            "question-answering": responder,
            "translation": lambda texto: [{"translation_text": texto.upper()}],
        }
    )


def test_o_explorador_troca_o_exemplo_com_a_tarefa(explorador):
    explorador.tarefa.value = "zero-shot-classification"
    assert "educação 0,33; política 0,33; negócios 0,33" in explorador.leitura
    explorador.tarefa.value = "fill-mask"
    assert "[MASK]" in explorador.texto.value and explorador.complemento.value == ""
    explorador.tarefa.value = "question-answering"
    assert "«Meu» é resposta" in explorador.leitura and "0,50" in explorador.leitura
    explorador.texto.value = "o que eu escrevi"
    explorador.tarefa.value = "translation"
    assert explorador.texto.value == "o que eu escrevi", "o texto do leitor não se perde"
    assert "O QUE EU ESCREVI" in explorador.quadro.value


@pytest.mark.parametrize("texto", HOSTIS)
def test_o_explorador_aguenta_qualquer_texto(explorador, texto):
    explorador.texto.value = explorador.complemento.value = texto
    for tarefa in explorador.tarefa.options:
        explorador.tarefa.value = tarefa
        ET.fromstring(explorador.quadro.value)
        assert explorador.leitura


def test_o_explorador_recusa_tarefa_que_nao_desenha():
    with pytest.raises(ValueError, match="não sabe desenhar"):
        LaboratorioDePipelines({"feature-extraction": len})


@pytest.mark.parametrize(
    ("palavra", "lados", "esperado"),
    [
        (3, DOIS_LADOS, ("Fechei a [MASK], e saí.", "porta")),
        (3, SO_ANTES, ("Fechei a [MASK]", "porta")),
        (99, DOIS_LADOS, ("Fechei a porta, e [MASK].", "saí")),
    ],
)
def test_esconder_guarda_a_pontuacao(palavra, lados, esperado):
    assert esconder("Fechei a porta, e saí.", palavra, lados, "[MASK]") == esperado


def test_a_perda_mostrada_e_a_da_palavra_que_estava_la(preencher):
    laboratorio = LaboratorioDaPalavraEscondida(preencher, "Ana mora em Belém.")
    laboratorio.palavra.value = 2
    certa = preencher("Ana [MASK] em Belém.", targets=["mora"])[0]["score"]
    assert f"perda {-math.log(certa):.2f}".replace(".", ",") in laboratorio.leitura
