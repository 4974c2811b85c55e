"""Cada operação, pela própria huggingface_hub: o que ela envia, o Hub local guarda e devolve igual."""

from __future__ import annotations

import concurrent.futures
import hashlib
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from curso.projeto import MODELOS, dados_do_projeto

ENCODER = "curso-hf-pt/encoder-mirim"


def baixar(api: HfApi, repo: str, nome: str, pasta: Path, **mais) -> bytes:
    return Path(api.hf_hub_download(repo, nome, cache_dir=pasta, **mais)).read_bytes()


# ------------------------------------------------------------------- o que há lá


def test_a_conta(api):
    eu = api.whoami()
    assert eu["name"] == "aluno" and [o["name"] for o in eu["orgs"]] == ["turma"]
    with pytest.raises(HfHubHTTPError):
        api.whoami(token="hf_vazou")


def test_os_modelos_do_curso_estao_inteiros(api, tmp_path):
    pasta = Path(api.snapshot_download(ENCODER, cache_dir=tmp_path))
    de_casa = {a.name: a.read_bytes() for a in (MODELOS / "encoder-mirim").iterdir()}
    assert {a.name: a.read_bytes() for a in pasta.iterdir() if a.name != ".gitattributes"} == de_casa


def test_a_ficha_de_um_modelo(api):
    ficha = api.model_info(ENCODER, files_metadata=True)
    assert ficha.pipeline_tag == "fill-mask" and ficha.library_name == "transformers"
    assert ficha.card_data.license == "apache-2.0" and {"pt", "license:apache-2.0", "safetensors"} <= set(ficha.tags)
    assert ficha.safetensors.total == 2391136
    pesos = next(i for i in ficha.siblings if i.rfilename == "model.safetensors")
    assert (
        pesos.lfs.sha256 == hashlib.sha256((MODELOS / "encoder-mirim" / "model.safetensors").read_bytes()).hexdigest()
    )
    assert api.model_info(ENCODER, expand=["tags"]).siblings is None
    assert api.get_safetensors_metadata(ENCODER).parameter_count == {"F16": 2391136}


@pytest.mark.parametrize(
    ("pergunta", "achados"),
    [
        ({"author": "curso-hf-pt", "pipeline_tag": "text-generation"}, ["conversa-mirim", "decoder-mirim"]),
        ({"filter": ["translation", "dataset:frases"]}, ["en-pt-mirim"]),
        ({"search": "PT-mirim"}, ["en-pt-mirim"]),
        ({"gated": True}, ["modelo-com-porteira"]),
        ({"author": "curso-hf-pt", "sort": "last_modified", "limit": 1}, ["modelo-com-porteira"]),
        ({"search": "gpt-5"}, []),
    ],
)
def test_a_busca(api, pergunta, achados):
    assert [m.id.split("/")[1] for m in api.list_models(**pergunta)] == achados


def test_a_busca_de_conjuntos(api):
    achados = api.list_datasets(author="curso-hf-pt", filter="task_categories:token-classification")
    assert [d.id for d in achados] == ["curso-hf-pt/entidades"]


def test_a_porteira(api, anonima, tmp_path):
    modelo = "curso-hf-pt/modelo-com-porteira"
    assert api.model_info(modelo).gated == "manual" and "config.json" in api.list_repo_files(modelo)
    for quem in (api, anonima):
        with pytest.raises(GatedRepoError):
            baixar(quem, modelo, "config.json", tmp_path)
        with pytest.raises(GatedRepoError):
            quem.auth_check(modelo)


@pytest.mark.parametrize(
    ("repo", "nome", "revisao", "erro"),
    [
        ("aluno/nao-existe", "config.json", None, RepositoryNotFoundError),
        (ENCODER, "nao-existe.json", None, RemoteEntryNotFoundError),
        (ENCODER, "config.json", "v9", RevisionNotFoundError),
        (ENCODER, "config.json", "0123456", RevisionNotFoundError),
    ],
)
def test_o_que_nao_existe(api, tmp_path, repo, nome, revisao, erro):
    with pytest.raises(erro):
        baixar(api, repo, nome, tmp_path, revision=revisao)


# ------------------------------------------------------------------------ enviar


def test_enviar_arquivos_pequenos_grandes_e_em_subpastas(api, novo, tmp_path):
    grande = b"\0\1" * 6_000_000
    api.upload_file(path_or_fileobj=grande, path_in_repo="pesos/model.safetensors", repo_id=novo)
    api.upload_file(path_or_fileobj="ação\n".encode(), path_in_repo="notas/lição.txt", repo_id=novo)
    api.upload_file(path_or_fileobj=b"", path_in_repo="vazio.txt", repo_id=novo)
    assert baixar(api, novo, "pesos/model.safetensors", tmp_path) == grande
    assert baixar(api, novo, "notas/lição.txt", tmp_path).decode() == "ação\n"
    assert baixar(api, novo, "vazio.txt", tmp_path) == b""
    arvore = {a.path: getattr(a, "size", None) for a in api.list_repo_tree(novo, recursive=True)}
    assert arvore["notas"] is None and arvore["pesos/model.safetensors"] == len(grande)
    assert [a.path for a in api.list_repo_tree(novo, "notas")] == ["notas/lição.txt"]
    info = api.get_paths_info(novo, ["vazio.txt", "nada.txt"], expand=True)
    assert [i.path for i in info] == ["vazio.txt"] and info[0].last_commit.title.startswith("Upload vazio.txt")


