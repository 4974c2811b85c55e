"""As três tarefas restauradas: formas de chamar, formatos, janelas, e as contas refeitas à mão dos mesmos logits."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    T5Config,
    T5ForConditionalGeneration,
    pipeline,
    pipelines,
)
from transformers.pipelines import PIPELINE_REGISTRY

import curso.tarefas
from curso.projeto import MODELOS

CONTEXTO = "A Ana mora em Belém e trabalha na Caixa desde 2019, perto do rio. O irmão dela, Davi, ficou em Natal."
LONGO = CONTEXTO * 12


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MODELOS / "sentimento-mirim")


@pytest.fixture(scope="module")
def responder(tokenizer):
    """Pesos ao acaso, com logits bem separados: aqui se testam as contas, não o que o modelo sabe."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        initializer_range=1.0,
    )
    return pipeline("question-answering", model=BertForQuestionAnswering(config).eval(), tokenizer=tokenizer)


@pytest.fixture(scope="module")
def pasta_t5(tokenizer, tmp_path_factory):
    torch.manual_seed(0)
    pasta = tmp_path_factory.mktemp("t5")
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=16,
        num_heads=2,
        num_layers=2,
        d_ff=64,
        decoder_start_token_id=0,
        eos_token_id=3,
        pad_token_id=0,
    )
    T5ForConditionalGeneration(config).save_pretrained(pasta)
    tokenizer.save_pretrained(pasta)
    return str(pasta)


def a_mao(responder, pergunta: str, contexto: str, maior: int = 15) -> list[tuple[float, str]]:
    """Todo trecho possível do contexto, com a sua nota, do jeito mais lento e mais claro."""
    codigo = responder.tokenizer(pergunta, contexto, return_tensors="pt", return_offsets_mapping=True)
    posicoes = codigo.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        saida = responder.model(**codigo)
    lados = codigo.encodings[0].sequence_ids
    vale = torch.tensor([lado == 1 or i == 0 for i, lado in enumerate(lados)])
    comeco = saida.start_logits[0].masked_fill(~vale, -torch.inf).softmax(0)
    fim = saida.end_logits[0].masked_fill(~vale, -torch.inf).softmax(0)
    trechos = []
    for i in range(len(lados)):
        for j in range(i, min(i + maior, len(lados))):
            if lados[i] == lados[j] == 1:
                trechos.append(((comeco[i] * fim[j]).item(), contexto[posicoes[i][0] : posicoes[j][1]]))
    return sorted(trechos, key=lambda trecho: -trecho[0])


def test_igual_a_conta_feita_a_mao(responder):
    for pergunta in ("Onde a Ana mora?", "Quem ficou em Natal?", "Desde quando?"):
        esperados = a_mao(responder, pergunta, CONTEXTO)
        dados = responder(question=pergunta, context=CONTEXTO, top_k=5, align_to_words=False)
        for (nota, texto), dado in zip(esperados, dados, strict=False):
            assert dado["answer"] == texto == CONTEXTO[dado["start"] : dado["end"]]
            assert dado["score"] == pytest.approx(nota, abs=1e-6)


def test_alinhada_a_palavra_e_somada_quando_repete(responder):
    esperados: dict[str, float] = {}
    for nota, trecho in a_mao(responder, "Onde?", CONTEXTO)[:12]:  # 2 × top_k + 10 candidatos
        inicio = CONTEXTO.index(trecho)
        fim = inicio + len(trecho)
        while CONTEXTO[fim : fim + 1].isalnum():
            fim += 1
        while CONTEXTO[inicio - 1 : inicio].isalnum():
            inicio -= 1
        esperados[CONTEXTO[inicio:fim]] = esperados.get(CONTEXTO[inicio:fim], 0) + nota
    melhor = max(esperados, key=esperados.get)
    dada = responder(question="Onde?", context=CONTEXTO)
    assert set(dada) == {"score", "start", "end", "answer"}
    assert dada["answer"] == melhor and dada["score"] == pytest.approx(esperados[melhor], abs=1e-6)


