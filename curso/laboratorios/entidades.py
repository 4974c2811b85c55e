"""Laboratório: as pessoas, os lugares e as organizações do seu texto, pintados."""

from __future__ import annotations

from curso.desenho.estilo import Figura
from curso.desenho.marcado import marcado
from curso.laboratorios.base import LaboratorioDeTexto

NOMES = {"PER": "pessoa", "LOC": "lugar", "ORG": "organização", "MISC": "outro"}


def quadro(reconhecer, frase: str) -> Figura:
    """O texto com cada entidade marcada.

    Args:
        reconhecer: um ``pipeline("ner", ..., aggregation_strategy="simple")``.
    """
    achadas = reconhecer(frase)
    trechos = [(e["start"], e["end"], NOMES.get(e["entity_group"], e["entity_group"])) for e in achadas]
    nota = "" if trechos else "O modelo não achou nenhuma pessoa, lugar ou organização."
    return marcado(frase, trechos, titulo="Entidades encontradas", nota=nota)


class LaboratorioDeEntidades(LaboratorioDeTexto):
    nome = "Laboratório de entidades"

    def __init__(self, reconhecer, frase: str = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."):
        super().__init__(lambda digitada: quadro(reconhecer, digitada), frase)
