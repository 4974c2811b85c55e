"""``python -m oficina medir-turma N``: N alunos de ensaio entram em um JupyterHub desta máquina e executam o 1.1.

Todos ao mesmo tempo, que é o pior caso: em uma aula de verdade cada um está em uma célula diferente.
"""

from __future__ import annotations

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from curso.projeto import ErroDoCurso, achar_notebook
from oficina.medicao.maquina import Memoria, gravar, nome_da_maquina
from oficina.sala import Aluno, celulas_de_codigo, sala

NOTEBOOK = achar_notebook("01-1").name
INTERVALO_DA_MEMORIA_S = 5.0  # medir 60 processos custa processador, e a medida não pode pesar no que mede


def fazer(alunos: int = 20) -> None:
    """Mede, imprime a tabela e grava ``medidas/turma.json``."""
    medida = {"notebook": NOTEBOOK, "nucleos": os.cpu_count()} | medir(alunos)
    gravar("turma", medida)
    print(f"{nome_da_maquina()}\n\n{em_texto(medida)}")
    if medida["erros"]:
        raise ErroDoCurso(f"{len(medida['erros'])} erro(s) nas células. O primeiro: {medida['erros'][0]}")


def medir(alunos: int) -> dict:
    with sala() as aberta:
        turma = [Aluno(aberta, f"aluno{n:02d}") for n in range(1, alunos + 1)]
        with Memoria(aberta.memoria_mb, INTERVALO_DA_MEMORIA_S) as memoria, ThreadPoolExecutor(alunos) as juntos:
            entradas = list(juntos.map(_entrar, turma))
            execucoes = list(juntos.map(_executar, turma))
    tempos = [tempo for tempo, _ in execucoes]
    return {
        "alunos": alunos,
        "entrar_s": _resumo(entradas),
        "executar_s": _resumo(tempos),
        "memoria_gb": round(memoria.pico_mb / 1000, 1),
        "memoria_por_aluno_gb": round(memoria.pico_mb / 1000 / alunos, 2),
        "erros": [erro for _, erros in execucoes for erro in erros],
    }


def _entrar(aluno: Aluno) -> float:
    inicio = time.perf_counter()
    aluno.entrar()
    aluno.abrir(NOTEBOOK)
    return time.perf_counter() - inicio


def _executar(aluno: Aluno) -> tuple[float, list[str]]:
    celulas = celulas_de_codigo(aluno.abrir(NOTEBOOK))
    inicio = time.perf_counter()
    erros = aluno.executar(NOTEBOOK, celulas)
    return time.perf_counter() - inicio, erros


def _resumo(tempos: list[float]) -> dict[str, float]:
    return {"mediana": round(statistics.median(tempos), 1), "mais_lento": round(max(tempos), 1)}


def em_texto(medida: dict) -> str:
    """A tabela que ``turma/README.md`` mostra."""
    linhas = [
        ("", "mediana", "o mais lento"),
        ("---", "---", "---"),
        ("entrar e abrir o 1.1", *_segundos(medida["entrar_s"])),
        ("executar o 1.1 inteiro", *_segundos(medida["executar_s"])),
        ("memória, no pico", _gb(medida["memoria_gb"], "em tudo"), _gb(medida["memoria_por_aluno_gb"], "por aluno")),
    ]
    tabela = "\n".join(f"| {' | '.join(linha)} |" for linha in linhas)
    return (
        f"{medida['alunos']} alunos ao mesmo tempo, que entram, abrem o notebook e o executam inteiro.\n\n{tabela}\n\n"
        f"Erros nas células: {len(medida['erros'])}."
    )


def _segundos(resumo: dict[str, float]) -> tuple[str, str]:
    return f"{resumo['mediana']:.0f} s", f"{resumo['mais_lento']:.0f} s"


def _gb(valor: float, de_que: str) -> str:
    return f"{valor} GB ".replace(".", ",") + de_que
