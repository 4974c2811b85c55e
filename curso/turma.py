"""``python -m curso turma``: a receita de uma aula nesta máquina. Só a biblioteca padrão."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from curso import instalacao
from curso.catalogo import catalogo
from curso.projeto import RAIZ, ErroDoCurso

PASTA = RAIZ / "turma"
REQUISITOS = PASTA / "requirements-turma.txt"
PROXY = "configurable-http-proxy@5.3.0"  # o JupyterHub do ensaio pede; o TLJH e o Kubernetes trazem o deles

GB_DO_SISTEMA = 2.0


@dataclass(frozen=True)
class PorAluno:
    """O que um aluno gasta para entrar no JupyterHub e executar o 1.1 inteiro."""

    gb: float  # o JupyterLab dele e um kernel, e a sua parte do hub
    segundos: float  # de um núcleo


@functools.cache
def por_aluno() -> PorAluno:
    """O que ``python -m oficina medir-turma`` mediu."""
    medida = json.loads((RAIZ / "oficina" / "medidas" / "turma.json").read_text(encoding="utf-8"))
    parede = medida["entrar_s"]["mais_lento"] + medida["executar_s"]["mais_lento"]
    return PorAluno(medida["memoria_por_aluno_gb"], parede * medida["nucleos"] / medida["alunos"])


# ------------------------------------------------------------------ a máquina


def memoria_gb() -> float | None:
    """A memória da máquina, em GB (10⁹ bytes); ``None`` onde o sistema não conta (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def memoria_livre_gb() -> float | None:
    """O que programas novos podem usar; só o Linux diz."""
    try:
        linhas = dict(linha.split(":", 1) for linha in Path("/proc/meminfo").read_text().splitlines())
        return int(linhas["MemAvailable"].split()[0]) * 1024 / 1e9
    except (OSError, ValueError, KeyError):
        return None


def quantos_alunos(memoria: float) -> int:
    return max(0, int((memoria - GB_DO_SISTEMA) / por_aluno().gb))


def pior_espera_s(alunos: int, nucleos: int) -> int:
    """Se a turma inteira entra e executa o 1.1 no mesmo instante: quando o último termina."""
    return round(alunos * por_aluno().segundos / nucleos)


def pasta_dos_modelos() -> Path:
    """Onde a huggingface_hub guarda os modelos, pelas mesmas variáveis que ela lê."""
    casa = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(casa) / "hub").expanduser()


def tarefas_guardadas(pasta: Path) -> list[str]:
    """As tarefas do catálogo cujo modelo do Hub já está na pasta."""
    return [
        tarefa
        for tarefa, linha in catalogo().items()
        if any((pasta / f"models--{linha.hub.replace('/', '--')}" / "snapshots").glob("*/*.safetensors"))
    ]


# ------------------------------------------------------------------ a receita


def receita() -> str:
    memoria, nucleos, pasta = memoria_gb(), os.cpu_count() or 1, pasta_dos_modelos()
    guardadas = tarefas_guardadas(pasta)
    return f"""\
Uma turma com este curso, vista desta máquina

{_o_que_cabe(memoria, nucleos)}

Modelos
  Embutidos (o padrão): nada a baixar, nem rede na aula.
  Do Hub: {len(guardadas)} de {len(catalogo())} tarefas já em {pasta}{f" ({', '.join(guardadas)})" if guardadas else ""}.
    Traga os que faltam antes da aula, em uma pasta que todos possam ler:
      HF_HOME=/srv/hf python -m curso baixar
    Em computadores separados, um espelho na rede local: HF_ENDPOINT=http://ENDEREÇO:8090

Três maneiras de dar a aula
  1. Cada aluno no seu computador: a pasta do curso com pacotes/ em um pendrive; nele, python -m curso abrir
  2. Um servidor Linux com o The Littlest JupyterHub (até umas cem pessoas):
      python -m curso turma --instalar, e o arquivo turma/tljh_curso.py
  3. Kubernetes, para turmas maiores: turma/Dockerfile e turma/zero-to-jupyterhub.yaml

O passo a passo está em turma/README.md. Confira esta máquina: python -m curso turma --conferir"""


def _o_que_cabe(memoria: float | None, nucleos: int) -> str:
    if memoria is None:
        return "Este sistema não diz quanta memória tem. Como servidor de uma turma, use um Linux."
    alunos = quantos_alunos(memoria)
    if not alunos:
        return f"Com {memoria:.0f} GB de memória, serve para uma pessoa estudar, e não como servidor de uma turma."
    livre = memoria_livre_gb()
    agora = "" if livre is None else f" ({livre:.0f} GB livres agora)"
    # A espera em minutos: a conta vem de outra máquina, e segundos dariam uma certeza que não há.
    minutos = max(1, round(pior_espera_s(alunos, nucleos) / 60))
    return (
        f"Como servidor: {memoria:.0f} GB de memória{agora} e {nucleos} núcleo(s) → até {alunos} alunos, cada um com um\n"
        f"notebook aberto. Se todos entrarem e executarem o 1.1 inteiro no mesmo instante, o último termina em uns "
        f"{minutos} min."
    )


# ----------------------------------------------------------------- a instalação


def instalar(venv: instalacao.Venv) -> None:
    """O proxy do ensaio, ao lado do que o pip já instalou; sem Node, só o ensaio fica de fora."""
    npm = shutil.which("npm")
    if npm is None:
        print(
            "O ensaio desta máquina (os testes e a medida) pede o Node.js, e ele não está aqui. O TLJH e o Kubernetes "
            "não precisam disso."
        )
        return
    comando = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", venv.pasta, PROXY]
    if subprocess.run(comando).returncode:
        raise ErroDoCurso(f"O npm não conseguiu instalar o {PROXY}. Com a rede de volta, repita o comando.")
    print("JupyterHub e proxy do ensaio instalados no .venv.")


def caminho_do_proxy(venv: instalacao.Venv) -> Path:
    return venv.pasta / "node_modules" / ".bin" / "configurable-http-proxy"
