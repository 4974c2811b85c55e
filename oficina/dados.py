"""``python -m oficina dados-NOME``: dos textos escritos para o curso às pastas de ``dados/``.

Cada conjunto é JSON Lines, lido por ``load_dataset("dados/NOME")``, com treino e validação. A validação sai
em blocos de linhas vizinhas, porque autores escrevem textos parecidos um ao lado do outro.
"""

from __future__ import annotations

import functools
import json
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict

from curso.carimbo import gravar_inteiro
from curso.projeto import RAIZ
from oficina.cartoes_dos_dados import cartao
from oficina.textos import MARCA, dicionario, linhas, objetos, sem_marcas

DADOS = RAIZ / "dados"
TAMANHO_DO_BLOCO = 12
PARTE_DE_VALIDACAO = 0.1
# Escritas depois, para um engano conhecido do modelo: ficam no treino, e a validação continua a ser a mesma.
SO_DE_TREINO = {"esperas"}
SEMENTE = 42
ROTULOS_DE_SENTIMENTO = {"neg": "negativo", "pos": "positivo"}

# Um texto e as suas entidades: (primeiro caractere, depois do último, tipo).
Marcado = tuple[str, list[tuple[int, int, str]]]


def fazer(nome: str) -> None:
    """Grava treino e validação de um conjunto: um objeto JSON por linha, com o ``autor`` (a coleção de onde vem)."""
    pasta = DADOS / nome
    pasta.mkdir(parents=True, exist_ok=True)
    partes = repartir(CONJUNTOS[nome]())
    for parte, itens in partes.items():
        with open(pasta / f"{parte}.jsonl", "w", encoding="utf-8", newline="\n") as arquivo:
            arquivo.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in itens)
        print(f"{nome}, {parte}: {len(itens)} itens")
    gravar_inteiro(pasta / "README.md", cartao(nome, partes, versao(nome)))


def versao(nome: str) -> str:
    """Muda quando o conteúdo muda: sem ela, ``load_dataset`` de uma pasta devolve para sempre o que leu na primeira vez."""
    conteudo = b"".join((DADOS / nome / f"{parte}.jsonl").read_bytes() for parte in ("treino", "validacao"))
    alto, baixo = divmod(zlib.crc32(conteudo), 2**16)
    return f"1.{alto}.{baixo}"


@functools.cache
def carregar(nome: str, parte: str) -> list[dict]:
    """Os itens de uma parte (``treino`` ou ``validacao``) de um conjunto já feito."""
    with open(DADOS / nome / f"{parte}.jsonl", encoding="utf-8") as arquivo:
        return [json.loads(linha) for linha in arquivo]


def repartir(itens: list[dict]) -> dict[str, list[dict]]:
    """Separa a validação por blocos e embaralha cada parte, sempre do mesmo jeito.

    Os itens de um mesmo texto (as perguntas de um contexto, por exemplo) ficam juntos: têm a mesma ``chave``.
    """
    sorteio = random.Random(SEMENTE)
    blocos, ordem_da_chave = {}, {}
    partes: dict[str, list[dict]] = {"treino": [], "validacao": []}
    for item in itens:
        chave = (item["autor"], item.pop("chave", len(ordem_da_chave)))
        if item["autor"] in SO_DE_TREINO:
            partes["treino"].append(item)
            continue
        ordem = ordem_da_chave.setdefault(chave, len(ordem_da_chave))
        blocos.setdefault(f"{item['autor']}-{ordem // TAMANHO_DO_BLOCO}", []).append(item)
    de_validacao = set(sorteio.sample(sorted(blocos), round(len(blocos) * PARTE_DE_VALIDACAO)))
    for bloco, seus in blocos.items():
        partes["validacao" if bloco in de_validacao else "treino"] += seus
    for seus in partes.values():
        sorteio.shuffle(seus)
    return partes


# ------------------------------------------------------- um conjunto, uma função


def sentimento() -> list[dict]:
    lidas = linhas("sentimento")
    return [
        {"texto": texto, "rotulo": ROTULOS_DE_SENTIMENTO[rotulo], "autor": autor} for autor, (rotulo, texto) in lidas
    ]


