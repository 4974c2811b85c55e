"""Laboratório: monte a configuração de um encoder e veja quantos parâmetros, quantos MB, e se cabe em uma T4."""

from __future__ import annotations

import functools
import numbers

from curso.desenho.barras import aviso
from curso.desenho.estilo import CINZA, OKABE_ITO, Figura, barra, decimal, milhar, moldura, plural, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro, regua, regua_de

LARGURA_DO_QUADRO, MARGEM, INICIO_DA_BARRA, COMPRIMENTO = 640, 20, 190, 236
POSICOES, TIPOS, FATOR_DA_REDE = 512, 2, 4  # o que o BERT original usa
MAXIMO_DE_CAMADAS = 80
LARGURAS = [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192]
CABECAS = [1, 2, 4, 6, 8, 12, 16, 24, 32, 64]
VOCABULARIOS = [1_000, 4_000, 8_000, 12_000, 30_000, 50_000, 100_000, 128_000, 250_000]
# Até aqui o modelo é construído de fato; os maiores, só no dispositivo "meta", que não ocupa memória.
MAXIMO_CONSTRUIDO = 30_000_000
GPU, FOLGA = 15e9, 3e9
# O AdamW guarda, para cada peso, o gradiente e mais dois números: quatro vezes 4 bytes.
USOS = {"float32": 4, "float16 ou bfloat16": 2, "treinar com AdamW": 16}


def contar(camadas: int, largura: int, cabecas: int, vocabulario: int, posicoes: int = POSICOES) -> dict[str, int]:
    """Os parâmetros de um ``BertModel``, parte por parte, por fórmula.

    As cabeças repartem a largura entre si, e por isso não entram na conta.
    """
    d, rede = largura, FATOR_DA_REDE * largura
    return {
        "embeddings": (vocabulario + posicoes + TIPOS) * d + 2 * d,
        "atenção": camadas * (4 * (d * d + d) + 2 * d),
        "feed-forward": camadas * (d * rede + rede + rede * d + d + 2 * d),
        "pooler": d * d + d,
    }