def test_formas_de_chamar(responder):
    item = {"question": "Onde a Ana mora?", "context": CONTEXTO}
    uma = responder(**item)
    assert responder(item) == uma
    assert responder([item, item]) == [uma, uma]
    assert responder([item]) == [uma], "lista de um item devolve lista, como os outros pipelines da versão 5"
    assert responder(question=[item["question"]] * 2, context=CONTEXTO) == [uma, uma]
    assert responder(question=[item["question"]] * 2, context=[CONTEXTO] * 2) == [uma, uma]
    tres = responder(**item, top_k=3)
    assert [r["answer"] for r in tres][0] == uma["answer"] and len(tres) == 3
    assert [r["score"] for r in tres] == sorted((r["score"] for r in tres), reverse=True)
    assert responder(**item, topk=3) == tres
    assert len(uma["answer"].split()) <= 15
    curta = responder(**item, max_answer_len=1, align_to_words=False)
    assert " " not in curta["answer"]


def test_contexto_longo_e_lido_inteiro_em_janelas(responder):
    palavras = LONGO.split()
    final = responder(question="Onde?", context=LONGO, top_k=60)
    assert max(r["end"] for r in final) > len(LONGO) * 0.6 and min(r["start"] for r in final) < len(LONGO) * 0.4
    janelas = list(responder.preprocess({"question": "Onde?", "context": LONGO}, max_seq_len=64, doc_stride=16))
    assert len(janelas) > len(palavras) / 64 and [j["is_last"] for j in janelas] == [False] * (len(janelas) - 1) + [
        True
    ]
    assert all(j["input_ids"].shape[1] <= 64 for j in janelas)
    vistos = {
        janela["janela"].offsets[i]
        for janela in janelas
        for i, lado in enumerate(janela["janela"].sequence_ids)
        if lado == 1
    }
    inteiro = responder.tokenizer(LONGO, return_offsets_mapping=True, add_special_tokens=False, verbose=False)
    assert {tuple(p) for p in inteiro["offset_mapping"]} == vistos, "nenhum token do contexto fica sem ler"


def test_lotes_dao_o_mesmo_que_um_por_um(responder):
    itens = [
        {"question": p, "context": c}
        for p in ("Onde?", "Quem ficou em Natal?")
        for c in (CONTEXTO, LONGO, "Foi em março.")
    ]
    sozinhos = [responder(item, top_k=2) for item in itens]
    for em_lote, sozinho in zip(responder(itens, batch_size=4, top_k=2), sozinhos, strict=True):
        assert [r["answer"] for r in em_lote] == [r["answer"] for r in sozinho]
        np.testing.assert_allclose([r["score"] for r in em_lote], [r["score"] for r in sozinho], atol=1e-5)


def test_resposta_vazia_so_quando_se_aceita(responder):
    aceita = responder(question="Onde?", context="Ontem choveu.", handle_impossible_answer=True, top_k=100)
    vazias = [r for r in aceita if r["answer"] == ""]
    assert len(vazias) == 1 and vazias[0]["start"] == vazias[0]["end"] == 0
    assert all(r["answer"] for r in responder(question="Onde?", context="Ontem choveu.", top_k=100))


@pytest.mark.parametrize(
    ("chamada", "recado"),
    [
        ({"question": "", "context": "algo"}, "A pergunta está vazia"),
        ({"question": "Onde?", "context": "  "}, "O contexto está vazio"),
        ({"question": "Onde?"}, "Dê a pergunta e o contexto"),
        ({"question": ["a", "b", "c"], "context": ["x", "y"]}, "3 perguntas e 2 contextos"),
        ({"question": "Onde?", "context": "algo", "top_k": 0}, "top_k deve ser 1 ou mais"),
    ],
)
def test_erros_dizem_o_que_fazer(responder, chamada, recado):
    with pytest.raises(ValueError, match=recado):
        responder(**chamada)


@pytest.mark.parametrize("texto", ["😀 🎉", "<script>alert(1)</script>", "x " * 5000, "[MASK] [SEP]"])
def test_textos_hostis(responder, texto):
    dada = responder(question="Onde está?", context=texto)
    assert texto[dada["start"] : dada["end"]] == dada["answer"]
    assert responder(question=texto, context=CONTEXTO)["answer"] in CONTEXTO


