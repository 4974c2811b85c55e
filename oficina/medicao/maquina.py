"""O que todas as medidas têm em comum: o nome da máquina, a memória (em MB, 10⁶ bytes) e onde se grava."""

from __future__ import annotations

import json
import os
import platform
import statistics
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from curso.carimbo import gravar_inteiro
from oficina.treino import MEDIDAS


def nome_da_maquina() -> str:
    """Processador, núcleos e memória: ``AMD EPYC, 2 núcleos, 25 GB``."""
    gigas = psutil.virtual_memory().total / 1e9
    return f"{_processador()}, {os.cpu_count()} núcleos, {gigas:.0f} GB"


def _processador() -> str:
    try:
        for linha in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if linha.startswith("model name"):
                return linha.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def gravar(nome: str, medidas: dict) -> None:
    """``oficina/medidas/nome.json``, com a máquina em que se mediu."""
    conteudo = {"maquina": nome_da_maquina(), **medidas}
    gravar_inteiro(MEDIDAS / f"{nome}.json", json.dumps(conteudo, indent=1, ensure_ascii=False) + "\n")


def ler(nome: str) -> dict | None:
    """O que ``gravar`` guardou; None se ainda não se mediu."""
    arquivo = MEDIDAS / f"{nome}.json"
    return json.loads(arquivo.read_text(encoding="utf-8")) if arquivo.exists() else None


def pico_mb(processo: int | None = None) -> float:
    """O máximo de memória que um processo já ocupou, em MB (este, se nenhum é dito).

    No Linux, ``VmHWM``: o ``ru_maxrss`` de um processo começa do pico de quem o criou, e a medida sairia sempre zero.
    """
    try:
        for linha in Path(f"/proc/{processo or 'self'}/status").read_text(encoding="ascii").splitlines():
            if linha.startswith("VmHWM:"):
                return int(linha.split()[1]) * 1024 / 1e6  # o arquivo diz kB, e são KiB
    except OSError:
        pass
    return psutil.Process(processo).memory_info().rss / 1e6


def memoria_mb(processos: Iterable[psutil.Process]) -> float:
    """A memória de vários processos; no Linux, com o que dividem contado uma vez só (PSS)."""
    soma = 0.0
    for processo in processos:
        try:
            medida = processo.memory_full_info()
        except psutil.Error:  # terminou enquanto se contava
            continue
        soma += getattr(medida, "pss", medida.rss)
    return soma / 1e6


def memoria_dos_filhos_mb() -> float:
    """A memória dos processos que este criou."""
    return memoria_mb(psutil.Process().children(recursive=True))


class Memoria(threading.Thread):
    """Enquanto durar o bloco ``with``, guarda em ``pico_mb`` o maior valor que ``medir()`` deu."""

    def __init__(self, medir: Callable[[], float], intervalo_s: float = 2.0):
        super().__init__(daemon=True)
        self.pico_mb, self._medir, self._intervalo, self._fim = 0.0, medir, intervalo_s, threading.Event()

    def run(self) -> None:
        while not self._fim.wait(self._intervalo):
            self.pico_mb = max(self.pico_mb, self._medir())

    def __enter__(self) -> Memoria:
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self._fim.set()
        self.join()
        self.pico_mb = max(self.pico_mb, self._medir())


def mediana_e_p90(valores: Iterable[float]) -> tuple[float, float]:
    """A mediana e o valor que 9 em cada 10 não passam."""
    ordenados = sorted(valores)
    return statistics.median(ordenados), ordenados[min(len(ordenados) - 1, int(0.9 * len(ordenados)))]
