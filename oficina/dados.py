"""``python -m oficina dados-sentimento``: dos textos escritos para o curso a ``dados/sentimento``."""

from __future__ import annotations

import json
import random
from pathlib import Path

from curso.projeto import RAIZ
from oficina.textos import TEXTOS, ler_tsv, palavras, separar_da_avaliacao

PASTA = RAIZ / "dados" / "sentimento"
ROTULOS = {"neg": "negativo", "pos": "positivo"}
TAMANHO_DO_BLOCO = 12
PARTE_DE_VALIDACAO = 0.1
SEMENTE = 42


def fazer() -> None:
    """Grava treino e validação em JSON Lines: um objeto por linha, com ``texto``, ``rotulo`` e ``autor``."""
    exemplos = juntar()
    partes = repartir(exemplos)
    PASTA.mkdir(parents=True, exist_ok=True)
    for nome, itens in partes.items():
        with open(PASTA / f"{nome}.jsonl", "w", encoding="utf-8", newline="\n") as arquivo:
            arquivo.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in itens)
        positivos = sum(item["rotulo"] == "positivo" for item in itens)
        print(f"{nome}: {len(itens)} frases, {positivos} positivas")


def juntar() -> list[dict]:
    """Todas as frases, sem repetição e sem nada que toque o conjunto de avaliação."""
    exemplos, vistos = [], set()
    for arquivo in sorted((TEXTOS / "sentimento").glob("*.tsv")):
        itens = _ler(arquivo)
        livres = separar_da_avaliacao([item["texto"] for item in itens], "sentimento")
        for ordem, (item, livre) in enumerate(zip(itens, livres, strict=True)):
            forma = tuple(palavras(item["texto"])) or (item["texto"],)
            if livre and forma not in vistos:
                vistos.add(forma)
                exemplos.append({**item, "bloco": f"{item['autor']}-{ordem // TAMANHO_DO_BLOCO}"})
    return exemplos


def _ler(arquivo: Path) -> list[dict]:
    return [{"texto": texto, "rotulo": ROTULOS[rotulo], "autor": arquivo.stem} for rotulo, texto in ler_tsv(arquivo)]


def repartir(exemplos: list[dict]) -> dict[str, list[dict]]:
    """Separa a validação por blocos de linhas vizinhas: autores escrevem pares parecidos um ao lado do outro."""
    sorteio = random.Random(SEMENTE)
    blocos = sorted({item["bloco"] for item in exemplos})
    de_validacao = set(sorteio.sample(blocos, round(len(blocos) * PARTE_DE_VALIDACAO)))
    partes: dict[str, list[dict]] = {"treino": [], "validacao": []}
    for item in exemplos:
        parte = "validacao" if item["bloco"] in de_validacao else "treino"
        partes[parte].append({campo: item[campo] for campo in ("texto", "rotulo", "autor")})
    for itens in partes.values():
        sorteio.shuffle(itens)
    return partes


def carregar(parte: str) -> tuple[list[str], list[int]]:
    """Textos e rótulos (0 negativo, 1 positivo) de ``treino`` ou ``validacao``."""
    with open(PASTA / f"{parte}.jsonl", encoding="utf-8") as arquivo:
        itens = [json.loads(linha) for linha in arquivo]
    return [item["texto"] for item in itens], [int(item["rotulo"] == "positivo") for item in itens]
