"""Os exercícios: ``verificar("01-1.a", resposta)`` diz se acertou e, se não, por onde ir.

Um módulo para cada capítulo registra os seus com ``@exercicio``. Uma verificação recebe a
resposta e devolve ``None`` quando ela está certa, ou uma dica quando não está.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from curso.ambiente import usa_hub
from curso.projeto import ErroDoCurso


@dataclass(frozen=True)
class Exercicio:
    chave: str
    conferir: Callable[[object], str | None]
    #: A linha que um aluno escreveria errado com mais facilidade; os testes provam que ela é recusada.
    erro_tipico: str


_REGISTRO: dict[str, Exercicio] = {}


def exercicio(chave: str, *, erro_tipico: str):
    """Registra a verificação de um exercício. ``chave``: notebook e letra, como ``"01-1.a"``."""

    def registrar(conferir: Callable[[object], str | None]):
        _REGISTRO[chave] = Exercicio(chave, conferir, erro_tipico)
        return conferir

    return registrar


def achar(chave: str) -> Exercicio:
    """O exercício de uma chave; importa o módulo do capítulo na primeira vez."""
    if chave not in _REGISTRO:
        try:
            importlib.import_module(f"curso.exercicios.capitulo_{chave[:2]}")
        except ModuleNotFoundError:
            pass
    if chave not in _REGISTRO:
        raise ErroDoCurso(f"Não existe o exercício {chave!r}. Confira a chave na célula do enunciado.")
    return _REGISTRO[chave]


def verificar(chave: str, resposta: object) -> None:
    """Imprime o resultado: ainda não respondido, certo, ou uma dica. Nunca interrompe o notebook."""
    feito = achar(chave)
    if usa_hub():
        print("As verificações valem para os modelos embutidos. Volte a eles com preparar() e execute tudo de novo.")
        return
    letra = chave.split(".")[-1]
    if resposta is ... or resposta is None:
        print(f"Exercício {letra}: ainda não respondido.")
        return
    try:
        dica = feito.conferir(resposta)
    except Exception as erro:
        dica = f"não consegui conferir esta resposta ({type(erro).__name__}: {erro}). Releia o que o enunciado pede."
    print(f"Exercício {letra}: certo!" if dica is None else f"Exercício {letra}: ainda não. Dica: {dica}")
