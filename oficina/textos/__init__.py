"""O que se escreveu para o curso: arquivos TSV, um por autor, e a leitura deles."""

from __future__ import annotations

import csv
import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

TEXTOS = Path(__file__).parent
ACENTOS = re.compile("[\u0300-\u036f]")  # os sinais que a decomposição NFD separa das letras
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
    for arquivo in sorted((TEXTOS / "dicionario").glob("*.tsv")):
        with open(arquivo, encoding="utf-8", newline="") as aberto:
            for campos in csv.DictReader(aberto, delimiter="\t", quoting=csv.QUOTE_NONE):
                muitos = {c: _lista(campos[c]) for c in ("formas", "assuntos", "sinonimos", "oposto", "ingles")}
                if not all(livre(forma) for forma in (campos["expressao"], *muitos["formas"])):
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
    arquivos = sorted(a for fim in ("tsv", "txt") for a in AVALIACAO.glob(f"{tarefa}-?.{fim}"))
    return [linha for arquivo in arquivos for linha in ler_tsv(arquivo)]


@functools.cache
def linhas(pasta: str) -> list[tuple[str, list[str]]]:
    """(autor, colunas) de cada linha dos TSV e TXT de uma pasta de textos, na ordem dos arquivos.

    O autor é o nome do arquivo. Linhas repetidas, e as que tocam uma prova, ficam de fora.
    """
    arquivos = sorted(a for fim in ("tsv", "txt") for a in (TEXTOS / pasta).glob(f"*.{fim}"))
    return _sem_repeticao((arquivo.stem, colunas) for arquivo in arquivos for colunas in ler_tsv(arquivo))


def objetos(pasta: str) -> list[tuple[str, dict]]:
    """(autor, objeto) de cada linha dos JSON Lines de uma pasta, com a mesma peneira de ``linhas``."""
    lidos = []
    for arquivo in sorted((TEXTOS / pasta).glob("*.jsonl")):
        for linha in arquivo.read_text(encoding="utf-8").split("\n"):
            objeto = json.loads(linha) if linha.strip() else None
            if objeto and all(livre(texto) for texto in _textos(objeto)):
                lidos.append((arquivo.stem, objeto))
    return lidos


def _textos(valor) -> list[str]:
    """Todo texto dentro de um valor lido de JSON, por mais fundo que esteja."""
    if isinstance(valor, dict):
        valor = list(valor.values())
    return [valor] if isinstance(valor, str) else [t for parte in valor or () for t in _textos(parte)]


def _sem_repeticao(pares) -> list[tuple[str, list[str]]]:
    vistos, unicos = set(), []
    for autor, colunas in pares:
        forma = tuple(" ".join(palavras(c)) or c for c in colunas)
        if forma not in vistos and all(livre(sem_marcas(c)) for c in colunas):
            vistos.add(forma)
            unicos.append((autor, colunas))
    return unicos


def sem_acentos(texto: str) -> str:
    return ACENTOS.sub("", unicodedata.normalize("NFD", texto))


def palavras(texto: str) -> list[str]:
    """Minúsculas, sem acentos nem pontuação: a forma em que dois textos são comparados."""
    return re.findall(r"\w+", sem_acentos(texto.lower()))


def sequencias(texto: str, tamanho: int = 5) -> set[tuple[str, ...]]:
    """As sequências de ``tamanho`` palavras seguidas de um texto."""
    lista = palavras(texto)
    return {tuple(lista[i : i + tamanho]) for i in range(len(lista) - tamanho + 1)}


# Em que colunas de cada prova há texto; nas outras há rótulos, ou respostas que são um pedaço do texto.
COLUNAS_DE_TEXTO = {"sentimento": (1,), "assuntos": (1,), "perguntas": (0, 1)}


@functools.cache
def trechos_de_avaliacao() -> frozenset[tuple[str, ...]]:
    """Tudo o que nenhum texto de treino pode repetir: cada sequência de cinco palavras das provas, de todas as tarefas.

    Um texto de prova com menos de cinco palavras entra inteiro.
    """
    trechos = set()
    for arquivo in sorted(AVALIACAO.iterdir()):
        for linha in ler_tsv(arquivo):
            for texto in textos_da_prova(arquivo.stem.rsplit("-", 1)[0], linha):
                trechos |= sequencias(texto) or {tuple(palavras(texto))}
    return frozenset(trechos)


def textos_da_prova(tarefa: str, linha: list[str]) -> list[str]:
    """Os textos de uma linha de prova, sem marcas; uma máscara, com cada palavra aceita no lugar dela."""
    if tarefa == "mascara":
        return [linha[0].replace("[MASK]", palavra) for palavra in linha[1].split("|")]
    return [sem_marcas(linha[coluna]) for coluna in COLUNAS_DE_TEXTO.get(tarefa, range(len(linha)))]


def livre(texto: str) -> bool:
    """Se o texto pode ensinar: não é uma frase de prova nem repete cinco palavras seguidas de uma."""
    trechos = trechos_de_avaliacao()
    return tuple(palavras(texto)) not in trechos and not (sequencias(texto) & trechos)


MARCA = re.compile(r"\[([^\[\]|]+)\|(PER|LOC|ORG)\]")


def sem_marcas(texto: str) -> str:
    """``"[Ana|PER] mora em [Belém|LOC]."`` → ``"Ana mora em Belém."``"""
    return MARCA.sub(r"\1", texto)
