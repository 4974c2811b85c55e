"""Um Hugging Face Hub de mentira, em 127.0.0.1, com os modelos mirins sob os nomes verdadeiros. Só para os testes.

Responde o que a huggingface_hub pergunta para ler (``api/models``, ``tree``, ``resolve`` com ETag e Range) e falha
quando mandam: ``hub.falhar("resolve.*safetensors", cortar(1000), vezes=1)``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from curso.catalogo import catalogo
from curso.projeto import MODELOS

# Nomes de antes de 2024, que o Hub de verdade ainda leva aos novos.
NOMES_ANTIGOS = {
    "gpt2": "openai-community/gpt2",
    "distilgpt2": "distilbert/distilgpt2",
    "bert-base-cased": "google-bert/bert-base-cased",
    "distilroberta-base": "distilbert/distilroberta-base",
    "distilbert-base-cased": "distilbert/distilbert-base-cased",
    "distilbert-base-cased-distilled-squad": "distilbert/distilbert-base-cased-distilled-squad",
    "distilbert-base-uncased-finetuned-sst-2-english": "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
}
# No Hub de verdade, os arquivos grandes moram em outro servidor e o sha256 é a etiqueta deles.
GRANDES = (".safetensors",)


@dataclass
class Repositorio:
    nome: str
    pasta: Path
    commit: str

    def arquivos(self) -> list[Path]:
        return sorted(a for a in self.pasta.iterdir() if a.is_file())

    def conhece(self, revisao: str) -> bool:
        return revisao == "main" or (len(revisao) >= 7 and self.commit.startswith(revisao))


def commit_de(nome: str, revisao: str) -> str:
    """40 letras sempre iguais, que começam pela revisão do catálogo quando ela é um commit."""
    comeco = revisao if re.fullmatch("[0-9a-f]{7,40}", revisao) else ""
    return (comeco + hashlib.sha1(nome.encode()).hexdigest())[:40]


def acervo(sosias: dict[str, Path] | None = None) -> dict[str, Repositorio]:
    """Os nomes do catálogo, os do Hub e os clássicos, cada um com os pesos do mirim da sua tarefa.

    ``sosias``: para cada tarefa, a pasta que toma o lugar do mirim sob o nome do Hub.
    """
    pastas: dict[str, tuple[Path, str]] = {"google-bert/bert-base-cased": (MODELOS / "encoder-mirim", "main")}
    for linha in catalogo().values():
        # O clássico das duas traduções é um só, do francês para o inglês.
        pastas.setdefault(linha.classico, (linha.pasta, linha.revisao_classico))
        pastas[linha.hub] = ((sosias or {}).get(linha.tarefa, linha.pasta), linha.revisao)
    pastas["distilbert/distilgpt2"] = (MODELOS / "decoder-mirim", "main")
    return {nome: Repositorio(nome, pasta, commit_de(nome, revisao)) for nome, (pasta, revisao) in pastas.items()}


# ------------------------------------------------------------------------- falhas


def erro(codigo: int, nome: str = "", **cabecalhos: str) -> Callable:
    def falha(pedido: Pedido) -> None:
        pedido.responder(b"", codigo, {"X-Error-Code": nome, **{n.replace("_", "-"): v for n, v in cabecalhos.items()}})

    return falha


def emudecer(segundos: float = 20) -> Callable:
    """Aceita o pedido e não diz nada."""

    def falha(pedido: Pedido) -> None:
        pedido.server.encerrando.wait(segundos)
        pedido.close_connection = True

    return falha


def cortar(depois_de: int, calado_s: float = 0) -> Callable:
    """Manda os primeiros bytes e fecha a conexão; com ``calado_s``, só depois de tanto tempo sem dizer nada."""

    def falha(pedido: Pedido) -> None:
        pedido.cortar_em = depois_de
        pedido.atender()
        pedido.wfile.flush()
        pedido.server.encerrando.wait(calado_s)

    return falha


def trocar(conteudo: Callable[[bytes], bytes]) -> Callable:
    """Serve outro conteúdo, com o tamanho e a etiqueta do verdadeiro nos cabeçalhos."""

    def falha(pedido: Pedido) -> None:
        pedido.estragar = conteudo
        pedido.atender()

    return falha


def pagina_de_entrada(pedido: Pedido) -> None:
    """O que o Wi-Fi de um hotel responde a qualquer pedido."""
    pedido.responder(b"<html>Aceite os termos</html>", 200, {"Content-Type": "text/html"})


# ------------------------------------------------------------------------ servidor


class Pedido(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cortar_em: int | None = None
    estragar: Callable[[bytes], bytes] = staticmethod(lambda dados: dados)

    def do_GET(self) -> None:
        self.cortar_em, self.estragar = None, lambda dados: dados
        hub: HubDeMentira = self.server.hub
        hub.pedidos.append((self.command, unquote(self.path), self.headers.get("Range", "")))
        falha = hub.falha_para(f"{self.command} {unquote(self.path)}")
        try:
            falha(self) if falha else self.atender()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, *_) -> None:
        pass

    def atender(self) -> None:
        caminho = unquote(urlsplit(self.path).path)
        if caminho == "/":
            return self.responder(b"Hub de mentira")
        if achado := re.fullmatch("/cdn/([0-9a-f]{64})", caminho):
            return self.mandar(self.server.hub.por_sha[achado[1]])
        achado = re.fullmatch(r"/api/models/(.+?)(?:/(revision|tree)/([^/]+)(/.+)?)?/?", caminho)
        if achado:
            if achado[4]:  # uma subpasta: nenhum dos nossos tem
                return self.responder(b"", 404, {"X-Error-Code": "EntryNotFound"})
            return self.com_repositorio(achado[1], achado[3] or "main", lambda r: self.api(r, achado[2]))
        achado = re.fullmatch(r"/(.+?)/resolve/([^/]+)/(.+)", caminho)
        if achado:
            return self.com_repositorio(achado[1], achado[2], lambda r: self.resolver(r, achado[3]))
        self.responder(b"", 404)

    def com_repositorio(self, nome: str, revisao: str, fazer: Callable) -> None:
        if nome in NOMES_ANTIGOS:
            destino = self.path.replace(nome, NOMES_ANTIGOS[nome], 1)
            return self.responder(b"", 307, {"Location": destino})
        repositorio = self.server.hub.repositorios.get(nome)
        if repositorio is None:
            return self.responder(b"", 404, {"X-Error-Code": "RepoNotFound"})
        if not repositorio.conhece(revisao):
            return self.responder(b"", 404, {"X-Error-Code": "RevisionNotFound"})
        fazer(repositorio)

    def api(self, repositorio: Repositorio, parte: str | None) -> None:
        fichas = [self.server.hub.ficha(a) for a in repositorio.arquivos()]
        if parte == "tree":
            itens = [
                {"type": "file", "path": f["nome"], "size": f["tamanho"], "oid": f["git"]}
                | ({"lfs": {"oid": f["sha"], "size": f["tamanho"], "pointerSize": 130}} if f["grande"] else {})
                for f in fichas
            ]
            return self.responder(json.dumps(itens).encode(), 200, {"Content-Type": "application/json"})
        completo = "blobs" in parse_qs(urlsplit(self.path).query) and not self.server.hub.espelho
        irmaos = [
            {"rfilename": f["nome"]}
            | ({"size": f["tamanho"], "blobId": f["git"]} if completo else {})
            | (
                {"lfs": {"sha256": f["sha"], "size": f["tamanho"], "pointerSize": 130}}
                if completo and f["grande"]
                else {}
            )
            for f in fichas
        ]
        dados = {"_id": "0", "id": repositorio.nome, "sha": repositorio.commit, "siblings": irmaos, "private": False}
        self.responder(json.dumps(dados).encode(), 200, {"Content-Type": "application/json"})

    def resolver(self, repositorio: Repositorio, nome: str) -> None:
        do_commit = {"X-Repo-Commit": repositorio.commit}
        arquivo = repositorio.pasta / nome
        if arquivo.parent != repositorio.pasta or not arquivo.is_file():
            return self.responder(b"", 404, do_commit | {"X-Error-Code": "EntryNotFound"})
        ficha = self.server.hub.ficha(arquivo)
        if ficha["grande"]:
            ligado = {"X-Linked-Etag": f'"{ficha["sha"]}"', "X-Linked-Size": str(ficha["tamanho"])}
            destino = f"{self.server.hub.deposito}/cdn/{ficha['sha']}"
            return self.responder(b"", 302, do_commit | ligado | {"Location": destino})
        self.mandar(arquivo, do_commit)

    def mandar(self, arquivo: Path, cabecalhos: dict[str, str] | None = None) -> None:
        ficha, dados = self.server.hub.ficha(arquivo), self.estragar(arquivo.read_bytes())
        cabecalhos = {"ETag": f'"{ficha["etag"]}"', "Accept-Ranges": "bytes"} | (cabecalhos or {})
        faixa = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not faixa:
            return self.responder(dados, 200, cabecalhos)
        de, ate = int(faixa[1]), int(faixa[2] or len(dados) - 1)
        if de >= len(dados):
            return self.responder(b"", 416, {"Content-Range": f"bytes */{len(dados)}"})
        cabecalhos["Content-Range"] = f"bytes {de}-{ate}/{len(dados)}"
        self.responder(dados[de : ate + 1], 206, cabecalhos)

    def responder(self, corpo: bytes, codigo: int = 200, cabecalhos: dict[str, str] | None = None) -> None:
        self.send_response(codigo)
        for nome, valor in (cabecalhos or {}).items():
            if valor:
                self.send_header(nome, valor)
        self.send_header("Content-Length", str(len(corpo)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.cortar_em is not None:
            corpo, self.close_connection = corpo[: self.cortar_em], True
        for de in range(0, len(corpo), 1 << 16):
            self.wfile.write(corpo[de : de + (1 << 16)])
            time.sleep(self.server.hub.lentidao_s)
        self.server.hub.bytes_mandados += len(corpo)


class Servidor(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def handle_error(self, pedido, endereco) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # quem pediu foi embora no meio: é parte da prova
            super().handle_error(pedido, endereco)


class HubDeMentira:
    """``with HubDeMentira(acervo()) as hub: …``; ``hub.endereco`` vai para ``HF_ENDPOINT``."""

    def __init__(self, repositorios: dict[str, Repositorio]):
        self.repositorios = repositorios
        self._fichas: dict[Path, dict] = {}
        self.por_sha = {self.ficha(a)["sha"]: a for r in repositorios.values() for a in r.arquivos()}
        self.lentidao_s = 0.0
        self.zerar()

    def zerar(self) -> None:
        """Esquece as falhas mandadas e os pedidos recebidos."""
        self.pedidos: list[tuple[str, str, str]] = []
        self.bytes_mandados = 0
        self.espelho = False  # verdadeiro: responde como um espelho olah, que não repassa o pedido de tamanhos
        self._falhas: list[list] = []

    def falhar(self, padrao: str, falha: Callable, vezes: int | None = None) -> None:
        """Os próximos ``vezes`` pedidos (todos, sem ``vezes``) cujo ``MÉTODO /caminho`` casa com ``padrao`` falham."""
        self._falhas.append([re.compile(padrao), falha, vezes])

    def falha_para(self, pedido: str) -> Callable | None:
        for item in self._falhas:
            padrao, falha, vezes = item
            if padrao.search(pedido) and vezes != 0:
                item[2] = None if vezes is None else vezes - 1
                return falha
        return None

    def modelos_baixados(self) -> list[str]:
        """Os repositórios de que alguém pediu os pesos."""
        achados = (re.fullmatch(r"/(.+)/resolve/[^/]+/.+\.safetensors", c) for m, c, _ in self.pedidos if m == "GET")
        return sorted({achado[1] for achado in achados if achado})

    def ficha(self, arquivo: Path) -> dict:
        if arquivo not in self._fichas:
            dados = arquivo.read_bytes()
            grande, sha = arquivo.name.endswith(GRANDES), hashlib.sha256(dados).hexdigest()
            git = hashlib.sha1(b"blob %d\0" % len(dados) + dados).hexdigest()
            self._fichas[arquivo] = {
                "nome": arquivo.name,
                "tamanho": len(dados),
                "sha": sha,
                "git": git,
                "grande": grande,
                "etag": sha if grande else git,
            }
        return self._fichas[arquivo]

    def __enter__(self) -> HubDeMentira:
        encerrando = threading.Event()
        # Dois servidores, porque no Hub de verdade os arquivos grandes vêm de outro endereço.
        self._servidores = [Servidor(("127.0.0.1", 0), Pedido) for _ in range(2)]
        for servidor in self._servidores:
            servidor.hub, servidor.encerrando = self, encerrando
            threading.Thread(target=servidor.serve_forever, args=(0.05,), daemon=True).start()
        self.endereco, self.deposito = (f"http://127.0.0.1:{s.server_port}" for s in self._servidores)
        return self

    def __exit__(self, *_) -> None:
        for servidor in self._servidores:
            servidor.encerrando.set()
            servidor.shutdown()
            servidor.server_close()
