"""Uma prova por tarefa: o checkpoint, pelo caminho que um aluno usa (``pipeline``), contra referências simples.

Cada prova devolve ``{"itens": n, "modelo": {...}, "referencias": {nome: {...}}, "erros": [...]}``. As medidas vão de
0 a 1. «livres» são textos escritos à parte, sem ver o treino; «validacao», das mesmas coleções do treino.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from curso.projeto import MODELOS
from oficina.dados import Marcado, carregar, desmarcar, entidades_marcadas
from oficina.professor import treinar_professor
from oficina.sentimento import frases_e_rotulos, polares_de
from oficina.textos import avaliacao, dicionario, palavras

SEMENTE = 42
ITENS_DE_VALIDACAO = 300  # quando cada item custa muitas contas
ERROS_GUARDADOS = 10
HIPOTESE = "Este texto é sobre {}."


def abrir(tarefa: str, pasta: Path, **opcoes):
    from transformers import pipeline

    return pipeline(tarefa, model=str(pasta), **opcoes)


# --------------------------------------------------------------- sentimento


def sentimento(pasta: Path = MODELOS / "sentimento-mirim") -> dict:
    classificador = abrir("sentiment-analysis", pasta)
    frases, rotulos = frases_e_rotulos("treino")
    polares = polares_de(dicionario())
    provas = {"validacao": frases_e_rotulos("validacao"), "livres": frases_livres()}

    def do_modelo(textos: list[str]) -> list[int]:
        return [int(r["label"] == "positivo") for r in classificador(textos, truncation=True)]

    maioria = Counter(rotulos).most_common(1)[0][0]
    simples = treinar_professor(frases, rotulos)
    completo = treinar_professor(frases + [f for f, _ in polares], rotulos + [r for _, r in polares])
    textos, certos = provas["livres"]
    erros = [
        (t, f"o certo seria {('negativo', 'positivo')[c]}")
        for t, p, c in zip(textos, do_modelo(textos), certos, strict=True)
        if p != c
    ]
    return {
        "itens": {nome: len(r) for nome, (_, r) in provas.items()},
        "modelo": acertos(do_modelo, provas),
        "referencias": {
            "regressão logística (TF-IDF), mesmas frases": acertos(lambda t: simples.predict(t).tolist(), provas),
            "regressão logística com o dicionário mirim": acertos(lambda t: completo.predict(t).tolist(), provas),
            "sempre o rótulo mais comum": acertos(lambda t: [maioria] * len(t), provas),
        },
        "erros": erros,
    }


def frases_livres() -> tuple[list[str], list[int]]:
    """As frases de avaliação de sentimento, e o rótulo (0 negativo, 1 positivo) de cada uma."""
    lidas = avaliacao("sentimento")
    return [texto for _, texto in lidas], [int(rotulo == "pos") for rotulo, _ in lidas]


def acertos(prever: Callable, provas: dict[str, tuple[list, list]]) -> dict[str, float]:
    return {
        nome: _fracao(p == c for p, c in zip(prever(textos), certos, strict=True))
        for nome, (textos, certos) in provas.items()
    }


# ---------------------------------------------------------------- entidades


def entidades(pasta: Path = MODELOS / "entidades-mirim") -> dict:
    """F1 estrito: uma entidade só conta se o trecho e o tipo são exatamente os certos."""
    reconhecedor = abrir("ner", pasta, aggregation_strategy="simple")
    provas = {
        "validacao": entidades_marcadas("validacao"),
        "livres": [desmarcar(colunas[0]) for colunas in avaliacao("entidades")],
    }
    conhecidas = nomes_conhecidos()

    def do_modelo(texto: str) -> set[tuple]:
        return {(e["start"], e["end"], e["entity_group"]) for e in reconhecedor(texto)}

    erros = []
    for texto, marcas in provas["livres"]:
        achadas = do_modelo(texto)
        if achadas != set(marcas):
            erros.append((texto, f"ele achou: {_em_lista(texto, achadas)}; o certo: {_em_lista(texto, marcas)}"))
    return {
        "itens": {nome: len(itens) for nome, itens in provas.items()},
        "modelo": {nome: f1_de_entidades(do_modelo, itens) for nome, itens in provas.items()},
        "referencias": {
            "procurar os nomes do treino e do dicionário": {
                nome: f1_de_entidades(lambda t: procurar(t, conhecidas), itens) for nome, itens in provas.items()
            }
        },
        "erros": erros,
    }


def _em_lista(texto: str, marcas) -> str:
    return ", ".join(f"{texto[de:ate]} ({tipo})" for de, ate, tipo in sorted(marcas)) or "nada"


def nomes_conhecidos() -> dict[str, str]:
    """Nome → tipo mais comum no treino; os do dicionário completam."""
    tipos = {"pessoa": "PER", "lugar": "LOC", "org": "ORG"}
    vistos: dict[str, Counter] = {}
    for verbete in dicionario():
        if verbete.classe in tipos:
            vistos.setdefault(verbete.expressao, Counter())[tipos[verbete.classe]] += 1
    for texto, marcas in entidades_marcadas("treino"):
        for de, ate, tipo in marcas:
            vistos.setdefault(texto[de:ate], Counter())[tipo] += 2
    return {nome: contagem.most_common(1)[0][0] for nome, contagem in vistos.items() if len(nome) > 2}


def procurar(texto: str, conhecidas: dict[str, str]) -> set[tuple[int, int, str]]:
    """Os nomes conhecidos que aparecem no texto, os mais longos primeiro, sem sobreposição."""
    limites = [achado.span() for achado in re.finditer(r"\w+(?:['’.-]\w+)*", texto)]
    achadas, ocupado = set(), -1
    for i, (de, _) in enumerate(limites):
        if de < ocupado:
            continue
        for j in range(min(i + 6, len(limites)) - 1, i - 1, -1):
            nome = texto[de : limites[j][1]]
            if nome in conhecidas:
                achadas.add((de, limites[j][1], conhecidas[nome]))
                ocupado = limites[j][1]
                break
    return achadas


def f1_de_entidades(prever: Callable[[str], set], itens: list[Marcado]) -> float:
    certas = previstas = corretas = 0
    for texto, marcas in itens:
        achadas = prever(texto)
        certas, previstas = certas + len(marcas), previstas + len(achadas)
        corretas += len(achadas & set(marcas))
    return round(2 * corretas / (certas + previstas), 4)


# ----------------------------------------------------------------- perguntas

ARTIGOS = frozenset("o a os as um uma uns umas no na nos nas em do da dos das de".split())


def perguntas(pasta: Path = MODELOS / "perguntas-mirim") -> dict:
    """Resposta exata, sem contar maiúsculas, pontuação e artigo ou preposição da frente."""
    import curso.tarefas  # noqa: F401  — devolve a tarefa ao pipeline

    responder = abrir("question-answering", pasta)
    provas = {
        "validacao": [
            (p["context"], p["question"], p["answers"]["text"][0])
            for p in carregar("perguntas", "validacao")[:ITENS_DE_VALIDACAO]
        ],
        "livres": [tuple(colunas) for colunas in avaliacao("perguntas")],
    }
    respostas = {
        nome: [responder(question=p, context=c)["answer"] for c, p, _ in itens] for nome, itens in provas.items()
    }
    mais_parecida = {nome: [frase_mais_parecida(c, p) for c, p, _ in itens] for nome, itens in provas.items()}
    erros = [
        (f"{p} {c}", f"ele respondeu «{dada}»; o certo seria «{certa}»")
        for (c, p, certa), dada in zip(provas["livres"], respostas["livres"], strict=True)
        if nucleo(dada) != nucleo(certa)
    ]
    return {
        "itens": {nome: len(itens) for nome, itens in provas.items()},
        "modelo": {nome: _exatas(respostas[nome], itens) for nome, itens in provas.items()},
        "f1": {nome: _f1_de_palavras(respostas[nome], itens) for nome, itens in provas.items()},
        "referencias": {
            "a frase do contexto com mais palavras da pergunta (F1 de palavras)": {
                nome: _f1_de_palavras(mais_parecida[nome], itens) for nome, itens in provas.items()
            }
        },
        "erros": erros,
    }


def nucleo(resposta: str) -> tuple[str, ...]:
    """A resposta em palavras simples, sem o artigo ou a preposição da frente."""
    lista = palavras(resposta)
    while len(lista) > 1 and lista[0] in ARTIGOS:
        lista = lista[1:]
    return tuple(lista)


def frase_mais_parecida(contexto: str, pergunta: str) -> str:
    da_pergunta = set(palavras(pergunta))
    frases = re.findall(r"[^.!?]+[.!?]?", contexto)
    return max(frases, key=lambda frase: len(da_pergunta & set(palavras(frase))))


def _exatas(dadas: list[str], itens: list[tuple]) -> float:
    return _fracao(nucleo(dada) == nucleo(certa) for dada, (*_, certa) in zip(dadas, itens, strict=True))


def _f1_de_palavras(dadas: list[str], itens: list[tuple]) -> float:
    notas = []
    for dada, (*_, certa) in zip(dadas, itens, strict=True):
        uma, outra = Counter(nucleo(dada)), Counter(nucleo(certa))
        comuns = sum((uma & outra).values())
        notas.append(2 * comuns / (sum(uma.values()) + sum(outra.values())))
    return round(sum(notas) / len(notas), 4)


# ------------------------------------------------------------------ assuntos


def assuntos(pasta: Path = MODELOS / "assuntos-mirim") -> dict:
    """Zero-shot: o assunto certo entre 3, e entre 12, sorteados (sempre os mesmos)."""
    classificador = abrir("zero-shot-classification", pasta)
    todos = sorted({a for item in carregar("assuntos", "treino") for a in item["assuntos"]})
    provas = {
        "validacao": [
            (item["texto"], item["assuntos"]) for item in carregar("assuntos", "validacao")[: ITENS_DE_VALIDACAO // 2]
        ],
        "livres": [(colunas[1], colunas[0].split("|")) for colunas in avaliacao("assuntos")],
    }
    treino = carregar("assuntos", "treino")
    simples = treinar_professor([i["texto"] for i in treino], [i["assuntos"][0] for i in treino])
    ordem = {nome: i for i, nome in enumerate(simples.classes_)}
    resultado = {
        "itens": {nome: len(itens) for nome, itens in provas.items()},
        "modelo": {},
        "referencias": {},
    }
    erros: dict[str, dict[str, str]] = {nome: {} for nome in provas}  # texto → o que ele escolheu
    da_regressao = resultado["referencias"].setdefault("regressão logística (TF-IDF) treinada nos mesmos assuntos", {})
    do_acaso = resultado["referencias"].setdefault("acaso", {})
    for nome, itens in provas.items():
        for quantos in (3, 12):
            sorteio, certas, certas_da_regressao = random.Random(SEMENTE), [], []
            for texto, certos in itens:
                rivais = sorteio.sample([a for a in todos if a not in certos], quantos - 1)
                candidatos = sorteio.sample([certos[0], *rivais], quantos)
                dado = classificador(texto, candidatos, hypothesis_template=HIPOTESE)["labels"][0]
                certas.append(dado == certos[0])
                notas = simples.predict_proba([texto])[0]
                certas_da_regressao.append(max(candidatos, key=lambda c: notas[ordem[c]]) == certos[0])
                if dado != certos[0]:
                    entre = ", ".join(candidatos) if quantos == 3 else f"{quantos} assuntos"
                    erros[nome].setdefault(texto, f"entre {entre}, escolheu {dado}; o certo era {certos[0]}")
            chave = f"{nome}_{quantos}"
            resultado["modelo"][chave] = _fracao(certas)
            da_regressao[chave] = _fracao(certas_da_regressao)
            do_acaso[chave] = round(1 / quantos, 4)
    # Erra tão pouco nas livres que a lista se completa com as de validação.
    livres, validacao = (list(erros[nome].items()) for nome in ("livres", "validacao"))
    resultado["erros"] = livres + validacao[: max(0, ERROS_GUARDADOS - len(livres))]
    return resultado


# ------------------------------------------------------------------- máscara


def mascara(pasta: Path = MODELOS / "encoder-mirim") -> dict:
    """Uma palavra aceita entre as cinco primeiras (e em primeiro lugar) para a palavra escondida."""
    preencher = abrir("fill-mask", pasta)
    itens = [(texto, {a.lower() for a in aceitas.split("|")}) for texto, aceitas in avaliacao("mascara")]
    dadas = [[r["token_str"].lower() for r in preencher(texto, top_k=5)] for texto, _ in itens]
    contagem = Counter(p for item in carregar("frases", "treino") for p in re.findall(r"\w+", item["texto"].lower()))
    comuns = [p for p, _ in contagem.most_common(5)]
    substantivos = {v.expressao for v in dicionario() if v.classe in ("subst", "adj", "verbo")}
    substantivos_comuns = [p for p, _ in contagem.most_common() if p in substantivos][:5]

    def entre_as_cinco(listas: list[list[str]]) -> float:
        return _fracao(bool(set(lista) & aceitas) for lista, (_, aceitas) in zip(listas, itens, strict=True))

    return {
        "itens": {"livres": len(itens)},
        "modelo": {"livres": entre_as_cinco(dadas)},
        "primeira": _fracao(lista[0] in aceitas for lista, (_, aceitas) in zip(dadas, itens, strict=True)),
        "referencias": {
            "as cinco palavras mais comuns": {"livres": entre_as_cinco([comuns] * len(itens))},
            "as cinco palavras de conteúdo mais comuns": {"livres": entre_as_cinco([substantivos_comuns] * len(itens))},
        },
        "erros": [
            (texto, f"ele pôs {', '.join(lista)}")
            for lista, (texto, aceitas) in zip(dadas, itens, strict=True)
            if not set(lista) & aceitas
        ],
    }


# ------------------------------------------------------------------- vetores


def vetores(pasta: Path = MODELOS / "encoder-mirim") -> dict:
    """O vizinho mais próximo de um texto (média dos vetores dos tokens, cosseno) tem o mesmo assunto?"""
    import numpy as np

    extrair = abrir("feature-extraction", pasta)

    def de(textos: list[str]) -> np.ndarray:
        medias = np.array([np.mean(extrair(texto)[0], axis=0) for texto in textos])
        return medias / np.linalg.norm(medias, axis=1, keepdims=True)

    treino = carregar("assuntos", "treino")
    provas = [(colunas[1], colunas[0].split("|")) for colunas in avaliacao("assuntos")]
    proximos = (de([t for t, _ in provas]) @ de([i["texto"] for i in treino]).T).argmax(1)
    maioria = Counter(i["assuntos"][0] for i in treino).most_common(1)[0][0]
    return {
        "itens": {"livres": len(provas)},
        "modelo": {
            "livres": _fracao(
                bool(set(treino[v]["assuntos"]) & set(c)) for v, (_, c) in zip(proximos, provas, strict=True)
            )
        },
        "referencias": {"sempre o assunto mais comum": {"livres": _fracao(maioria in c for _, c in provas)}},
        "erros": [
            (texto, f"o texto mais próximo foi «{treino[v]['texto']}»")
            for v, (texto, certos) in zip(proximos, provas, strict=True)
            if not set(treino[v]["assuntos"]) & set(certos)
        ],
    }


def _fracao(certos) -> float:
    lista = list(certos)
    return round(sum(lista) / len(lista), 4)
