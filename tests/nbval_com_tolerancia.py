"""Complemento do nbval: textos iguais letra por letra, números decimais iguais a menos de 0,001.

O nbval compara os números como texto, e a última casa de uma conta de ponto flutuante depende
do processador. Aqui, antes da comparação dele, cada número decimal que difere menos que a
tolerância é trocado pelo da referência; tudo o mais (inteiros, palavras, ordem) segue exato.
As barras de progresso saem das duas listas, como ``executar`` as tira do arquivo.
"""

from __future__ import annotations

import copy
import re

from curso.execucao import sem_barras

TOLERANCIA = 1e-3
_DECIMAL = re.compile(r"[-+]?\d+[.,]\d+(?:[eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+")


def aproximar(obtido: str, esperado: str, tolerancia: float = TOLERANCIA) -> str:
    """Devolve ``esperado`` se os dois só diferem por decimais dentro da tolerância; senão, ``obtido`` intacto."""
    if obtido == esperado or _DECIMAL.split(obtido) != _DECIMAL.split(esperado):
        return obtido
    pares = zip(_DECIMAL.findall(obtido), _DECIMAL.findall(esperado), strict=True)
    perto = all(abs(_valor(a) - _valor(b)) <= tolerancia for a, b in pares)
    return esperado if perto else obtido


def _valor(numero: str) -> float:
    return float(numero.replace(",", "."))


def aproximar_saidas(obtidas: list[dict], esperadas: list[dict]) -> list[dict]:
    """O mesmo para listas de saídas de uma célula, parte a parte."""
    obtidas = sem_barras(copy.deepcopy(obtidas))
    for obtida, esperada in zip(obtidas, esperadas, strict=False):
        if isinstance(obtida.get("text"), str) and isinstance(esperada.get("text"), str):
            obtida["text"] = aproximar(obtida["text"], esperada["text"])
        for tipo, valor in obtida.get("data", {}).items():
            referencia = esperada.get("data", {}).get(tipo)
            if isinstance(valor, str) and isinstance(referencia, str):
                obtida["data"][tipo] = aproximar(valor, referencia)
    return obtidas


def pytest_configure(config):
    from nbval.plugin import IPyNbCell

    original = IPyNbCell.compare_outputs

    def compare_outputs(self, test, ref, skip_compare=None):
        return original(self, aproximar_saidas(test, ref), ref, skip_compare)

    IPyNbCell.compare_outputs = compare_outputs
    _guardar_toda_mensagem()


def _guardar_toda_mensagem():
    """O nbval só lê as saídas quando a célula termina, e a fila do ZeroMQ descarta da milésima mensagem em diante.

    Uma barra de progresso que se redesenha durante um treino passa disso em uma máquina lenta, e o aviso de que a
    célula acabou se perderia.
    """
    from nbval.kernel import RunningKernel

    iniciar = RunningKernel.__init__

    def __init__(self, *argumentos, **opcoes):
        iniciar(self, *argumentos, **opcoes)
        self.kc.iopub_channel.socket.rcvhwm = 0

    RunningKernel.__init__ = __init__
