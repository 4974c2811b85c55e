"""Receber arquivos: o que vai dentro do commit, e os grandes, que vão antes e por outro caminho."""

from __future__ import annotations

import base64
import binascii

from curso.hub_local import fichas
from curso.hub_local.acervo import LIMITE_COMUM, Commit, Recusa, Repositorio, caminho_limpo, vai_para_os_grandes
from curso.hub_local.conta import ComConta

LIMITE_DE_UM_ARQUIVO = 5_000_000_000


class Envio(ComConta):
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


def conteudo(valor: dict) -> bytes:
    texto = valor.get("content")
    try:
        dados = base64.b64decode(texto, validate=True) if valor.get("encoding") == "base64" else str(texto).encode()
    except (binascii.Error, TypeError, ValueError):
        raise Recusa(400, "O conteúdo de um arquivo não está em base64.") from None
    if len(dados) > LIMITE_COMUM:
        raise Recusa(413, "Um arquivo com mais de 10 MB precisa ir pelo caminho dos grandes.")
    return dados
