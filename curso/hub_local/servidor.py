"""O servidor do Hub local: que endereço faz o quê, e quem pode. Só atende a esta máquina."""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from curso.hub_local import fichas
from curso.hub_local.acervo import (
    LIMITE_COMUM,
    Acervo,
    Commit,
    Recusa,
    Repositorio,
    caminho_limpo,
    referencia_limpa,
    vai_para_os_grandes,
)
from curso.hub_local.metadados import conferir_cartao
from curso.hub_local.pedido import Pedido

USUARIO, ORGANIZACAO = "aluno", "turma"
TIPOS = {"models": "model", "datasets": "dataset"}
LIMITE_DE_UM_ARQUIVO = 5_000_000_000


class PedidoAoHub(Pedido):
    @property
    def hub(self) -> HubLocal:
        return self.server.hub

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

    # -------------------------------------------------------------------- quem é

    def identificar(self) -> str | None:
        credencial = self.headers.get("Authorization")
        if credencial is None:
            return None
        if not secrets.compare_digest(credencial.encode(), f"Bearer {self.hub.token}".encode()):
            raise Recusa(401, "Invalid credentials in Authorization header")
        return USUARIO

    def exigir_conta(self) -> None:
        if self.quem is None:
            raise Recusa(401, "Invalid username or password.")

    def exigir_dono(self, dono: str) -> None:
        self.exigir_conta()
        if dono not in {USUARIO, ORGANIZACAO}:
            raise Recusa(403, f"You don't have the rights to write under the namespace {dono!r}")

    def quem_sou(self) -> None:
        self.exigir_conta()
        org = {"type": "org", "id": "0" * 23 + "2", "name": ORGANIZACAO, "fullname": "Turma", "roleInOrg": "write"}
        acesso = {"displayName": "curso", "role": "write", "createdAt": "2026-01-01T12:00:00.000Z"}
        self.responder_json(
            {
                **{"type": "user", "id": "0" * 23 + "1", "name": USUARIO, "fullname": "Aluno do curso", "isPro": False},
                **{"orgs": [org | {"isEnterprise": False}], "auth": {"type": "access_token", "accessToken": acesso}},
            }
        )

    # ------------------------------------------------------------- repositórios

    def visivel(self, repositorio: Repositorio) -> bool:
        return not repositorio.privado or (self.quem is not None and repositorio.dono in {USUARIO, ORGANIZACAO})

    def achar(self, tipo: str, nome: str) -> Repositorio:
        achado = self.hub.acervo.repositorios.get((tipo, nome))
        if achado is None or not self.visivel(achado):
            # O Hub responde o mesmo aos dois casos: quem não pode ver um repositório nem fica sabendo que ele existe.
            raise Recusa(404 if self.quem else 401, "Repository not found", "RepoNotFound")
        return achado

    def com_repositorio(self, tipo: str, nome: str, fazer: Callable[[Repositorio], None]) -> None:
        if (novo := self.hub.acervo.mudancas.get((tipo, nome))) and self.command in {"GET", "HEAD"}:
            destino = self.path.replace(quote(nome), quote(novo), 1)
            return self.responder(b"", 307, {"Location": destino})
        fazer(self.achar(tipo, nome))

    def mexer_em_repositorios(self, acao: str) -> None:
        dados, acervo = self.json(), self.hub.acervo
        tipo = dados.get("type") or "model"
        if acao == "move":
            de, para = str(dados.get("fromRepo")), str(dados.get("toRepo"))
            self.exigir_dono(de.split("/")[0])
            self.exigir_dono(para.split("/")[0])
            with self.hub.acervo.tranca:
                acervo.mudar_nome(self.achar(tipo, de), para, self.quem)
            return self.responder_json({})
        nome = f"{dados.get('organization') or USUARIO}/{dados.get('name')}"
        if acao == "create" and self.command == "POST":
            self.exigir_conta()
            prefixo = "datasets/" if tipo == "dataset" else ""
            endereco = {"url": f"{self.hub.endereco}/{prefixo}{nome}", "name": nome}
            with self.hub.acervo.tranca:
                if (tipo, nome) in acervo.repositorios and self.visivel(acervo.repositorios[tipo, nome]):
                    # 409 traz também o endereço: é o que ``exist_ok=True`` devolve.
                    return self.responder_json(endereco | {"error": f"You already created this {tipo} repo"}, 409)
                self.exigir_dono(nome.split("/")[0])
                privado = dados.get("visibility") == "private" or dados.get("private") is True
                acervo.criar(tipo, nome, privado, self.quem)
            return self.responder_json(endereco)
        if acao == "delete" and self.command == "DELETE":
            with self.hub.acervo.tranca:
                repositorio = self.achar(tipo, nome)
                self.exigir_dono(repositorio.dono)
                del acervo.repositorios[tipo, nome]
            return self.responder_json({})
        raise Recusa(404, "O Hub local não tem este endereço.")

    def conferir_yaml(self) -> None:
        dados = self.json()
        erros, avisos = conferir_cartao(dados.get("content"), str(dados.get("repoType")))
        resposta = {"errors": [{"message": e} for e in erros], "warnings": [{"message": a} for a in avisos]}
        self.responder_json(resposta, 400 if erros else 200)

    def buscar(self, tipo: str) -> None:
        with self.hub.acervo.tranca:
            vistos = [r for r in self.hub.acervo.repositorios.values() if r.tipo == tipo and self.visivel(r)]
        self.responder_json(fichas.busca([fichas.ficha(r, r.em("main")) for r in vistos], self.pergunta))

    # ------------------------------------------------------- api de um repositório

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

    def configurar(self, repositorio: Repositorio) -> None:
        dados = self.json()
        if "visibility" in dados or "private" in dados:
            repositorio.privado = dados.get("visibility") == "private" or dados.get("private") is True
        if "gated" in dados:
            if dados["gated"] not in ("auto", "manual", False):
                raise Recusa(400, "gated must be one of auto, manual, false")
            repositorio.porteira = dados["gated"]
        self.responder_json({"private": repositorio.privado, "gated": repositorio.porteira})

    def mexer_em_referencias(self, repositorio: Repositorio, que: str, nome: str) -> None:
        guardadas: dict = repositorio.ramos if que == "branch" else repositorio.etiquetas
        if self.command == "DELETE":
            if que == "branch" and nome == "main":
                raise Recusa(403, "Cannot delete the main branch")
            if nome not in guardadas:
                raise Recusa(404, f"Reference not found: {nome}", "RevisionNotFound")
            del guardadas[nome]
            return self.responder_json({})
        dados = self.json()
        revisao = str(dados.get("startingPoint") or "main") if que == "branch" else nome
        novo = referencia_limpa(nome if que == "branch" else dados.get("tag"))
        if novo in guardadas:
            raise Recusa(409, f"Reference already exists: {novo}")
        commit = repositorio.em(revisao)
        guardadas[novo] = commit if que == "branch" else (commit, str(dados.get("message") or ""))
        self.responder_json({})

    def caminhos(self, commit: Commit) -> list[dict]:
        if "json" in self.headers.get("Content-Type", ""):
            pedidos = self.json().get("paths")
        else:
            pedidos = parse_qs(self.corpo.read(1 << 20).decode("utf-8", "replace")).get("paths")
        todos = {linha["path"]: linha for linha in fichas.arvore(commit, "", True, True)} if pedidos else {}
        return [todos[nome] for nome in fichas.em_lista(pedidos) if nome in todos]

    # -------------------------------------------------------------------- envio

    def destinos(self, commit: Commit) -> list[dict]:
        """Para cada arquivo: se vai dentro do commit ou pelo caminho dos grandes, e a etiqueta do que já está lá."""
        from huggingface_hub.utils import filter_repo_objects

        dados = self.json()
        ignorar = dados.get("gitIgnore")
        if ignorar is None:
            ignorar = fichas.ler(commit, ".gitignore")
        ignorar = [linha.strip() for linha in str(ignorar).splitlines() if linha.strip() and not linha.startswith("#")]
        resposta = []
        for pedido in dados.get("files") or []:
            try:
                nome, tamanho = caminho_limpo(pedido["path"]), int(pedido["size"])
                amostra = base64.b64decode(pedido.get("sample") or "")
            except (KeyError, TypeError, ValueError):
                raise Recusa(400, "Falta o nome ou o tamanho de um arquivo.") from None
            atual = commit.arquivos.get(nome)
            resposta.append(
                {
                    "path": nome,
                    "uploadMode": "lfs" if vai_para_os_grandes(nome, tamanho, amostra) else "regular",
                    "shouldIgnore": bool(ignorar) and not list(filter_repo_objects([nome], ignore_patterns=ignorar)),
                    "oid": atual.etiqueta if atual else None,
                }
            )
        return resposta

    def receber_commit(self, repositorio: Repositorio, ramo: str) -> None:
        if self.pergunta.get("create_pr", ["0"])[-1] in {"1", "true", "True"}:
            raise Recusa(403, "O Hub local não tem pull requests; o Hub de verdade tem.")
        if ramo not in repositorio.ramos:
            raise Recusa(404, f"Invalid rev id: {ramo}", "RevisionNotFound")
        acervo, titulo, descricao, esperado, novos, retirados = self.hub.acervo, "", "", "", {}, []
        for chave, valor in self.linhas_json():
            if chave == "header":
                titulo, descricao = str(valor.get("summary") or ""), str(valor.get("description") or "")
                esperado = str(valor.get("parentCommit") or "")
            elif chave == "file":
                novos[caminho_limpo(valor.get("path"))] = acervo.guardar(valor["path"], conteudo(valor))
            elif chave == "lfsFile":
                novos[caminho_limpo(valor.get("path"))] = acervo.recebido(valor.get("oid"))
            elif chave in {"deletedFile", "deletedFolder"}:
                nome = caminho_limpo(str(valor.get("path")).rstrip("/"))
                retirados.append(nome + "/" * (chave == "deletedFolder"))
            else:
                raise Recusa(400, f"O Hub local não sabe fazer {chave!r} em um commit.")
        if not titulo:
            raise Recusa(400, "Um commit precisa de um título.")
        with acervo.tranca:
            if not repositorio.ramos[ramo].id.startswith(esperado):
                raise Recusa(412, "A commit has happened since. Please refresh and try again.")
            commit = acervo.fazer_commit(repositorio, ramo, titulo, novos, retirados, descricao, self.quem)
        prefixo = "datasets/" if repositorio.tipo == "dataset" else ""
        endereco = f"{self.hub.endereco}/{prefixo}{repositorio.nome}/commit/{commit.id}"
        self.responder_json({"success": True, "commitOid": commit.id, "commitUrl": endereco, "hookOutput": ""})

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

    def anunciar_grandes(self) -> None:
        resposta = []
        for pedido in self.json().get("objects") or []:
            sha, tamanho = (pedido.get("oid"), pedido.get("size")) if isinstance(pedido, dict) else (None, None)
            lugar, linha = self.hub.acervo.lugar(sha), {"oid": sha, "size": tamanho}
            if not isinstance(tamanho, int) or not 0 <= tamanho <= LIMITE_DE_UM_ARQUIVO:
                raise Recusa(413, "O Hub local aceita arquivos de até 5 GB.")
            if not lugar.exists():
                linha["actions"] = {"upload": {"href": self.hub.abrir_vaga(sha, tamanho)}}
            resposta.append(linha)
        self.responder_json({"transfer": "basic", "objects": resposta})

    def receber_grande(self, segredo: str) -> None:
        # Como no Hub, quem envia os bytes não mostra o token: o endereço secreto é a licença.
        if segredo not in self.hub.vagas:
            raise Recusa(403, "Este endereço de envio não vale, ou já foi usado.")
        self.hub.acervo.receber(self.corpo, *self.hub.vagas[segredo])
        self.hub.vagas.pop(segredo, None)
        self.responder()

    # ------------------------------------------------------------------- leitura

    def passar_pela_porteira(self, repositorio: Repositorio) -> None:
        if repositorio.porteira and (self.quem is None or repositorio.dono not in {USUARIO, ORGANIZACAO}):
            frase = f"Access to {repositorio.tipo} {repositorio.nome} is restricted. You must have access to it."
            raise Recusa(403 if self.quem else 401, frase, "GatedRepo")

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


def conteudo(valor: dict) -> bytes:
    texto = valor.get("content")
    try:
        dados = base64.b64decode(texto, validate=True) if valor.get("encoding") == "base64" else str(texto).encode()
    except (binascii.Error, TypeError, ValueError):
        raise Recusa(400, "O conteúdo de um arquivo não está em base64.") from None
    if len(dados) > LIMITE_COMUM:
        raise Recusa(413, "Um arquivo com mais de 10 MB precisa ir pelo caminho dos grandes.")
    return dados


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
