"""Laboratório: quanto o LoRA treina, guarda e ocupa, conforme o posto, as matrizes e o tamanho do modelo."""

from __future__ import annotations

import numbers
from dataclasses import dataclass

from curso.desenho.barras import aviso
from curso.desenho.estilo import CINZA, OKABE_ITO, Figura, decimal, moldura, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro, escolha, regua_de
from curso.laboratorios.configurador import (
    COMPRIMENTO,
    FATOR_DA_REDE,
    GPU,
    LARGURA_DO_QUADRO,
    MARGEM,
    USOS,
    cabe,
    contar,
    em_bytes,
    linha,
    quantos,
)

POSTOS = [1, 2, 4, 8, 16, 32, 64, 128]
QUERY_E_VALUE, ATENCAO, TODAS = "query e value", "atenção inteira", "todas as das camadas"
MATRIZES = (QUERY_E_VALUE, ATENCAO, TODAS)
# Por parâmetro treinado, em float32: o gradiente e os dois números do AdamW; com o próprio peso, são 16.
GRADIENTE_E_ESTADOS, TREINADO = 12, USOS["treinar com AdamW"]
BASE_16_BITS, BASE_4_BITS, ADAPTADOR = 2, 0.5, 4  # bytes por peso parado, e por número gravado do adaptador


@dataclass(frozen=True)
class Medidas:
    """O que interessa ao LoRA em um modelo: quantos parâmetros há, e as matrizes de uma camada, (entrada, saída)."""

    parametros: int
    camadas: int
    largura: int
    rede: tuple[tuple[int, int], ...]

    def matrizes(self, quais: str) -> list[tuple[int, int]]:
        """As matrizes escolhidas de uma camada. Nestes modelos, as quatro da atenção são quadradas."""
        quadrada = (self.largura, self.largura)
        if quais == QUERY_E_VALUE:
            return [quadrada] * 2
        return [quadrada] * 4 + (list(self.rede) if quais == TODAS else [])


def _bert(camadas: int, largura: int, cabecas: int, vocabulario: int, posicoes: int) -> Medidas:
    rede = FATOR_DA_REDE * largura
    total = sum(contar(camadas, largura, cabecas, vocabulario, posicoes).values())
    return Medidas(total, camadas, largura, ((largura, rede), (rede, largura)))


def _llama(camadas: int, largura: int, rede: int, vocabulario: int) -> Medidas:
    """Entrada e saída têm cada uma os seus embeddings; nenhuma linear tem viés, e cada camada tem duas normas."""
    por_camada = 4 * largura**2 + 3 * largura * rede + 2 * largura
    total = 2 * vocabulario * largura + camadas * por_camada + largura
    return Medidas(total, camadas, largura, ((largura, rede), (largura, rede), (rede, largura)))


MODELOS = {
    "encoder do curso": _bert(4, 128, 4, 12_000, 256),
    "BERT-base": _bert(12, 768, 12, 30_522, 512),
    "Llama de 7 bilhões": _llama(32, 4096, 11_008, 32_000),
}


def treinados(modelo: Medidas, posto: int, quais: str) -> int:
    """Os números de A e de B: o posto vezes (entrada + saída), em cada matriz escolhida de cada camada."""
    return modelo.camadas * sum(posto * (entrada + saida) for entrada, saida in modelo.matrizes(quais))


