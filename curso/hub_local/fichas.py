"""O que o Hub conta de um repositório: a ficha, a lista de arquivos, a busca. Funções puras, de objetos para JSON."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

import yaml

from curso.hub_local.acervo import Arquivo, Commit, Recusa, Repositorio

# A tarefa de um modelo sem cartão, como o Hub a adivinha: pelo nome da arquitetura.
TAREFAS = {
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
}
ORDENS = {"lastModified", "createdAt", "downloads", "likes", "trendingScore"}


def cabecalho_do_cartao(texto: str) -> str | None:
    """O YAML entre as duas linhas ``---`` do começo de um README."""
    achado = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", texto, re.DOTALL)
    return achado[1] if achado else None


def ler(commit: Commit, nome: str) -> str:
    arquivo = commit.arquivos.get(nome)
    if arquivo is None or arquivo.grande:
        return ""
    return arquivo.lugar.read_text(encoding="utf-8", errors="replace")


class _SemApelidos(yaml.SafeLoader):
    """Um YAML sem ``&nome`` nem ``*nome``: com eles, um texto curto pode virar um objeto infinito."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "apelido", self.peek_event().start_mark)
        return super().compose_node(parent, index)


def ler_yaml(texto: str) -> object:
    """O que o YAML diz; ``yaml.YAMLError`` se ele não diz nada que se entenda."""
    try:
        return yaml.load(texto, _SemApelidos)
    except (RecursionError, ValueError) as erro:  # colchetes demais; uma data que não existe
        raise yaml.YAMLError(str(erro)) from erro


def cartao(commit: Commit) -> dict:
    try:
        dados = ler_yaml(cabecalho_do_cartao(ler(commit, "README.md")) or "")
    except yaml.YAMLError:
        return {}
    return dados if isinstance(dados, dict) else {}


def configuracao(commit: Commit) -> dict:
    try:
        dados = json.loads(ler(commit, "config.json") or "{}")
    except ValueError:
        return {}
    return dados if isinstance(dados, dict) else {}


def em_lista(valor: object) -> list[str]:
    return [str(v) for v in (valor if isinstance(valor, list) else [valor]) if v not in (None, "")]


def ficha(repositorio: Repositorio, commit: Commit, com_tamanhos: bool = False) -> dict:
    """O que ``model_info`` e ``dataset_info`` recebem."""
    dados, config = cartao(commit), configuracao(commit)
    comum = {
        "_id": repositorio.commits[next(iter(repositorio.commits))].id[:24],
        "id": repositorio.nome,
        "author": repositorio.dono,
        "sha": commit.id,
        "lastModified": commit.data,
        "createdAt": repositorio.criado,
        "private": repositorio.privado,
        "gated": repositorio.porteira,
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "trendingScore": 0,
        "cardData": dados,
        "siblings": [irmao(n, a, com_tamanhos) for n, a in commit.arquivos.items()],
        "usedStorage": sum(
            {a.etiqueta: a.tamanho for c in repositorio.commits.values() for a in c.arquivos.values()}.values()
        ),
    }
    if repositorio.tipo == "dataset":
        campos = ("task_categories", "language", "size_categories", "license")
        return comum | {
            "tags": [f"{c}:{v}" for c in campos for v in em_lista(dados.get(c))] + em_lista(dados.get("tags"))
        }
    arquitetura = (em_lista(config.get("architectures")) or [""])[0]
    tarefa = dados.get("pipeline_tag") or next((t for fim, t in TAREFAS.items() if arquitetura.endswith(fim)), None)
    biblioteca = dados.get("library_name") or ("transformers" if arquitetura else None)
    em_safetensors = any(nome.endswith(".safetensors") for nome in commit.arquivos)
    etiquetas = [
        *em_lista(biblioteca),
        *(["safetensors"] if em_safetensors else []),
        *em_lista(config.get("model_type")),
        *em_lista(tarefa),
        *em_lista(dados.get("tags")),
        *em_lista(dados.get("language")),
        *(f"dataset:{v}" for v in em_lista(dados.get("datasets"))),
        *(f"base_model:{v}" for v in em_lista(dados.get("base_model"))),
        *(f"license:{v}" for v in em_lista(dados.get("license"))),
    ]
    mais = {"modelId": repositorio.nome, "tags": list(dict.fromkeys(etiquetas)), "pipeline_tag": tarefa}
    mais |= {
        "library_name": biblioteca,
        "config": {c: config[c] for c in ("architectures", "model_type") if c in config},
    }
    if pesos := contar_parametros(commit.arquivos.get("model.safetensors")):
        mais["safetensors"] = {"parameters": pesos, "total": sum(pesos.values())}
    return comum | mais


def contar_parametros(arquivo: Arquivo | None) -> dict[str, int]:
    """Quantos números há de cada tipo, lidos do cabeçalho do safetensors, sem tocar nos pesos."""
    conta: dict[str, int] = {}
    try:
        with open(arquivo.lugar, "rb") as origem:
            tamanho = int.from_bytes(origem.read(8), "little")
            if tamanho > 5_000_000:
                return {}
            for nome, tensor in json.loads(origem.read(tamanho)).items():
                if nome != "__metadata__":
                    total = 1
                    for lado in tensor["shape"]:
                        total *= lado
                    conta[tensor["dtype"]] = conta.get(tensor["dtype"], 0) + total
    except (AttributeError, OSError, ValueError, KeyError, TypeError):
        return {}  # não há pesos, ou o arquivo não é o que o nome diz
    return conta


