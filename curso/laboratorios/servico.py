"""Laboratório: mande um texto a um serviço web e veja o pedido, o código e a resposta."""

from __future__ import annotations

import json
from collections.abc import Callable

from curso.desenho.estilo import CINZA, FIO, OKABE_ITO, TINTA, Figura, encurtar, moldura, plural, retangulo, texto
from curso.laboratorios.base import LaboratorioDeTexto, desenho_seguro, regua

LARGURA, MARGEM, ALTURA_DA_LINHA = 700, 20, 24
MAXIMO_ENVIADO = 20_000
SIGNIFICADOS = {
    200: "deu certo",
    404: "não há esse endereço",
    422: "o pedido chegou, e o conteúdo não serve",
    500: "o serviço quebrou",
}

#: O que manda um texto ao serviço e devolve o código e o corpo da resposta, já lido do JSON.
Envio = Callable[[str], tuple[int, object]]


def quadro(enviado: str, codigo: int, corpo: object) -> Figura:
    """O pedido em cima, a resposta embaixo.

    Args:
        enviado: o texto que foi no pedido.
        codigo: o código HTTP da resposta.
        corpo: o JSON da resposta, já lido.
    """
    significado = SIGNIFICADOS.get(codigo, "outro código")
    campos = corpo if isinstance(corpo, dict) else {"resposta": corpo}
    linhas = [f"{nome}: {_valor(valor)}" for nome, valor in campos.items()]
    tamanho = plural(len(enviado), "caractere")
    cor = OKABE_ITO["verde"] if codigo < 400 else OKABE_ITO["laranja"]
    fim = 138 + len(linhas) * ALTURA_DA_LINHA
    partes = [
        texto(MARGEM, 30, "Pedido: POST /classificar", peso="bold", tamanho=15),
        texto(LARGURA - MARGEM, 30, tamanho, ancora="end", cor=CINZA),
        retangulo(MARGEM, 42, LARGURA - 2 * MARGEM, 34, "#f2f2f2", borda=FIO),
        texto(MARGEM + 12, 64, f"texto: {_valor(enviado)}"),
        texto(MARGEM, 110, f"Resposta: {codigo}, {significado}", peso="bold", tamanho=15),
        retangulo(MARGEM, 122, LARGURA - 2 * MARGEM, fim - 122, "#ffffff", borda=FIO),
        retangulo(MARGEM, 122, 6, fim - 122, cor),
        *(
            texto(MARGEM + 20, 143 + i * ALTURA_DA_LINHA, encurtar(linha, 84), cor=TINTA)
            for i, linha in enumerate(linhas)
        ),
    ]
    lidas = "; ".join(encurtar(linha, 120) for linha in linhas)
    descricao = f"Pedido com {tamanho}. Resposta {codigo}, {significado}: {lidas}."
    return moldura(LARGURA, fim + 16, "Um pedido ao serviço e a resposta", descricao, "".join(partes))


def _valor(valor: object) -> str:
    """Como sai no JSON, com três casas nos números e sem passar de uma linha."""
    if isinstance(valor, float):
        return f"{valor:.3f}"
    return encurtar(json.dumps(valor, ensure_ascii=False), 72)


class LaboratorioDoServico(LaboratorioDeTexto):
    """A caixa pode ficar vazia: o serviço é que tem de saber o que fazer.

    Attributes:
        repetir: quantas vezes o texto vai no pedido, para fazer um texto enorme sem digitá-lo.
    """

    nome = "Laboratório do serviço"

    def __init__(self, enviar: Envio, frase: str = "Odeio tanto isso!"):
        self.repetir = regua("Repetir:", 1, 1, 1_000)
        super().__init__(lambda digitada: quadro(digitada, *enviar(digitada)), frase, [self.repetir])

    def _figura(self) -> Figura:
        enviado = (self.texto.value * self.repetir.value)[:MAXIMO_ENVIADO]
        return desenho_seguro(lambda: self._desenhar(enviado), "O serviço não respondeu")
