"""A receita e a conferência da turma: contas, mensagens, e nunca uma espera sem fim."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from curso import conferencia_da_turma as conferencia
from curso import turma
from curso.catalogo import catalogo, entrada
from curso.comandos import executar_comando
from curso.conferencia import AVISO, CERTO, ERRADO
from curso.instalacao import Venv
from curso.projeto import RAIZ


@pytest.fixture(autouse=True)
def sem_variaveis(monkeypatch):
    for nome in ("HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(nome, raising=False)


# ------------------------------------------------------------------ as contas


def test_quantos_alunos_cabem(monkeypatch):
    monkeypatch.setattr(turma, "por_aluno", lambda: turma.PorAluno(gb=0.5, segundos=20))
    assert turma.quantos_alunos(1.0) == 0 == turma.quantos_alunos(turma.GB_DO_SISTEMA)
    assert turma.quantos_alunos(turma.GB_DO_SISTEMA + 5.01) == 10
    assert turma.pior_espera_s(alunos=10, nucleos=4) == 50


@pytest.mark.parametrize("memoria", [None, 1.5, 8, 64])
def test_a_receita_serve_em_qualquer_maquina(memoria, monkeypatch):
    monkeypatch.setattr(turma, "memoria_gb", lambda: memoria)
    texto = turma.receita()
    assert "turma/README.md" in texto and "--conferir" in texto and "HF_HOME" in texto
    if memoria and memoria > 3:
        assert f"até {turma.quantos_alunos(memoria)} alunos" in texto
    else:
        assert "alunos, cada um" not in texto


def test_a_pasta_dos_modelos_e_a_da_biblioteca(monkeypatch, tmp_path):
    assert turma.pasta_dos_modelos().parts[-3:] == (".cache", "huggingface", "hub")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    assert turma.pasta_dos_modelos() == tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "outra"))
    assert turma.pasta_dos_modelos() == tmp_path / "outra"


def _guardar(pasta, tarefa):
    destino = pasta / f"models--{entrada(tarefa).hub.replace('/', '--')}" / "snapshots" / "abc"
    destino.mkdir(parents=True)
    (destino / "model.safetensors").write_bytes(b"pesos")
    return destino


def test_que_modelos_ja_estao_guardados(tmp_path):
    assert turma.tarefas_guardadas(tmp_path / "nada") == []
    _guardar(tmp_path, "ner")
    assert turma.tarefas_guardadas(tmp_path) == ["ner"]


# -------------------------------------------------------------- a conferência


def test_as_configuracoes_do_curso_estao_certas():
    assert conferencia.configuracoes(Venv(RAIZ), turma.PASTA) == [
        (CERTO, "Configurações da pasta turma/: bem escritas")
    ]


def test_um_erro_de_escrita_na_configuracao_aparece(tmp_path):
    (tmp_path / "a.py").write_text("c.Spawner.cmd = [", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("hub:\n  - a\n b: [", encoding="utf-8")
    este = Path(sys.prefix)
    itens = conferencia.configuracoes(Venv(este.parent, este.name), tmp_path)
    assert [sinal for sinal, _ in itens] == [ERRADO, ERRADO]
    assert "turma/a.py" in itens[0][1] and "turma/b.yaml" in itens[1][1]


@pytest.fixture
def pasta_aberta():
    """Uma pasta que todas as contas podem ler; a do pytest é só de quem roda os testes."""
    with tempfile.TemporaryDirectory() as nome:
        Path(nome).chmod(0o755)
        if os.name == "nt" or conferencia.primeiro_fechado([Path(nome)]):
            pytest.skip("aqui a pasta temporária é fechada às outras contas")
        yield Path(nome)


def test_modelos_do_hub_que_os_alunos_nao_podem_ler(monkeypatch, pasta_aberta):
    monkeypatch.setenv("HF_HOME", str(pasta_aberta / "hf"))
    sinal, frase = conferencia.modelos_do_hub()
    assert sinal == ERRADO and "não existe" in frase and "curso baixar" in frase
    pesos = _guardar(pasta_aberta / "hf" / "hub", "ner") / "model.safetensors"
    sinal, frase = conferencia.modelos_do_hub()
    assert sinal == CERTO and f"1 de {len(catalogo())} tarefas" in frase
    pesos.chmod(0o600)
    sinal, frase = conferencia.modelos_do_hub()
    assert sinal == ERRADO and str(pesos) in frase and "chmod -R a+rX" in frase


def test_uma_pasta_fechada_no_caminho_tambem_conta(pasta_aberta):
    arquivo = pasta_aberta / "casa" / "curso" / "arquivo"
    arquivo.parent.mkdir(parents=True)
    arquivo.touch()
    assert conferencia.primeiro_fechado([arquivo]) is None
    (pasta_aberta / "casa").chmod(0o700)
    assert conferencia.primeiro_fechado([arquivo]) == pasta_aberta / "casa"


@pytest.fixture
def servidor():
    """Responde 200 a quem pergunta pelo modelo, 404 ao resto."""

    class Respostas(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200 if entrada("ner").hub in self.path else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    http = HTTPServer(("127.0.0.1", 0), Respostas)
    threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


def test_o_espelho_responde_pelo_modelo(monkeypatch, servidor):
    assert conferencia.espelho()[0] == AVISO
    monkeypatch.setenv("HF_ENDPOINT", servidor + "/")
    assert conferencia.espelho()[0] == CERTO
    # O proxy de uma escola responde 404 em nome de qualquer endereço: não é um espelho.
    monkeypatch.setenv("HF_ENDPOINT", servidor + "/outra-coisa?")
    monkeypatch.setattr(conferencia, "entrada", lambda _: entrada("fill-mask"))
    assert conferencia.espelho()[0] == ERRADO


def test_um_espelho_mudo_nao_prende_a_conferencia(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{mudo.getsockname()[1]}")
        inicio = time.monotonic()
        sinal, frase = conferencia.espelho()
        assert sinal == ERRADO and "firewall" in frase
        assert time.monotonic() - inicio < conferencia.PRAZO_DO_ESPELHO_S + 2


# ----------------------------------------------------------------- o comando


def test_o_comando_imprime_a_receita(capsys):
    assert executar_comando(["turma"]) == 0
    assert f"de {len(catalogo())} tarefas" in capsys.readouterr().out


@pytest.mark.parametrize("endereco, estado", [(None, 0), ("http://127.0.0.1:9", 1)])
def test_conferir_devolve_o_estado(capsys, monkeypatch, tmp_path, endereco, estado):
    monkeypatch.setattr(turma, "pasta_dos_modelos", lambda: tmp_path / "nenhuma")
    monkeypatch.setattr(conferencia.conferencia, "ambiente", lambda *_: [(CERTO, "Ambiente")])
    if endereco:
        monkeypatch.setenv("HF_ENDPOINT", endereco)
    assert executar_comando(["turma", "--conferir"]) == estado
    saida = capsys.readouterr().out
    assert ("Pronto para a turma" in saida) == (estado == 0) and ("✗ O espelho" in saida) == (estado == 1)


def test_sem_node_o_ensaio_fica_de_fora_e_o_resto_nao(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(turma.shutil, "which", lambda _: None)
    turma.instalar(Venv(tmp_path))
    assert "Node.js" in capsys.readouterr().out
