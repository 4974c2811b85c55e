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
from curso import catalogo
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


def a_mao(responder, pergunta: str, contexto: str, maior: int = 15) -> list[tuple[float, int, int]]:
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
                trechos.append(((comeco[i] * fim[j]).item(), posicoes[i][0], posicoes[j][1]))
    return sorted(trechos, key=lambda trecho: -trecho[0])


def test_igual_a_conta_feita_a_mao(responder):
    for pergunta in ("Onde a Ana mora?", "Quem ficou em Natal?", "Desde quando?"):
        esperados = a_mao(responder, pergunta, CONTEXTO)[:5]
        dados = responder(question=pergunta, context=CONTEXTO, top_k=5, align_to_words=False)
        for (nota, de, ate), dado in zip(esperados, dados, strict=True):
            assert (dado["start"], dado["end"], dado["answer"]) == (de, ate, CONTEXTO[de:ate])
            assert dado["score"] == pytest.approx(nota, abs=1e-6)


def test_alinhada_a_palavra_e_somada_quando_repete(responder):
    esperados: dict[tuple[int, int], float] = {}
    for nota, de, ate in a_mao(responder, "Onde?", CONTEXTO)[:12]:  # 2 × top_k + 10 candidatos
        while CONTEXTO[ate : ate + 1].isalnum():
            ate += 1
        while de and CONTEXTO[de - 1].isalnum():
            de -= 1
        esperados[de, ate] = esperados.get((de, ate), 0) + nota
    (de, ate), nota = max(esperados.items(), key=lambda item: item[1])
    dada = responder(question="Onde?", context=CONTEXTO)
    assert dada == {"score": pytest.approx(nota, abs=1e-6), "start": de, "end": ate, "answer": CONTEXTO[de:ate]}


def _com_logits(responder, monkeypatch, preferido: dict[str, float], vazia: float = -9.0):
    """O mesmo pipeline, com um modelo que prefere certas palavras (e o [CLS], com a nota ``vazia``)."""

    def modelo(input_ids, **_):
        tokens = responder.tokenizer.convert_ids_to_tokens(input_ids[0].tolist())
        notas = [vazia if t == "[CLS]" else preferido.get(t, -9.0) for t in tokens]
        # A segunda ocorrência de uma palavra vale um pouco mais do que a primeira.
        notas = [
            n + 0.5 * tokens[:i].count(t) if n > 0 else n for i, (t, n) in enumerate(zip(tokens, notas, strict=True))
        ]
        return {"start_logits": torch.tensor([notas]), "end_logits": torch.tensor([notas])}

    monkeypatch.setattr(responder, "model", modelo_falso(modelo, responder.model))
    return responder


def modelo_falso(funcao, original):
    class Falso(torch.nn.Module):
        config, device, dtype = original.config, original.device, original.dtype

        def forward(self, **entradas):
            return funcao(**entradas)

    return Falso()


def test_a_posicao_e_a_da_ocorrencia_mais_provavel(responder, monkeypatch):
    contexto = "rua tarde rua"
    dada = _com_logits(responder, monkeypatch, {"rua": 5.0})(question="Onde?", context=contexto)
    assert dada["answer"] == "rua" and dada["start"] == contexto.rindex("rua") and dada["score"] <= 1


def test_a_nota_nunca_passa_de_um(responder, monkeypatch):
    longo = " ".join(["tarde"] * 60 + ["rua"] + ["tarde"] * 12)
    com_rua = _com_logits(responder, monkeypatch, {"rua": 9.0})
    dada = com_rua(question="Onde?", context=longo, max_seq_len=64, doc_stride=30)
    assert dada["answer"] == "rua" and dada["start"] == longo.index("rua") and 0.9 < dada["score"] <= 1


def test_a_resposta_vazia_vale_o_cls(responder, monkeypatch):
    certo_de_que_nao_ha = _com_logits(responder, monkeypatch, {"rua": 1.0}, vazia=9.0)
    opcoes = {"question": "Onde?", "context": "rua tarde"}
    assert certo_de_que_nao_ha(**opcoes, handle_impossible_answer=True)["answer"] == ""
    assert certo_de_que_nao_ha(**opcoes, handle_impossible_answer=True)["score"] > 0.99
    assert certo_de_que_nao_ha(**opcoes)["answer"] == "rua"


def test_formas_de_chamar(responder):
    item = {"question": "Onde a Ana mora?", "context": CONTEXTO}
    uma = responder(**item)
    assert responder(item) == uma
    assert responder([item, item]) == [uma, uma]
    assert responder([item]) == uma, "como na versão 4, uma lista de um item vale por ele"
    assert responder("Onde a Ana mora?", CONTEXTO) == responder("Onde a Ana mora?", context=CONTEXTO) == uma
    assert responder(data=[item, item]) == [uma, uma]
    assert list(responder(i for i in [item, item])) == [uma, uma]
    assert responder(map(dict, [item, item])) == [uma, uma]
    assert responder([]) == responder(question=[], context=CONTEXTO) == []
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


@pytest.mark.parametrize("tamanho", range(55, 70))
def test_pergunta_longa_ainda_deixa_lugar_ao_contexto(responder, tamanho):
    dada = responder(question="a " * tamanho, context=LONGO, max_seq_len=64)
    assert dada["answer"] and LONGO[dada["start"] : dada["end"]] == dada["answer"]


def test_salvar_e_abrir_de_novo(responder, pasta_t5, tmp_path):
    responder.save_pretrained(tmp_path / "p")
    de_volta = pipeline("question-answering", model=str(tmp_path / "p"))
    assert de_volta("Onde?", CONTEXTO) == responder("Onde?", CONTEXTO)
    assert not list((tmp_path / "p").glob("*.py"))
    pipeline("summarization", model=pasta_t5).save_pretrained(tmp_path / "r")
    assert pipeline("summarization", model=str(tmp_path / "r"))("Oi.", max_new_tokens=3)


