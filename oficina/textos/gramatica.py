"""A gramática: frases com concordância certa, feitas do dicionário mirim, para dar volume ao que se escreveu.

Ela ensina o que as palavras são (sinônimos, opostos, assuntos, nomes); a variedade vem dos textos naturais.
"""

from __future__ import annotations

import random
import re

from oficina.textos import TEXTOS, Verbete, dicionario, ler_tsv, livre

ARTIGO = {"m": "o", "f": "a"}


def definicoes(sorteio: random.Random) -> list[str]:
    """Frases como «O contrário de gelado é quente.», uma ou mais para cada verbete que tem relações."""
    frases = []
    for verbete in dicionario():
        palavra = verbete.expressao
        for outra in verbete.sinonimos:
            frases.append(_uma(sorteio, MOLDES_DE_SINONIMO).format(a=palavra, b=outra))
        for outra in verbete.oposto:
            frases.append(_uma(sorteio, MOLDES_DE_OPOSTO).format(a=palavra, b=outra))
        if verbete.assuntos:
            assunto = sorteio.choice(verbete.assuntos)
            frases.append(_uma(sorteio, MOLDES_DE_ASSUNTO).format(a=_com_artigo(verbete), b=assunto))
    return [_com_maiuscula(frase) for frase in frases]


MOLDES_DE_SINONIMO = (
    "{a} é o mesmo que {b}.",
    "{a} quer dizer {b}.",
    "{a}, ou seja, {b}.",
    "em vez de {a}, pode-se dizer {b}.",
    "{a} e {b} são palavras parecidas.",
)
MOLDES_DE_OPOSTO = (
    "o contrário de {a} é {b}.",
    "{a} é o oposto de {b}.",
    "não é {a}, é {b}.",
    "antes era {a}, agora é {b}.",
    "um é {a}, o outro é {b}.",
)
MOLDES_DE_ASSUNTO = (
    "{a} é um assunto de {b}.",
    "o texto fala de {b}: {a}.",
    "quem gosta de {b} conhece {a}.",
    "em {b}, fala-se de {a}.",
    "{a}: isso é {b}.",
)


def _uma(sorteio: random.Random, moldes: tuple[str, ...]) -> str:
    return sorteio.choice(moldes)


def _com_artigo(verbete: Verbete) -> str:
    usa = verbete.classe in ("subst", "org", "lugar") and verbete.genero in ARTIGO
    return f"{ARTIGO[verbete.genero]} {verbete.expressao}" if usa else verbete.expressao


def nomes() -> dict[tuple[str, str], list[str]]:
    """(tipo, gênero) → nomes do dicionário. Tipos ``PER``, ``LOC``, ``ORG``; gênero ``m``, ``f`` ou ``-``."""
    tipos = {"pessoa": "PER", "lugar": "LOC", "org": "ORG"}
    listas: dict[tuple[str, str], list[str]] = {}
    for verbete in dicionario():
        if verbete.classe in tipos:
            listas.setdefault((tipos[verbete.classe], verbete.genero), []).append(verbete.expressao)
    return listas


EM, DE = {"m": "no", "f": "na", "-": "em"}, {"m": "do", "f": "da", "-": "de"}
PARA, POR = {"m": "ao", "f": "à", "-": "a"}, {"m": "pelo", "f": "pela", "-": "por"}
MOLDES_DE_NOMES = (
    "Meu nome é {per} e eu trabalho {em_org}.",
    "Meu nome é {per}, moro {em_loc} e trabalho {em_org}, {em_loc2}.",
    "{per} nasceu {em_loc} e estudou {em_org}.",
    "{per} se mudou para {loc} por causa {de_org}.",
    "A sede {de_org} fica {em_loc}.",
    "Ontem {per} foi {para_loc} com {per2}.",
    "{per} e {per2} se conheceram {em_org}.",
    "Gosto muito {de_loc}, disse {per}.",
    "Segundo {per}, {art_org} vai abrir uma filial {em_loc}.",
    "{per}, {de_org}, falou aos jornalistas {em_loc}.",
    "Comprei pela internet {em_org} e a entrega veio {de_loc}.",
    "{per} comprou uma casa {em_loc}.",
    "Você conhece {per}, que trabalhava {em_org}?",
    "Chove muito {em_loc}.",
    "{art_org} contratou {per}.",
    "Quem fundou {art_org} foi {per}.",
)


def frases_de_nomes(sorteio: random.Random, quantas: int) -> list[str]:
    """Frases marcadas, «[Ana|PER] nasceu em [Belém|LOC]…», com nomes do dicionário e contrações no gênero certo."""
    listas = {
        tipo: [(n, g) for (t, g), nomes_ in nomes().items() if t == tipo for n in nomes_]
        for tipo in ("PER", "LOC", "ORG")
    }
    frases = []
    for _ in range(quantas):
        campos: dict[str, str] = {}
        for tipo, chaves in (("PER", ("per", "per2")), ("LOC", ("loc", "loc2")), ("ORG", ("org",))):
            for chave in chaves:
                nome, genero = sorteio.choice(listas[tipo])
                campos |= com_contracoes(chave, f"[{nome}|{tipo}]", genero)
        frases.append(_com_maiuscula(sorteio.choice(MOLDES_DE_NOMES).format(**campos)))
    return frases


def com_contracoes(chave: str, nome: str, genero: str) -> dict[str, str]:
    """O nome, para um molde, sozinho e depois de artigo ou preposição: ``{org}``, ``{em_org}``, ``{de_org}``…"""
    return {
        chave: nome,
        f"em_{chave}": f"{EM.get(genero, 'em')} {nome}",
        f"de_{chave}": f"{DE.get(genero, 'de')} {nome}",
        f"para_{chave}": f"{PARA.get(genero, 'a')} {nome}",
        f"por_{chave}": f"{POR.get(genero, 'por')} {nome}",
        f"art_{chave}": f"{ARTIGO[genero]} {nome}" if genero in ARTIGO else nome,
    }


def _com_maiuscula(frase: str) -> str:
    return frase[:1].upper() + frase[1:]


def pares_com_nomes(sorteio: random.Random, quantos: int) -> list[tuple[str, str]]:
    """Pares (inglês, português) de ``nomes-em-pares.tsv`` com nomes próprios do dicionário, iguais nos dois lados."""
    chaves = {"pessoa": "per", "lugar": "loc", "org": "org"}
    listas: dict[str, list[tuple[str, str]]] = {chave: [] for chave in chaves.values()}
    for verbete in dicionario():
        serve = verbete.genero == "-" if verbete.classe == "lugar" else verbete.genero in ARTIGO
        if verbete.classe in chaves and serve and not verbete.ingles:
            listas[chaves[verbete.classe]].append((verbete.expressao, verbete.genero))
    molduras, pares = ler_tsv(TEXTOS / "nomes-em-pares.tsv"), []
    while len(pares) < quantos:
        ingles, portugues = sorteio.choice(molduras)
        campos: dict[str, str] = {}
        for chave in re.findall(r"\{(\w+)\}", ingles):  # {per}, {per2}…: cada uma, um nome
            campos |= com_contracoes(chave, *sorteio.choice(listas[chave.rstrip("2")]))
        par = ingles.format(**campos), _com_maiuscula(portugues.format(**campos))
        if all(livre(texto) for texto in par):
            pares.append(par)
    return pares
