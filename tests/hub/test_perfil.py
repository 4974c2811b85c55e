"""``testar --perfil hub``: os notebooks rodam com os modelos do Hub, e uma queda calada no embutido reprova."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest

from curso.comandos import argumentos_do_pytest
from curso.projeto import RAIZ
from tests.hub import perfil

PEDE = 'from curso import modelo, preparar\npreparar()\nprint("snapshots" in modelo("fill-mask"))'


def _rodar(pasta, codigo: str) -> subprocess.CompletedProcess:
    celula = nbformat.v4.new_code_cell(
        codigo, execution_count=1, outputs=[nbformat.v4.new_output("stream", name="stdout", text="outra saída\n")]
    )
    nucleo = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[celula], metadata=nucleo), pasta / "n.ipynb")
    argumentos = argumentos_do_pytest(False, [str(pasta / "n.ipynb")], "hub")
    de, ate = argumentos.index("-n"), argumentos.index("--dist") + 2
    del argumentos[de:ate]  # um notebook só dispensa o paralelo
    comando = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={RAIZ}", *argumentos]
    ambiente = os.environ | {"CURSO_MODELOS": "hub"}
    return subprocess.run(comando, cwd=RAIZ, env=ambiente, capture_output=True, text=True, timeout=120)


def test_perfil_hub(tmp_path):
    """A célula executa, com o modelo do Hub; a saída guardada é outra, e isso não reprova."""
    feito = _rodar(tmp_path, f"{PEDE}\nassert 'snapshots' in modelo('fill-mask')")
    assert feito.returncode == 0, feito.stdout
    assert "Modelos que vieram do Hub de mentira: neuralmind/bert-base-portuguese-cased." in feito.stdout


@pytest.mark.parametrize(("baixados", "codigo"), [([], 1), (["um/modelo"], 0)])
def test_notebooks_que_caem_calados_no_embutido_reprovam(baixados, codigo):
    hub = SimpleNamespace(modelos_baixados=lambda: baixados)
    sessao = SimpleNamespace(config=SimpleNamespace(stash={perfil.LIGADO: hub}), testscollected=3, exitstatus=0)
    perfil.pytest_sessionfinish(sessao)
    assert sessao.exitstatus == codigo


def test_perfil_hub_sem_alvo_roda_todos_os_notebooks_e_nao_compara():
    argumentos = argumentos_do_pytest(False, [], "hub")
    assert "notebooks" in argumentos and "--nbval-lax" in argumentos and "--nbval" not in argumentos
