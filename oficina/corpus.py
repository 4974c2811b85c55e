"""Todo o português escrito para o curso, em um só lugar: o que o encoder e os decoders leem."""

from __future__ import annotations

import random

from oficina.dados import carregar
from oficina.textos import linhas, livre, objetos, palavras, sem_marcas
from oficina.textos.gramatica import definicoes

# Escritos depois do pré-treinamento do encoder, que não os leu: mudar o corpus mudaria todos os pesos que partem dele.
DEPOIS_DO_ENCODER = frozenset(
    {
        ("perguntas", "porques-1"),
        ("perguntas", "porques-2"),
        ("perguntas", "porques-3"),
        ("resumos", "juntar-2"),
        ("resumos", "juntar-3"),
        ("historias", "simples-4"),
        ("historias", "simples-5"),
        ("sentimento", "contexto-1"),
        ("sentimento", "contexto-2"),
        ("sentimento", "esperas"),
    }
)


def documentos() -> list[str]:
    """Cada texto uma vez: histórias, contextos, resumos, frases de todas as tarefas. Nada que toque uma prova."""
    textos = historias()
    textos += [
        f"{pergunta['content']} {resposta['content']}"
        for _, conversa in objetos("conversas")
        for pergunta, resposta in zip(conversa["mensagens"][::2], conversa["mensagens"][1::2], strict=False)
    ]
    textos += [texto for colunas in _colunas("resumos") for texto in colunas]
    textos += [contexto for contexto, *_ in _colunas("perguntas")]
    return sem_repetir(textos + frases())


def historias() -> list[str]:
    return [o["texto"] for autor, o in objetos("historias") if ("historias", autor) not in DEPOIS_DO_ENCODER]


def frases() -> list[str]:
    """As frases soltas, sem rótulos nem marcas."""
    soltas = [sem_marcas(texto) for pasta in ("entidades", "frases") for (texto,) in _colunas(pasta)]
    soltas += [texto for pasta in ("sentimento", "assuntos", "pares") for _, texto in _colunas(pasta)]
    return sem_repetir(soltas + [texto for texto, *_ in _colunas("rotulos-livres")])


def do_dia_a_dia() -> list[str]:
    """As frases curtas e comuns: as escritas para isto, e o lado português dos pares de tradução."""
    return sem_repetir([texto for (texto,) in _colunas("frases")] + [portugues for _, portugues in _colunas("pares")])


def perguntas_com_contexto() -> list[tuple[str, str]]:
    """(pergunta, contexto): pares em que muitas palavras de um lado se adivinham pelo outro."""
    return [(pergunta, contexto) for contexto, pergunta, _ in _colunas("perguntas")]


def textos_com_rotulo(sorteio: random.Random) -> list[tuple[str, str]]:
    """(texto, «Este texto é sobre X.»): adivinhar o rótulo pelo texto já é meio caminho para o zero-shot."""
    pares = [(item["texto"], assunto) for item in carregar("assuntos", "treino") for assunto in item["assuntos"]]
    pares += [(item["texto"], rotulo) for item in carregar("rotulos", "treino") for rotulo in item["servem"]]
    com_hipotese = [(texto, f"Este texto é sobre {rotulo}.") for texto, rotulo in pares]
    opinioes = sorteio.sample(carregar("sentimento", "treino"), 4_000)
    return com_hipotese + [(item["texto"], f"Este texto é {item['rotulo']}.") for item in opinioes]


def explicacoes_do_dicionario(sorteio: random.Random) -> list[str]:
    return [frase for frase in sem_repetir(definicoes(sorteio)) if livre(frase)]


def sem_repetir(textos: list[str]) -> list[str]:
    vistos, unicos = set(), []
    for texto in textos:
        forma = " ".join(palavras(texto))
        if forma not in vistos:
            vistos.add(forma)
            unicos.append(texto)
    return unicos


def _colunas(pasta: str) -> list[list[str]]:
    return [colunas for autor, colunas in linhas(pasta) if (pasta, autor) not in DEPOIS_DO_ENCODER]