def test_texto_a_esquerda_da_as_mesmas_respostas_em_lote(responder, monkeypatch):
    monkeypatch.setattr(responder.tokenizer, "padding_side", "left")
    itens = [{"question": "Onde?", "context": c} for c in (CONTEXTO, "Foi em março.")]
    com_rua = _com_logits(responder, monkeypatch, {"Natal": 5.0, "março": 5.0})
    assert [r["answer"] for r in com_rua(itens, batch_size=1)] == ["Natal", "março"]


@pytest.mark.parametrize(
    ("chamada", "recado"),
    [
        ({"question": "", "context": "algo"}, "A pergunta está vazia"),
        ({"question": "Onde?", "context": "  "}, "O contexto está vazio"),
        ({"question": "Onde?"}, "Dê a pergunta e o contexto"),
        ({"question": None, "context": "algo"}, "Dê a pergunta e o contexto"),
        ({"question": 3, "context": "algo"}, "A pergunta não é um texto"),
        ({"data": None}, "veio NoneType"),
        ({"data": ["Onde?"]}, "A pergunta não é um texto"),
        ({"question": ["a", "b", "c"], "context": ["x", "y"]}, "3 pergunta.*2 contexto"),
        ({"question": "Onde?", "context": "algo", "top_k": 0}, "top_k deve ser um número inteiro, 1 ou mais"),
        ({"question": "Onde?", "context": "algo", "max_answer_len": "3"}, "max_answer_len deve ser"),
        ({"question": "Onde?", "context": "algo", "doc_stride": -1}, "doc_stride deve ser"),
    ],
)
def test_erros_dizem_o_que_fazer(responder, chamada, recado):
    with pytest.raises(ValueError, match=recado):
        responder(**chamada)


@pytest.mark.parametrize("texto", ["😀 🎉", "<script>alert(1)</script>", "x " * 5000, "[MASK] [SEP]"])
def test_textos_hostis(responder, texto):
    dada = responder(question="Onde está?", context=texto)
    assert dada["answer"] and 0 <= dada["start"] < dada["end"] <= len(texto) and 0 < dada["score"] <= 1
    dada = responder(question=texto, context=CONTEXTO)
    assert dada["answer"] == CONTEXTO[dada["start"] : dada["end"]] != ""


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


def test_max_length_da_chamada_vence(pasta_t5):
    resumir = pipeline("summarization", model=pasta_t5, max_new_tokens=9)
    assert len(resumir("Oi.", return_tensors=True)[0]["summary_token_ids"]) == 10  # o de início e nove
    assert len(resumir("Oi.", max_length=5, return_tensors=True)[0]["summary_token_ids"]) == 5


def test_padroes_da_versao_4_so_onde_ninguem_disse_nada(pasta_t5):
    resumir = pipeline("summarization", model=pasta_t5)
    assert resumir._com_padroes({}) == {"max_new_tokens": 256, "num_beams": 4}
    assert resumir._com_padroes({"num_beams": 1, "max_length": 7}) == {"num_beams": 1, "max_length": 7}


@pytest.mark.parametrize("linguas", [{"src_lang": "eng_Latn", "tgt_lang": "por_Latn"}, {}])
def test_tokenizers_de_muitas_linguas_recebem_as_linguas(pasta_t5, linguas, monkeypatch):
    traduzir = pipeline("translation_en_to_pt", model=pasta_t5, max_new_tokens=3, **linguas)
    vistas = {}

    def montar(texto, return_tensors, truncation, src_lang, tgt_lang):
        vistas.update(src_lang=src_lang, tgt_lang=tgt_lang)
        return traduzir.tokenizer(texto, return_tensors=return_tensors, return_token_type_ids=False)

    monkeypatch.setattr(traduzir.tokenizer, "_build_translation_inputs", montar, raising=False)
    traduzir("Hello.")
    assert vistas == (linguas or {"src_lang": "en", "tgt_lang": "pt"})


def test_faltam_as_linguas(pasta_t5, monkeypatch):
    traduzir = pipeline("translation", model=pasta_t5)
    monkeypatch.setattr(traduzir.tokenizer, "_build_translation_inputs", None, raising=False)
    with pytest.raises(ValueError, match="diga quais com src_lang e tgt_lang"):
        traduzir("Hello.")


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
    for estranho in (None, 3, ["algo", None]):
        with pytest.raises(ValueError, match="deve ser um texto, ou uma lista de textos; veio"):
            pipe(estranho)
    assert pipe([]) == []


# ------------------------------------------------------------------ o registro


def test_o_catalogo_conhece_as_tarefas_restauradas():
    assert catalogo.RETIRADAS == set(curso.tarefas.TAREFAS)


def test_a_primeira_vez_registra_e_devolve_os_nomes(monkeypatch):
    monkeypatch.setattr(PIPELINE_REGISTRY, "supported_tasks", {})
    monkeypatch.setattr(PIPELINE_REGISTRY, "check_task", PIPELINE_REGISTRY.check_task)
    monkeypatch.setattr(pipelines, "REMOVED_TASKS", {"summarization": "saiu", "vqa": "saiu"}, raising=False)
    assert curso.tarefas.restaurar() == ["question-answering", "summarization", "translation"]
    assert pipelines.REMOVED_TASKS == {"vqa": "saiu"}
    assert PIPELINE_REGISTRY.check_task("translation_en_to_pt")[0] == "translation"


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
