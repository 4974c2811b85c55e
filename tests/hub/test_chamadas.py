"""Cada chamada do curso original, com o nome do checkpoint escrito e ``HF_ENDPOINT`` no Hub de mentira."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from curso.catalogo import catalogo
from curso.projeto import MODELOS, RAIZ
from tests.hub.hub_de_mentira import HubDeMentira, acervo


def _textos(nome: str):
    return lambda r: isinstance(r, list) and all(isinstance(item[nome], str) for item in r)


def _rotulado(r) -> bool:
    return all(isinstance(item["label"], str) and 0 <= item["score"] <= 1 for item in r)


ESPERADO = {
    "f34": lambda r: len(r) == 1 and _rotulado(r),
    "f35": lambda r: len(r) == 2 and _rotulado(r),
    "f36": lambda r: sorted(r["labels"]) == ["business", "education", "politics"] and abs(sum(r["scores"]) - 1) < 1e-3,
    "f37": lambda r: r[0]["generated_text"].startswith("In this course"),
    "f38": lambda r: len(r) == 2 and _textos("generated_text")(r),
    "f39": lambda r: len(r) == 2 and all({"score", "token", "token_str", "sequence"} <= set(item) for item in r),
    "f40": lambda r: all({"entity_group", "score", "word", "start", "end"} <= set(item) for item in r),
    "f41": lambda r: {"score", "start", "end", "answer"} <= set(r),
    "f42": lambda r: len(r) == 1 and _textos("summary_text")(r),
    "f43": lambda r: len(r) == 1 and _textos("translation_text")(r),
    "f92_a_f93": lambda r: len(r) == 2 and _rotulado(r),
    "f94_a_f96": lambda r: all(f == r["formas"][0] and f[0] == 2 for f in r["formas"]) and r["mascara"][1][-1] == 0,
    "f97_a_f98": lambda r: len(r) == 3 and r[0] == 2 and r[2] == _config("sentimento-mirim")["hidden_size"],
    "f99_a_f103": lambda r: (
        r["forma"] == [2, len(r["rotulos"])]
        and all(abs(soma - 1) < 1e-3 for soma in r["somas"])
        and r["rotulos"] == _config("sentimento-mirim")["id2label"]
    ),
    "f104_a_f106": lambda r: r == {"padrao": [768, 3072, 512, 12], "classe": "BertModel"},
    "f107_a_f108": lambda r: r == ["config.json", "model.safetensors"],
    "f109_a_f112": lambda r: r["entrada"][0] == 3 and r["saida"][:2] == r["entrada"],
} | {tarefa: lambda r: r["modelo"] and r["n"] > 100 for tarefa in catalogo()}


def _config(nome: str) -> dict:
    return json.loads((MODELOS / nome / "config.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def resultados(tmp_path_factory) -> dict[str, dict]:
    variaveis = {nome: valor for nome, valor in os.environ.items() if not nome.startswith("HF_")}
    with HubDeMentira(acervo()) as hub:
        variaveis |= {
            "HF_ENDPOINT": hub.endereco,
            "HF_HOME": str(tmp_path_factory.mktemp("casa")),
            "PYTHONPATH": os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)]),
            "TRANSFORMERS_VERBOSITY": "error",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        feito = subprocess.run(
            [sys.executable, "-m", "tests.hub.chamadas", *ESPERADO],
            cwd=RAIZ,
            env=variaveis,
            capture_output=True,
            text=True,
            timeout=300,
        )
    linhas = [json.loads(linha) for linha in feito.stdout.splitlines() if linha.startswith('{"chamada"')]
    assert len(linhas) == len(ESPERADO), feito.stderr[-3000:]
    return {linha["chamada"]: linha for linha in linhas}


@pytest.mark.parametrize("chamada", ESPERADO)
def test_chamada(resultados, chamada):
    feita = resultados[chamada]
    assert "erro" not in feita, feita["erro"]
    assert ESPERADO[chamada](feita["resultado"]), feita["resultado"]
