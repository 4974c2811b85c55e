"""Nenhum laboratório entra em um notebook sem o roteiro que o prova no navegador."""

from __future__ import annotations

import ast
import json

from curso.projeto import lista_de_notebooks
from tests.navegador import gestos
from tests.navegador.roteiros import MOUSE, ROTEIROS, TECLADO


def laboratorios_dos_notebooks() -> set[tuple[str, str, str]]:
    """Cada ``Laboratorio…(…)`` que uma célula chama: o número do notebook, a célula e a classe."""
    achados = set()
    for caminho in lista_de_notebooks():
        for celula in json.loads(caminho.read_text(encoding="utf-8"))["cells"]:
            fonte = "".join(celula["source"])
            if celula["cell_type"] != "code" or "Laboratorio" not in fonte:
                continue
            for no in ast.walk(ast.parse(fonte)):
                if isinstance(no, ast.Call):
                    nome = getattr(no.func, "attr", getattr(no.func, "id", ""))
                    if nome.startswith("Laboratorio"):
                        achados.add((caminho.stem, celula["id"], nome))
    return achados


def test_todo_laboratorio_tem_roteiro():
    com_roteiro = {
        (caminho.stem, roteiro.celula, roteiro.classe)
        for roteiro in ROTEIROS
        for caminho in lista_de_notebooks()
        if caminho.stem.startswith(roteiro.notebook + "-")
    }
    assert com_roteiro == laboratorios_dos_notebooks()


def test_cada_roteiro_usa_o_teclado_e_o_mouse():
    for roteiro in ROTEIROS:
        assert {passo.com for passo in roteiro.passos} == {TECLADO, MOUSE}, roteiro.classe
        assert all(hasattr(gestos, passo.gesto) for passo in roteiro.passos)


def test_cada_controle_de_um_roteiro_e_mexido():
    for roteiro in ROTEIROS:
        mexidos = {passo.alvo for passo in roteiro.passos}
        assert set(roteiro.controles.values()) <= mexidos, roteiro.classe
