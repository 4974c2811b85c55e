"""Os cartões de ``dados/``: o que é cada conjunto, seus campos e limites. As contagens saem dos próprios dados."""

from __future__ import annotations

from dataclasses import dataclass

from curso.desenho.estilo import milhar


@dataclass(frozen=True)
class Conjunto:
    titulo: str
    tarefa: str  # task_categories do Hub
    apresentacao: str
    campos: tuple[tuple[str, str], ...]
    limites: str
    extra: str = ""


AUTOR = ("autor", "a coleção de onde vem: cada uma tem voz e assuntos próprios")

CARTOES = {
    "sentimento": Conjunto(
        "Sentimento em português do Brasil",
        "text-classification",
        "Frases curtas com o rótulo `positivo` ou `negativo`: opiniões, queixas, alegrias, fatos do dia, em muitas vozes "
        "(resenhas, conversas de celular, diário, cartas, imprensa, crianças, várias regiões do país). Cerca de um "
        "quarto está escrito como se digita: sem acento, sem ponto, com abreviações.",
        (("texto", "a frase"), ("rotulo", "`positivo` ou `negativo`, metade de cada"), AUTOR),
        "Não há rótulo neutro nem misto.",
    ),
    "entidades": Conjunto(
        "Entidades em português do Brasil",
        "token-classification",
        "Frases com pessoas (`PER`), organizações (`ORG`) e lugares (`LOC`) marcados. Uma em cada oito não tem entidade "
        "nenhuma; uma em cada seis está escrita como se digita, com nomes em minúsculas. Nomes ambíguos (São Paulo, a "
        "cidade e o time) aparecem nos dois usos.",
        (
            ("texto", "a frase"),
            ("entidades", "lista de `inicio`, `fim` (em caracteres) e `tipo`"),
            ("tokens", "as palavras e os sinais do texto"),
            ("ner_tags", "o rótulo de cada token, em BIO: `O`, `B-PER`, `I-PER`…"),
            AUTOR,
        ),
        "Só três tipos; datas, produtos, obras e eventos não contam como entidade. Tratamentos («dona», «doutor») ficam de fora do nome.",
    ),
    "perguntas": Conjunto(
        "Perguntas e respostas em português do Brasil",
        "question-answering",
        "Contextos curtos, perguntas sobre eles e a resposta, que é sempre um trecho do contexto, no formato do SQuAD. "
        "Há quem, onde, quando, quanto, o quê e por quê; metade das perguntas usa outras palavras que não as do contexto.",
        (
            ("context", "o texto onde está a resposta"),
            ("question", "a pergunta"),
            ("answers", "`text` e `answer_start` (em caracteres), listas com um item"),
            AUTOR,
        ),
        "Toda pergunta tem resposta no contexto. As perguntas de um mesmo contexto ficam na mesma parte (treino ou validação).",
    ),
    "assuntos": Conjunto(
        "Assuntos em português do Brasil",
        "text-classification",
        "Frases de muitos gêneros (manchete, conversa, aviso, aula, anúncio, diário) e o assunto de cada uma, entre 30. "
        "O nome do assunto raramente aparece no texto.",
        (("texto", "uma ou duas frases"), ("assuntos", "um assunto, ou dois, o principal primeiro"), AUTOR),
        "Assuntos vizinhos (negócios, economia, trabalho) se confundem, e um leitor poderia escolher outro.",
    ),
    "rotulos": Conjunto(
        "Rótulos livres em português do Brasil",
        "zero-shot-classification",
        "Textos curtos de todo gênero, com rótulos que servem e rótulos que não servem: mais de mil rótulos diferentes, do "
        "geral ao particular (esportes, futebol, goleiro; reclamação, elogio, dúvida).",
        (
            ("texto", "uma ou duas frases"),
            ("servem", "de dois a quatro rótulos certos"),
            ("nao_servem", "de três a cinco rótulos errados, mas plausíveis"),
            AUTOR,
        ),
        "Outros rótulos também serviriam, e alguns errados são discutíveis.",
    ),
    "pares": Conjunto(
        "Pares inglês–português do Brasil",
        "translation",
        "Frases do dia a dia em inglês e a tradução em português do Brasil.",
        (("en", "a frase em inglês"), ("pt", "a mesma frase em português"), AUTOR),
        "Uma só tradução para cada frase, quando em geral há várias. Quase só frases curtas.",
    ),
    "resumos": Conjunto(
        "Textos e resumos em português do Brasil",
        "summarization",
        "Textos de três a seis frases (notícia, aviso, mensagem, explicação, história) e um resumo de uma frase, que junta "
        "o essencial e não é apenas a primeira.",
        (("texto", "o texto"), ("resumo", "uma frase"), AUTOR),
        "Textos curtos: um resumo de um artigo inteiro é outra tarefa.",
    ),
    "historias": Conjunto(
        "Histórias e explicações curtas em português do Brasil",
        "text-generation",
        "Pequenos textos completos, de vocabulário simples: histórias, cenas, cartas, notícias inventadas e explicações "
        "de como as coisas funcionam.",
        (("texto", "o texto inteiro"), ("tipo", "`historia`, `explicacao`, `cena`, `carta` ou `noticia`"), AUTOR),
        "As explicações são simples de propósito, e deixam de fora exceções e detalhes.",
    ),
    "conversas": Conjunto(
        "Conversas curtas em português do Brasil",
        "text-generation",
        "Conversas de uma a três trocas entre uma pessoa e um assistente, algumas com instrução de sistema, no formato de mensagens.",
        (("messages", "lista de `role` (`system`, `user`, `assistant`) e `content`"), AUTOR),
        "O assistente responde curto e só sobre coisas simples; não é fonte de informação.",
    ),
    "frases": Conjunto(
        "Frases do dia a dia em português do Brasil",
        "fill-mask",
        "Frases em que as palavras andam juntas como de costume: o que se diz e o que se faz com as coisas comuns. Servem "
        "para um modelo aprender que palavra cabe onde.",
        (("texto", "a frase"), AUTOR),
        "Mostram o costume: o que é raro ou regional quase não aparece.",
    ),
    "dicionario": Conjunto(
        "Dicionário mirim do português do Brasil",
        "text-classification",
        "Palavras e expressões comuns, nomes de pessoas, lugares e organizações, com o que um modelo pequeno precisa saber delas.",
        (
            ("expressao", "a palavra ou expressão"),
            ("classe", "`subst`, `adj`, `verbo`, `adv`, `expr`, `pessoa`, `lugar`, `org`…"),
            ("genero", "`m`, `f`, `mf` ou `-`"),
            ("formas", "feminino, plural, formas do verbo"),
            ("polaridade", "`+`, `-` ou `0`"),
            ("assuntos", "em que assuntos a palavra costuma aparecer"),
            ("sinonimos, oposto, ingles", "listas de palavras"),
            AUTOR,
        ),
        "A polaridade e os assuntos são os mais comuns de cada palavra; o contexto pode mudá-los.",
    ),
}


