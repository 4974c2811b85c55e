"""As verificações de «4.2 Compartilhando»."""

from __future__ import annotations

from curso.exercicios import exercicio
from curso.laboratorios.envio import risco

PASTA = [
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "antigos/2024/config.json",
    "antigos/2024/model.safetensors",
    "antigos/pesos.pt",
    "melhor.pkl",
    "treino.log",
    "entrevistas.xlsx",
    "servidor.key",
]
DEVEM_SUBIR = PASTA[:5]


@exercicio("04-2.a", erro_tipico='ignorar = ["antigos", "*.pkl", "*.log", "*.xlsx", "*.key"]')
def padroes_para_ignorar(resposta) -> str | None:
    from huggingface_hub.utils import filter_repo_objects

    if isinstance(resposta, str):
        resposta = [resposta]
    if not isinstance(resposta, (list, tuple)) or not all(isinstance(p, str) for p in resposta):
        return "a resposta é uma lista de textos, cada um com um padrão."
    sobem = list(filter_repo_objects(PASTA, ignore_patterns=list(resposta)))
    faltam = [nome for nome in DEVEM_SUBIR if nome not in sobem]
    if faltam:
        return f"`{faltam[0]}` também ficou de fora, e sem ele o modelo não abre. Algum padrão está largo demais."
    demais = [nome for nome in sobem if nome not in DEVEM_SUBIR]
    if not demais:
        return None
    if any("/" in nome for nome in demais):
        return f"`{demais[0]}` ainda sobe. Para uma pasta inteira, o padrão é `pasta/*`, ou `pasta/`."
    return f"`{demais[0]}` ainda sobe ({risco(demais[0])})."


@exercicio("04-2.b", erro_tipico='api.create_tag(livro, tag="v1"); etiquetas = {"v1": api.model_info(livro).sha}')
def etiqueta_no_passado(resposta) -> str | None:
    from huggingface_hub import HfApi

    api = HfApi()
    livro = f"{api.whoami()['name']}/livro"
    nome, commits = "v1", api.list_repo_commits(livro)
    etiquetas = {e.name: e.target_commit for e in api.list_repo_refs(livro).tags}
    if not isinstance(resposta, dict):
        return "a resposta é um dicionário, do nome de cada etiqueta ao commit dela, como a última linha mostra."
    if nome not in etiquetas:
        return f"o repositório ainda não tem a etiqueta `{nome}`."
    bom = next(c.commit_id for c in commits if c.title == "Capítulo 2")
    if etiquetas[nome] == bom and resposta == etiquetas:
        return None
    if etiquetas[nome] == commits[0].commit_id:
        return "ela marca o último commit. Apague-a com `delete_tag`, e crie-a de novo com `revision=`."
    if etiquetas[nome] != bom:
        return "ela marca outro commit. Procure o que se chama «Capítulo 2» em `list_repo_commits`."
    return "a etiqueta está certa; a resposta, não. Leia as etiquetas com `list_repo_refs(livro).tags`."


@exercicio("04-2.c", erro_tipico="vazaram = [c.title for c in api.list_repo_commits(diario)]")
def commits_com_o_segredo(resposta) -> str | None:
    from huggingface_hub import HfApi

    if isinstance(resposta, str) or not isinstance(resposta, (list, tuple, set)):
        return "a resposta é uma lista com os títulos dos commits."
    api = HfApi()
    diario = f"{api.whoami()['name']}/diario"
    commits = api.list_repo_commits(diario)
    certos = {c.title for c in commits if ".env" in api.list_repo_files(diario, revision=c.commit_id)}
    if set(resposta) == certos:
        return None
    if set(resposta) == {c.title for c in commits}:
        return "são todos os commits. Pergunte a cada um que arquivos ele tem: `revision=` aceita o `commit_id`."
    if not resposta:
        return "o arquivo não está mais em `main`, mas está em commits antigos. Percorra `list_repo_commits`."
    if set(resposta) < certos:
        return "falta algum: o arquivo fica em todos os commits, do que o trouxe até o anterior ao que o apagou."
    return "há um título a mais: um commit que já não tem, ou ainda não tinha, o arquivo."
