"""As provas do decoder e da conversa: o próximo token, e o que um leitor acha do que eles escrevem.

``python -m oficina julgar-continuacao`` (ou ``julgar-conversa``) grava o que o modelo escreve para cada texto da prova;
um leitor põe «s» ou «n» nas duas últimas colunas, e o relatório só aceita votos sobre o que o modelo de agora escreve.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from curso.carimbo import gravar_inteiro
from curso.projeto import MODELOS, RAIZ, ErroDoCurso
from oficina.dados import carregar
from oficina.provas import abrir
from oficina.textos import avaliacao, ler_tsv

JULGAMENTOS = RAIZ / "oficina" / "julgamentos"


def continuar(pasta: Path = MODELOS / "decoder-mirim") -> dict:
    """O próximo token acertado nas histórias de validação, e o que um leitor achou das continuações."""
    textos = [item["texto"] for item in carregar("historias", "validacao")]
    return {
        "itens": {"validacao": len(textos), "livres": len(julgadas("continuacao"))},
        "modelo": {"validacao": proximo_token(pasta, textos), **opiniao_do_leitor("continuacao", pasta)},
        "referencias": {"o token que mais segue o anterior": {"validacao": token_que_mais_segue(pasta, textos)}},
        "erros": _reprovadas("continuacao", "continuou"),
    }


def conversar(pasta: Path = MODELOS / "conversa-mirim") -> dict:
    """O que um leitor achou das respostas: estão bem escritas? respondem ao que se disse?"""
    return {
        "itens": {"livres": len(julgadas("conversa"))},
        "modelo": opiniao_do_leitor("conversa", pasta),
        "referencias": {},
        "erros": _reprovadas("conversa", "respondeu"),
    }


def continuacoes(pasta: Path) -> list[tuple[str, str]]:
    """As aberturas da prova e como o modelo as continua, sem sorteio, até fechar uma frase."""
    pipe = abrir("text-generation", pasta)
    aberturas = [abertura for (abertura,) in avaliacao("continuacao")]
    feitas = [pipe(a, max_new_tokens=40, do_sample=False, return_full_text=False)[0] for a in aberturas]
    return [(a, ate_o_ponto(feita["generated_text"])) for a, feita in zip(aberturas, feitas, strict=True)]


def respostas(pasta: Path) -> list[tuple[str, str]]:
    """As perguntas da prova e o que o modelo responde, sem sorteio."""
    pipe = abrir("text-generation", pasta)
    perguntas = [pergunta for (pergunta,) in avaliacao("conversa")]
    feitas = [pipe([{"role": "user", "content": p}], max_new_tokens=60, do_sample=False)[0] for p in perguntas]
    return [(p, feita["generated_text"][-1]["content"]) for p, feita in zip(perguntas, feitas, strict=True)]


def ate_o_ponto(texto: str) -> str:
    """Sem a última frase, se ela ficou pela metade."""
    fechado = re.match(r".*[.!?…]", texto, re.DOTALL)
    return (fechado[0] if fechado else texto).strip()


ESCREVEM = {"continuacao": continuacoes, "conversa": respostas}


def fazer(prova: str) -> None:
    """Grava ``julgamentos/PROVA.tsv`` com o que o modelo escreve agora, para um leitor pôr «s» ou «n» nas colunas."""
    pasta = MODELOS / {"continuacao": "decoder-mirim", "conversa": "conversa-mirim"}[prova]
    anteriores = {(entrada, saida): votos for entrada, saida, *votos in julgadas(prova)}
    linhas = [
        "\t".join([entrada, saida, *anteriores.get((entrada, saida), ("?", "?"))])
        for entrada, saida in ((e, " ".join(s.split())) for e, s in ESCREVEM[prova](pasta))
    ]
    JULGAMENTOS.mkdir(exist_ok=True)
    gravar_inteiro(JULGAMENTOS / f"{prova}.tsv", "\n".join(linhas) + "\n")


def julgadas(prova: str) -> list[list[str]]:
    """(entrada, saída, bem escrita?, faz sentido?) de cada texto que um leitor julgou."""
    arquivo = JULGAMENTOS / f"{prova}.tsv"
    return ler_tsv(arquivo) if arquivo.exists() else []


def opiniao_do_leitor(prova: str, pasta: Path) -> dict[str, float]:
    """As frações de textos bem escritos e com sentido.

    Raises:
        ErroDoCurso: o modelo já não escreve o que o leitor julgou, ou falta julgar.
    """
    linhas = julgadas(prova)
    agora = [(entrada, " ".join(saida.split())) for entrada, saida in ESCREVEM[prova](pasta)]
    if agora != [(entrada, saida) for entrada, saida, *_ in linhas] or any("?" in votos for *_, votos in linhas):
        raise ErroDoCurso(
            f"Os julgamentos de oficina/julgamentos/{prova}.tsv são de outro checkpoint, ou faltam. "
            f"Rode `python -m oficina julgar-{prova}` e ponha s ou n em cada coluna."
        )
    return {
        "livres_gramatica": round(sum(gramatica == "s" for *_, gramatica, _ in linhas) / len(linhas), 4),
        "livres_sentido": round(sum(sentido == "s" for *_, sentido in linhas) / len(linhas), 4),
    }


def proximo_token(pasta: Path, textos: list[str]) -> float:
    """Fração dos tokens que são o mais provável para o modelo, dado tudo o que vem antes."""
    import torch

    pipe, certos, total = abrir("text-generation", pasta), 0, 0
    for texto in textos:
        numeros = pipe.tokenizer(texto, return_tensors="pt", truncation=True)["input_ids"]
        with torch.inference_mode():
            previstos = pipe.model(input_ids=numeros).logits[0, :-1].argmax(-1)
        certos, total = certos + int((previstos == numeros[0, 1:]).sum()), total + len(previstos)
    return round(certos / total, 4)


def token_que_mais_segue(pasta: Path, textos: list[str]) -> float:
    """A mesma fração, para quem só olha o token anterior e repete o que mais veio depois dele no treino."""
    tokenizer = abrir("text-generation", pasta).tokenizer
    seguidores: dict[int, Counter] = defaultdict(Counter)
    for item in carregar("historias", "treino"):
        numeros = tokenizer(item["texto"])["input_ids"]
        for antes, depois in pairwise(numeros):
            seguidores[antes][depois] += 1
    palpite = {antes: contagem.most_common(1)[0][0] for antes, contagem in seguidores.items()}
    pares = [par for texto in textos for par in pairwise(tokenizer(texto, truncation=True)["input_ids"])]
    return round(sum(palpite.get(antes) == depois for antes, depois in pares) / len(pares), 4)


def _reprovadas(prova: str, verbo: str) -> list[tuple[str, str]]:
    return [(entrada, f"ele {verbo} «{saida}»") for entrada, saida, *votos in julgadas(prova) if "n" in votos]
