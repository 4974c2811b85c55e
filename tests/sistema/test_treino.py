"""Um treino cortado no meio: o processo morto retoma de onde parou, e o disco cheio não estraga o que já havia."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curso.disco import checkpoints
from curso.projeto import RAIZ
from tests.sistema.treino_pequeno import A_CADA, PASSOS, montar

CORTE = 2 * A_CADA + 1
AMBIENTE = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "TRANSFORMERS_VERBOSITY": "error"}
AMBIENTE |= {"PYTHONPATH": os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)])}


def treinar(pasta: Path, de: Path | bool | None = None) -> dict[int, float]:
    """A perda de cada passo, do primeiro ao último, e no fim a soma dos pesos."""
    trainer = montar(str(pasta))
    trainer.train(resume_from_checkpoint=str(de) if isinstance(de, Path) else de)
    assert trainer.state.global_step == PASSOS
    perdas = {registro["step"]: registro["loss"] for registro in trainer.state.log_history if "loss" in registro}
    return perdas | {PASSOS + 1: sum(p.double().abs().sum().item() for p in trainer.model.parameters())}


@pytest.fixture(scope="module", autouse=True)
def um_nucleo():
    torch = pytest.importorskip("torch")
    antes = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(antes)


@pytest.fixture(scope="module")
def sem_corte(tmp_path_factory) -> dict[int, float]:
    feito = treinar(tmp_path_factory.mktemp("sem_corte"))
    assert len(set(feito.values())) == PASSOS + 1, "cada passo tem a sua perda: comparar duas listas diz alguma coisa"
    return feito


@pytest.fixture(scope="module")
def pasta_do_morto(tmp_path_factory) -> Path:
    """Um treino morto sem aviso depois do segundo checkpoint: nem `finally`, nem `atexit`, como um kernel que cai."""
    pasta = tmp_path_factory.mktemp("morto")
    processo = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "tests.sistema.treino_pequeno", str(pasta), str(CORTE)],
        cwd=RAIZ,
        env=AMBIENTE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert any(linha.strip() == "esperando" for linha in processo.stdout), "o treino não chegou ao passo"
    finally:
        processo.kill()  # SIGKILL, onde há sinais
        processo.communicate()
    assert processo.returncode != 0
    return pasta


@pytest.fixture
def cortado(pasta_do_morto, tmp_path) -> Path:
    return shutil.copytree(pasta_do_morto, tmp_path / "treino")


def test_o_treino_morto_retoma_e_termina_igual(cortado, sem_corte):
    assert [c.name for c in checkpoints(cortado)[0]] == [f"checkpoint-{n * A_CADA}" for n in (1, 2)]
    assert treinar(cortado, True) == pytest.approx(sem_corte, abs=1e-6)


def test_um_checkpoint_pela_metade_e_reconhecido_e_o_anterior_serve(cortado, sem_corte):
    """O Trainer escolhe o de número mais alto, inteiro ou não; o código do notebook escolhe o último inteiro."""
    velho, novo = (cortado / f"checkpoint-{n * A_CADA}" for n in (1, 2))
    estado = novo / "trainer_state.json"
    estado.write_text(estado.read_text(encoding="utf-8")[:100], encoding="utf-8")
    with pytest.raises(json.JSONDecodeError):
        treinar(cortado, True)
    estado.unlink()  # um corte anterior: o arquivo nem começou
    with pytest.raises(FileNotFoundError):
        treinar(cortado, True)
    assert checkpoints(cortado) == ([velho], [novo])
    assert ultimo_inteiro_do_notebook(cortado) == velho
    assert treinar(cortado, velho) == pytest.approx(sem_corte, abs=1e-6)


def ultimo_inteiro_do_notebook(pasta: Path) -> Path:
    """Executa a célula em que o notebook 3.2 ensina a achar o último checkpoint inteiro."""
    notebook = json.loads((RAIZ / "notebooks" / "03-2-trainer.ipynb").read_text(encoding="utf-8"))
    celula = next(c for c in notebook["cells"] if c["id"] == "inteiro")
    nomes = {"Path": Path}
    exec("".join(celula["source"]).split("\n\nprint(")[0], nomes)
    return nomes["ultimo_inteiro"](pasta)


# No kernel do leitor: preparar(), um treino cujo segundo checkpoint não cabe, e o que aparece abaixo do erro.
NO_NOTEBOOK = """
import os, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_cell("from curso import preparar; preparar(); preparar()")
from tests.sistema.treino_pequeno import montar
for caso in sys.argv[1:]:
    shell.user_ns["trainer"] = montar(caso)
    print("caso", os.path.basename(caso), flush=True)
    resultado = shell.run_cell("trainer.train()")
    assert resultado.error_in_exec is not None
"""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="só há disco que enche por encomenda no Linux")
def test_disco_cheio_diz_o_que_houve_e_o_checkpoint_anterior_fica(tmp_path, sem_corte):
    casos = ("config.json", "optimizer.pt")
    for arquivo in casos:  # tudo o que se escreve em /dev/full volta com «não há espaço»
        segundo = tmp_path / arquivo / f"checkpoint-{2 * A_CADA}"
        segundo.mkdir(parents=True)
        (segundo / arquivo).symlink_to("/dev/full")
    pastas = [str(tmp_path / arquivo) for arquivo in casos]
    feito = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", NO_NOTEBOOK, *pastas],
        cwd=RAIZ,
        env=AMBIENTE,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert feito.returncode == 0, feito.stderr
    for arquivo in casos:
        ditos = feito.stdout.split(f"caso {arquivo}\n")[1].split("\ncaso ")[0]
        assert ditos.count("⚠️ O disco encheu no meio de uma gravação") == 1, ditos
        assert f"Ficou pela metade, e pode ser apagado: checkpoint-{2 * A_CADA}." in ditos
        velho = tmp_path / arquivo / f"checkpoint-{A_CADA}"
        assert f"O checkpoint anterior, {velho.name}, está inteiro." in ditos
        assert f'trainer.train(resume_from_checkpoint="{velho.as_posix()}")' in ditos
        shutil.rmtree(tmp_path / arquivo / f"checkpoint-{2 * A_CADA}")  # o que a explicação pediu
        assert treinar(tmp_path / arquivo, velho) == pytest.approx(sem_corte, abs=1e-6)
