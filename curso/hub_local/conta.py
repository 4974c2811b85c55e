"""Quem pede, e o que pode ver e mexer. É a base de todos os pedidos ao Hub local."""

from __future__ import annotations

import secrets

from curso.hub_local.acervo import Recusa, Repositorio
from curso.hub_local.pedido import Pedido

USUARIO, ORGANIZACAO = "aluno", "turma"


class ComConta(Pedido):
    """Um pedido de alguém: ``quem`` é a conta do token apresentado, ou ``None``."""

    quem: str | None = None

    @property
    def hub(self):
        """O ``HubLocal`` que atende este pedido."""
        return self.server.hub

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

    def visivel(self, repositorio: Repositorio) -> bool:
        return not repositorio.privado or (self.quem is not None and repositorio.dono in {USUARIO, ORGANIZACAO})

    def achar(self, tipo: str, nome: str) -> Repositorio:
        achado = self.hub.acervo.repositorios.get((tipo, nome))
        if achado is None or not self.visivel(achado):
            # O Hub responde o mesmo aos dois casos: quem não pode ver um repositório nem fica sabendo que ele existe.
            raise Recusa(404 if self.quem else 401, "Repository not found", "RepoNotFound")
        return achado

    def passar_pela_porteira(self, repositorio: Repositorio) -> None:
        if repositorio.porteira and (self.quem is None or repositorio.dono not in {USUARIO, ORGANIZACAO}):
            frase = f"Access to {repositorio.tipo} {repositorio.nome} is restricted. You must have access to it."
            raise Recusa(403 if self.quem else 401, frase, "GatedRepo")