def test_upload_folder_com_padroes(api, novo, tmp_path):
    for nome in ("config.json", "runs/log.txt", "checkpoint-10/optimizer.pt", "model.safetensors"):
        (tmp_path / nome).parent.mkdir(exist_ok=True)
        (tmp_path / nome).write_text(nome)
    api.upload_folder(repo_id=novo, folder_path=tmp_path, ignore_patterns=["runs/*", "checkpoint-*/"])
    assert set(api.list_repo_files(novo)) == {".gitattributes", "config.json", "model.safetensors"}
    api.upload_folder(repo_id=novo, folder_path=tmp_path, allow_patterns="config.json", delete_patterns="*.safetensors")
    assert set(api.list_repo_files(novo)) == {".gitattributes", "config.json"}


def test_gitignore_vale(api, novo):
    arquivos = {".gitignore": b"*.log\n# nada\nsegredos/\n", "a.log": b"x", "segredos/b.txt": b"x", "c.txt": b"x"}
    operacoes = [CommitOperationAdd(nome, dados) for nome, dados in arquivos.items()]
    api.create_commit(novo, operacoes, commit_message="Tudo")
    assert set(api.list_repo_files(novo)) == {".gitattributes", ".gitignore", "c.txt"}


def test_o_que_nao_mudou_nao_faz_commit(api, novo):
    for conteudo in (b"um", b"um", b"dois", b"dois"):
        api.upload_file(path_or_fileobj=conteudo, path_in_repo="a.txt", repo_id=novo)
        api.upload_file(path_or_fileobj=conteudo * 9, path_in_repo="a.bin", repo_id=novo)
    assert len(api.list_repo_commits(novo)) == 5


def test_o_mesmo_conteudo_da_o_mesmo_commit(api, novo):
    ids = []
    for _ in range(2):
        api.delete_repo(novo)
        api.create_repo(novo)
        ids.append(api.upload_file(path_or_fileobj=b"x", path_in_repo="a.txt", repo_id=novo).oid)
    assert ids[0] == ids[1] and len(ids[0]) == 40


def test_apagar(api, novo):
    operacoes = [CommitOperationAdd(nome, b"x") for nome in ("a.txt", "b/c.txt", "b/d.txt")]
    api.create_commit(novo, operacoes, commit_message="Três")
    api.delete_file("a.txt", novo)
    api.delete_folder("b", novo)
    assert api.list_repo_files(novo) == [".gitattributes"]
    with pytest.raises(RemoteEntryNotFoundError):
        api.delete_file("a.txt", novo)


def test_dois_commits_com_o_mesmo_pai(api, novo):
    pai = api.model_info(novo).sha
    operacoes = [CommitOperationAdd("a.txt", b"x")]
    api.create_commit(novo, operacoes, commit_message="Primeiro", parent_commit=pai)
    operacoes = [CommitOperationDelete("a.txt")]
    with pytest.raises(HfHubHTTPError, match="A commit has happened since"):
        api.create_commit(novo, operacoes, commit_message="Segundo", parent_commit=pai)


def test_dez_envios_ao_mesmo_tempo(api, novo):
    def enviar(i: int) -> None:
        api.upload_file(path_or_fileobj=b"%d" % i * 1000, path_in_repo=f"{i}.bin", repo_id=novo)

    with concurrent.futures.ThreadPoolExecutor(10) as turma:
        list(turma.map(enviar, range(10)))
    assert len(api.list_repo_files(novo)) == 11 and len(api.list_repo_commits(novo)) == 11


# ---------------------------------------------------------------------- revisões


def test_uma_revisao_fixada_nao_muda(api, novo, tmp_path):
    api.upload_file(path_or_fileobj=b"um", path_in_repo="a.txt", repo_id=novo)
    api.create_tag(novo, tag="v1", tag_message="A primeira")
    primeiro = api.model_info(novo).sha
    api.create_branch(novo, branch="teste")
    api.upload_file(path_or_fileobj=b"dois", path_in_repo="a.txt", repo_id=novo)
    api.upload_file(path_or_fileobj=b"tres", path_in_repo="a.txt", repo_id=novo, revision="teste")
    lidos = {r: baixar(api, novo, "a.txt", tmp_path, revision=r) for r in ("main", "v1", "teste", primeiro)}
    assert lidos == {"main": b"dois", "v1": b"um", "teste": b"tres", primeiro: b"um"}
    referencias = api.list_repo_refs(novo)
    assert [r.name for r in referencias.branches] == ["main", "teste"]
    assert [(r.name, r.target_commit) for r in referencias.tags] == [("v1", primeiro)]
    assert [c.title for c in api.list_repo_commits(novo, revision="v1")][-1] == "initial commit"
    api.create_tag(novo, tag="v1", exist_ok=True)
    for criar in (lambda: api.create_tag(novo, tag="v1"), lambda: api.create_branch(novo, branch="teste")):
        with pytest.raises(HfHubHTTPError, match="409"):
            criar()
    api.delete_tag(novo, tag="v1")
    api.delete_branch(novo, branch="teste")
    with pytest.raises(RevisionNotFoundError):
        api.delete_tag(novo, tag="v1")
    with pytest.raises(HfHubHTTPError):
        api.delete_branch(novo, branch="main")