# ------------------------------------------------------ resumo e tradução


def test_resumo_igual_ao_generate(pasta_t5):
    resumir = pipeline("summarization", model=pasta_t5)
    codigo = resumir.tokenizer("Um texto para resumir.", return_tensors="pt", return_token_type_ids=False)
    numeros = resumir.model.generate(**codigo, max_new_tokens=9, num_beams=1)
    esperado = resumir.tokenizer.decode(numeros[0], skip_special_tokens=True)
    assert resumir("Um texto para resumir.", max_new_tokens=9, num_beams=1) == [{"summary_text": esperado}]
    (dado,) = resumir("Um texto para resumir.", max_new_tokens=9, num_beams=1, return_tensors=True)
    assert dado["summary_token_ids"].tolist() == numeros[0].tolist()


def test_formatos_de_resumo_e_traducao(pasta_t5):
    resumir, traduzir = pipeline("summarization", model=pasta_t5), pipeline("translation", model=pasta_t5)
    um, dois = "Um texto.", "Outro texto, maior do que o primeiro."
    opcoes = {"max_new_tokens": 6, "num_beams": 1}
    sozinhos = [resumir(um, **opcoes)[0], resumir(dois, **opcoes)[0]]
    assert resumir([um, dois], **opcoes) == sozinhos
    assert resumir([um, dois], batch_size=2, **opcoes) == sozinhos
    varias = resumir(um, max_new_tokens=6, num_beams=3, num_return_sequences=3)
    assert len(varias) == 3 and all(set(r) == {"summary_text"} for r in varias)
    assert set(traduzir("Hello.", **opcoes)[0]) == {"translation_text"}
    assert len(resumir(um, max_length=5, return_tensors=True)[0]["summary_token_ids"]) <= 5


def test_traducao_com_as_linguas_no_nome(pasta_t5):
    simples, com_linguas = pipeline("translation", model=pasta_t5), pipeline("translation_en_to_pt", model=pasta_t5)
    assert simples("Good morning", max_new_tokens=5) == com_linguas("Good morning", max_new_tokens=5)
    with pytest.raises(KeyError):
        pipeline("translation_en_pt", model=pasta_t5)


def test_prefixo_e_parametros_da_tarefa_vem_da_configuracao(pasta_t5):
    traduzir = pipeline("translation_en_to_pt", model=pasta_t5)
    sem = traduzir("Good morning", max_new_tokens=5)
    traduzir.model.config.task_specific_params = {
        "translation_en_to_pt": {"prefix": "zebra abacate ", "max_new_tokens": 5}
    }
    com = traduzir("Good morning")
    traduzir.model.config.task_specific_params = None
    assert com == traduzir("zebra abacate Good morning", max_new_tokens=5) != sem


@pytest.mark.parametrize("tarefa", ["summarization", "translation"])
def test_texto_vazio_tem_recado(pasta_t5, tarefa):
    pipe = pipeline(tarefa, model=pasta_t5)
    for vazio in ("", "   ", ["algo", ""]):
        with pytest.raises(ValueError, match="O texto de entrada está vazio"):
            pipe(vazio)


# ------------------------------------------------------------------ o registro


def test_restaurar_de_novo_nao_faz_nada():
    antes = dict(PIPELINE_REGISTRY.supported_tasks)
    assert curso.tarefas.restaurar() == [] and PIPELINE_REGISTRY.supported_tasks == antes
    assert not {*curso.tarefas.TAREFAS} & {*getattr(pipelines, "REMOVED_TASKS", {})}


def test_onde_a_tarefa_ainda_existe_nada_muda(monkeypatch):
    dela = {"impl": object, "pt": ()}
    monkeypatch.setitem(PIPELINE_REGISTRY.supported_tasks, "summarization", dela)
    assert "summarization" not in curso.tarefas.restaurar()
    assert PIPELINE_REGISTRY.supported_tasks["summarization"] is dela
    assert isinstance(PIPELINE_REGISTRY.check_task("sentiment-analysis"), tuple)
