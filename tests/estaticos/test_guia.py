"""O guia do professor diz a verdade: títulos, minutos, exercícios e saídas são os dos notebooks."""

from __future__ import annotations

import functools
import json
import math
import re
import subprocess
import sys

import pytest

from curso.projeto import RAIZ, lista_de_notebooks

GUIA = RAIZ / "turma" / "guia-do-professor.md"
NOTEBOOKS = {notebook.stem: notebook for notebook in lista_de_notebooks()}
PARTES = (
    "**Objetivo da aula.**",
    "**Plano de 45 minutos**",
    "**O que pular.**",
    "**Erros comuns**",
    "**Pergunta para a turma.**",
    "**Como avaliar.**",
)
AULA_MIN, SOBRA_MIN = 45, 10
EXERCICIO = re.compile(r"\b(?:00|\d\d-\d)\.[a-d]\b")


@functools.cache
def guia() -> str:
    return GUIA.read_text(encoding="utf-8")


@functools.cache
def celulas(nome: str) -> list[dict]:
    return json.loads(NOTEBOOKS[nome].read_text(encoding="utf-8"))["cells"]


def fonte(nome: str, tipo: str) -> str:
    return "\n".join("".join(c["source"]) for c in celulas(nome) if c["cell_type"] == tipo)


def titulos(nome: str) -> list[str]:
    return re.findall(
        r"^#{1,3} (.+)$", re.sub(r"```.*?```", "", fonte(nome, "markdown"), flags=re.DOTALL), re.MULTILINE
    )


def saidas(nome: str) -> str:
    todas = (saida for celula in celulas(nome) for saida in celula.get("outputs", []))
    return "\n".join("".join(s.get("text", []) or s.get("data", {}).get("text/plain", [])) for s in todas)


def exercicios(nome: str) -> set[str]:
    return set(re.findall(r'^verificar\("([^"]+)"', fonte(nome, "code"), re.MULTILINE))


def minutos(nome: str) -> int:
    return int(re.search(r"\*\*Tempo:\*\* (\d+) min", fonte(nome, "markdown"))[1])


def numero(nome: str) -> str:
    return nome[:2] if nome.startswith("00") else nome[:4]


@functools.cache
def secao(nome: str) -> str:
    """O trecho do guia sobre um notebook, achado pelo título dele."""
    achada = re.search(rf"^## {re.escape(titulos(nome)[0])}\n(.*?)(?=^## |\Z)", guia(), re.MULTILINE | re.DOTALL)
    assert achada, f"falta no guia a seção «{titulos(nome)[0]}»"
    return achada[1]


