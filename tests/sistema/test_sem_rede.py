"""A rede é negada pelos testes, e não por sorte."""

import os
import subprocess
import sys

from curso.projeto import RAIZ


def _rodar(codigo: str, com_rede: bool = False) -> subprocess.CompletedProcess:
    caminho = "" if com_rede else str(RAIZ / "tests" / "sem_rede")
    return subprocess.run(
        [sys.executable, "-c", codigo],
        env=os.environ | {"PYTHONPATH": caminho},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_conexao_e_nome_de_fora_sao_negados():
    for tentativa in (
        "import urllib.request; urllib.request.urlopen('https://huggingface.co', timeout=5)",
        "import socket; socket.create_connection(('192.0.2.1', 443), timeout=5)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ):
        assert "rede negada pelos testes do curso" in _rodar(tentativa).stderr


def test_a_propria_maquina_continua_ao_alcance():
    codigo = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()); print('ok')"
    assert _rodar(codigo).stdout.strip() == "ok"


def test_os_kernels_destes_testes_nascem_sem_rede():
    """O nbval põe os kernels no mesmo ambiente deste processo: é aqui que a negação precisa estar."""
    assert str(RAIZ / "tests" / "sem_rede") in os.environ.get("PYTHONPATH", "").split(os.pathsep)


def test_o_modelo_embutido_funciona_com_a_rede_negada():
    codigo = (
        "from curso import preparar, modelo; preparar(); from transformers import pipeline; "
        "print(pipeline('sentiment-analysis', model=modelo('sentiment-analysis'))('Odeio tanto isso!')[0]['label'])"
    )
    feito = subprocess.run(
        [sys.executable, "-c", codigo],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=120,
        env={k: v for k, v in os.environ.items() if not k.startswith("HF_")}
        | {"PYTHONPATH": str(RAIZ / "tests" / "sem_rede")},
    )
    assert feito.stdout.splitlines()[-1] == "negativo", feito.stderr
