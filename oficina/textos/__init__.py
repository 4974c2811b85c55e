"""O que se escreveu para o curso: arquivos TSV, um por autor, e a leitura deles."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

TEXTOS = Path(__file__).parent
AVALIACAO = TEXTOS.parent / "avaliacao"


@dataclass(frozen=True)
class Verbete:
    """Uma entrada do dicionário mirim."""

    expressao: str
    classe: str
    genero: str
    formas: tuple[str, ...]
    polaridade: str
    assuntos: tuple[str, ...]
    sinonimos: tuple[str, ...]
    oposto: tuple[str, ...]
    ingles: tuple[str, ...]


def ler_tsv(arquivo: Path) -> list[list[str]]:
    """As linhas de um TSV sem cabeçalho, cada uma em suas colunas."""
    return [linha.split("\t") for linha in arquivo.read_text(encoding="utf-8").split("\n") if linha.strip()]


def dicionario() -> list[Verbete]:
    """O dicionário mirim; a mesma expressão pode aparecer em mais de uma classe.

    Ficam de fora as expressões que repetem cinco palavras seguidas de uma frase de avaliação.
    """
    verbetes = []
    trechos = trechos_de_avaliacao("sentimento")
    for arquivo in sorted((TEXTOS / "dicionario").glob("*.tsv")):
        with open(arquivo, encoding="utf-8", newline="") as aberto:
            for campos in csv.DictReader(aberto, delimiter="\t", quoting=csv.QUOTE_NONE):
                muitos = {c: _lista(campos[c]) for c in ("formas", "assuntos", "sinonimos", "oposto", "ingles")}
                if any(sequencias(forma) & trechos for forma in (campos["expressao"], *muitos["formas"])):
                    continue
                verbetes.append(
                    Verbete(
                        campos["expressao"],
                        campos["classe"],
                        campos["genero"],
                        polaridade=campos["polaridade"],
                        **muitos,
                    )
                )
    return verbetes


def _lista(campo: str) -> tuple[str, ...]:
    return () if campo in ("-", "") else tuple(campo.split("|"))


def avaliacao(tarefa: str) -> list[list[str]]:
    """As frases de avaliação de uma tarefa: escritas por quem não viu o texto de treino."""
    return [linha for arquivo in sorted(AVALIACAO.glob(f"{tarefa}-*.tsv")) for linha in ler_tsv(arquivo)]


def sem_acentos(texto: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))


def palavras(texto: str) -> list[str]:
    """Minúsculas, sem acentos nem pontuação: a forma em que dois textos são comparados."""
    return re.findall(r"\w+", sem_acentos(texto.lower()))


def sequencias(texto: str, tamanho: int = 5) -> set[tuple[str, ...]]:
    """As sequências de ``tamanho`` palavras seguidas de um texto."""
    lista = palavras(texto)
    return {tuple(lista[i : i + tamanho]) for i in range(len(lista) - tamanho + 1)}


def trechos_de_avaliacao(tarefa: str) -> set[tuple[str, ...]]:
    """Toda sequência de cinco palavras das frases de avaliação de uma tarefa."""
    return set().union(*(sequencias(linha[-1]) for linha in avaliacao(tarefa)))


def separar_da_avaliacao(textos: list[str], tarefa: str) -> list[bool]:
    """Quais textos podem ir para o treino: nenhum que repita uma frase de avaliação ou 5 palavras seguidas dela."""
    proibidas = {tuple(palavras(linha[-1])) for linha in avaliacao(tarefa)}
    trechos = trechos_de_avaliacao(tarefa)
    return [tuple(palavras(t)) not in proibidas and not (sequencias(t) & trechos) for t in textos]
