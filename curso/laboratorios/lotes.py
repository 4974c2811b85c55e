"""Laboratório: quantas casas de um lote são preenchimento, conforme o jeito de formar os lotes."""

from __future__ import annotations

from collections.abc import Sequence

from curso.desenho.estilo import (
    CINZA,
    FIO,
    OKABE_ITO,
    Figura,
    decimal,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import Laboratorio, desenho_seguro, escolha, regua

COMO_VIERAM, EMBARALHADOS, PARECIDOS = "como vieram", "embaralhados", "por tamanho parecido"
ORDENS = (COMO_VIERAM, EMBARALHADOS, PARECIDOS)
DO_LOTE, FIXO = "o maior do lote", "tamanho fixo"
PREENCHER = (DO_LOTE, FIXO)
TAMANHO_FIXO, LOTES_POR_GRUPO, SEMENTE = 64, 50, 0
MAXIMO_DE_SEQUENCIAS, MAXIMO_DE_LOTES_DITOS = 24, 6
LARGURA, MARGEM, COLUNA_DO_NUMERO, COLUNA_DA_CONTA = 700, 16, 32, 156
FAIXA = LARGURA - 2 * MARGEM - COLUNA_DO_NUMERO - COLUNA_DA_CONTA
ALTURA, PASSO, ENTRE_LOTES = 16, 18, 10
FUNDO_DO_TEXTO, FUNDO_VAZIO = "#e8f1f8", "#ededed"


def formar(tamanhos: Sequence[int], lote: int, ordem: str) -> list[list[int]]:
    """Os tamanhos repartidos em lotes. A última ordem é a do Trainer: a mesma função da biblioteca a calcula.

    O Trainer procura as parecidas de 50 em 50 lotes, ou em menos quando há poucas sequências. Aqui valem sempre os
    50, como em um conjunto grande: com vinte e quatro sequências, a regra dele não juntaria nada.
    """
    import torch

    sorteio = torch.Generator().manual_seed(SEMENTE)
    if ordem == COMO_VIERAM:
        indices = list(range(len(tamanhos)))
    elif ordem == EMBARALHADOS:
        indices = torch.randperm(len(tamanhos), generator=sorteio).tolist()
    elif ordem == PARECIDOS:
        from transformers.trainer_pt_utils import get_length_grouped_indices

        indices = get_length_grouped_indices(list(tamanhos), lote, LOTES_POR_GRUPO, sorteio)
    else:
        raise ValueError(f"ordem={ordem!r} não existe; escolha entre {', '.join(ORDENS)}")
    em_ordem = [tamanhos[i] for i in indices]
    return [em_ordem[i : i + lote] for i in range(0, len(em_ordem), lote)]


def quadro(tamanhos: Sequence[int], lote: int = 8, ordem: str = COMO_VIERAM, preencher: str = DO_LOTE) -> Figura:
    """Uma linha para cada sequência, em grupos de ``lote``: a parte do texto, e a de preenchimento, com ×.

    Args:
        tamanhos: quantos tokens há em cada sequência; só as 24 primeiras entram.
        lote: quantas sequências em cada lote.
        ordem: uma de ``ORDENS``.
        preencher: ``DO_LOTE``, até a mais longa de cada lote, ou ``FIXO``, até 64 tokens.

    Raises:
        ValueError: nenhuma sequência, um tamanho menor que 1, ou uma opção que não existe.
    """
    tamanhos = [int(n) for n in tamanhos[:MAXIMO_DE_SEQUENCIAS]]
    if not tamanhos or min(tamanhos) < 1 or lote < 1:
        raise ValueError("é preciso ao menos uma sequência, e lotes e sequências de tamanho 1 ou mais")
    if preencher not in PREENCHER:
        raise ValueError(f"preencher={preencher!r} não existe; escolha entre {', '.join(PREENCHER)}")
    lotes = formar(tamanhos, lote, ordem)
    fixo = max(TAMANHO_FIXO, *tamanhos)
    larguras = [fixo if preencher == FIXO else max(grupo) for grupo in lotes]
    casas = sum(largura * len(grupo) for largura, grupo in zip(larguras, lotes, strict=True))
    vazias = casas - sum(tamanhos)
    conta = f"{casas} casas; {vazias} de preenchimento, {decimal(100 * vazias / casas, 1)}%"
    titulo = f"{plural(len(tamanhos), 'sequência')} em {plural(len(lotes), 'lote')}, {ordem}"
    partes = [texto(MARGEM, 30, titulo, peso="bold", tamanho=15)]
    y = _legenda(partes, 42)
    ditos = []
    for indice, (largura, grupo) in enumerate(zip(larguras, lotes, strict=True), 1):
        vazio = 1 - sum(grupo) / (largura * len(grupo))
        resumo = f"{len(grupo)} × {largura}, {100 * vazio:.0f}% ×"
        ditos.append(f"Lote {indice}: {len(grupo)} × {largura}, {100 * vazio:.0f}% de preenchimento.")
        x = MARGEM + COLUNA_DO_NUMERO + FAIXA * largura / fixo + 10
        partes.append(texto(x, y + ALTURA * 0.8, f"lote {indice}: {resumo}", tamanho=13))
        for n in grupo:
            partes.append(_linha(y, n, largura, FAIXA / fixo))
            y += PASSO
        y += ENTRE_LOTES
    if len(ditos) > MAXIMO_DE_LOTES_DITOS:
        ditos[MAXIMO_DE_LOTES_DITOS:] = [f"E mais {plural(len(ditos) - MAXIMO_DE_LOTES_DITOS, 'lote')}."]
    partes.append(texto(MARGEM, y + 12, conta, tamanho=15, peso="bold"))
    descricao = f"Preenchimento até {preencher}. {conta}. {' '.join(ditos)}"
    return moldura(LARGURA, int(y + 32), titulo, descricao, "".join(partes))


def _linha(y: float, tokens: int, largura: int, escala: float) -> str:
    """Uma sequência: o número de tokens, a faixa deles, e a do preenchimento com a conta dos ×."""
    x, fim = MARGEM + COLUNA_DO_NUMERO, MARGEM + COLUNA_DO_NUMERO + tokens * escala
    partes = [
        texto(x - 6, y + 13, str(tokens), ancora="end", tamanho=13),
        retangulo(x, y, tokens * escala, ALTURA, FUNDO_DO_TEXTO, borda=OKABE_ITO["azul"]),
    ]
    vazias = largura - tokens
    if vazias:
        partes.append(retangulo(fim, y, vazias * escala, ALTURA, FUNDO_VAZIO, borda=FIO))
        marca = f"{vazias} ×" if vazias * escala >= 36 else "×" if vazias * escala >= 11 else ""
        if marca:
            partes.append(texto(fim + vazias * escala / 2, y + 12.5, marca, ancora="middle", tamanho=12, cor=CINZA))
    return "".join(partes)


def _legenda(partes: list[str], y: float) -> float:
    partes += [
        retangulo(MARGEM, y, 34, ALTURA, FUNDO_DO_TEXTO, borda=OKABE_ITO["azul"]),
        texto(MARGEM + 42, y + 13, "tokens do texto (o número, à esquerda)", tamanho=13, cor=CINZA),
        retangulo(MARGEM + 310, y, 34, ALTURA, FUNDO_VAZIO, borda=FIO),
        texto(MARGEM + 327, y + 12.5, "×", ancora="middle", tamanho=12, cor=CINZA),
        texto(MARGEM + 352, y + 13, "preenchimento", tamanho=13, cor=CINZA),
    ]
    return y + 34


class LaboratorioDeLotes(Laboratorio):
    """O tamanho do lote, o jeito de formar os lotes, até onde preencher, e o que isso custa.

    Attributes:
        lote: a régua. ordem, preencher: os botões (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório de lotes"

    def __init__(self, tamanhos: Sequence[int], lote: int = 8):
        self._tamanhos = list(tamanhos)
        self.lote = regua("Tamanho do lote", lote, 1, MAXIMO_DE_SEQUENCIAS)
        self.ordem = escolha("Formar os lotes:", ORDENS)
        self.preencher = escolha("Preencher até:", PREENCHER)
        super().__init__([self.lote, self.ordem, self.preencher])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self._tamanhos, self.lote.value, self.ordem.value, self.preencher.value),
            "O laboratório não conseguiu formar estes lotes",
        )
