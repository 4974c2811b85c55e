"""Laboratório: dos logits às probabilidades, com uma régua para cada logit e outra para a temperatura."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping

from curso.desenho.barras import aviso
from curso.desenho.estilo import CINZA, OKABE_ITO, Figura, barra, decimal, encurtar, moldura, texto
from curso.laboratorios.base import Laboratorio, desenho_seguro, regua_decimal

LARGURA, MARGEM, PASSO = 700, 20, 40
FIM_DO_NOME, FIM_DO_LOGIT, FIM_DA_POTENCIA, INICIO_DA_BARRA, COMPRIMENTO = 130, 230, 370, 390, 230
MAXIMO_DE_ROTULOS = 8
MAIOR_LOGIT, MAIOR_TEMPERATURA, MENOR_TEMPERATURA = 6.0, 5.0, 0.2
INICIAIS = {"negativo": 1.0, "neutro": 0.0, "positivo": -1.0}


def softmax(logits: list[float], temperatura: float = 1.0) -> list[float]:
    """As probabilidades de uma lista de logits divididos pela temperatura (maior que zero).

    Tira-se o maior antes da exponencial: o resultado é o mesmo, e nenhum número estoura.
    """
    divididos = [logit / temperatura for logit in logits]
    maior = max(divididos)
    potencias = [math.exp(valor - maior) for valor in divididos]
    total = sum(potencias)
    return [potencia / total for potencia in potencias]


def quadro(logits: Mapping[str, float], temperatura: float = 1.0) -> Figura:
    """Uma linha para cada rótulo: o logit dividido pela temperatura, a potência de *e*, e a fatia que lhe cabe.

    Args:
        logits: o nome de cada rótulo e o seu logit; de 1 a 8 rótulos.
        temperatura: maior que zero; 1 não muda nada.
    """
    problema = _problema(logits, temperatura)
    if problema:
        return aviso("Não dá para calcular", problema)
    nomes = list(logits)
    divididos = [logits[nome] / temperatura for nome in nomes]
    fatias = softmax(list(logits.values()), temperatura)
    titulo = f"Temperatura {decimal(temperatura)}"
    partes = [texto(MARGEM, 30, titulo, peso="bold", tamanho=15)]
    # Sem divisão, a coluna diz só «logit».
    colunas = {FIM_DO_LOGIT: "logit" if temperatura == 1 else "logit ÷ T", FIM_DA_POTENCIA: "e elevado a ele"}
    partes += [texto(x, 56, nome, ancora="end", cor=CINZA, tamanho=13) for x, nome in colunas.items()]
    partes.append(texto(INICIO_DA_BARRA, 56, "a fatia dele no total", cor=CINZA, tamanho=13))
    y, maior = 68, max(fatias)
    for indice, (nome, valor, fatia) in enumerate(zip(nomes, divididos, fatias, strict=True)):
        peso = "bold" if fatia == maior else "normal"
        cor = list(OKABE_ITO.values())[indice % len(OKABE_ITO)]
        partes += [
            texto(FIM_DO_NOME, y + 17, encurtar(nome, 13), ancora="end", peso=peso),
            texto(FIM_DO_LOGIT, y + 17, decimal(valor), ancora="end"),
            texto(FIM_DA_POTENCIA, y + 17, _potencia(valor), ancora="end"),
            barra(INICIO_DA_BARRA, y, COMPRIMENTO, COMPRIMENTO * fatia, 24, cor),
            texto(INICIO_DA_BARRA + COMPRIMENTO + 10, y + 17, decimal(fatia), peso=peso),
        ]
        y += PASSO
    lidos = "; ".join(
        f"{nome} logit {decimal(logit)}, probabilidade {decimal(fatia)}"
        for (nome, logit), fatia in zip(logits.items(), fatias, strict=True)
    )
    return moldura(LARGURA, y + 4, "Dos logits às probabilidades", f"{titulo}: {lidos}.", "".join(partes))


def _problema(logits, temperatura) -> str:
    if not isinstance(logits, Mapping) or not 1 <= len(logits) <= MAXIMO_DE_ROTULOS:
        return f"Dê um dicionário com o nome e o logit de cada rótulo, de 1 a {MAXIMO_DE_ROTULOS}."
    if not all(isinstance(nome, str) for nome in logits):
        return "O nome de um rótulo é um texto."
    if not all(_numero(valor) for valor in logits.values()):
        return "Um logit é um número: negativo, zero ou positivo."
    if not _numero(temperatura) or temperatura <= 0:
        return "A temperatura é um número maior que zero."
    if not all(math.isfinite(valor / temperatura) for valor in logits.values()):
        return "A temperatura é pequena demais para estes logits."
    return ""


def _numero(valor) -> bool:
    return isinstance(valor, numbers.Real) and not isinstance(valor, bool) and math.isfinite(valor)


def _potencia(valor: float) -> str:
    """``e`` elevado a ``valor``, em poucos algarismos: ``"7,39"``, ``"1,2 × 10⁸"``."""
    if valor > 600:
        return "enorme"
    potencia = math.exp(valor)
    if 0.01 <= potencia < 100_000:
        return decimal(potencia, 2 if potencia < 1_000 else 0)
    algarismos, expoente = f"{potencia:.1e}".split("e")
    if float(algarismos) == 0:
        return "quase 0"
    sobrescrito = str(int(expoente)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{algarismos.replace('.', ',')} × 10{sobrescrito}"


class LaboratorioDeLogits(Laboratorio):
    """Uma régua para cada logit, uma para a temperatura, e um quadro.

    Attributes:
        logits: as réguas, pelo nome do rótulo (``logits["neutro"].value`` muda o quadro também por código).
        temperatura: a régua da temperatura.
    """

    nome = "Laboratório de logits"

    def __init__(self, logits: Mapping[str, float] = INICIAIS):
        self.logits = {
            nome: regua_decimal(encurtar(nome, 13), valor, -MAIOR_LOGIT, MAIOR_LOGIT, 0.1)
            for nome, valor in logits.items()
        }
        self.temperatura = regua_decimal("Temperatura", 1.0, MENOR_TEMPERATURA, MAIOR_TEMPERATURA, 0.1)
        super().__init__([*self.logits.values(), self.temperatura])

    def _figura(self) -> Figura:
        valores = {nome: regua.value for nome, regua in self.logits.items()}
        return desenho_seguro(lambda: quadro(valores, self.temperatura.value), "O laboratório não conseguiu calcular")

    def mudar(self, temperatura: float | None = None, **logits: float) -> None:
        """Move as réguas pelo nome: ``mudar(neutro=3, temperatura=0.5)``."""
        for nome, valor in logits.items():
            self.logits[nome].value = valor
        if temperatura is not None:
            self.temperatura.value = temperatura
