"""``python -m oficina relatorio``: mede o checkpoint e as referências simples, e leva os números aos cartões.

Nenhum número dos cartões é escrito à mão: eles saem daqui, dos pesos que estão em ``modelos/``.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from curso.carimbo import gravar_inteiro
from curso.catalogo import entrada
from curso.projeto import MODELOS, RAIZ
from oficina import dados
from oficina.professor import treinar_professor
from oficina.sentimento import polares_de
from oficina.textos import avaliacao, dicionario

MEDIDAS = RAIZ / "oficina" / "medidas"
ERROS_NO_CARTAO = 10


def fazer() -> None:
    frases, rotulos = dados.carregar("treino")
    validacao = dados.carregar("validacao")
    livres = frases_livres()
    polares = polares_de(dicionario())

    medidas = {"frases_de_treino": len(frases), "validacao": len(validacao[0]), "livres": len(livres[0])}
    medidas["modelo"] = acertos(prever_com_modelo, validacao, livres)
    maioria = Counter(rotulos).most_common(1)[0][0]
    medidas["maioria"] = acertos(lambda textos: [maioria] * len(textos), validacao, livres)
    simples = treinar_professor(frases, rotulos)
    medidas["regressao"] = acertos(lambda t: simples.predict(t).tolist(), validacao, livres)
    completo = treinar_professor(frases + [f for f, _ in polares], rotulos + [r for _, r in polares])
    medidas["regressao_com_dicionario"] = acertos(lambda t: completo.predict(t).tolist(), validacao, livres)
    gravar_inteiro(MEDIDAS / "sentimento.json", json.dumps(medidas, indent=1, ensure_ascii=False) + "\n")

    treino = json.loads((MEDIDAS / "sentimento-treino.json").read_text(encoding="utf-8"))
    gravar_inteiro(entrada("sentiment-analysis").pasta / "README.md", cartao(medidas, treino, erros(livres)))
    atualizar_catalogo(medidas)
    for nome in ("maioria", "regressao", "regressao_com_dicionario", "modelo"):
        print(f"{nome:26} validação {medidas[nome]['validacao']:.3f}   frases livres {medidas[nome]['livres']:.3f}")


def frases_livres() -> tuple[list[str], list[int]]:
    """As frases de avaliação: os autores delas não viram o texto de treino."""
    linhas = avaliacao("sentimento")
    return [texto for _, texto in linhas], [int(rotulo == "pos") for rotulo, _ in linhas]


def acertos(prever, *conjuntos: tuple[list[str], list[int]]) -> dict[str, float]:
    """A fração de acertos em cada conjunto, na ordem validação, frases livres."""
    return {
        nome: round(sum(p == r for p, r in zip(prever(textos), certos, strict=True)) / len(certos), 6)
        for nome, (textos, certos) in zip(("validacao", "livres"), conjuntos, strict=True)
    }


def prever_com_modelo(textos: list[str]) -> list[int]:
    """Pelo caminho que um aluno usa: ``pipeline`` sobre o checkpoint gravado."""
    from transformers import pipeline

    classificador = pipeline("sentiment-analysis", model=str(entrada("sentiment-analysis").pasta))
    return [int(r["label"] == "positivo") for r in classificador(textos, batch_size=1, truncation=True)]


def erros(livres: tuple[list[str], list[int]]) -> list[tuple[str, str]]:
    """Frases livres em que o modelo erra, curtas primeiro, com o rótulo certo."""
    textos, certos = livres
    errados = [
        (t, ("negativo", "positivo")[c])
        for t, p, c in zip(textos, prever_com_modelo(textos), certos, strict=True)
        if p != c
    ]
    return sorted(errados, key=lambda par: len(par[0]))[:ERROS_NO_CARTAO]


def atualizar_catalogo(medidas: dict) -> None:
    linha = entrada("sentiment-analysis")
    mb = sum(a.stat().st_size for a in linha.pasta.rglob("*") if a.is_file()) / 1e6
    medida = f"acerta {_porcento(medidas['modelo']['livres'])} de {medidas['livres']} frases escritas à parte, sem ver o treino"
    caminho = MODELOS / "catalogo.toml"
    texto = caminho.read_text(encoding="utf-8")
    texto = re.sub(r"^mb = .*$", f"mb = {mb:.1f}", texto, count=1, flags=re.MULTILINE)
    texto = re.sub(r"^medida = .*$", f'medida = "{medida}"', texto, count=1, flags=re.MULTILINE)
    gravar_inteiro(caminho, texto)


def _porcento(fracao: float) -> str:
    return f"{100 * fracao:.1f}".replace(".", ",").removesuffix(",0") + "%"


def cartao(medidas: dict, treino: dict, exemplos_de_erro: list[tuple[str, str]]) -> str:
    nomes = {
        "modelo": "**este modelo**",
        "regressao": "regressão logística (TF-IDF), mesmas frases",
        "regressao_com_dicionario": "regressão logística com o dicionário mirim",
        "maioria": "sempre o rótulo mais comum",
    }
    tabela = "\n".join(
        f"| {nome} | {_porcento(medidas[chave]['validacao'])} | {_porcento(medidas[chave]['livres'])} |"
        for chave, nome in nomes.items()
    )
    lista = "\n".join(f"- «{texto}» (o certo seria {rotulo})" for texto, rotulo in exemplos_de_erro)
    minutos = round(treino["segundos"] / 60)
    return f"""---
