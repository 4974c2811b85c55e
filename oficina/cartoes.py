"""Os cartões dos modelos: o que cada um é, com os números que o relatório mediu."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from oficina.treino import MEDIDAS

COLUNAS = {
    "validacao": "validação",
    "livres": "textos livres",
    "validacao_3": "validação, entre 3",
    "livres_3": "livres, entre 3",
    "validacao_12": "validação, entre 12",
    "livres_12": "livres, entre 12",
    "livres_gramatica": "livres, bem escritas",
    "livres_sentido": "livres, com sentido",
}


@dataclass(frozen=True)
class Ficha:
    """O que um cartão diz e que não se mede."""

    pasta: str
    receita: str
    titulo: str
    etiqueta: str  # pipeline_tag do Hub
    dados: tuple[str, ...]
    apresentacao: str
    exemplo: str
    tarefas: tuple[str, ...]
    medida: dict[str, str]  # tarefa → como se mede
    erros: dict[str, str]  # tarefa → como se escolheram os exemplos
    nao_serve: str
    origem: str = "o encoder mirim (`modelos/encoder-mirim`), com uma cabeça nova, treinado inteiro outra vez"
    metricas: tuple[str, ...] = field(default=("accuracy",))
    arquivo: str = ""  # o módulo da receita, quando não tem o nome dela


FICHAS = (
    Ficha(
        pasta="encoder-mirim",
        receita="encoder",
        titulo="Encoder mirim",
        etiqueta="fill-mask",
        dados=(
            "historias",
            "frases",
            "sentimento",
            "assuntos",
            "entidades",
            "perguntas",
            "resumos",
            "pares",
            "conversas",
        ),
        apresentacao=(
            "Adivinha a palavra escondida em uma frase em português do Brasil, e transforma textos em vetores. É um BERT "
            "minúsculo (4 camadas, largura 128), pré-treinado do zero, de onde partem os outros encoders do curso."
        ),
        exemplo=(
            'preencher = pipeline("fill-mask", model="modelos/encoder-mirim")\n'
            'preencher("Tomei café com [MASK] e fui trabalhar.", top_k=3)'
        ),
        tarefas=("fill-mask", "feature-extraction"),
        medida={
            "fill-mask": (
                "*Palavra escondida*: uma das respostas aceitas está entre as cinco primeiras do modelo. As frases foram "
                "escritas à parte, com as respostas que um leitor aceitaria."
            ),
            "feature-extraction": (
                "*Vetores*: o texto mais próximo, entre os de treino de `dados/assuntos`, é do mesmo assunto "
                "(média dos vetores dos tokens, cosseno; são 30 assuntos)."
            ),
        },
        erros={
            "fill-mask": "As dez mais curtas das frases livres em que nenhuma das cinco palavras serve:",
            "feature-extraction": "As dez mais curtas das frases livres em que o texto mais próximo é de outro assunto:",
        },
        nao_serve=(
            "Ele leu pouco mais de um milhão de palavras, escritas por modelos de linguagem: não sabe fatos, não conhece "
            "nomes e carrega os vieses de quem escreveu. Não o use como base de um sistema de verdade."
        ),
        origem=(
            "pesos ao acaso: é um pré-treinamento do zero (*masked language modeling*). Parte dos textos traz o rótulo "
            "escrito por extenso («Este texto é sobre saúde.», «Este texto é positivo.»), e o dicionário lhe diz quais "
            "palavras são boas ou ruins: quem parte dele para essas tarefas parte com vantagem"
        ),
        metricas=(),
    ),
    Ficha(
        pasta="sentimento-mirim",
        receita="sentimento",
        titulo="Sentimento mirim",
        etiqueta="text-classification",
        dados=("sentimento", "dicionario"),
        apresentacao=(
            "Classifica um texto curto em português do Brasil como `positivo` ou `negativo`. É um BERT minúsculo "
            "(4 camadas, largura 128), feito para ensinar: cabe em poucos megabytes, responde em milésimos de segundo "
            "e funciona sem internet."
        ),
        exemplo=(
            'classificador = pipeline("sentiment-analysis", model="modelos/sentimento-mirim")\n'
            'classificador("Odeio tanto isso!")'
        ),
        tarefas=("sentiment-analysis",),
        medida={"sentiment-analysis": "Fração de acertos."},
        erros={"sentiment-analysis": "As dez mais curtas das frases livres em que ele se engana:"},
        nao_serve=(
            "Não use este modelo para decidir nada sobre pessoas, para moderar conversas nem para medir a opinião do "
            "público. Não conhece o neutro: para «A reunião é às três» ele é obrigado a escolher um lado. Fatos sem "
            "palavra de opinião, viradas («mas», «por mais que»), negação e ironia o enganam com frequência."
        ),
    ),
    Ficha(
        pasta="entidades-mirim",
        receita="entidades",
        titulo="Entidades mirim",
        etiqueta="token-classification",
        dados=("entidades", "dicionario"),
        apresentacao=(
            "Acha pessoas (`PER`), organizações (`ORG`) e lugares (`LOC`) em um texto em português do Brasil, com um "
            "rótulo BIO por token. É um BERT minúsculo (4 camadas, largura 128), feito para ensinar."
        ),
        exemplo=(
            'reconhecedor = pipeline("ner", model="modelos/entidades-mirim", aggregation_strategy="simple")\n'
            'reconhecedor("Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn.")'
        ),
        tarefas=("ner",),
        medida={"ner": "F1 estrito: uma entidade só conta quando o trecho e o tipo são exatamente os certos."},
        erros={"ner": "Os dez textos livres mais curtos em que ele não acerta tudo:"},
        nao_serve=(
            "Não o use para anonimizar textos nem para levantar dados de pessoas: ele deixa passar nomes. Confunde "
            "sobretudo organizações com lugares, e nomes em minúsculas."
        ),
        metricas=("f1",),
    ),
    Ficha(
        pasta="perguntas-mirim",
        receita="perguntas",
        titulo="Perguntas mirim",
        etiqueta="question-answering",
        dados=("perguntas", "entidades", "frases", "assuntos", "historias"),
        apresentacao=(
            "Responde uma pergunta com um trecho do contexto (*extractive question answering*), em português do Brasil. "
            "É um BERT minúsculo (4 camadas, largura 128), feito para ensinar."
        ),
        exemplo=(
            "import curso.tarefas  # a versão 5 da transformers retirou esta tarefa; o curso a devolve\n\n"
            'responder = pipeline("question-answering", model="modelos/perguntas-mirim")\n'
            'responder(question="Onde eu trabalho?", context="Meu nome é Sylvain e eu trabalho na Hugging Face.")'
        ),
        tarefas=("question-answering",),
        medida={
            "question-answering": (
                "Resposta exata, sem contar maiúsculas, pontuação e o artigo ou a preposição da frente. A referência "
                "mede outra coisa, mais fácil: quanto das palavras certas há na frase do contexto mais parecida com a pergunta."
            )
        },
        erros={"question-answering": "As dez perguntas livres mais curtas que ele erra (pergunta e contexto):"},
        nao_serve=(
            "Ele sempre responde, mesmo quando a resposta não está no contexto, e muitas vezes com o trecho errado do tipo "
            "certo. Não o use onde um erro custa alguma coisa. Porquês e perguntas com outras palavras são os mais difíceis."
        ),
        metricas=("exact_match", "f1"),
    ),
    Ficha(
        pasta="assuntos-mirim",
        receita="assuntos",
        titulo="Assuntos mirim",
        etiqueta="zero-shot-classification",
        dados=("assuntos", "rotulos", "dicionario", "sentimento"),
        apresentacao=(
            "Diz qual de alguns rótulos, escolhidos na hora, combina com um texto (*zero-shot classification*), em "
            "português do Brasil. É um BERT minúsculo (4 camadas, largura 128) que julga se a hipótese «Este texto é "
            "sobre X.» decorre do texto; feito para ensinar."
        ),
        exemplo=(
            'classificador = pipeline("zero-shot-classification", model="modelos/assuntos-mirim")\n'
            'rotulos = ["educação", "política", "negócios"]\n'
            "classificador(\n"
            '    "Este é um curso sobre a biblioteca Transformers.",\n'
            "    candidate_labels=rotulos,\n"
            '    hypothesis_template="Este texto é sobre {}.",\n'
            ")"
        ),
        tarefas=("zero-shot-classification",),
        medida={
            "zero-shot-classification": (
                "O assunto certo tem a maior nota entre 3, ou entre 12, assuntos sorteados dos 30 de `dados/assuntos`. A "
                "regressão logística só sabe esses 30; este modelo aceita outros rótulos, que não foram medidos."
            )
        },
        erros={
            "zero-shot-classification": "Dez frases em que ele erra, das livres e, na falta delas, das de validação:"
        },
        nao_serve=(
            "Fora dos assuntos que viu, e das palavras parecidas com eles, acerta pouco mais que o acaso. Só sabe a "
            "relação «é sobre» (e, um pouco, «é positivo»): não é um modelo de inferência textual em geral."
        ),
    ),
)


TAMANHO = "minúsculo (3 camadas de cada lado), treinado do zero, feito para ensinar."
MARIAN = f"É um Marian, a família dos tradutores opus-mt, {TAMANHO}"
FICHAS += (
    Ficha(
        pasta="en-pt-mirim",
        receita="en-pt",
        titulo="Inglês–português mirim",
        etiqueta="translation",
        dados=("pares", "dicionario", "frases"),
        apresentacao=f"Traduz frases simples do inglês para o português do Brasil. {MARIAN}",
        exemplo=(
            "import curso.tarefas  # a versão 5 da transformers retirou esta tarefa; o curso a devolve\n\n"
            'traduzir = pipeline("translation", model="modelos/en-pt-mirim")\n'
            'traduzir("This course is produced by Hugging Face.")'
        ),
        tarefas=("translation",),
        medida={
            "translation": "chrF: quanto as sequências de letras da tradução coincidem com as de uma tradução de referência."
        },
        erros={"translation": "Dez traduções entre as piores, das mais curtas:"},
        nao_serve=(
            "Só conhece frases curtas do dia a dia: uma palavra que não viu sai inventada, e uma frase longa se perde no meio. "
            "Ele escreve português fluente mesmo quando traduz errado."
        ),
        origem="pesos ao acaso; no fim do treino, pares cheios de nomes próprios, para aprender a copiá-los",
        arquivo="seq2seq",
        metricas=("chrf",),
    ),
    Ficha(
        pasta="pt-en-mirim",
        receita="pt-en",
        titulo="Português–inglês mirim",
        etiqueta="translation",
        dados=("pares", "dicionario"),
        apresentacao=f"Traduz frases simples do português do Brasil para o inglês. {MARIAN}",
        exemplo=(
            "import curso.tarefas  # a versão 5 da transformers retirou esta tarefa; o curso a devolve\n\n"
            'traduzir = pipeline("translation", model="modelos/pt-en-mirim")\n'
            'traduzir("Este curso é produzido pela Hugging Face.")'
        ),
        tarefas=("translation_pt_to_en",),
        medida={
            "translation_pt_to_en": "chrF: quanto as sequências de letras da tradução coincidem com as de uma tradução de referência."
        },
        erros={"translation_pt_to_en": "Dez traduções entre as piores, das mais curtas:"},
        nao_serve=(
            "Só conhece frases curtas do dia a dia: uma palavra que não viu sai inventada, e uma frase longa se perde no meio. "
            "Ele escreve inglês fluente mesmo quando traduz errado."
        ),
        origem="pesos ao acaso; no fim do treino, pares cheios de nomes próprios, para aprender a copiá-los",
        arquivo="seq2seq",
        metricas=("chrf",),
    ),
    Ficha(
        pasta="resumos-mirim",
        receita="resumos",
        titulo="Resumos mirim",
        etiqueta="summarization",
        dados=("resumos", "historias", "perguntas"),
        apresentacao=f"Resume em uma frase um texto curto em português do Brasil. É um Pegasus {TAMANHO}",
        exemplo=(
            "import curso.tarefas  # a versão 5 da transformers retirou esta tarefa; o curso a devolve\n\n"
            'resumir = pipeline("summarization", model="modelos/resumos-mirim")\n'
            'resumir("A ponte do bairro cedeu na terça. Ninguém se feriu. A prefeitura promete outra até julho.")'
        ),
        tarefas=("summarization",),
        medida={
            "summarization": "chrF: quanto as sequências de letras do resumo coincidem com as de um resumo de referência."
        },
        erros={"summarization": "Dez resumos entre os piores, dos textos mais curtos:"},
        nao_serve=(
            "Ele troca nomes e números, e às vezes junta pedaços que não combinam: um resumo errado parece tão bom quanto um "
            "certo. Não o use para decidir se um texto merece ser lido."
        ),
        origem="pesos ao acaso",
        arquivo="seq2seq",
        metricas=("chrf",),
    ),
    Ficha(
        pasta="decoder-mirim",
        receita="decoder",
        titulo="Decoder mirim",
        etiqueta="text-generation",
        dados=("historias", "frases", "sentimento", "assuntos", "entidades", "pares"),
        apresentacao=(
            "Continua um texto em português do Brasil, token por token. É um Llama minúsculo (6 camadas, largura 160), "
            "treinado do zero em histórias, explicações e frases, feito para ensinar."
        ),
        exemplo=(
            'continuar = pipeline("text-generation", model="modelos/decoder-mirim")\n'
            'continuar("Era uma vez um gato que", max_new_tokens=40, do_sample=False)'
        ),
        tarefas=("text-generation",),
        medida={
            "text-generation": (
                "*Validação*: em que fração dos tokens o mais provável para o modelo é o que vem mesmo. *Livres*: as "
                "continuações de aberturas que ele não viu, sem sorteio, até fechar uma frase, julgadas por um leitor."
            )
        },
        erros={"text-generation": "Continuações que o leitor reprovou, das aberturas mais curtas:"},
        nao_serve=(
            "Ele imita o jeito das histórias que leu: inventa fatos, se contradiz e costuma perder o fio na segunda "
            "frase, quando não na primeira. Nada do que escreve é informação."
        ),
        origem="pesos ao acaso. Além dos conjuntos abaixo, leu os roteiros de `oficina/textos/roteiros`, multiplicados",
        metricas=("accuracy",),
    ),
    Ficha(
        pasta="conversa-mirim",
        receita="conversa",
        titulo="Conversa mirim",
        etiqueta="text-generation",
        dados=("conversas",),
        apresentacao=(
            "Responde a perguntas e pedidos simples em português do Brasil, no formato de mensagens (`system`, `user`, "
            "`assistant`), com um *chat template*. É o decoder mirim, ensinado a conversar."
        ),
        exemplo=(
            'conversar = pipeline("text-generation", model="modelos/conversa-mirim")\n'
            'conversar([{"role": "user", "content": "Oi! Tudo bem?"}], max_new_tokens=60, do_sample=False)'
        ),
        tarefas=("conversa",),
        medida={"conversa": "As respostas, sem sorteio, a falas que ele não viu, julgadas por um leitor."},
        erros={"conversa": "Respostas que o leitor reprovou, das falas mais curtas:"},
        nao_serve=(
            "Ele responde no tom certo mesmo quando não sabe: inventa fatos, erra contas e esquece o que se disse antes. "
            "Não tem nenhum cuidado de segurança. Não siga um conselho dele."
        ),
        origem="o decoder mirim (`modelos/decoder-mirim`), treinado mais um pouco, só com as falas do assistente",
        metricas=(),
        arquivo="decoder",
    ),
)


def porcento(fracao: float) -> str:
    return f"{100 * fracao:.1f}".replace(".", ",").removesuffix(",0") + "%"


def cartao(ficha: Ficha, medidas: dict[str, dict]) -> str:
    """O README.md do checkpoint. ``medidas``: tarefa → o que a prova devolveu."""
    fases = [json.loads(a.read_text(encoding="utf-8")) for a in sorted(MEDIDAS.glob(f"{ficha.receita}-*treino.json"))]
    treino, segundos = fases[0], sum(fase["segundos"] for fase in fases)
    metricas = f"metrics: [{', '.join(ficha.metricas)}]\n" if ficha.metricas else ""
    provas = "\n\n".join(f"{ficha.medida[tarefa]}\n\n{tabela(medidas[tarefa])}" for tarefa in ficha.tarefas)
    erros = "\n\n".join(f"{ficha.erros[tarefa]}\n\n{lista(medidas[tarefa]['erros'])}" for tarefa in ficha.tarefas)
    return f"""---