def quadro(posto: int = 8, quais: str = QUERY_E_VALUE, modelo: str = "encoder do curso") -> Figura:
    """O ajuste completo e o LoRA, lado a lado: parâmetros, memória do treino, arquivo, e se cabem em uma T4.

    Args:
        posto: um número inteiro, de 1 a 128.
        quais: uma de ``MATRIZES``.
        modelo: um dos nomes de ``MODELOS``.
    """
    inteiro = isinstance(posto, numbers.Integral) and not isinstance(posto, bool)
    if not inteiro or not 1 <= posto <= POSTOS[-1]:
        return aviso("Posto impossível", f"O posto é um número inteiro, de 1 a {POSTOS[-1]}.")
    if quais not in MATRIZES or modelo not in MODELOS:
        return aviso("Escolha desconhecida", f"Há {len(MATRIZES)} grupos de matrizes e {len(MODELOS)} modelos.")
    medidas = MODELOS[modelo]
    total, lora = medidas.parametros, treinados(medidas, posto, quais)
    titulo = f"LoRA de posto {posto} em {quais}, {modelo}"
    resumo = f"Parâmetros treinados: {quantos(lora)}, {_parte(lora, total)} dos {quantos(total)}"
    azul, laranja, verde = (OKABE_ITO[cor] for cor in ("azul", "laranja", "verde"))
    # Em cada grupo, as barras têm uma escala só: a maior das duas, ou a memória da T4.
    grupos = {
        "Gradientes e estados do AdamW": [
            ("ajuste completo", total * GRADIENTE_E_ESTADOS, total * GRADIENTE_E_ESTADOS, azul),
            ("LoRA", lora * GRADIENTE_E_ESTADOS, total * GRADIENTE_E_ESTADOS, verde),
        ],
        "O arquivo de cada tarefa": [
            ("cópia em 16 bits", total * BASE_16_BITS, max(total * BASE_16_BITS, lora * ADAPTADOR), azul),
            ("adaptador", lora * ADAPTADOR, max(total * BASE_16_BITS, lora * ADAPTADOR), verde),
        ],
        "O treino cabe em uma T4 (15 GB)?": [
            (nome, ocupa, GPU, verde if ocupa <= GPU else laranja)
            for nome, ocupa in {
                "ajuste completo": total * TREINADO,
                "LoRA, base em 16 bits": total * BASE_16_BITS + lora * TREINADO,
                "QLoRA, base em 4 bits": total * BASE_4_BITS + lora * TREINADO,
            }.items()
        ],
    }
    desenho = [
        texto(MARGEM, 30, titulo, peso="bold", tamanho=15),
        texto(MARGEM, 54, resumo),
    ]
    falas, y = [], 66
    for nome_do_grupo, linhas in grupos.items():
        desenho.append(texto(MARGEM, y + 20, nome_do_grupo, peso="bold", tamanho=15))
        y += 32
        ditas = []
        for nome, ocupa, escala, cor in linhas:
            numero = em_bytes(ocupa) + (f": {cabe(ocupa)}" if escala == GPU else "")
            desenho += linha(y, nome, COMPRIMENTO * min(ocupa / escala, 1), cor, numero)
            ditas.append(f"{nome}, {numero.replace(':', ',')}")
            y += 32
        falas.append(f"{nome_do_grupo.removesuffix('?')}: {' · '.join(ditas)}")
    nota = "Fora a cabeça da tarefa e as ativações, que dependem do lote e dos textos."
    desenho.append(texto(MARGEM, y + 14, nota, cor=CINZA, tamanho=13))
    return moldura(LARGURA_DO_QUADRO, y + 30, titulo, f"{resumo}; {'; '.join(falas)}. {nota}", "".join(desenho))


def _parte(lora: int, total: int) -> str:
    """Com quantas casas bastem para o número não virar zero."""
    porcento = 100 * lora / total
    return "menos de 0,01%" if porcento < 0.01 else f"{decimal(porcento, 2 if porcento < 1 else 1)}%"


class LaboratorioDoLora(Laboratorio):
    """O posto, as matrizes, o modelo, e o que o treino e o arquivo passam a custar.

    Attributes:
        posto: a régua. matrizes, modelo: os botões (``.value`` muda o quadro também por código).
    """

    nome = "Laboratório do LoRA"

    def __init__(self, posto: int = 8):
        self.posto = regua_de("Posto", POSTOS, posto)
        self.matrizes = escolha("Matrizes:", MATRIZES)
        self.modelo = escolha("Modelo:", list(MODELOS))
        super().__init__([self.posto, self.matrizes, self.modelo])

    def _figura(self) -> Figura:
        return desenho_seguro(
            lambda: quadro(self.posto.value, self.matrizes.value, self.modelo.value),
            "O laboratório não conseguiu fazer esta conta",
        )
