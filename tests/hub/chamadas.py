"""As chamadas do curso original, escritas como um leitor as escreve. Roda em um processo só, contra o Hub de mentira.

Cada uma imprime uma linha JSON: ``{"chamada": "F34", "resultado": …}``. Os modelos por trás dos nomes são os mirins:
o que se prova aqui é que o nome, a revisão, o download e a chamada funcionam na transformers 5, não a resposta.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from pathlib import Path

import torch
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer, BertConfig, BertModel, pipeline

import curso.tarefas  # noqa: F401 — question-answering, summarization e translation, que a versão 5 retirou
from curso.catalogo import entrada

SST2 = "distilbert-base-uncased-finetuned-sst-2-english"
ESPEREI, ODEIO = "I've been waiting for a HuggingFace course my whole life.", "I hate this so much!"


def f34():
    return pipeline("sentiment-analysis", model=f"distilbert/{SST2}", revision="714eb0f")(ESPEREI)


def f35():
    return pipeline("sentiment-analysis", model=SST2)([ESPEREI, ODEIO])


def f36():
    classificador = pipeline("zero-shot-classification", model="facebook/bart-large-mnli", revision="d7645e1")
    return classificador(
        "This is a course about the Transformers library", candidate_labels=["education", "politics", "business"]
    )


def f37():
    return pipeline("text-generation", model="gpt2")("In this course, we will teach you how to", max_new_tokens=5)


def f38():
    gerador = pipeline("text-generation", model="distilgpt2")
    return gerador("In this course, we will teach you how to", max_new_tokens=5, num_return_sequences=2, do_sample=True)


def f39():
    preencher = pipeline("fill-mask", model="distilbert/distilroberta-base", revision="fb53ab8")
    return preencher(f"This course will teach you all about {preencher.tokenizer.mask_token} models.", top_k=2)


def f40():
    achar = pipeline(
        "ner",
        model="dbmdz/bert-large-cased-finetuned-conll03-english",
        revision="4c53496",
        aggregation_strategy="simple",
    )
    return achar("My name is Sylvain and I work at Hugging Face in Brooklyn.")


def f41():
    responder = pipeline("question-answering", model="distilbert/distilbert-base-cased-distilled-squad")
    return responder(question="Where do I work?", context="My name is Sylvain and I work at Hugging Face in Brooklyn")


def f42():
    resumir = pipeline("summarization", model="sshleifer/distilbart-cnn-12-6", revision="a4f8f3e")
    return resumir("America has changed dramatically during recent years. The number of graduates has declined.")


def f43():
    return pipeline("translation", model="Helsinki-NLP/opus-mt-fr-en")("Ce cours est produit par Hugging Face.")


def f92_a_f93():
    return pipeline("sentiment-analysis", model=SST2)([ESPEREI, ODEIO])


def entradas():
    """F94–F96: o tokenizer de um nome antigo, e o lote com preenchimento."""
    return AutoTokenizer.from_pretrained(SST2)([ESPEREI, ODEIO], padding=True, truncation=True, return_tensors="pt")


def f94_a_f96():
    lote = entradas()
    return {"formas": [list(v.shape) for v in lote.values()], "mascara": lote["attention_mask"].tolist()}


def f97_a_f98():
    with torch.inference_mode():
        return list(AutoModel.from_pretrained(SST2)(**entradas()).last_hidden_state.shape)


def f99_a_f103():
    modelo = AutoModelForSequenceClassification.from_pretrained(SST2)
    with torch.inference_mode():
        logits = modelo(**entradas()).logits
    somas = logits.softmax(dim=-1).sum(dim=-1).tolist()
    return {"forma": list(logits.shape), "somas": somas, "rotulos": modelo.config.id2label}


def f104_a_f106():
    padrao = BertConfig()
    numeros = [padrao.hidden_size, padrao.intermediate_size, padrao.max_position_embeddings, padrao.num_hidden_layers]
    pequeno = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    return {"padrao": numeros, "classe": type(BertModel(pequeno)).__name__}


def f107_a_f108():
    with tempfile.TemporaryDirectory() as pasta:
        BertModel.from_pretrained("bert-base-cased").save_pretrained(pasta)
        return sorted(a.name for a in Path(pasta).iterdir())


def f109_a_f112():
    codigos = AutoTokenizer.from_pretrained("bert-base-cased")(["Hello!", "Cool.", "Nice!"], padding=True)["input_ids"]
    with torch.inference_mode():
        saida = BertModel.from_pretrained("bert-base-cased")(torch.tensor(codigos))
    return {"entrada": list(torch.tensor(codigos).shape), "saida": list(saida.last_hidden_state.shape)}


def do_catalogo(tarefa: str):
    """O checkpoint do Hub do catálogo, pelo nome e pela revisão que ``modelo()`` manda escrever."""
    linha = entrada(tarefa)
    tokenizer = AutoTokenizer.from_pretrained(linha.hub, revision=linha.revisao)
    return {"modelo": type(AutoModel.from_pretrained(linha.hub, revision=linha.revisao)).__name__, "n": len(tokenizer)}


CHAMADAS = {nome: funcao for nome, funcao in globals().items() if nome.startswith("f") and nome[1].isdigit()}


def principal(nomes: list[str]) -> None:
    for nome in nomes:
        try:
            resultado = CHAMADAS[nome]() if nome in CHAMADAS else do_catalogo(nome)
            linha = {"chamada": nome, "resultado": resultado}
        except Exception:
            linha = {"chamada": nome, "erro": traceback.format_exc()}
        print(json.dumps(linha, default=float), flush=True)


if __name__ == "__main__":
    principal(sys.argv[1:])
