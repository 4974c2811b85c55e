"""Leva aos notebooks e ao README o que está escrito uma vez só: selos, célula de preparação, tabela."""

from __future__ import annotations

import json
import re
from pathlib import Path

from curso.exercicios.questionario import carregar, com_perguntas, e_questionario
from curso.projeto import RAIZ, dados_do_projeto, lista_de_notebooks

CELULA_DE_PREPARACAO = RAIZ / "colab" / "preparacao.py"
ID_DO_SELO, ID_DA_PREPARACAO = "selo", "preparacao"
INICIO_DA_TABELA, FIM_DA_TABELA = "<!-- início da tabela de notebooks -->", "<!-- fim da tabela de notebooks -->"


def endereco_no_colab(caminho: Path) -> str:
    projeto = dados_do_projeto()
    relativo = caminho.relative_to(RAIZ).as_posix()
    return f"https://colab.research.google.com/github/{projeto['repositorio']}/blob/{projeto['edicao']}/{relativo}"


def selo(caminho: Path, imagem: str = "../images/abrir-no-colab.svg") -> str:
    return f"[![Abrir no Colab]({imagem})]({endereco_no_colab(caminho)})"


def celula_de_preparacao() -> str:
    projeto = dados_do_projeto()
    modelo = CELULA_DE_PREPARACAO.read_text(encoding="utf-8").rstrip("\n")
    return modelo.replace("REPOSITORIO", projeto["repositorio"]).replace("EDICAO", projeto["edicao"])


def carimbar_notebook(caminho: Path, notebook: dict) -> dict:
    """Devolve o notebook com o selo, a preparação e, se é um questionário, as perguntas em dia."""
    fontes = {ID_DO_SELO: selo(caminho), ID_DA_PREPARACAO: celula_de_preparacao()}
    for celula in notebook["cells"]:
        if celula.get("id") in fontes:
            celula["source"] = fontes[celula["id"]].splitlines(keepends=True)
    if e_questionario(caminho):
        notebook["cells"] = com_perguntas(notebook["cells"], carregar(caminho.stem[:2]))
    metadados = notebook["metadata"]
    metadados.pop("widgets", None)
    metadados["colab"] = {"name": caminho.name, "provenance": [], "toc_visible": True}
    metadados.pop("accelerator", None)
    if gpu_ajuda(notebook):
        metadados["accelerator"] = "GPU"
        metadados["colab"]["gpuType"] = "T4"
    return notebook


def gpu_ajuda(notebook: dict) -> bool:
    """A linha de fatos diz que uma GPU ajuda: só então o Colab deve reservar uma, que é escassa."""
    return any("**GPU:** ajuda" in "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")


def em_texto(notebook: dict) -> str:
    """A forma canônica de um notebook: a mesma que nbformat grava."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def carimbar_readme(texto: str) -> str:
    linhas = ["| notebook | | tempo |", "|---|---|---|"]
    for caminho in lista_de_notebooks():
        titulo, tempo = titulo_e_tempo(json.loads(caminho.read_text(encoding="utf-8")))
        relativo = caminho.relative_to(RAIZ).as_posix()
        linhas.append(f"| [{titulo}]({relativo}) | {selo(caminho, 'images/abrir-no-colab.svg')} | {tempo} |")
    tabela = "\n".join([INICIO_DA_TABELA, *linhas, FIM_DA_TABELA])
    return re.sub(f"{INICIO_DA_TABELA}.*?{FIM_DA_TABELA}", lambda _: tabela, texto, flags=re.DOTALL)


def titulo_e_tempo(notebook: dict) -> tuple[str, str]:
    """O título (``# …``) e o tempo da linha de fatos (``**Tempo:** 30 min · …``)."""
    prosa = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")
    titulo = re.search(r"^# (.+)$", prosa, re.MULTILINE)
    tempo = re.search(r"\*\*Tempo:\*\* ([^·\n]+)", prosa)
    return (titulo[1].strip() if titulo else "?"), (tempo[1].strip() if tempo else "?")


def trocar_repositorio(texto: str) -> str:
    """Os endereços do projeto no GitHub, quando o repositório muda de nome ou de dono em pyproject.toml."""
    novo = f"github.com/{dados_do_projeto()['repositorio']}"
    return re.sub(rf"github\.com/{re.escape(repositorio_anterior())}(?![\w-])", novo, texto)


def repositorio_anterior() -> str:
    """O repositório com que os arquivos foram carimbados pela última vez: o que está em CITATION.cff."""
    citacao = (RAIZ / "CITATION.cff").read_text(encoding="utf-8")
    return re.search(r"^repository-code: https://github.com/(\S+)$", citacao, re.MULTILINE)[1]


def carimbar_citacao(texto: str) -> str:
    return re.sub(r"^version: .*$", f'version: "{dados_do_projeto()["edicao"]}"', texto, flags=re.MULTILINE)


def carimbados() -> dict[Path, str]:
    """Cada arquivo que leva carimbo, com o texto que deve ter."""
    textos: dict[Path, str] = {}
    for caminho in lista_de_notebooks():
        textos[caminho] = em_texto(carimbar_notebook(caminho, json.loads(caminho.read_text(encoding="utf-8"))))
    documentos = {"README.md": carimbar_readme, "CITATION.cff": carimbar_citacao, "CONTRIBUINDO.md": str}
    for nome, carimbar in documentos.items():
        textos[RAIZ / nome] = carimbar((RAIZ / nome).read_text(encoding="utf-8"))
    return {caminho: trocar_repositorio(texto) for caminho, texto in textos.items()}


def carimbar_tudo(gravar: bool = True) -> list[Path]:
    """Carimba notebooks e documentos; devolve os que mudaram (ou mudariam)."""
    novos = carimbados()
    mudados = [caminho for caminho, texto in novos.items() if caminho.read_text(encoding="utf-8") != texto]
    if gravar:
        for caminho in mudados:
            gravar_inteiro(caminho, novos[caminho])
    return mudados


def gravar_inteiro(caminho: Path, texto: str) -> None:
    """Grava de uma vez: se o disco encher ou a luz cair no meio, o arquivo antigo continua lá."""
    provisorio = caminho.with_name(f".{caminho.name}.novo")
    try:
        provisorio.write_text(texto, encoding="utf-8", newline="\n")
        provisorio.replace(caminho)
    finally:
        provisorio.unlink(missing_ok=True)
