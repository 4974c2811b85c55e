"""Tempo e memória de cada checkpoint, em um núcleo, como um aluno os sente.

O tempo é o de processador: com uma só linha de execução, é o do relógio em uma máquina que não faz mais nada.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from curso.catalogo import catalogo
from curso.projeto import MODELOS, RAIZ
from oficina.medicao.maquina import gravar, pico_mb

LIMITES = {"carregar_s": 0.5, "frase_ms": 30, "geracao_s": 1.0, "memoria_mb": 400}
REPETICOES = 30
GERAM = {"text-generation", "conversa", "translation", "translation_pt_to_en", "summarization"}  # token por token
PIPELINES = {"conversa": "text-generation"}  # as tarefas do catálogo que no pipeline têm outro nome
FRASE = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."
ENTRADAS = {
    "question-answering": ({"question": "Onde eu trabalho?", "context": FRASE},),
    "zero-shot-classification": (FRASE,),
    "fill-mask": ("Tomei café com [MASK] e fui trabalhar.",),
    "translation": ("My name is Sylvain and I work at Hugging Face in Brooklyn.",),
    "conversa": ([{"role": "user", "content": "Oi! Tudo bem?"}],),
}
ESCREVER = {"max_new_tokens": 40, "min_new_tokens": 40, "do_sample": False}
OPCOES = {
    "zero-shot-classification": {"candidate_labels": ["educação", "política", "negócios"]},
    "text-generation": ESCREVER,
    "conversa": ESCREVER,
}


def fazer() -> None:
    """Mede cada tarefa em um processo novo, e todas juntas em outro; grava ``medidas/velocidade.json``."""
    medidas = {tarefa: em_outro_processo({tarefa: linha.pasta}) for tarefa, linha in catalogo().items()}
    medidas["todas"] = em_outro_processo({tarefa: linha.pasta for tarefa, linha in catalogo().items()})
    gravar("velocidade", {"tarefas": medidas})
    for nome, m in medidas.items():
        print(
            f"{nome:26} carrega em {m['carregar_s']:.2f} s · responde em {m['responder_ms']:.0f} ms · +{m['memoria_mb']:.0f} MB"
        )


def em_outro_processo(pastas: dict[str, Path], repeticoes: int = REPETICOES, opcoes: dict | None = None) -> dict:
    """``medir`` em um Python novo, cuja memória ainda não cresceu."""
    pedido = {"pastas": {t: str(p) for t, p in pastas.items()}, "repeticoes": repeticoes, "opcoes": opcoes or {}}
    feito = subprocess.run(
        [sys.executable, "-m", "oficina.medicao.checkpoints", json.dumps(pedido)],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(feito.stdout.splitlines()[-1])


def medir(pastas: dict[str, str], repeticoes: int, opcoes: dict) -> dict:
    """Carrega os pipelines e responde uma frase muitas vezes; memória acima da dos imports, em MB."""
    import torch
    import transformers
    from transformers import AutoConfig, pipeline

    import curso.tarefas  # noqa: F401

    def carregar() -> tuple[dict, float]:
        inicio = time.process_time()
        pipes = {tarefa: pipeline(PIPELINES.get(tarefa, tarefa), model=pasta) for tarefa, pasta in pastas.items()}
        return pipes, time.process_time() - inicio

    torch.set_num_threads(1)
    pipeline("fill-mask", model=str(MODELOS / "encoder-mirim"))  # os imports tardios da biblioteca…
    for pasta in pastas.values():  # … e os da classe de cada modelo
        getattr(transformers, AutoConfig.from_pretrained(pasta).architectures[0])
    antes = pico_mb()
    pipes, primeira = carregar()
    tempos = []
    for tarefa, pipe in pipes.items():
        entrada, com = ENTRADAS.get(tarefa, (FRASE,)), OPCOES.get(tarefa, {}) | opcoes
        pipe(*entrada, **com)
        for _ in range(repeticoes):
            comeco = time.process_time()
            pipe(*entrada, **com)
            tempos.append(1000 * (time.process_time() - comeco))
    memoria = pico_mb() - antes
    cargas = [primeira, *(carregar()[1] for _ in range(2))]
    return {
        "carregar_s": round(statistics.median(cargas) / len(pastas), 3),
        "responder_ms": round(statistics.median(tempos), 1),
        "memoria_mb": round(memoria, 1),
    }


if __name__ == "__main__":
    print(json.dumps(medir(**json.loads(sys.argv[1]))))