def cartao(nome: str, partes: dict[str, list[dict]], versao: str) -> str:
    """O README.md de ``dados/nome``."""
    conjunto = CARTOES[nome]
    campos = "\n".join(f"| `{campo}` | {texto} |" for campo, texto in conjunto.campos)
    quantos = sum(map(len, partes.values()))
    faixa = "1K<n<10K" if quantos < 10_000 else "10K<n<100K"
    return f"""---
language: pt
license: cc-by-4.0
pretty_name: {conjunto.titulo}
task_categories: [{conjunto.tarefa}]
size_categories: [{faixa if quantos >= 1000 else "n<1K"}]
configs:
  - config_name: default
    version: {versao}
    data_files:
      - split: train
        path: treino.jsonl
      - split: validation
        path: validacao.jsonl
---

# {conjunto.titulo}

{conjunto.apresentacao} São {milhar(len(partes["treino"]))} itens de treino e {milhar(len(partes["validacao"]))} de validação, escritos para este curso por modelos de linguagem, um a um, sem moldes (texto sintético).

Da pasta do curso (em um notebook, escreva `../` antes do caminho):

```python
from datasets import load_dataset

dados = load_dataset("dados/{nome}")
dados["train"][0]
```

| campo | o que é |
|---|---|
{campos}

**Como foi feito.** Cada coleção foi escrita à parte. Itens repetidos saem, e também qualquer um que repita cinco palavras seguidas de um texto de avaliação. A validação é separada em blocos de linhas vizinhas, porque às vezes há textos parecidos lado a lado. Para refazer: `python -m oficina dados-{nome}`.

**Limites.** {conjunto.limites} Os textos foram inventados para ensinar um modelo, e não colhidos da internet: o que as pessoas escrevem de verdade é mais variado. Nenhum fala de uma pessoa real viva.

**Licença:** CC-BY-4.0.
"""
