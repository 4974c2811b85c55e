"""``python -m curso.aula NOTEBOOK PASTA``: grava a pasta de uma aula. Roda dentro do ``.venv``."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError

from curso.aula import pdf, recursos
from curso.aula.paginas import paginas
from curso.projeto import ErroDoCurso

PAPEL = ("impressao.html", "impressao-com-solucoes.html")


def ler(caminho: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(caminho, as_version=4)
    except (NotJSONError, nbformat.ValidationError, UnicodeDecodeError, AttributeError, KeyError) as erro:
        raise ErroDoCurso(f"{caminho.name} não é um notebook que se possa ler. Baixe-o de novo.") from erro


def gravar(caminho: Path, pasta: Path) -> Path:
    """Grava slides, as duas cópias de papel e o que elas usam; devolve a pasta desta aula."""
    notebook = ler(caminho)
    destino = pasta / caminho.stem
    recursos.copiar(destino / "recursos")
    for nome, texto in paginas(notebook).items():
        (destino / nome).write_text(texto, encoding="utf-8")
    if not any(celula.get("outputs") for celula in notebook.cells):
        print(
            f"Aviso: {caminho.name} não guarda saídas. Para tê-las nos slides: python -m curso executar {caminho.stem}"
        )
    return destino


def principal(argumentos: list[str]) -> int:
    caminho, pasta = map(Path, argumentos)
    try:
        destino = gravar(caminho, pasta)
    except ErroDoCurso as erro:
        print(f"\n⚠️  {erro}", file=sys.stderr)
        return 1
    except OSError as erro:
        print(f"\n⚠️  Não consegui gravar em {pasta}: {erro.strerror}. Escolha outra com --saida.", file=sys.stderr)
        return 1
    print(f"Pronto, em {destino}:")
    print("  slides.html                    os slides: abra no navegador; a tecla S mostra as soluções só a você")
    print("  impressao.html                 para a turma, sem soluções")
    print("  impressao-com-solucoes.html    para você")
    _fazer_pdfs(destino)
    print("A pasta inteira pode ir para um pendrive: abre em qualquer navegador, sem internet.")
    return 0


def _fazer_pdfs(destino: Path) -> None:
    programa = pdf.navegador()
    if programa is None:
        print(f"  {pdf.SEM_NAVEGADOR}")
        return
    for nome in PAPEL:
        feito = pdf.fazer_pdf(programa, destino / nome)
        print(f"  {feito.name}" if feito else f"  O navegador não fez o PDF de {nome}: abra o HTML e imprima por ele.")


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