def test_pull_request_e_recusado_com_clareza(api, novo):
    with pytest.raises(HfHubHTTPError, match="pull request"):
        api.upload_file(path_or_fileobj=b"x", path_in_repo="a.txt", repo_id=novo, create_pr=True)


# ------------------------------------------------------------------ repositórios


def test_criar_duas_vezes(api, novo):
    assert api.create_repo(novo, exist_ok=True).repo_id == novo
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_repo(novo)


def test_o_privado_de_outra_conta_e_como_se_nao_existisse(api):
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("outra-turma/rascunho")
    assert not list(api.list_models(search="rascunho"))


def test_privado(api, anonima, novo):
    anonima.model_info(novo)
    api.update_repo_settings(novo, private=True)
    assert api.model_info(novo).private
    with pytest.raises(RepositoryNotFoundError):
        anonima.model_info(novo)
    assert novo not in {m.id for m in anonima.list_models()}
    assert novo in {m.id for m in api.list_models()}
    api.create_repo("aluno/nasce-privado", private=True)
    assert api.model_info("aluno/nasce-privado").private


def test_so_o_dono_escreve(api, anonima):
    with pytest.raises(HfHubHTTPError, match="403"):
        api.upload_file(path_or_fileobj=b"x", path_in_repo="a.txt", repo_id=ENCODER)
    with pytest.raises(HfHubHTTPError, match="403"):
        api.create_repo("curso-hf-pt/meu")
    with pytest.raises(HfHubHTTPError, match="403"):
        api.delete_repo(ENCODER)
    with pytest.raises(HfHubHTTPError, match="401"):
        anonima.create_repo("aluno/sem-token")
    errada = HfApi(endpoint=api.endpoint, token="hf_vazou")
    with pytest.raises(HfHubHTTPError, match="401"):
        errada.model_info(ENCODER)


def test_mudar_de_nome(api, novo, tmp_path):
    api.upload_file(path_or_fileobj=b"x", path_in_repo="a.txt", repo_id=novo)
    api.move_repo(novo, "turma/outro-nome")
    assert baixar(api, "turma/outro-nome", "a.txt", tmp_path) == b"x"
    assert api.model_info(novo).id == "turma/outro-nome"  # o nome antigo leva ao novo
    api.delete_repo("turma/outro-nome")
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("turma/outro-nome")


def test_um_conjunto_de_dados(api, tmp_path):
    nome = "aluno/dados"
    api.create_repo(nome, repo_type="dataset")
    envio = {"path_or_fileobj": b'{"a": 1}\n', "path_in_repo": "treino.jsonl", "repo_id": nome}
    api.upload_file(**envio, repo_type="dataset")
    assert baixar(api, nome, "treino.jsonl", tmp_path, repo_type="dataset") == b'{"a": 1}\n'
    with pytest.raises(RepositoryNotFoundError):
        api.model_info(nome)
    api.delete_repo(nome, repo_type="dataset")


def test_espacos_nao_ha(api):
    with pytest.raises(HfHubHTTPError, match="modelos e conjuntos de dados"):
        api.create_repo("aluno/app", repo_type="space", space_sdk="static")


@pytest.mark.parametrize(
    ("yaml", "queixa"),
    [
        ("license: inventada", "licenças"),
        ("language: portugues", "língua"),
        ("tags: [[a]]", "tags"),
        ("model-index: 3", "model-index"),
        ("license: mit\nlicense_name: a minha", "license_name"),
        ("a: [", "linha 2"),
        ("a: &x [*x]", "linha 2"),
        ("- só\n- uma lista", "campo: valor"),
    ],
)
def test_um_cartao_com_erro_nao_entra(api, novo, yaml, queixa):
    with pytest.raises(ValueError, match=queixa):
        cartao = f"---\n{yaml}\n---\n\n# x\n".encode()
        api.upload_file(path_or_fileobj=cartao, path_in_repo="README.md", repo_id=novo)


def test_um_cartao_bom_aparece_na_ficha(api, novo):
    cartao = "---\nlicense: apache-2.0\nlanguage: [pt, en]\n---\n\n# Um modelo\n"
    api.upload_file(path_or_fileobj=cartao.encode(), path_in_repo="README.md", repo_id=novo)
    assert {"pt", "en", "license:apache-2.0"} <= set(api.model_info(novo).tags)
    with pytest.warns(UserWarning, match="empty or missing yaml"):
        api.upload_file(path_or_fileobj=b"# sem YAML\n", path_in_repo="README.md", repo_id=novo)


def test_a_edicao_esta_etiquetada(api):
    assert [r.name for r in api.list_repo_refs(ENCODER).tags] == [dados_do_projeto()["edicao"]]