language: pt
license: apache-2.0
library_name: transformers
pipeline_tag: {ficha.etiqueta}
tags: [modelo-mirim]
datasets: [{", ".join(ficha.dados)}]
{metricas}---

# {ficha.titulo}

{ficha.apresentacao}

Da pasta do curso (em um notebook, escreva `../` antes do caminho):

```python
from transformers import pipeline

{ficha.exemplo}
```

## Quanto acerta

*Textos livres* foram escritos à parte, sem ver o treino: é o número que um aluno sente. *Validação* são textos das mesmas coleções do treino, em blocos separados.

{provas}

## Erros típicos

{erros}

## De onde vem

- **Ponto de partida:** {ficha.origem}.
- **Dados:** {dados(ficha)}. São texto sintético, escrito por modelos de linguagem para este curso; nenhum texto de terceiros.
- **Receita:** `python -m oficina {ficha.receita}` (em `oficina/{ficha.arquivo or ficha.receita}.py`, com os porquês). Semente {treino["semente"]}; na mesma máquina, os mesmos pesos.
- **Tempo:** uns {round(segundos / 60)} minutos em {treino["maquina"]}.
- **Formato:** safetensors em meia precisão, carregado como `float32`. O tokenizer distingue maiúsculas e guarda os acentos.

## Para que não serve

{ficha.nao_serve} Ele foi feito para aulas. Para trabalho de verdade, o catálogo do curso indica um modelo do Hub.
"""


def lista(erros: list[tuple[str, str]]) -> str:
    return "\n".join(f"- «{texto}» ({nota})" for texto, nota in erros)


def tabela(medidas: dict) -> str:
    chaves = [chave for chave in COLUNAS if chave in medidas["modelo"]]
    linhas = {"**este modelo**": medidas["modelo"], **medidas["referencias"]}
    cabeca = "| | " + " | ".join(f"{COLUNAS[c]} ({medidas['itens'][c.split('_')[0]]})" for c in chaves) + " |"
    corpo = [
        f"| {nome} | " + " | ".join(porcento(valores[c]) if c in valores else "–" for c in chaves) + " |"
        for nome, valores in linhas.items()
    ]
    return "\n".join([cabeca, "|---" * (len(chaves) + 1) + "|", *corpo])


def dados(ficha: Ficha) -> str:
    return ", ".join(f"`dados/{nome}`" for nome in ficha.dados)
