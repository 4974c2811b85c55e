"""O lançador de verdade, em pastas temporárias: nova, com .venv quebrado, sem ensurepip, com espaços e acentos."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from curso.instalacao import Venv
from curso.projeto import RAIZ

# O Python de fora do ambiente: o mesmo que um leitor usaria antes de existir um .venv.
PYTHON_DE_FORA = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else f"bin/python3.{sys.version_info[1]}")


# Os limites valem na máquina da integração contínua; o computador de um leitor pode ser bem mais lento.
FOLGA = 1 if os.environ.get("CI") else 4


def _pacote_de_mentira(pasta: Path) -> None:
    """Um pacote de uma linha, para que o pip de verdade tenha o que instalar sem rede."""
    pasta.mkdir(parents=True)
    with zipfile.ZipFile(pasta / "giz_de_cera-1.0-py3-none-any.whl", "w") as roda:
        roda.writestr("giz_de_cera.py", "cor = 'azul'\n")
        info = "giz_de_cera-1.0.dist-info"
        roda.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: giz-de-cera\nVersion: 1.0\n")
        roda.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        roda.writestr(f"{info}/RECORD", "")


def _baixar_curso(pasta: Path) -> Path:
    raiz = pasta / "Área de Trabalho" / "curso de IA"
    shutil.copytree(RAIZ / "curso", raiz / "curso", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(RAIZ / "pyproject.toml", raiz)
    shutil.copytree(RAIZ / "modelos", raiz / "modelos")
    (raiz / "notebooks").mkdir()
    (raiz / "notebooks" / "00-comece-aqui.ipynb").write_text('{"meu": "trabalho"}', encoding="utf-8")
    (raiz / "requirements.txt").write_text("giz-de-cera==1.0\n", encoding="utf-8")
    _pacote_de_mentira(raiz / "pacotes")
    return raiz


@pytest.fixture
def curso_novo(tmp_path) -> Path:
    """Uma cópia do curso recém-baixada, em um caminho com espaços e acentos, com requisitos minúsculos."""
    return _baixar_curso(tmp_path)


@pytest.fixture(scope="module")
def _instalado_uma_vez(tmp_path_factory) -> Path:
    raiz = _baixar_curso(tmp_path_factory.mktemp("instalado"))
    feito = garantir(raiz)
    assert feito.returncode == 0, feito.stdout + feito.stderr
    return raiz


@pytest.fixture
def curso_instalado(_instalado_uma_vez, tmp_path) -> Path:
    """Uma cópia em que `abrir` já fez o ambiente."""
    raiz = tmp_path / "Área de Trabalho" / "curso de IA"
    shutil.copytree(_instalado_uma_vez, raiz, symlinks=True)
    return raiz


def garantir(
    raiz: Path, antes: str = "", python: Path = PYTHON_DE_FORA, **variaveis: str
) -> subprocess.CompletedProcess:
    codigo = (
        f"{antes}\n"
        "import sys; from pathlib import Path; from curso import instalacao; from curso.projeto import ErroDoCurso\n"
        "try: instalacao.garantir(Path.cwd(), [Path.cwd() / 'requirements.txt'])\n"
        "except ErroDoCurso as erro: print('ERRO:', erro); sys.exit(1)\n"
    )
    limpo = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [python, "-X", "utf8", "-c", codigo],
        cwd=raiz,
        env=limpo | variaveis,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
    )


def importa(raiz: Path) -> str:
    """O ambiente enxerga o pacote instalado e o próprio curso, de qualquer pasta?"""
    codigo = "import giz_de_cera, curso; print(giz_de_cera.cor, curso.__all__)"
    return subprocess.run(
        [Venv(raiz).python, "-I", "-c", codigo], cwd=raiz.parent, capture_output=True, text=True
    ).stdout.strip()


def test_maquina_nova_e_segunda_vez(curso_novo):
    primeira = garantir(curso_novo)
    assert primeira.returncode == 0, primeira.stdout + primeira.stderr
    assert "Criando o ambiente" in primeira.stdout and "Ambiente pronto" in primeira.stdout
    assert importa(curso_novo) == "azul ['modelo', 'preparar']"
    ajustes = json.loads((curso_novo / ".venv/share/jupyter/lab/settings/overrides.json").read_text(encoding="utf-8"))
    assert ajustes["@jupyterlab/translation-extension:plugin"]["locale"] == "pt_BR"

    inicio = time.perf_counter()
    segunda = garantir(curso_novo)
    assert segunda.stdout == "" and segunda.returncode == 0
    assert time.perf_counter() - inicio < 2 * FOLGA
    assert (curso_novo / "notebooks/00-comece-aqui.ipynb").read_text(encoding="utf-8") == '{"meu": "trabalho"}'


@pytest.mark.parametrize("estrago", ["python apagado", "pela metade", "pacote apagado", "marca apagada", "meio pip"])
def test_ambiente_estragado_e_consertado(curso_instalado, estrago):
    venv = Venv(curso_instalado)
    if estrago == "python apagado":
        venv.python.unlink()
    elif estrago == "pela metade":
        (venv.pasta / "pyvenv.cfg").unlink()
    elif estrago == "pacote apagado":
        for resto in venv.pasta.rglob("giz_de_cera*"):
            shutil.rmtree(resto) if resto.is_dir() else resto.unlink()
    elif estrago == "meio pip":  # a janela foi fechada enquanto o ambiente nascia
        venv.marca.unlink()
        shutil.rmtree(next(venv.pasta.rglob("site-packages/pip/_internal")))
    else:
        venv.marca.unlink()
    assert garantir(curso_instalado).returncode == 0
    assert not (curso_instalado / ".venv-antigo").exists()
    assert importa(curso_instalado).startswith("azul")


def test_pasta_mudada_de_lugar_continua_funcionando(curso_instalado):
    outra = curso_instalado.with_name("outra pasta ção")
    curso_instalado.rename(outra)
    assert garantir(outra).stdout == ""
    assert importa(outra).startswith("azul")


SEM_ENSUREPIP = "import sys; sys.modules['ensurepip'] = None"


@pytest.mark.skipif(
    subprocess.run(
        [PYTHON_DE_FORA, "-m", "pip", "--python", PYTHON_DE_FORA, "--version"], capture_output=True
    ).returncode
    != 0,
    reason="o Python de fora não tem um pip com --python",
)
def test_sem_ensurepip_usa_o_pip_de_fora(curso_novo):
    feito = garantir(curso_novo, antes=SEM_ENSUREPIP)
    assert feito.returncode == 0, feito.stdout + feito.stderr
    assert importa(curso_novo).startswith("azul")


def test_sem_ensurepip_e_sem_pip_diz_o_que_instalar(curso_novo):
    antes = f"{SEM_ENSUREPIP}\nimport curso.instalacao as i; i._pip_de_fora_serve = lambda: False"
    feito = garantir(curso_novo, antes=antes)
    assert feito.returncode == 1 and "ERRO: Este Python" in feito.stdout
    assert "venv" in feito.stdout and "Traceback" not in feito.stdout + feito.stderr


def test_sem_rede_na_primeira_vez(curso_novo):
    """O pip não acha o pacote em lugar nenhum: uma frase, e não um traceback."""
    shutil.rmtree(curso_novo / "pacotes")
    inicio = time.perf_counter()
    # Um proxy que recusa a conexão: o pip se vê como em uma máquina sem internet.
    feito = garantir(
        curso_novo,
        PIP_CONFIG_FILE=os.devnull,
        PIP_PROXY="http://127.0.0.1:9",
        PIP_INDEX_URL="https://exemplo.invalid/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        http_proxy="http://127.0.0.1:9",
        https_proxy="http://127.0.0.1:9",
    )
    assert feito.returncode == 1 and "ERRO: Sem internet" in feito.stdout, feito.stdout + feito.stderr
    assert time.perf_counter() - inicio < 45


def test_com_outro_ambiente_ativo_o_curso_faz_o_seu(curso_novo):
    """Quem já está dentro de um venv ou do Conda, com as variáveis deles, ganha um .venv à parte mesmo assim."""
    ativo = {"VIRTUAL_ENV": sys.prefix, "CONDA_PREFIX": sys.prefix, "PYTHONHOME": "", "PIP_REQUIRE_VIRTUALENV": "1"}
    feito = garantir(curso_novo, python=Path(sys.executable), **ativo)
    assert feito.returncode == 0, feito.stdout + feito.stderr
    assert importa(curso_novo).startswith("azul")


def test_interrupcao_e_retomada(curso_novo):
    """Um Ctrl+C no meio da instalação: nada se perde, e a vez seguinte termina."""
    antes = (
        "import subprocess as s; original = s.run\n"
        "def run(comando, *a, **k):\n"
        "    if 'install' in comando: raise KeyboardInterrupt\n"
        "    return original(comando, *a, **k)\n"
        "s.run = run"
    )
    interrompida = garantir(curso_novo, antes=antes)
    assert interrompida.returncode == 1 and "Instalação interrompida" in interrompida.stdout
    assert garantir(curso_novo).returncode == 0
    assert importa(curso_novo).startswith("azul")


def test_conferir_diz_o_que_falta_e_como_resolver(curso_novo):
    comando = [PYTHON_DE_FORA, "-X", "utf8", "-m", "curso", "conferir"]
    limpo = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1"}
    feito = subprocess.run(
        comando, cwd=curso_novo, env=limpo, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert feito.returncode == 1
    assert "✗ O ambiente .venv ainda não existe. Resolva com: python -m curso abrir" in feito.stdout
    shutil.rmtree(curso_novo / "modelos" / "sentimento-mirim")
    feito = subprocess.run(
        comando, cwd=curso_novo, env=limpo, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert "Faltam arquivos em modelos/: sentimento-mirim" in feito.stdout


def test_pedido_sem_sentido_nao_mostra_traceback(curso_novo):
    limpo = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for pedido, trecho in (
        (["abrir", "99-9"], "Não achei o notebook '99-9'"),
        (["abrir", "--porta", "70000"], "porta é um número"),
        (["voar"], "Não entendi"),
    ):
        feito = subprocess.run(
            [PYTHON_DE_FORA, "-X", "utf8", "-m", "curso", *pedido],
            cwd=curso_novo,
            env=limpo,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        assert feito.returncode != 0 and trecho in feito.stderr and "Traceback" not in feito.stderr


@pytest.mark.skipif(os.name == "nt", reason="usa SIGINT")
def test_abrir_de_verdade():
    """A segunda vez de `abrir`, no ambiente destes testes: o JupyterLab responde logo, em português.

    O limite de 5 segundos é de processador, somados o lançador e o JupyterLab: o tempo de relógio
    dependeria dos outros testes que rodam ao mesmo tempo.
    """
    import resource

    def processador() -> float:
        uso = resource.getrusage(resource.RUSAGE_CHILDREN)
        return uso.ru_utime + uso.ru_stime

    antes = processador()
    limpo = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "HF_HUB_OFFLINE")}
    limpo |= {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}  # um proxy de escola, que recusa
    inicio = time.perf_counter()
    processo = subprocess.Popen(
        [PYTHON_DE_FORA, "-u", "-m", "curso", "abrir", "--sem-navegador", "--porta", "8931", "01-1"],
        cwd=RAIZ,
        env=limpo,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        linhas = []
        for linha in processo.stdout:
            linhas.append(linha)
            if "http://" in linha:
                break
        espera = time.perf_counter() - inicio
        assert linhas and "http://" in linhas[-1], "".join(linhas)
        endereco = linhas[-1].strip()
        direto = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert "/lab/tree/notebooks/01-1-pipelines.ipynb?token=" in endereco
        assert "JupyterLab" in direto.open(endereco, timeout=10).read().decode("utf-8")
        ajustes = endereco.replace("/lab/tree/notebooks/01-1-pipelines.ipynb", "/lab/api/settings/{}")
        for plugin, valor in {
            "@jupyterlab/translation-extension:plugin": "pt_BR",
            "@jupyterlab/mainmenu-extension:plugin": "Arquivo",
        }.items():
            assert valor in direto.open(ajustes.format(plugin), timeout=10).read().decode("utf-8")
        assert espera < 20 * FOLGA, f"abrir levou {espera:.1f} s"
    finally:
        os.killpg(processo.pid, signal.SIGINT)
        assert processo.wait(15) == 0
    assert processador() - antes < 5 * FOLGA, f"abrir gastou {processador() - antes:.1f} s de processador"
