"""As provas dos encoder–decoders: tradução e resumo, em chrF."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from curso.projeto import MODELOS, ErroDoCurso
from oficina.dados import carregar
from oficina.provas import ITENS_DE_VALIDACAO, abrir
from oficina.textos import avaliacao, dicionario


def traducao(de: str, para: str, pasta: Path | None = None) -> dict:
    """chrF (de 0 a 1) contra uma tradução de referência; a palavra por palavra do dicionário é a referência simples."""
    import curso.tarefas  # noqa: F401  — devolve a tarefa ao pipeline

    traduzir = abrir("translation", pasta or MODELOS / f"{de}-{para}-mirim")
    validacao = [(item[de], item[para]) for item in carregar("pares", "validacao")[: ITENS_DE_VALIDACAO // 2]]
    provas = {"validacao": validacao, "livres": [tuple(colunas) for colunas in avaliacao(f"{de}-{para}")]}
    feitas = {
        nome: [r["translation_text"] for r in traduzir([entrada for entrada, _ in itens])]
        for nome, itens in provas.items()
    }
    return {
        "itens": {nome: len(itens) for nome, itens in provas.items()},
        "modelo": {nome: chrf(feitas[nome], itens) for nome, itens in provas.items()},
        "referencias": {
            "palavra por palavra, com o dicionário": {
                nome: chrf([palavra_por_palavra(entrada, de) for entrada, _ in itens], itens)
                for nome, itens in provas.items()
            }
        },
        "erros": _piores(provas["livres"], feitas["livres"]),
    }


def resumos(pasta: Path | None = None) -> dict:
    """chrF (de 0 a 1) contra um resumo de referência; a primeira frase do texto é a referência simples."""
    import curso.tarefas  # noqa: F401

    resumir = abrir("summarization", pasta or MODELOS / "resumos-mirim")
    provas = {
        "validacao": [(item["texto"], item["resumo"]) for item in carregar("resumos", "validacao")],
        "livres": [tuple(colunas) for colunas in avaliacao("resumos")],
    }
    feitos = {
        nome: [r["summary_text"] for r in resumir([texto for texto, _ in itens])] for nome, itens in provas.items()
    }
    primeiras = {
        nome: [re.match(r".+?[.!?](?=\s|$)|.+", texto, re.DOTALL)[0] for texto, _ in itens]
        for nome, itens in provas.items()
    }
    return {
        "itens": {nome: len(itens) for nome, itens in provas.items()},
        "modelo": {nome: chrf(feitos[nome], itens) for nome, itens in provas.items()},
        "referencias": {"a primeira frase do texto": {n: chrf(primeiras[n], itens) for n, itens in provas.items()}},
        "erros": _piores(provas["livres"], feitos["livres"]),
    }


def _medida():
    try:
        from sacrebleu.metrics import CHRF
    except ModuleNotFoundError as erro:
        raise ErroDoCurso(
            "Falta o pacote sacrebleu, que só a oficina usa: python -m pip install -r tests/requirements-testes.txt"
        ) from erro
    return CHRF()


def chrf(dados: list[str], itens: list[tuple[str, str]]) -> float:
    return round(_medida().corpus_score(dados, [[certo for _, certo in itens]]).score / 100, 4)


def palavra_por_palavra(texto: str, de: str) -> str:
    """Cada palavra trocada pela primeira tradução do dicionário; as que faltam ficam como estão."""
    trocas = _trocas(de)
    return re.sub(r"\w+(?:'\w+)?", lambda achado: trocas.get(achado[0].lower(), achado[0]), texto)


@cache
def _trocas(de: str) -> dict[str, str]:
    trocas: dict[str, str] = {}
    for verbete in dicionario():
        for ingles in verbete.ingles:
            uma, outra = (ingles.removeprefix("to "), verbete.expressao)
            trocas.setdefault(*((uma.lower(), outra) if de == "en" else (outra.lower(), uma)))
    return trocas


def _piores(itens: list[tuple[str, str]], dados: list[str]) -> list[tuple[str, str]]:
    medida = _medida()
    notas = [
        (medida.sentence_score(dado, [certo]).score, entrada, dado)
        for (entrada, certo), dado in zip(itens, dados, strict=True)
    ]
    return [(entrada, f"ele escreveu «{dado}»") for _, entrada, dado in sorted(notas)[:30]]
