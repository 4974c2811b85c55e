"""``python -m curso conferir``: o que há nesta máquina, o que falta e como resolver. Só a biblioteca padrão."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from curso import instalacao
from curso.ambiente import hub_responde, no_colab
from curso.catalogo import catalogo
from curso.projeto import MODELOS, lista_de_notebooks

CERTO, AVISO, ERRADO = "✓", "·", "✗"
Item = tuple[str, str]  # o sinal e a frase
_REMEDIO_DO_AMBIENTE = "Resolva com: python -m curso abrir"


def relatorio(venv: instalacao.Venv, requisitos: Path) -> tuple[str, bool]:
    """O relatório em texto, e se está tudo certo para estudar."""
    itens = [_python(), *ambiente(venv, requisitos), modelos(), notebooks(), _disco(venv.raiz), _gpu(), _rede()]
    return em_texto("Conferindo esta máquina…", itens, "Tudo pronto para estudar: python -m curso abrir")


def em_texto(titulo: str, itens: list[Item], pronto: str) -> tuple[str, bool]:
    """Uma linha por item e um fecho; e se nenhum item está errado."""
    linhas = "\n".join(f" {sinal} {frase}" for sinal, frase in itens)
    certo = all(sinal != ERRADO for sinal, _ in itens)
    fecho = pronto if certo else "Resolva o que está marcado com ✗, de cima para baixo."
    return f"{titulo}\n\n{linhas}\n\n{fecho}", certo


def _python() -> Item:
    return CERTO, f"Python {platform.python_version()} em {platform.system()} {platform.machine()}"


def ambiente(venv: instalacao.Venv, requisitos: Path) -> list[Item]:
    if no_colab():
        return [(CERTO, "Google Colab: o curso usa as bibliotecas que ele já traz.")]
    if not requisitos.exists():
        return [(ERRADO, f"Falta o arquivo {requisitos.name}. Baixe o curso de novo.")]
    estado = instalacao.situacao(venv, [requisitos])
    if estado == "ausente":
        return [(ERRADO, f"O ambiente .venv ainda não existe. {_REMEDIO_DO_AMBIENTE}")]
    if estado == "quebrado":
        return [(ERRADO, f"O ambiente .venv está quebrado e será refeito. {_REMEDIO_DO_AMBIENTE}")]
    pedidas = instalacao.versoes_pedidas(requisitos)
    achado = instalacao.inventario(venv, list(pedidas)) or {"versoes": {}}
    versoes = achado["versoes"]
    if estado == "incompleto":
        faltas = [
            f"{nome} (pedida {versao}, achada {versoes.get(nome) or 'nenhuma'})"
            for nome, versao in pedidas.items()
            if not instalacao.mesma_versao(versoes.get(nome), versao)
        ]
        detalhe = "; ".join(faltas) or "a última instalação não terminou"
        return [(ERRADO, f"O ambiente .venv está incompleto: {detalhe}. {_REMEDIO_DO_AMBIENTE}")]
    abre = subprocess.run([venv.python, "-I", "-c", "import torch"], capture_output=True, timeout=120).returncode == 0
    if not abre:
        remedio = (
            "Instale o «Visual C++ Redistributable» da Microsoft."
            if os.name == "nt"
            else "Apague .venv e repita abrir."
        )
        return [(ERRADO, f"O PyTorch está instalado, mas não abre. {remedio}")]
    return [
        (
            CERTO,
            f"Ambiente .venv: torch {versoes['torch'].split('+')[0]}, transformers {versoes['transformers']}, "
            f"JupyterLab {versoes['jupyterlab']}",
        )
    ]


def modelos() -> Item:
    if not (MODELOS / "catalogo.toml").exists():
        return ERRADO, "Falta a pasta modelos/. Baixe o curso de novo."
    faltando = [linha.embutido for linha in catalogo().values() if not (linha.pasta / "model.safetensors").exists()]
    if faltando:
        return (
            ERRADO,
            f"Faltam arquivos em modelos/: {', '.join(faltando)}. Baixe o curso de novo (ou: git checkout modelos).",
        )
    return CERTO, f"Modelos embutidos: {len(catalogo())} tarefa(s), {sum(m.mb for m in catalogo().values()):.1f} MB"


def notebooks() -> Item:
    quantos = len(lista_de_notebooks())
    if not quantos:
        return ERRADO, "A pasta notebooks/ está vazia. Baixe o curso de novo."
    return CERTO, f"Notebooks: {quantos}"


def _disco(raiz: Path) -> Item:
    livre = shutil.disk_usage(raiz).free / 1e9
    if livre < instalacao.espaco_necessario_gb():
        return (
            AVISO,
            f"Disco: só {livre:.1f} GB livres; a primeira instalação pede {instalacao.espaco_necessario_gb()} GB.",
        )
    return CERTO, f"Disco: {livre:.0f} GB livres"


def _gpu() -> Item:
    if not instalacao.tem_gpu_nvidia():
        return AVISO, "GPU: nenhuma placa NVIDIA. Não faz falta: tudo roda na CPU; para uma GPU de graça, use o Colab."
    try:
        nome = subprocess.run(
            ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        nome = ""
    return CERTO, f"GPU: {nome or 'NVIDIA'}"


def _rede() -> Item:
    if hub_responde():
        return CERTO, "Rede: o Hugging Face Hub responde."
    return AVISO, "Rede: o Hugging Face Hub não responde daqui. Não faz falta: os modelos embutidos bastam."