def parte(nome: str, marca: str) -> str:
    """Do rótulo em negrito até o seguinte."""
    return re.split(r"^\*\*", secao(nome).split(marca, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def linhas_de_tabela(texto: str) -> list[list[str]]:
    linhas = [linha.strip().strip("|").split(" | ") for linha in texto.splitlines() if linha.startswith("|")]
    return [[casa.strip() for casa in linha] for linha in linhas if set("".join(linha)) - set("-| ")][1:]


def tabela_depois_de(marca: str) -> list[list[str]]:
    return linhas_de_tabela(re.search(r"^\|.*?(?=\n\n)", guia().split(marca, 1)[1], re.MULTILINE | re.DOTALL)[0])


por_notebook = pytest.mark.parametrize("nome", NOTEBOOKS)


@por_notebook
def test_cada_notebook_tem_a_sua_secao_com_todas_as_partes_em_ordem(nome):
    assert f"`{nome}.ipynb`" in secao(nome)
    lugares = [secao(nome).find(marca) for marca in PARTES]
    assert min(lugares) >= 0 and lugares == sorted(lugares), dict(zip(PARTES, lugares, strict=True))


@por_notebook
def test_o_plano_soma_45_minutos_sem_buracos(nome):
    intervalos = [tuple(map(int, linha[0].split("–"))) for linha in linhas_de_tabela(parte(nome, PARTES[1]))]
    fins = [0, *(fim for _, fim in intervalos)]
    assert [comeco for comeco, _ in intervalos] == fins[:-1]
    assert fins[-1] == AULA_MIN and fins == sorted(set(fins))


@por_notebook
def test_as_secoes_citadas_existem(nome):
    plano = [titulo for linha in linhas_de_tabela(parte(nome, PARTES[1])) for titulo in linha[2].split(" · ")]
    citadas = plano + re.findall(r"«([^»]+)»", parte(nome, PARTES[2]))
    assert plano and [titulo for titulo in citadas if titulo not in titulos(nome)] == []


@por_notebook
def test_o_que_nao_cabe_em_uma_aula_tem_destino(nome):
    assert ("**Segunda aula ou casa.**" in secao(nome)) == (minutos(nome) > AULA_MIN + SOBRA_MIN)


@por_notebook
def test_os_exercicios_citados_sao_os_do_notebook(nome):
    citados = set(EXERCICIO.findall(secao(nome)))
    assert citados - exercicios(nome) == set()
    assert exercicios(nome) - set(EXERCICIO.findall(parte(nome, PARTES[5]))) == set()


@por_notebook
def test_a_pergunta_para_a_turma_traz_a_saida_guardada(nome):
    esperadas = re.search(r"```text\n(.*?)\n```", parte(nome, PARTES[4]), re.DOTALL)[1].splitlines()
    guardadas = [linha.rstrip() for linha in saidas(nome).splitlines()]
    assert [linha for linha in esperadas if linha.rstrip() not in guardadas] == []


def test_a_tabela_e_espelho_dos_notebooks():
    esperada = []
    for nome in NOTEBOOKS:
        laboratorios = len(re.findall(r"= (?:\w+\.)?Laboratorio\w+\(", fonte(nome, "code")))
        aulas = max(1, math.ceil((minutos(nome) - SOBRA_MIN) / AULA_MIN))
        contas = [f"{minutos(nome)} min", aulas, laboratorios, len(exercicios(nome))]
        esperada.append([f"`{numero(nome)}`", *map(str, contas)])
    achada = tabela_depois_de("## O curso em uma tabela")
    assert [linha[:5] for linha in achada] == esperada
    assert all(len(linha) == 6 and linha[5] for linha in achada)


@pytest.mark.parametrize(
    ("calendario", "aulas"),
    [
        ("**Oficina de um dia**", 8),
        ("**Disciplina de 8 encontros**", 16),
        ("**Disciplina de 15 encontros**", 30),
        ("**Quatro encontros**", 8),
    ],
)
def test_os_calendarios_enchem_as_aulas_com_notebooks_que_existem(calendario, aulas):
    conhecidos = {numero(nome) for nome in NOTEBOOKS}
    citados = [
        codigo for linha in tabela_depois_de(calendario) for codigo in re.findall(r"`([\d-]+)`", " ".join(linha))
    ]
    assert len(citados) == aulas and set(citados) <= conhecidos
    if aulas == 16:  # o dos capítulos 1 e 2 não esquece nenhum deles
        assert {nome for nome in conhecidos if nome < "03"} == set(citados)
    if aulas == 30:
        assert set(citados) == conhecidos


def test_os_exercicios_de_casa_existem():
    conhecidos = set().union(*map(exercicios, NOTEBOOKS))
    assert set(EXERCICIO.findall(guia())) - conhecidos == set()


def test_o_programa_que_conta_acertos_conta(tmp_path):
    codigo = re.search(r"```python\n(.*?)```", guia(), re.DOTALL)[1]
    (tmp_path / "contar.py").write_text(codigo, encoding="utf-8")
    textos = [
        "Exercício a: certo!\n",
        "Exercício b: ainda não. Dica: a frase.\n",
        "Exercício c: ainda não respondido.\n",
    ]
    exercicio = [{"source": ['verificar("01-1.a", 3)'], "outputs": [{"text": [texto]}]} for texto in textos]
    outras = [{"source": ['print("Exercício d: certo!")'], "outputs": [{"text": ["Exercício d: certo!\n"]}]}]
    (tmp_path / "ana.ipynb").write_text(json.dumps({"cells": exercicio + outras}), encoding="utf-8")
    feito = subprocess.run(
        [sys.executable, "-X", "utf8", "contar.py", "ana.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert feito.stdout.strip() == "ana.ipynb | 1 de 3"
