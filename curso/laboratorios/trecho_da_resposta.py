"""Laboratório: onde a resposta começa e onde acaba, token por token, e o trecho que o modelo aponta."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets as widgets

from curso.desenho.barras import aviso
from curso.desenho.estilo import (
    CINZA,
    OKABE_ITO,
    TINTA,
    Figura,
    decimal,
    encurtar,
    largura_de_ficha,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import MAXIMO_DE_CARACTERES, LaboratorioDeTexto, regua

LARGURA, MARGEM = 700, 20
ALTURA_DA_BARRA, ALTURA_DA_FICHA, LINHA = 40, 26, 148
MAXIMO_DE_TOKENS = 60  # o que cabe no quadro; o modelo lê mais
MAIOR_PERGUNTA, MAIOR_RESPOSTA = 64, 15
PERGUNTA = "Onde eu trabalho?"
CONTEXTO = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."


@dataclass(frozen=True)
class Leitura:
    """O que o modelo disse de um contexto: as posições ``(de, até)`` de cada token, e duas notas para cada um."""

    posicoes: list[tuple[int, int]]
    comeco: list[float]
    fim: list[float]


def ler(tokenizer, modelo, pergunta: str, contexto: str) -> Leitura:
    """Softmax dos logits de começo e de fim, só sobre os tokens do contexto.

    Um contexto que não cabe no modelo é cortado no fim, e uma pergunta enorme, em ``MAIOR_PERGUNTA`` tokens.
    """
    import torch

    da_pergunta = tokenizer(pergunta, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    posicoes = da_pergunta["offset_mapping"]
    if len(posicoes) > MAIOR_PERGUNTA:
        pergunta = pergunta[: posicoes[MAIOR_PERGUNTA - 1][1]]
    maximo = min(tokenizer.model_max_length, modelo.config.max_position_embeddings)
    entradas = tokenizer(
        pergunta,
        contexto,
        truncation="only_second",
        max_length=maximo,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    posicoes = entradas.pop("offset_mapping")[0].tolist()
    do_contexto = [i for i, lado in enumerate(entradas.sequence_ids(0)) if lado == 1]
    with torch.inference_mode():
        saida = modelo(**entradas.to(modelo.device))
    comeco, fim = (
        logits[0, do_contexto].float().softmax(-1).tolist() for logits in (saida.start_logits, saida.end_logits)
    )
    return Leitura([tuple(posicoes[i]) for i in do_contexto], comeco, fim)


def melhor_trecho(comeco: list[float], fim: list[float], maior: int = MAIOR_RESPOSTA) -> tuple[int, int, float]:
    """O par ``(i, j)`` de maior ``comeco[i] * fim[j]``, com ``i <= j < i + maior``, e o produto.

    Raises:
        ValueError: não há tokens.
    """
    pares = ((i, j) for i in range(len(comeco)) for j in range(i, min(i + maior, len(fim))))
    i, j = max(pares, key=lambda par: comeco[par[0]] * fim[par[1]])
    return i, j, comeco[i] * fim[j]


def quadro(tokenizer, modelo, pergunta: str, contexto: str, maior: int = MAIOR_RESPOSTA) -> Figura:
    """Os tokens do contexto, cada um com a nota de começo (em cima) e a de fim (embaixo), e o trecho escolhido.

    Args:
        pergunta, contexto: dois textos.
        maior: quantos tokens a resposta pode ter, no máximo.
    """
    if not contexto.strip():
        return aviso("Falta o contexto", "Escreva o texto em que o modelo deve procurar a resposta.")
    if len(contexto) > MAXIMO_DE_CARACTERES:
        return aviso(
            "Texto longo demais", f"Este laboratório lê até {MAXIMO_DE_CARACTERES} caracteres; há {len(contexto)}."
        )
    lida = ler(tokenizer, modelo, pergunta, contexto)
    if not lida.posicoes:
        return aviso("Nada para ler", "O tokenizer não achou nenhum token neste contexto.")
    i, j, nota = melhor_trecho(lida.comeco, lida.fim, maior)
    resposta = contexto[lida.posicoes[i][0] : lida.posicoes[j][1]]
    primeiro = 0 if j < MAXIMO_DE_TOKENS else max(0, min(i - 4, len(lida.posicoes) - MAXIMO_DE_TOKENS))
    ultimo = min(primeiro + MAXIMO_DE_TOKENS, len(lida.posicoes))

    partes = [
        texto(MARGEM, 30, encurtar(pergunta, 74), peso="bold", tamanho=15),
        texto(
            MARGEM, 54, "Barra de cima: a resposta começa aqui. Barra de baixo: termina aqui.", cor=CINZA, tamanho=13
        ),
    ]
    x, y = float(MARGEM), 70.0
    for indice in range(primeiro, ultimo):
        de, ate = lida.posicoes[indice]
        escrito = encurtar(contexto[de:ate], 22)
        largura = largura_de_ficha(escrito, 9, 22) + 10
        if x + largura > LARGURA - MARGEM:
            x, y = float(MARGEM), y + LINHA
        partes += _ficha(x, y, largura, escrito, lida.comeco[indice], lida.fim[indice], i <= indice <= j)
        x += largura + 4
    y += LINHA + 8
    fora = len(lida.posicoes) - (ultimo - primeiro)
    notas = [
        f"Resposta: «{encurtar(resposta, 50)}», {decimal(nota, 3)} = "
        f"{decimal(lida.comeco[i], 3)} (começo) × {decimal(lida.fim[j], 3)} (fim).",
        _sobre_os_maiores(lida, i, j),
        f"{plural(fora, 'token')} do contexto sem lugar no quadro." if fora else "",
    ]
    for indice, escrita in enumerate(filter(None, notas)):
        partes.append(texto(MARGEM, y, encurtar(escrita, 92), peso="normal" if indice else "bold", tamanho=14))
        y += 22
    descricao = " ".join(filter(None, notas))
    titulo = f"Onde está a resposta a «{encurtar(pergunta, 160)}»"
    descricao = f"{plural(len(lida.posicoes), 'token')}. {descricao}"
    return moldura(LARGURA, int(y), titulo, descricao, "".join(partes))


def _sobre_os_maiores(lida: Leitura, i: int, j: int) -> str:
    """Por que o trecho não é simplesmente do começo mais provável ao fim mais provável."""
    comeco, fim = lida.comeco.index(max(lida.comeco)), lida.fim.index(max(lida.fim))
    if (comeco, fim) == (i, j):
        return ""
    if comeco > fim:
        return "O começo mais provável vem depois do fim mais provável: foi preciso procurar outro par."
    return "Do começo mais provável ao fim mais provável são tokens demais: foi preciso procurar outro par."


def _ficha(x: float, y: float, largura: float, escrito: str, comeco: float, fim: float, escolhida: bool) -> list[str]:
    meio, topo = x + largura / 2, y + ALTURA_DA_BARRA + 14
    base = topo + ALTURA_DA_FICHA
    partes = [
        retangulo(x + 3, topo - 2 - ALTURA_DA_BARRA * comeco, largura - 6, ALTURA_DA_BARRA * comeco, OKABE_ITO["azul"]),
        retangulo(x + 3, base + 2, largura - 6, ALTURA_DA_BARRA * fim, OKABE_ITO["laranja"]),
        retangulo(x, topo, largura, ALTURA_DA_FICHA, "#fdf3e1" if escolhida else "#f2f2f2"),
        texto(meio, topo + 18, escrito, ancora="middle", tamanho=14, peso="bold" if escolhida else "normal"),
    ]
    if escolhida:
        partes.append(
            f'<rect x="{x:.1f}" y="{topo:.1f}" width="{largura:.1f}" height="{ALTURA_DA_FICHA}" rx="3" fill="none" '
            f'stroke="{TINTA}" stroke-width="2.5"/>'
        )
    if comeco >= 0.05:
        partes.append(texto(meio, topo - 5 - ALTURA_DA_BARRA * comeco, decimal(comeco), ancora="middle", tamanho=12))
    if fim >= 0.05:
        partes.append(texto(meio, base + 14 + ALTURA_DA_BARRA * fim, decimal(fim), ancora="middle", tamanho=12))
    return partes


class LaboratorioDoTrecho(LaboratorioDeTexto):
    """Attributes: ``texto`` (a pergunta), ``contexto`` (a caixa do texto) e ``maior`` (a régua do tamanho)."""

    nome = "Laboratório do trecho da resposta"

    def __init__(self, tokenizer, modelo, pergunta: str = PERGUNTA, contexto: str = CONTEXTO):
        self.contexto = widgets.Textarea(
            value=contexto,
            description="Contexto:",
            placeholder="Escreva o texto em que está a resposta",
            layout=widgets.Layout(width="98%", max_width="700px", height="80px"),
            style={"description_width": "initial"},
        )
        self.maior = regua("Máximo de tokens", MAIOR_RESPOSTA, 1, 30)
        super().__init__(
            lambda digitada: quadro(tokenizer, modelo, digitada, self.contexto.value, self.maior.value),
            pergunta,
            [self.contexto, self.maior],
        )
        self.texto.description = "Pergunta:"
        self.texto.placeholder = "Escreva uma pergunta sobre o contexto"

    def perguntar(self, pergunta: str, contexto: str | None = None) -> str:
        """Troca a pergunta e, se vier, o contexto; devolve a leitura do quadro."""
        if contexto is not None:
            self.contexto.value = contexto
        self.texto.value = pergunta
        return self.leitura
