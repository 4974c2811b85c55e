"""O que todos os testes usam, e o resumo em português no fim."""

from __future__ import annotations

import json

import pytest

from curso.projeto import lista_de_notebooks


@pytest.fixture(scope="session")
def classificador():
    """O pipeline de sentimento com o checkpoint embutido."""
    from transformers import pipeline

    from curso import modelo

    return pipeline("sentiment-analysis", model=modelo("sentiment-analysis"))


@pytest.fixture(params=lista_de_notebooks(), ids=lambda caminho: caminho.stem)
def caminho(request):
    return request.param


@pytest.fixture
def notebook(caminho):
    return json.loads(caminho.read_text(encoding="utf-8"))


NOMES = {
    "passed": "passaram",
    "failed": "falharam",
    "error": "com erro",
    "skipped": "pulados",
    "xfailed": "falhas esperadas",
}


def pytest_terminal_summary(terminalreporter):
    contagem = {nome: len(terminalreporter.stats.get(chave, [])) for chave, nome in NOMES.items()}
    frase = ", ".join(f"{n} {nome}" for nome, n in contagem.items() if n) or "nenhum teste"
    ruins = contagem["falharam"] + contagem["com erro"]
    terminalreporter.section("resumo do curso")
    terminalreporter.write_line(f"Testes: {frase}.")
    motivos = {r.longrepr[2] for r in terminalreporter.stats.get("skipped", []) if isinstance(r.longrepr, tuple)}
    for motivo in sorted(motivos):
        terminalreporter.write_line(f"Pulado: {motivo.removeprefix('Skipped: ')}.")
    terminalreporter.write_line(
        "Há falhas: a primeira delas está explicada acima, depois da palavra FAILURES."
        if ruins
        else "O curso está inteiro."
    )
