"""``python -m curso baixar``: traz antes da aula os modelos do Hub. Roda dentro do .venv."""

from __future__ import annotations

import sys

from curso import cache, hub
from curso.ambiente import hub_responde
from curso.catalogo import Entrada, catalogo, entrada

COMO_USAR = (
    'Para usar: escreva preparar(modelos="hub") na primeira célula do notebook, ou ligue a variável '
    "CURSO_MODELOS=hub antes de python -m curso abrir. Daí em diante, nem precisa de rede."
)


def principal(tarefas: list[str]) -> int:
    try:
        linhas = sem_repetir([entrada(tarefa) for tarefa in tarefas] or list(catalogo().values()))
    except ValueError as erro:
        print(f"⚠️  {erro}")
        return 2
    print(f"Os modelos ficam em {cache.pasta_do_cache()}")
    if not hub_responde():
        return _sem_rede(linhas)
    planos = {linha: _planejar(linha) for linha in linhas}
    falta = {linha: _bytes_que_faltam(linha, plano) for linha, plano in planos.items()}
    for linha in linhas:
        print(f"  {linha.tarefa:26} {linha.hub}: {_situacao(planos[linha], falta[linha])}")
    total = sum(falta.values())
    print(f"A baixar: {cache.em_mb(total)}. Livres no disco: {cache.em_mb(cache.espaco_livre())}.", flush=True)
    try:
        cache.conferir_espaco(total)
    except cache.FalhaDoHub as falha:
        print(f"⚠️  {falha}\nOu escolha só algumas tarefas, por exemplo: python -m curso baixar {linhas[0].tarefa}")
        return 1
    return _relatar([_trazer(linha, planos[linha]) for linha in linhas])


def sem_repetir(linhas: list[Entrada]) -> list[Entrada]:
    """Duas tarefas podem usar o mesmo checkpoint: baixa-se uma vez."""
    return list({(linha.hub, linha.revisao): linha for linha in reversed(linhas)}.values())[::-1]


def _planejar(linha: Entrada) -> cache.Plano | None:
    try:
        return hub.planejar(linha.hub, linha.revisao)
    except Exception:  # a frase vem na hora de baixar, junto do nome do modelo
        return None


def _bytes_que_faltam(linha: Entrada, plano: cache.Plano | None) -> float:
    return cache.bytes_que_faltam(plano) if plano else linha.mb_hub * 1e6


def _situacao(plano: cache.Plano | None, falta: float) -> str:
    if plano is None:
        return f"uns {cache.em_mb(falta)}, pelo catálogo"
    tem = plano.bytes - falta
    if not falta:
        return f"{cache.em_mb(plano.bytes)}, já está aqui"
    return cache.em_mb(falta) + (f" (dos {cache.em_mb(plano.bytes)}, o resto já está aqui)" if tem else "")


def _trazer(linha: Entrada, plano: cache.Plano | None) -> bool:
    try:
        hub.buscar(linha.hub, linha.revisao, plano)
    except cache.FalhaDoHub as falha:
        print(f"✗ {linha.tarefa}: {falha}", flush=True)
        return False
    print(f"✓ {linha.tarefa}: {linha.hub}", flush=True)
    return True


def _sem_rede(linhas: list[Entrada]) -> int:
    print("O Hub não responde daqui: confiro só o que já está guardado.")
    return _relatar([_trazer(linha, None) for linha in linhas])


def _relatar(certos: list[bool]) -> int:
    print(f"Prontos: {sum(certos)} de {len(certos)}.")
    if any(certos):
        print(COMO_USAR)
    if not all(certos):
        print("Para o que falhou, rode o mesmo comando de novo: ele continua de onde parou.")
    return 0 if all(certos) else 1


if __name__ == "__main__":
    try:
        sys.exit(principal(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nInterrompido. O que já veio está guardado: rode o mesmo comando para continuar.")
        sys.exit(130)
