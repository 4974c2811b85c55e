"""O que o lançador decide, sem instalar nada."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from curso import comandos, instalacao
from curso.__main__ import aviso_de_python_antigo
from curso.instalacao import Venv, explicar_falha, situacao, versoes_pedidas
from curso.projeto import RAIZ, ErroDoCurso
from curso.rede import perguntar, responde


@pytest.fixture
def requisitos(tmp_path):
    arquivo = tmp_path / "requirements.txt"
    arquivo.write_text(f"# nada\npytest=={pytest.__version__}   # já está aqui\n", encoding="utf-8")
    return arquivo


@pytest.fixture
def venv_pronto(tmp_path, requisitos):
    """Um .venv de mentira cujo Python é este mesmo."""
    venv = Venv(tmp_path)
    venv.python.parent.mkdir(parents=True)
    (venv.pasta / "pyvenv.cfg").write_text("", encoding="utf-8")
    if os.name == "nt":
        pytest.skip("usa um atalho simbólico")
    venv.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    venv.python.chmod(0o755)
    instalacao.marcar(venv, [requisitos])
    return venv


def test_versoes_pedidas_ignora_comentarios(requisitos):
    assert versoes_pedidas(requisitos) == {"pytest": pytest.__version__}
    assert versoes_pedidas(RAIZ / "requirements.txt")["torch"] == "2.13.0"


def test_situacoes(tmp_path, requisitos, venv_pronto):
    assert situacao(venv_pronto, [requisitos]) == "pronto"
    requisitos.write_text("pytest==0.0.1\n", encoding="utf-8")
    assert situacao(venv_pronto, [requisitos]) == "incompleto"
    assert situacao(Venv(tmp_path / "outra"), [requisitos]) == "ausente"


def test_edicao_nova_so_refaz_a_configuracao(requisitos, venv_pronto, monkeypatch):
    monkeypatch.setattr(instalacao, "ESTE_ARQUIVO", requisitos.with_name("instalacao.py"))
    requisitos.with_name("instalacao.py").write_text("# outra edição", encoding="utf-8")
    assert situacao(venv_pronto, [requisitos]) == "desconfigurado"


def test_instalacao_interrompida_e_incompleta(requisitos, venv_pronto):
    venv_pronto.marca.unlink()
    assert situacao(venv_pronto, [requisitos]) == "incompleto"
    venv_pronto.marca.write_text("{corrompido", encoding="utf-8")
    assert situacao(venv_pronto, [requisitos]) == "incompleto"


@pytest.mark.parametrize("estrago", ["sem cfg", "sem python", "python morto"])
def test_ambiente_quebrado(requisitos, venv_pronto, estrago):
    if estrago == "sem cfg":
        (venv_pronto.pasta / "pyvenv.cfg").unlink()
    elif estrago == "sem python":
        venv_pronto.python.unlink()
    else:
        venv_pronto.python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert situacao(venv_pronto, [requisitos]) == "quebrado"


@pytest.mark.parametrize(
    ("registro", "trecho"),
    [
        ("OSError: [Errno 28] No space left on device", "O disco encheu"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "Sem internet"),
        (
            "NewConnectionError('<pip…>: Failed to establish a new connection')\nNo matching distribution found for torch",
            "Sem internet",
        ),
        ("ReadTimeoutError: Read timed out.", "Sem internet"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "certificado"),
        ("ERROR: No matching distribution found for torch==2.13.0", "Não há um pacote de torch==2.13.0"),
        ("[WinError 206] The filename or extension is too long", "longo demais"),
        ("PermissionError: [Errno 13] Permission denied: '/opt/curso'", "Sem permissão"),
        ("coisa nunca vista", "não reconheço"),
    ],
)
def test_cada_falha_tem_uma_frase_com_remedio(registro, trecho):
    frase = explicar_falha(registro)
    assert trecho in frase
    assert "repita" in frase or "Depois rode" in frase


def test_disco_cheio_e_dito_antes_de_comecar(monkeypatch, tmp_path):
    monkeypatch.setattr(instalacao.shutil, "disk_usage", lambda _: type("U", (), {"free": 1e9})())
    with pytest.raises(ErroDoCurso, match=r"só 1\.0 GB livres"):
        instalacao.conferir_espaco(tmp_path)


def test_pasta_de_pacotes_dispensa_a_rede(tmp_path):
    (tmp_path / "pacotes").mkdir()
    (tmp_path / "pacotes" / "x.whl").touch()
    assert instalacao._origem(Venv(tmp_path))[0] == "--no-index"


@pytest.mark.parametrize(
    ("gpu", "sistema", "local", "esperado"),
    [
        (False, "linux", False, True),
        (True, "linux", False, False),
        (False, "darwin", False, False),
        (False, "win32", False, False),
        (False, "linux", True, False),
    ],
)
def test_indice_de_cpu_so_quando_ajuda(monkeypatch, tmp_path, gpu, sistema, local, esperado):
    monkeypatch.setattr(instalacao.sys, "platform", sistema)
    monkeypatch.setattr(instalacao, "tem_gpu_nvidia", lambda: gpu)
    monkeypatch.setattr(instalacao, "_torch_ao_alcance_do_pip", lambda _: local)
    monkeypatch.setattr(instalacao, "responde", lambda *_, **__: True)
    assert instalacao.prefere_indice_cpu(Venv(tmp_path)) is esperado


def test_python_antigo_recebe_instrucoes():
    nada, tudo = (lambda nome: False), (lambda nome: nome == "python3.12")
    assert "python3.12 -m curso abrir" in aviso_de_python_antigo((3, 8), "linux", tudo)
    for sistema in ("linux", "darwin", "win32"):
        aviso = aviso_de_python_antigo((3, 8), sistema, nada)
        assert "3.11 ou mais novo, e este é o Python 3.8" in aviso and "-m curso abrir" in aviso


@pytest.mark.parametrize("nome", ["__init__.py", "__main__.py"])
def test_a_porta_de_entrada_entende_python_antigo(nome):
    import ast

    ast.parse((RAIZ / "curso" / nome).read_text(encoding="utf-8"), feature_version=(3, 5))


def test_o_lancador_so_importa_a_biblioteca_padrao():
    codigo = (
        "import sys; import curso.comandos, curso.conferencia, curso.carimbo; "
        "print(*{m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'curso', '__main__', 'sitecustomize'})"
    )
    saida = subprocess.run([sys.executable, "-S", "-c", codigo], cwd=RAIZ, capture_output=True, text=True, check=True)
    assert saida.stdout.split() == []


def test_variaveis_que_desviam_o_pip_nao_passam(monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "x")
    monkeypatch.setenv("PYTHONHOME", "x")
    monkeypatch.setenv("PIP_INDEX_URL", "fica")
    ambiente = instalacao.ambiente_do_processo()
    assert "PIP_TARGET" not in ambiente and "PYTHONHOME" not in ambiente and ambiente["PIP_INDEX_URL"] == "fica"


def test_porta_ocupada_passa_para_a_seguinte():
    with socket.socket() as ocupada:
        ocupada.bind(("127.0.0.1", 0))
        ocupada.listen()
        numero = ocupada.getsockname()[1]
        assert comandos.porta_livre(numero) > numero


def test_sem_navegador_o_endereco_basta(monkeypatch):
    def nenhum(_):
        raise comandos.webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(comandos.webbrowser, "open", nenhum)
    assert comandos._abrir_navegador("http://127.0.0.1:8888") is False


def test_comando_desconhecido_e_dito_em_portugues(capsys):
    with pytest.raises(SystemExit) as saida:
        comandos.executar_comando(["inventado"])
    erro = capsys.readouterr().err
    assert saida.value.code == 2 and "Não entendi" in erro and "abrir" in erro and "invalid" not in erro


@pytest.mark.parametrize("comando", comandos.COMANDOS)
def test_ajuda_de_cada_comando(comando, capsys):
    with pytest.raises(SystemExit) as saida:
        comandos.executar_comando([comando, "--ajuda"])
    ajuda = capsys.readouterr().out
    assert saida.value.code == 0 and ajuda.startswith(f"uso: python -m curso {comando}")


def test_no_colab_abrir_explica(monkeypatch, capsys):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    assert comandos.executar_comando(["abrir"]) == 1
    assert "clique no selo" in capsys.readouterr().err


def test_copia_feita_pelo_jupyterlab_nao_atrapalha(monkeypatch, tmp_path):
    from curso import projeto

    for nome in ("01-1-pipelines", "01-1-pipelines-Copy1", "01-2-como-funcionam"):
        (tmp_path / f"{nome}.ipynb").touch()
    monkeypatch.setattr(projeto, "NOTEBOOKS", tmp_path)
    assert projeto.achar_notebook("01-1") == tmp_path / "01-1-pipelines.ipynb"
    with pytest.raises(ErroDoCurso, match="Há mais de um notebook '01'"):
        projeto.achar_notebook("01")


def test_ambiente_lento_nao_e_quebrado(venv_pronto, requisitos, monkeypatch):
    def devagar(*_, **__):
        raise subprocess.TimeoutExpired("python", 60)

    monkeypatch.setattr(instalacao.subprocess, "run", devagar)
    with pytest.raises(ErroDoCurso, match="não respondeu em um minuto"):
        situacao(venv_pronto, [requisitos])


def test_alvos_de_testar():
    assert comandos.argumentos_do_pytest(True, []) == ["tests/estaticos", "tests/unidade"]
    assert comandos.argumentos_do_pytest(False, ["01-1"])[-1].endswith("01-1-pipelines.ipynb")
    with pytest.raises(ErroDoCurso, match="Não achei o notebook '99'"):
        comandos.argumentos_do_pytest(False, ["99"])


def test_sonda_tem_prazo_mesmo_com_servidor_mudo():
    with socket.socket() as mudo:
        mudo.bind(("127.0.0.1", 0))
        mudo.listen()
        inicio = time.perf_counter()
        assert responde(f"http://127.0.0.1:{mudo.getsockname()[1]}", limite_s=0.3) is False
        assert time.perf_counter() - inicio < 0.8


def test_sonda_aceita_a_resposta_que_chegou_durante_outro_trabalho():
    """Em uma máquina ocupada, o resto de preparar() pode passar do prazo; a resposta que já está lá vale."""
    with socket.socket() as lento:
        lento.bind(("127.0.0.1", 0))
        lento.listen()
        resposta = perguntar(f"http://127.0.0.1:{lento.getsockname()[1]}", limite_s=0.4)
        conexao, _ = lento.accept()
        with conexao:
            conexao.recv(1024)
            for parte in (b"HTTP/1.0 200 OK\r\n", b"\r\n"):  # a segunda chega 0,2 s depois do prazo
                time.sleep(0.3)
                conexao.sendall(parte)
        time.sleep(0.2)
        inicio = time.perf_counter()
        assert resposta() is True and resposta() is True
        assert time.perf_counter() - inicio < 0.1


def test_sonda_aceita_qualquer_resposta_http():
    import http.server
    import threading

    class Recusa(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_error(401)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Recusa) as servidor:
        threading.Thread(target=servidor.serve_forever, daemon=True).start()
        assert responde(f"http://127.0.0.1:{servidor.server_port}", limite_s=2) is True
        servidor.shutdown()


def test_sonda_sem_rede_e_com_endereco_invalido():
    assert responde("http://127.0.0.1:9", limite_s=1) is False
    assert responde("isto não é um endereço", limite_s=1) is False


def test_marca_e_legivel(requisitos, venv_pronto):
    assert list(json.loads(venv_pronto.marca.read_text(encoding="utf-8"))) == ["requirements.txt", "instalacao.py"]


def test_um_ambiente_sem_torch_nao_pergunta_por_ele(tmp_path, monkeypatch):
    """O do site: nada de índice de CPU, e serve também ao Mac com processador Intel, que não tem PyTorch."""
    monkeypatch.setattr(instalacao, "prefere_indice_cpu", lambda _: pytest.fail("procurou o PyTorch na rede"))
    monkeypatch.setattr(instalacao.sys, "platform", "darwin")
    monkeypatch.setattr(instalacao.platform, "machine", lambda: "x86_64")
    assert instalacao._origem(Venv(tmp_path), com_torch=False) == []
    instalacao.conferir_maquina(tmp_path, com_torch=False)
    with pytest.raises(ErroDoCurso, match="Intel"):
        instalacao.conferir_maquina(tmp_path)


def test_atalhos_de_uma_tecla_nao_valem_dentro_de_um_widget(tmp_path):
    venv = Venv(tmp_path)
    esquemas = venv.pasta / "share" / "jupyter" / "lab" / "schemas" / "@jupyterlab" / "notebook-extension"
    esquemas.mkdir(parents=True)
    comando = instalacao.MODO_DE_COMANDO
    atalhos = [
        {"command": "criar", "keys": ["A"], "selector": comando},
        {"command": "executar", "keys": ["Shift Enter"], "selector": comando},
        {"command": "outro", "keys": ["A"], "selector": ".jp-Outra"},
        {"command": "nenhum", "keys": [], "selector": comando},
    ]
    (esquemas / "tracker.json").write_text(json.dumps({"jupyter.lab.shortcuts": atalhos}), encoding="utf-8")
    assert instalacao.atalhos_fora_dos_widgets(venv) == [
        {"command": "criar", "keys": ["A"], "selector": comando, "disabled": True},
        {"command": "criar", "keys": ["A"], "selector": f"{comando}:not(.jupyter-widgets *)"},
    ]