def entidades() -> list[dict]:
    itens = []
    for autor, (marcado,) in linhas("entidades"):
        texto, marcas = desmarcar(marcado)
        tokens, rotulos = em_palavras(texto, marcas)
        entidades_do_texto = [{"inicio": de, "fim": ate, "tipo": tipo} for de, ate, tipo in marcas]
        itens.append(
            {"texto": texto, "entidades": entidades_do_texto, "tokens": tokens, "ner_tags": rotulos, "autor": autor}
        )
    return itens


def perguntas() -> list[dict]:
    """No formato do SQuAD: ``answers`` tem os textos e onde começam no contexto (em caracteres)."""
    itens = []
    for autor, (contexto, pergunta, resposta) in linhas("perguntas"):
        certas = {"text": [resposta], "answer_start": [contexto.index(resposta)]}
        itens.append({"context": contexto, "question": pergunta, "answers": certas, "autor": autor, "chave": contexto})
    return itens


def assuntos() -> list[dict]:
    return [
        {"texto": texto, "assuntos": nomes.split("|"), "autor": autor} for autor, (nomes, texto) in linhas("assuntos")
    ]


def rotulos() -> list[dict]:
    itens = []
    for autor, (texto, servem, nao_servem) in linhas("rotulos-livres"):
        itens.append({"texto": texto, "servem": servem.split("|"), "nao_servem": nao_servem.split("|"), "autor": autor})
    return itens


def pares() -> list[dict]:
    return [{"en": ingles, "pt": portugues, "autor": autor} for autor, (ingles, portugues) in linhas("pares")]


def resumos() -> list[dict]:
    return [{"texto": texto, "resumo": resumo, "autor": autor} for autor, (texto, resumo) in linhas("resumos")]


def historias() -> list[dict]:
    return [
        {"texto": objeto["texto"], "tipo": objeto["tipo"], "autor": autor} for autor, objeto in objetos("historias")
    ]


def conversas() -> list[dict]:
    """No formato dos modelos de conversa: ``messages``, com papéis ``system``, ``user`` e ``assistant``."""
    itens = []
    for autor, objeto in objetos("conversas"):
        sistema = [{"role": "system", "content": objeto["sistema"]}] if objeto["sistema"] else []
        itens.append({"messages": sistema + objeto["mensagens"], "autor": autor})
    return itens


def frases() -> list[dict]:
    return [{"texto": sem_marcas(texto), "autor": autor} for autor, (texto,) in linhas("frases")]


def palavras_do_dicionario() -> list[dict]:
    return [{**asdict(verbete), "autor": "dicionario"} for verbete in dicionario()]


CONJUNTOS: dict[str, Callable[[], list[dict]]] = {
    "sentimento": sentimento,
    "entidades": entidades,
    "perguntas": perguntas,
    "assuntos": assuntos,
    "rotulos": rotulos,
    "pares": pares,
    "resumos": resumos,
    "historias": historias,
    "conversas": conversas,
    "frases": frases,
    "dicionario": palavras_do_dicionario,
}


# ------------------------------------------------------------------- as marcas


def desmarcar(marcado: str) -> Marcado:
    """``"[Ana|PER] saiu."`` → ``("Ana saiu.", [(0, 3, "PER")])``."""
    texto, marcas, fim = "", [], 0
    for achado in MARCA.finditer(marcado):
        texto += marcado[fim : achado.start()]
        marcas.append((len(texto), len(texto) + len(achado[1]), achado[2]))
        texto += achado[1]
        fim = achado.end()
    return texto + marcado[fim:], marcas


def em_palavras(texto: str, marcas: list[tuple[int, int, str]]) -> tuple[list[str], list[str]]:
    """Palavras e sinais do texto, e o rótulo BIO de cada um."""
    palavras, rotulos = [], []
    for achado in re.finditer(r"\w+|[^\w\s]", texto):
        dentro = next(((de, tipo) for de, ate, tipo in marcas if de <= achado.start() < ate), None)
        palavras.append(achado[0])
        rotulos.append("O" if dentro is None else f"{'B' if achado.start() == dentro[0] else 'I'}-{dentro[1]}")
    return palavras, rotulos


def entidades_marcadas(parte: str) -> list[Marcado]:
    return [
        (item["texto"], [(e["inicio"], e["fim"], e["tipo"]) for e in item["entidades"]])
        for item in carregar("entidades", parte)
    ]
