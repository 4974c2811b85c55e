"""O servidor do Hub local: que endereço faz o quê. Só atende a esta máquina."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from curso.hub_local import fichas
from curso.hub_local.acervo import Acervo, Commit, Recusa, Repositorio
from curso.hub_local.envio import Envio
from curso.hub_local.gestao import Gestao
from curso.hub_local.metadados import conferir_cartao

TIPOS = {"models": "model", "datasets": "dataset"}


class PedidoAoHub(Gestao, Envio):
    """Lê o endereço e chama quem sabe: a gestão, o envio, ou a leitura, que está aqui."""

    def atender(self) -> None:
        if self.headers.get("Host", "").rpartition(":")[0] not in {"127.0.0.1", "localhost"}:
            raise Recusa(403, "O Hub local só atende a esta máquina.")
        partes = [unquote(parte) for parte in self.caminho.strip("/").split("/")]
        leitura, self.quem = self.command in {"GET", "HEAD"}, None
        match partes:
            case [""] if leitura:
                return self.responder(b"Hub local")
            case ["grandes", segredo] if self.command == "PUT":
                return self.receber_grande(segredo)
        self.quem = self.identificar()
        match partes:
            case ["api", "whoami-v2"] if leitura:
                return self.quem_sou()
            case ["api", "validate-yaml"] if self.command == "POST":
                return self.conferir_yaml()
            case ["api", "repos", acao] if self.command in {"POST", "DELETE"}:
                return self.mexer_em_repositorios(acao)
            case ["api", ("models" | "datasets") as tipo] if leitura:
                return self.buscar(TIPOS[tipo])
            case ["api", ("models" | "datasets") as tipo, dono, nome, *resto]:
                return self.com_repositorio(TIPOS[tipo], f"{dono}/{nome}", lambda r: self.api(r, resto))
            case ["datasets", dono, nome, *resto] if resto[:1] in (["resolve"], ["info"]) or nome.endswith(".git"):
                return self.fora_da_api("dataset", dono, nome, resto)
            case [dono, nome, *resto] if resto[:1] in (["resolve"], ["info"]):
                return self.fora_da_api("model", dono, nome, resto)
        raise Recusa(404, "O Hub local não tem este endereço.")

    def com_repositorio(self, tipo: str, nome: str, fazer: Callable[[Repositorio], None]) -> None:
        if (novo := self.hub.acervo.mudancas.get((tipo, nome))) and self.command in {"GET", "HEAD"}:
            destino = self.path.replace(quote(nome), quote(novo), 1)
            return self.responder(b"", 307, {"Location": destino})
        fazer(self.achar(tipo, nome))

    def conferir_yaml(self) -> None:
        dados = self.json()
        erros, avisos = conferir_cartao(dados.get("content"), str(dados.get("repoType")))
        resposta = {"errors": [{"message": e} for e in erros], "warnings": [{"message": a} for a in avisos]}
        self.responder_json(resposta, 400 if erros else 200)

    def buscar(self, tipo: str) -> None:
        with self.hub.acervo.tranca:
            vistos = [r for r in self.hub.acervo.repositorios.values() if r.tipo == tipo and self.visivel(r)]
        self.responder_json(fichas.busca([fichas.ficha(r, r.em("main")) for r in vistos], self.pergunta))

    def api(self, repositorio: Repositorio, resto: list[str]) -> None:
        leitura = self.command in {"GET", "HEAD"}
        if not leitura and resto[:1] != ["paths-info"]:
            self.exigir_dono(repositorio.dono)
        match self.command, resto:
            case "GET" | "HEAD", [] | ["revision", _]:
                commit = repositorio.em(resto[1] if resto else "main")
                dados = fichas.ficha(repositorio, commit, "blobs" in self.pergunta)
                self.responder_json(fichas.expandir(dados, self.pergunta) or dados)
            case "GET", ["tree", revisao, *pasta]:
                pedido = [
                    self.pergunta.get(nome, [""])[-1].lower() in {"1", "true"} for nome in ("recursive", "expand")
                ]
                self.responder_json(fichas.arvore(repositorio.em(revisao), "/".join(pasta), *pedido))
            case "POST", ["paths-info", revisao]:
                self.responder_json(self.caminhos(repositorio.em(revisao)))
            case "GET", ["commits", revisao]:
                self.responder_json(fichas.linhas_dos_commits(repositorio.em(revisao)))
            case "GET", ["refs"]:
                self.responder_json(fichas.referencias(repositorio))
            case "GET", ["auth-check"]:
                self.passar_pela_porteira(repositorio)
                self.responder_json({})
            case "POST", ["preupload", revisao]:
                self.responder_json({"files": self.destinos(repositorio.em(revisao))})
            case "POST", ["commit", ramo]:
                self.receber_commit(repositorio, ramo)
            case "PUT", ["settings"]:
                self.configurar(repositorio)
            case "POST" | "DELETE", [("branch" | "tag") as que, nome]:
                self.mexer_em_referencias(repositorio, que, nome)
            case _:
                raise Recusa(404, "O Hub local não tem este endereço.")

    def caminhos(self, commit: Commit) -> list[dict]:
        if "json" in self.headers.get("Content-Type", ""):
            pedidos = self.json().get("paths")
        else:
            pedidos = parse_qs(self.corpo.read(1 << 20).decode("utf-8", "replace")).get("paths")
        todos = {linha["path"]: linha for linha in fichas.arvore(commit, "", True, True)} if pedidos else {}
        return [todos[nome] for nome in fichas.em_lista(pedidos) if nome in todos]

    def fora_da_api(self, tipo: str, dono: str, nome: str, resto: list[str]) -> None:
        match self.command, resto:
            case "GET" | "HEAD", ["resolve", revisao, *arquivo]:
                self.com_repositorio(tipo, f"{dono}/{nome}", lambda r: self.resolver(r, revisao, "/".join(arquivo)))
            case "POST", ["info", "lfs", "objects", "batch"]:
                repositorio = self.achar(tipo, f"{dono}/{nome.removesuffix('.git')}")
                self.exigir_dono(repositorio.dono)
                self.anunciar_grandes()
            case _:
                raise Recusa(404, "O Hub local não tem este endereço.")

    def resolver(self, repositorio: Repositorio, revisao: str, nome: str) -> None:
        commit = repositorio.em(revisao)
        self.passar_pela_porteira(repositorio)
        arquivo = commit.arquivos.get(nome)
        if arquivo is None:
            return self.responder(b"", 404, {"X-Repo-Commit": commit.id, "X-Error-Code": "EntryNotFound"})
        cabecalhos = {"X-Repo-Commit": commit.id}
        if arquivo.grande:
            cabecalhos |= {"X-Linked-Etag": f'"{arquivo.etiqueta}"', "X-Linked-Size": str(arquivo.tamanho)}
        self.mandar(arquivo, cabecalhos)


class Servidor(ThreadingHTTPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 64


class HubLocal:
    """``with HubLocal(pasta) as hub: …``; ``hub.endereco`` e ``hub.token`` são os de ``HF_ENDPOINT`` e ``HF_TOKEN``."""

    def __init__(self, pasta: Path, acervo: Acervo | None = None):
        (pasta / "conteudos").mkdir(parents=True, exist_ok=True)
        self.acervo = acervo or Acervo(pasta / "conteudos")
        self.token = "hf_local" + secrets.token_hex(14)
        self.vagas: dict[str, tuple[str, int]] = {}

    def abrir_vaga(self, sha256: str, tamanho: int) -> str:
        segredo = secrets.token_urlsafe(24)
        self.vagas[segredo] = (sha256, tamanho)
        return f"{self.endereco}/grandes/{segredo}"

    def __enter__(self) -> HubLocal:
        self._servidor = Servidor(("127.0.0.1", 0), PedidoAoHub)
        self._servidor.hub = self
        threading.Thread(target=self._servidor.serve_forever, args=(0.1,), daemon=True, name="hub-local").start()
        self.endereco = f"http://127.0.0.1:{self._servidor.server_port}"
        return self

    def __exit__(self, *_) -> None:
        self._servidor.shutdown()
        self._servidor.server_close()
