"""Criar, mudar e apagar repositórios, ramos e etiquetas."""

from __future__ import annotations

from curso.hub_local.acervo import Recusa, Repositorio, referencia_limpa
from curso.hub_local.conta import USUARIO, ComConta


class Gestao(ComConta):
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
