"""Uma sala de aula de ensaio: um JupyterHub de verdade nesta máquina e alunos que entram e executam um notebook.

É o que ``medir-turma`` mede e o que ``tests/sistema/test_turma.py`` confere, com a configuração da pasta ``turma/``.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import requests
import websocket

from curso.instalacao import Venv, ambiente_do_processo
from curso.projeto import RAIZ, ErroDoCurso
from oficina.medicao.maquina import memoria_mb

CONFIGURACAO = RAIZ / "turma" / "jupyterhub_config.py"
PASTA_NO_SERVIDOR = "curso/notebooks"
ESPERA_DO_HUB_S = 60
ESPERA_DO_ALUNO_S = 600  # a turma inteira abre o servidor ao mesmo tempo, em poucos núcleos
ESPERA_DA_CELULA_S = 600


@dataclass
class Sala:
    endereco: str
    senha: str
    pasta: Path
    processo: subprocess.Popen

    def memoria_mb(self) -> float:
        """A memória do hub, do proxy, dos servidores e dos kernels; o que se divide conta uma vez só (PSS)."""
        return memoria_mb(_todos(self.processo.pid))


def _todos(pid: int) -> list[psutil.Process]:
    try:
        pai = psutil.Process(pid)
        return [pai, *pai.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@contextlib.contextmanager
def sala() -> Iterator[Sala]:
    """Abre o JupyterHub em portas livres, com tudo o que ele escreve em uma pasta temporária; ao sair, fecha tudo.

    Raises:
        ErroDoCurso: o JupyterHub não abriu; a mensagem traz o fim do registro.
    """
    # Em /tmp, que tem um nome curto também no macOS: os kernels se falam por soquetes dentro dela.
    with tempfile.TemporaryDirectory(prefix="turma-", dir="/tmp", ignore_cleanup_errors=True) as nome:
        pasta, senha, portas = Path(nome), secrets.token_urlsafe(16), _portas(3)
        registro = pasta / "jupyterhub.log"
        with open(registro, "wb") as saida:
            processo = subprocess.Popen(
                [Venv(RAIZ).python, "-m", "jupyterhub", "--config", CONFIGURACAO],
                cwd=pasta,
                env=ambiente_do_processo()
                | {
                    "CURSO_ENSAIO": nome,
                    "CURSO_ENSAIO_PORTAS": ",".join(map(str, portas)),
                    "CURSO_ENSAIO_SENHA": senha,
                },
                stdout=saida,
                stderr=saida,
            )
        try:
            aberta = Sala(f"http://127.0.0.1:{portas[0]}", senha, pasta, processo)
            _esperar_o_hub(aberta, registro)
            yield aberta
        finally:
            _fechar(processo)


def _portas(quantas: int) -> list[int]:
    soquetes = [socket.create_server(("127.0.0.1", 0)) for _ in range(quantas)]
    portas = [s.getsockname()[1] for s in soquetes]
    for soquete in soquetes:
        soquete.close()
    return portas


def _esperar_o_hub(aberta: Sala, registro: Path) -> None:
    fim = time.monotonic() + ESPERA_DO_HUB_S
    while time.monotonic() < fim and aberta.processo.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if Aluno(aberta, "").sessao.get(f"{aberta.endereco}/hub/api", timeout=5).ok:
                return
        time.sleep(0.2)
    linhas = registro.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
    raise ErroDoCurso("O JupyterHub do ensaio não abriu. O que ele disse:\n" + "\n".join(linhas))


def _fechar(processo: subprocess.Popen) -> None:
    # Anotados antes: um servidor de aluno que sobrasse já não seria filho de ninguém.
    filhos = _todos(processo.pid)[1:]
    processo.terminate()
    try:
        processo.wait(30)
    except subprocess.TimeoutExpired:
        processo.kill()
        processo.wait()
    for filho in psutil.wait_procs(filhos, timeout=10)[1]:
        with contextlib.suppress(psutil.Error):
            filho.kill()


@dataclass
class Aluno:
    """O que o navegador de um aluno faz: entra, espera o servidor, abre o notebook e executa as células."""

    sala: Sala
    nome: str
    sessao: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.sessao.trust_env = False  # o proxy da escola não conhece esta máquina

    @property
    def servidor(self) -> str:
        return f"{self.sala.endereco}/user/{self.nome}"

    def entrar(self) -> None:
        """Da página de entrada até o JupyterLab aberto; cria o servidor na primeira vez."""
        pagina = f"{self.sala.endereco}/hub/login"
        self.sessao.get(pagina, timeout=60).raise_for_status()
        dados = {"username": self.nome, "password": self.sala.senha, "_xsrf": self._xsrf("/hub/")}
        resposta = self.sessao.post(pagina, data=dados, timeout=60)
        fim = time.monotonic() + ESPERA_DO_ALUNO_S
        while not urlsplit(resposta.url).path.startswith(f"/user/{self.nome}/"):
            if resposta.status_code != 200 or time.monotonic() > fim:
                raise ErroDoCurso(f"{self.nome} não entrou: {resposta.status_code} em {urlsplit(resposta.url).path}")
            time.sleep(0.5)
            resposta = self.sessao.get(f"{self.sala.endereco}/hub/spawn-pending/{self.nome}", timeout=60)
        resposta.raise_for_status()

    def abrir(self, notebook: str) -> dict:
        """A página do JupyterLab com o notebook, e o conteúdo dele como o servidor o dá."""
        caminho = f"{PASTA_NO_SERVIDOR}/{notebook}"
        self.sessao.get(f"{self.servidor}/lab/tree/{caminho}", timeout=60).raise_for_status()
        return self._pedir("GET", f"contents/{caminho}")["content"]

    def gravar(self, notebook: str, conteudo: dict) -> None:
        corpo = {"type": "notebook", "format": "json", "content": conteudo}
        self._pedir("PUT", f"contents/{PASTA_NO_SERVIDOR}/{notebook}", corpo)

    def ler(self, caminho: str) -> bytes:
        """Um arquivo da pasta do curso, pelo endereço que uma figura de notebook teria."""
        resposta = self.sessao.get(f"{self.servidor}/files/curso/{caminho}", timeout=60)
        resposta.raise_for_status()
        return resposta.content

    def executar(self, notebook: str, celulas: list[str]) -> list[str]:
        """Abre um kernel para o notebook, executa as células na ordem e devolve os erros que apareceram."""
        caminho = f"{PASTA_NO_SERVIDOR}/{notebook}"
        corpo = {"path": caminho, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self._pedir("POST", "sessions", corpo)["kernel"]["id"]
        canal = self._canal(kernel)
        try:
            return [erro for fonte in celulas for erro in _executar_celula(canal, fonte)]
        finally:
            canal.close()

    def _canal(self, kernel: str) -> websocket.WebSocket:
        endereco = f"{self.servidor}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        pedido = self.sessao.prepare_request(requests.Request("GET", endereco))
        return websocket.create_connection(
            endereco.replace("http", "ws", 1),
            cookie=pedido.headers.get("Cookie"),
            timeout=ESPERA_DA_CELULA_S,
            http_no_proxy=["127.0.0.1"],
        )

    def _pedir(self, metodo: str, caminho: str, corpo: dict | None = None) -> dict:
        resposta = self.sessao.request(
            metodo,
            f"{self.servidor}/api/{caminho}",
            json=corpo,
            headers={"X-XSRFToken": self._xsrf(f"/user/{self.nome}/")},
            timeout=ESPERA_DO_ALUNO_S,
        )
        resposta.raise_for_status()
        return resposta.json()

    def _xsrf(self, caminho: str) -> str:
        """O hub e cada servidor têm o seu cookie, com o mesmo nome e caminhos diferentes."""
        return next((c.value for c in self.sessao.cookies if c.name == "_xsrf" and c.path == caminho), "")


def _executar_celula(canal: websocket.WebSocket, fonte: str) -> list[str]:
    pedido = uuid.uuid4().hex
    cabecalho = {"msg_id": pedido, "msg_type": "execute_request", "username": "", "session": pedido, "version": "5.3"}
    conteudo = {"code": fonte, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
    canal.send(
        json.dumps({"header": cabecalho, "parent_header": {}, "metadata": {}, "content": conteudo, "channel": "shell"})
    )
    erros, falta = [], {"resposta", "parado"}
    while falta:
        mensagem = json.loads(canal.recv())
        if mensagem["parent_header"].get("msg_id") != pedido:
            continue
        tipo, conteudo = mensagem["header"]["msg_type"], mensagem["content"]
        if tipo == "error":
            erros.append(f"{conteudo['ename']}: {conteudo['evalue']}")
        elif tipo == "execute_reply":
            falta.discard("resposta")
        elif tipo == "status" and conteudo["execution_state"] == "idle":
            falta.discard("parado")
    return erros


def celulas_de_codigo(conteudo: dict) -> list[str]:
    """O código de cada célula; o formato do servidor traz o texto inteiro e o do disco, linha por linha."""
    return ["".join(c["source"]) for c in conteudo["cells"] if c["cell_type"] == "code"]