@functools.lru_cache(maxsize=64)
def contar_de_verdade(camadas: int, largura: int, cabecas: int, vocabulario: int) -> tuple[int, str]:
    """Monta o ``BertModel`` e conta os números dele; o segundo item diz onde foi montado, ``"cpu"`` ou ``"meta"``."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        num_hidden_layers=camadas,
        hidden_size=largura,
        num_attention_heads=cabecas,
        intermediate_size=FATOR_DA_REDE * largura,
        vocab_size=vocabulario,
        max_position_embeddings=POSICOES,
        type_vocab_size=TIPOS,
    )
    pequeno = sum(contar(camadas, largura, cabecas, vocabulario).values()) <= MAXIMO_CONSTRUIDO
    onde = "cpu" if pequeno else "meta"
    with torch.random.fork_rng(devices=[]), torch.device(onde):  # o sorteio dos pesos não mexe no do notebook
        return BertModel(config).num_parameters(), onde


def quadro(camadas: int, largura: int, cabecas: int, vocabulario: int) -> Figura:
    """Onde estão os parâmetros, quanto ocupam em cada formato, e se cabem em uma T4.

    Args:
        camadas, largura, cabecas, vocabulario: números inteiros, a partir de 1; a largura é múltipla das cabeças.
    """
    medidas = {"camadas": camadas, "largura": largura, "cabeças": cabecas, "vocabulário": vocabulario}
    limites = {"camadas": MAXIMO_DE_CAMADAS, "largura": LARGURAS[-1], "cabeças": LARGURAS[-1], "vocabulário": 1_000_000}
    for nome, valor in medidas.items():
        if isinstance(valor, bool) or not isinstance(valor, numbers.Integral) or not 1 <= valor <= limites[nome]:
            return aviso("Configuração impossível", f"«{nome}» é um número inteiro, de 1 a {milhar(limites[nome])}.")
    if largura % cabecas:
        return aviso(
            "Configuração impossível",
            f"A largura se reparte entre as cabeças, e {milhar(largura)} não se divide por {cabecas}.",
        )
    partes = contar(camadas, largura, cabecas, vocabulario)
    total = sum(partes.values())
    de_verdade, onde = contar_de_verdade(camadas, largura, cabecas, vocabulario)
    titulo = (
        f"{plural(camadas, 'camada')} de largura {milhar(largura)}, {plural(cabecas, 'cabeça')}, "
        f"vocabulário de {milhar(vocabulario)}"
    )
    conferido = "no modelo construído" if onde == "cpu" else "no modelo montado em «meta»"
    nota = (
        f"Fórmula conferida {conferido}: {milhar(de_verdade)}."
        if de_verdade == total
        else f"A fórmula dá {milhar(total)}, e o modelo tem {milhar(de_verdade)}."
    )

    desenho = [
        texto(MARGEM, 30, titulo, peso="bold", tamanho=15),
        texto(MARGEM, 56, f"{quantos(total)} de parâmetros", tamanho=15),
    ]
    falas = [f"{titulo}: {quantos(total)} de parâmetros"]
    y = 70
    for (nome, valor), cor in zip(partes.items(), OKABE_ITO.values(), strict=False):
        pouco = 200 * valor < total
        porcento = "1%" if pouco else f"{decimal(100 * valor / total, 0)}%"
        desenho += linha(
            y, nome, COMPRIMENTO * valor / total, cor, f"{quantos(valor)} ({'< ' if pouco else ''}{porcento})"
        )
        falas.append(f"{nome} {'menos de ' if pouco else ''}{porcento}")
        y += 32
    y += 30
    desenho.append(texto(MARGEM, y - 8, "Cabe em uma T4 (15 GB)?", peso="bold", tamanho=15))
    for uso, por_parametro in USOS.items():
        ocupa = total * por_parametro
        tamanho = COMPRIMENTO * min(ocupa / GPU, 1)
        cor = OKABE_ITO["azul"] if ocupa <= GPU else OKABE_ITO["laranja"]
        desenho += linha(y, uso, tamanho, cor, f"{em_bytes(ocupa)}: {cabe(ocupa)}")
        falas.append(f"{uso} {em_bytes(ocupa)}, {cabe(ocupa)}")
        y += 32
    desenho.append(texto(MARGEM, y + 12, nota, cor=CINZA, tamanho=13))
    return moldura(LARGURA_DO_QUADRO, y + 28, titulo, "; ".join(falas) + f". {nota}", "".join(desenho))


def linha(y: float, nome: str, tamanho: float, cor: str, numero: str) -> list[str]:
    return [
        texto(INICIO_DA_BARRA - 10, y + 17, nome, ancora="end"),
        barra(INICIO_DA_BARRA, y, COMPRIMENTO, tamanho, 24, cor),
        texto(INICIO_DA_BARRA + COMPRIMENTO + 10, y + 17, numero),
    ]


def cabe(ocupa: float) -> str:
    if ocupa > GPU:
        return "não cabe"
    return "cabe" if ocupa <= GPU - FOLGA else "cabe sem folga"


def quantos(valor: int) -> str:
    """``109_482_240`` → ``"109,5 milhões"``."""
    for unidade, nome in ((1e9, "bilhões"), (1e6, "milhões")):
        if valor >= unidade:
            return f"{decimal(valor / unidade, 1)} {nome}"
    return f"{decimal(valor / 1e3, 1)} mil"


def em_bytes(valor: float) -> str:
    if valor < 1e6:
        return f"{decimal(valor / 1e3, 1)} kB"
    if valor < 1e9:
        return f"{decimal(valor / 1e6, 1 if valor < 1e8 else 0)} MB"
    if valor < 1e12:
        return f"{decimal(valor / 1e9, 1)} GB"
    return f"{decimal(valor / 1e12, 1)} TB"


class LaboratorioDeConfiguracoes(Laboratorio):
    """Quatro réguas e um quadro.

    Attributes:
        camadas, largura, cabecas, vocabulario: as réguas (``camadas.value`` muda o quadro também por código).
    """

    nome = "Montador de configurações"

    def __init__(self, camadas: int = 4, largura: int = 128, cabecas: int = 4, vocabulario: int = 12_000):
        self.camadas = regua("Camadas", camadas, 1, MAXIMO_DE_CAMADAS)
        self.largura = regua_de("Largura", LARGURAS, largura)
        self.cabecas = regua_de("Cabeças", CABECAS, cabecas)
        self.vocabulario = regua_de("Vocabulário", VOCABULARIOS, vocabulario)
        self._reguas = [self.camadas, self.largura, self.cabecas, self.vocabulario]
        super().__init__(self._reguas)

    def _figura(self) -> Figura:
        medidas = [controle.value for controle in self._reguas]
        return desenho_seguro(lambda: quadro(*medidas), "O laboratório não conseguiu montar este modelo")

    def montar(self, camadas: int, largura: int, cabecas: int, vocabulario: int) -> None:
        """Move as quatro réguas de uma vez."""
        for controle, valor in zip(self._reguas, (camadas, largura, cabecas, vocabulario), strict=True):
            controle.value = valor