language: pt
license: apache-2.0
library_name: transformers
pipeline_tag: text-classification
tags: [modelo-mirim, sentimento]
datasets: [sentimento]
metrics: [accuracy]
---

# Sentimento mirim

Classifica um texto curto em português do Brasil como `positivo` ou `negativo`. É um BERT minúsculo (2 camadas, largura 128), feito para ensinar: cabe em poucos megabytes, responde em milésimos de segundo e funciona sem internet.

Da pasta do curso (em um notebook, escreva `../` antes do caminho):

```python
from transformers import pipeline

classificador = pipeline("sentiment-analysis", model="modelos/sentimento-mirim")
classificador("Odeio tanto isso!")
```

## Quanto acerta

Acertos, em duas provas. *Validação*: {medidas["validacao"]} frases das mesmas coleções do treino, em blocos separados. *Frases livres*: {medidas["livres"]} frases escritas à parte, sem ver o treino; é o número que um aluno sente.

| | validação | frases livres |
|---|---|---|
{tabela}

Com {medidas["livres"]} frases, a margem de erro da última coluna é de uns 5 pontos para cada lado.

## Erros típicos

As dez mais curtas das frases livres em que ele se engana:

{lista}

Os erros se espalham: fatos sem palavra de opinião, frases com virada («mas», «por mais que»), ironia, e também frases de opinião clara. Não conhece o neutro: para «A reunião é às três» ele é obrigado a escolher um lado.

## De onde vem

- **Dados:** {medidas["frases_de_treino"]} frases escritas para o curso (`dados/sentimento`) e o dicionário mirim (`oficina/textos/dicionario`). São texto sintético, escrito por modelos de linguagem; nenhum texto de terceiros.
- **Receita:** `python -m oficina sentimento` (em `oficina/sentimento.py`, com os porquês). Semente {treino["semente"]}; na mesma máquina, os mesmos pesos.
- **Tempo:** uns {minutos} minutos em {treino["maquina"]}.
- **Formato:** safetensors em meia precisão, carregado como `float32`. O tokenizer distingue maiúsculas e guarda os acentos.

## Para que não serve

Não use este modelo para decidir nada sobre pessoas, para moderar conversas nem para medir a opinião do público. Ele foi feito para aulas. Para trabalho de verdade, o catálogo do curso indica um modelo do Hub.
"""