def irmao(nome: str, arquivo: Arquivo, com_tamanhos: bool) -> dict:
    if not com_tamanhos:
        return {"rfilename": nome}
    dados = {"rfilename": nome, "size": arquivo.tamanho, "blobId": arquivo.git}
    if arquivo.grande:
        dados["lfs"] = {"sha256": arquivo.etiqueta, "size": arquivo.tamanho, "pointerSize": 134}
    return dados


def item(nome: str, arquivo: Arquivo, commit: Commit | None) -> dict:
    """Uma linha da árvore; com ``commit``, também o último em que o arquivo mudou."""
    dados = {"type": "file", "path": nome, "size": arquivo.tamanho, "oid": arquivo.git}
    if arquivo.grande:
        dados["lfs"] = {"oid": arquivo.etiqueta, "size": arquivo.tamanho, "pointerSize": 134}
    if commit:
        for ultimo in commit.historia():
            if not ultimo.pai or ultimo.pai.arquivos.get(nome) is not arquivo:
                break
        dados["lastCommit"] = {"id": ultimo.id, "title": ultimo.titulo, "date": ultimo.data}
    return dados


def arvore(commit: Commit, pasta: str, recursiva: bool, expandida: bool) -> list[dict]:
    comeco = f"{pasta}/" if pasta else ""
    dentro = {n: a for n, a in commit.arquivos.items() if n.startswith(comeco)}
    if pasta and not dentro:
        raise Recusa(404, f"{pasta} does not exist on this revision", "EntryNotFound")
    linhas: dict[str, dict] = {}
    for nome, arquivo in dentro.items():
        for acima in list(PurePosixPath(nome).parents)[-2::-1]:
            if str(acima).startswith(comeco) and (recursiva or "/" not in str(acima)[len(comeco) :]):
                linhas.setdefault(str(acima), {"type": "directory", "path": str(acima), "size": 0, "oid": commit.id})
        if recursiva or "/" not in nome[len(comeco) :]:
            linhas[nome] = item(nome, arquivo, commit if expandida else None)
    return list(linhas.values())


def linhas_dos_commits(commit: Commit) -> list[dict]:
    return [
        {
            "id": c.id,
            "title": c.titulo,
            "message": c.descricao,
            "date": c.data,
            "authors": [{"user": c.autor, "avatar": ""}],
            "formatted": {"title": c.titulo, "message": c.descricao},
        }
        for c in commit.historia()
    ]


def referencias(repositorio: Repositorio) -> dict:
    def linha(nome: str, tipo: str, commit: Commit) -> dict:
        return {"name": nome, "ref": f"refs/{tipo}/{nome}", "targetCommit": commit.id}

    return {
        "branches": [linha(nome, "heads", c) for nome, c in repositorio.ramos.items()],
        "tags": [linha(nome, "tags", c) for nome, (c, _) in repositorio.etiquetas.items()],
        "converts": [],
        "pullRequests": [],
    }


def busca(fichas: list[dict], pergunta: dict[str, list[str]]) -> list[dict]:
    """``list_models`` e ``list_datasets``: filtra, ordena e corta. ``pergunta`` são os parâmetros do endereço."""
    um = {nome: valores[-1] for nome, valores in pergunta.items()}
    exigidas = [parte for filtro in pergunta.get("filter", []) for parte in filtro.split(",")]
    exigidas += pergunta.get("pipeline_tag", [])
    palavras = um.get("search", "").lower().split()
    achadas = [
        f
        for f in fichas
        if all(p in f["id"].lower() for p in palavras)
        and ("author" not in um or f["author"] == um["author"])
        and ("gated" not in um or bool(f["gated"]) == (um["gated"].lower() == "true"))
        and all(e in f["tags"] for e in exigidas)
    ]
    achadas.sort(key=lambda f: f["id"])
    ordem = um.get("sort", "trendingScore")
    if ordem not in ORDENS:
        raise Recusa(400, f"Invalid sort parameter: {ordem}")
    achadas.sort(key=lambda f: f[ordem], reverse=um.get("direction", "-1") == "-1")
    limite = um.get("limit", "1000")
    if not limite.isdecimal():
        raise Recusa(400, "Invalid limit")
    so_no_detalhe = {"siblings", "cardData", "config", "safetensors", "usedStorage", "disabled"}
    if um.get("full", "").lower() == "true":
        so_no_detalhe = set()
    elif um.get("cardData", "").lower() == "true":
        so_no_detalhe.discard("cardData")
    return [
        expandir(f, pergunta) or {c: v for c, v in f.items() if c not in so_no_detalhe} for f in achadas[: int(limite)]
    ]


def expandir(dados: dict, pergunta: dict[str, list[str]]) -> dict | None:
    """Com ``expand``, só os campos pedidos."""
    pedidos = pergunta.get("expand", []) + pergunta.get("expand[]", [])
    return {c: v for c, v in dados.items() if c in {"_id", "id", *pedidos}} if pedidos else None
