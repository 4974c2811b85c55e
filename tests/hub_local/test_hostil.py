"""Pedidos que nenhuma biblioteca faria: o Hub local os recusa, não grava fora da pasta e continua de pé."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import shutil
import socket
from collections import namedtuple
from urllib.parse import urlsplit

import pytest
from huggingface_hub import CommitOperationAdd

ENDERECO_DO_COMMIT = "/api/models/{}/commit/main"


@pytest.fixture
def pedir(hub):
    """Um pedido cru, com o token do aluno: o código, os cabeçalhos e o corpo da resposta."""

    def _pedir(metodo: str, caminho: str, corpo: bytes = b"", **cabecalhos: str):
        partes = urlsplit(hub.endereco)
        conexao = http.client.HTTPConnection(partes.hostname, partes.port, timeout=10)
        padrao = {"Authorization": f"Bearer {hub.token}"} if "Authorization" not in cabecalhos else {}
        conexao.request(metodo, caminho, corpo, {n.replace("_", "-"): v for n, v in (padrao | cabecalhos).items()})
        resposta = conexao.getresponse()
        lido = resposta.status, dict(resposta.getheaders()), resposta.read()
        conexao.close()
        return lido

    return _pedir


def linhas(*pares) -> bytes:
    return b"".join(json.dumps({"key": chave, "value": valor}).encode() + b"\n" for chave, valor in pares)


@pytest.mark.parametrize(
    "nome",
    [
        "../fora.txt",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "",
        ".",
        "..",
        "a\\b",
        "C:\\x",
        ".git/config",
        "a\0b",
        "x" * 501,
    ],
)
def test_nomes_que_fogem_da_pasta(hub, pedir, novo, nome):
    corpo = linhas(
        ("header", {"summary": "x"}),
        ("file", {"path": nome, "content": base64.b64encode(b"novo").decode(), "encoding": "base64"}),
    )
    assert pedir("POST", ENDERECO_DO_COMMIT.format(novo), corpo)[0] == 400
    assert list(hub.acervo.pasta.parent.iterdir()) == [hub.acervo.pasta]
    assert all(len(a.name) == 64 for a in hub.acervo.pasta.iterdir())


@pytest.mark.parametrize(
    "caminho",
    [
        "/curso-hf-pt/encoder-mirim/resolve/main/../../../../../etc/passwd",
        "/curso-hf-pt/encoder-mirim/resolve/main/%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/curso-hf-pt/encoder-mirim/resolve/main//etc/passwd",
        "/curso-hf-pt/../dados/resolve/main/README.md",
        "/api/models/%2e%2e/%2e%2e",
        "/grandes/../../etc/passwd",
    ],
)
def test_enderecos_que_fogem_da_pasta(pedir, caminho):
    codigo, _, corpo = pedir("GET", caminho)
    assert codigo == 404 and b"root:" not in corpo and b"[project]" not in corpo


@pytest.mark.parametrize("nome", ["..", "a b", "../x", "-a", "a" * 200, "a--b", "", "a/b/c", "é"])
def test_nomes_de_repositorio(pedir, nome):
    corpo = json.dumps({"name": nome, "organization": "aluno"}).encode()
    assert pedir("POST", "/api/repos/create", corpo)[0] == 400


@pytest.mark.parametrize("nome", ["../main", "a..b", "a b", "", "x/", "-x", "refs.lock", "a" * 200, None, 3])
def test_nomes_de_etiqueta(pedir, novo, nome):
    assert pedir("POST", f"/api/models/{novo}/tag/main", json.dumps({"tag": nome}).encode())[0] == 400


@pytest.mark.parametrize(
    "corpo",
    [b"", b"{", b"[]", b"3", b"null", b'"a"', b"\xff\xfe", b"[" * 100_000, b'{"name": {"a": 1}, "organization": []}'],
)
@pytest.mark.parametrize("caminho", ["/api/repos/create", "/api/repos/move", "/aluno/x.git/info/lfs/objects/batch"])
def test_json_estragado(pedir, caminho, corpo):
    assert 400 <= pedir("POST", caminho, corpo)[0] < 500


@pytest.mark.parametrize(
    "corpo",
    [
        b"nao e json\n",
        b'{"key": "file"}\n',
        b'{"key": "file", "value": 3}\n',
        linhas(("header", {"summary": "x"}), ("file", {"path": "a", "content": "@@@", "encoding": "base64"})),
        linhas(("header", {"summary": "x"}), ("file", {"path": "a", "content": 3, "encoding": "base64"})),
        linhas(("header", {"summary": "x"}), ("lfsFile", {"path": "a", "oid": "../../etc/passwd", "size": 1})),
        linhas(("header", {"summary": "x"}), ("lfsFile", {"path": "a", "oid": "0" * 64, "size": 1})),
        linhas(("header", {"summary": "x"}), ("symlink", {"path": "a"})),
        linhas(("file", {"path": "a", "content": "eA==", "encoding": "base64"})),
    ],
)
def test_commit_estragado(api, pedir, novo, corpo):
    antes = api.model_info(novo).sha
    assert pedir("POST", ENDERECO_DO_COMMIT.format(novo), corpo)[0] == 400
    assert api.model_info(novo).sha == antes


def test_arquivo_e_pasta_com_o_mesmo_nome(api, novo):
    api.upload_file(path_or_fileobj=b"x", path_in_repo="a", repo_id=novo)
    with pytest.raises(Exception, match="pasta"):
        api.upload_file(path_or_fileobj=b"x", path_in_repo="a/b", repo_id=novo)


def test_corpos_enormes(pedir, novo):
    assert pedir("POST", "/api/repos/create", b" " * 9_000_000)[0] == 413
    arquivo = {"path": "a.txt", "content": "eA==" * 4_000_000, "encoding": "base64"}
    corpo = linhas(("header", {"summary": "x"}), ("file", arquivo))
    assert pedir("POST", ENDERECO_DO_COMMIT.format(novo), corpo)[0] in {400, 413}
    assert pedir("POST", "/api/repos/create", b"", Content_Length="9" * 20)[0] == 400


def test_um_corpo_que_para_no_meio(hub, pedir):
    partes = urlsplit(hub.endereco)
    for inicio in (b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"):
        with socket.create_connection((partes.hostname, partes.port), timeout=10) as fio:
            cabecalho = (
                f"POST /api/repos/create HTTP/1.1\r\nHost: {partes.netloc}\r\nAuthorization: Bearer {hub.token}\r\n"
            )
            fio.sendall(cabecalho.encode() + inicio)
            fio.shutdown(socket.SHUT_WR)
            assert b" 400 " in fio.recv(100)
    assert pedir("GET", "/")[0] == 200


def test_um_arquivo_grande_que_nao_e_o_anunciado(hub, pedir, novo):
    dados = b"conteudo anunciado"
    anuncio = {"objects": [{"oid": hashlib.sha256(dados).hexdigest(), "size": len(dados)}]}
    resposta = pedir("POST", f"/{novo}.git/info/lfs/objects/batch", json.dumps(anuncio).encode())
    vaga = urlsplit(json.loads(resposta[2])["objects"][0]["actions"]["upload"]["href"]).path
    for outro in (b"conteudo trocado!!", b"curto", dados + b"mais", b""):
        assert pedir("PUT", vaga, outro)[0] == 400
    assert not list(hub.acervo.pasta.glob("*.parcial"))
    assert pedir("PUT", vaga, dados)[0] == 200
    assert pedir("PUT", vaga, dados)[0] == 403
    assert pedir("PUT", "/grandes/adivinhado", dados)[0] == 403


@pytest.mark.parametrize(
    "objeto", [3, {}, {"oid": "../x", "size": 1}, {"oid": "0" * 64, "size": -1}, {"oid": "0" * 64}]
)
def test_anuncio_estragado(pedir, novo, objeto):
    corpo = json.dumps({"objects": [objeto]}).encode()
    assert 400 <= pedir("POST", f"/{novo}.git/info/lfs/objects/batch", corpo)[0] < 500


def test_so_esta_maquina(hub, pedir):
    """Uma página da internet que aponte o nome dela para 127.0.0.1 não lê nada daqui."""
    assert hub._servidor.server_address[0] == "127.0.0.1"
    assert pedir("GET", "/api/models", Host="pagina.exemplo:80")[0] == 403


@pytest.mark.parametrize(
    "faixa", [("bytes=0-3", 206, 4), ("bytes=-5", 206, 5), ("bytes=5280-", 206, 5), ("bytes=9999999-", 416, 0)]
)
def test_faixas(pedir, faixa):
    pedido, codigo, tamanho = faixa
    resposta = pedir("GET", "/curso-hf-pt/encoder-mirim/resolve/main/README.md", Range=pedido)
    assert (resposta[0], len(resposta[2])) == (codigo, tamanho)


def test_disco_cheio(api, novo, monkeypatch):
    """Não há espaço: o Hub diz por quê, na hora, sem que a biblioteca insista por meio minuto."""
    espaco = namedtuple("espaco", "total used free")(10, 10, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: espaco)
    with pytest.raises(Exception, match="disco"):
        operacoes = [CommitOperationAdd("a.txt", b"x")]
        api.create_commit(novo, operacoes, commit_message="x")
    assert api.list_repo_files(novo) == [".gitattributes"]


def test_um_cartao_hostil_nao_derruba_a_lista(api, pedir, novo):
    cartao = "---\ntags: &a [*a, *a]\nlanguage: {pt: 1}\nlicense: [[x]]\n---\n<script>alert(1)</script>"
    arquivos = [("README.md", cartao.encode()), ("config.json", b'{"architectures": {"a": 1}, "model_type": [1]}')]
    arquivos.append(("model.safetensors", b"\xff" * 100))
    for nome, dados in arquivos:
        valor = {"path": nome, "content": base64.b64encode(dados).decode(), "encoding": "base64"}
        corpo = linhas(("header", {"summary": "x"}), ("file", valor))
        assert pedir("POST", ENDERECO_DO_COMMIT.format(novo), corpo)[0] == 200
    assert pedir("GET", f"/api/models/{novo}")[0] == 200
    assert novo in {m.id for m in api.list_models(author="aluno")}
