"""A aplicação que o leitor leva embora: a classe, a ferramenta de linha de comando e o serviço."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from curso.projeto import MODELOS, RAIZ

pytest.importorskip("fastapi")
from starlette.testclient import TestClient  # noqa: E402

from aplicacao import servico  # noqa: E402
from aplicacao.classificador import MAXIMO_DE_CARACTERES, Classificador, ErroDoClassificador  # noqa: E402
from aplicacao.classificar_csv import COLUNAS_NOVAS, ErroDoArquivo, escrever, ler  # noqa: E402

MODELO = str(MODELOS / "sentimento-mirim")
COMMIT = "1a" * 20
MEIO_EMOJI = "\ud83d"


@pytest.fixture(scope="module")
def classificar():
    return Classificador(MODELO)


# ------------------------------------------------------------------- a classe


def test_um_texto_da_o_mesmo_que_o_pipeline(classificar, classificador):
    certo = classificador("Odeio tanto isso!")[0]
    resultado = classificar.classificar("Odeio tanto isso!")
    assert (resultado.rotulo, resultado.aviso) == (certo["label"], "")
    assert resultado.probabilidade == pytest.approx(certo["score"], abs=1e-4)


@pytest.mark.parametrize(
    ("texto", "aviso"),
    [
        ("", "texto vazio"),
        (" \n\t", "texto vazio"),
        (None, "não é um texto"),
        (3.5, "não é um texto"),
        ("🙂🙂🙂", "o modelo não conhece nenhum sinal deste texto"),
        ("[SEP]", "o modelo não conhece nenhum sinal deste texto"),
        ("\x00", "o modelo não conhece nenhum sinal deste texto"),
    ],
)
def test_sem_rotulo_o_aviso_diz_por_que(classificar, texto, aviso):
    resultado = classificar.classificar(texto)
    assert (resultado.rotulo, resultado.probabilidade, resultado.aviso) == (None, None, aviso)


@pytest.mark.parametrize("texto", ["bom " * 300, "bom " * 1_000_000, "bom. " * (MAXIMO_DE_CARACTERES // 5) + "!"])
def test_texto_enorme_e_cortado_e_avisa(classificar, texto):
    resultado = classificar.classificar(texto)
    assert resultado.rotulo and resultado.aviso == "o modelo só leu o começo"


@pytest.mark.parametrize("texto", ["bom " * 126, "adorei 🙂", "<script>alert(1)</script>", f"ruim {MEIO_EMOJI}"])
def test_texto_estranho_e_lido_inteiro(classificar, texto):
    resultado = classificar.classificar(texto)
    assert resultado.rotulo and not resultado.aviso


def test_lote_guarda_a_ordem_e_um_ruim_nao_derruba_os_outros(classificar):
    textos = ["Adorei!", "", "Odeio tanto isso!", None] * 20  # mais que um lote interno
    resultados = classificar.classificar_lote(iter(textos))
    assert len(resultados) == len(textos)
    for texto, resultado in zip(textos, resultados, strict=True):
        sozinho = classificar.classificar(texto)
        assert (resultado.rotulo, resultado.aviso) == (sozinho.rotulo, sozinho.aviso)
    assert classificar.classificar_lote([]) == []


def test_um_texto_no_lugar_da_lista(classificar):
    with pytest.raises(TypeError, match="classificar_lote recebe uma lista"):
        classificar.classificar_lote("Adorei!")


def test_varias_threads(classificar):
    textos = ["Odeio tanto isso!", "bom " * 500, "Adorei!"] * 10
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(classificar.classificar, textos)) == [classificar.classificar(t) for t in textos]


@pytest.mark.parametrize(
    ("modelo", "revisao", "mensagem"),
    [
        ("modelos/nao-existe", None, "Não há uma pasta «modelos/nao-existe»"),
        ("dono/modelo", "main", "diga também a revisão"),
        ("dono/modelo", COMMIT, f"hf download dono/modelo --revision {COMMIT}"),
        ("a/b/c", COMMIT, "não foi baixado"),
        ("", None, "Não consegui carregar"),
        (str(MODELOS / "encoder-mirim"), None, "não foi treinado para classificar"),
        (str(MODELOS / "en-pt-mirim"), None, "Não consegui carregar"),
    ],
)
def test_modelo_que_nao_serve(modelo, revisao, mensagem):
    with pytest.raises(ErroDoClassificador, match=mensagem):
        Classificador(modelo, revisao)


@pytest.mark.parametrize("arquivo", ["config.json", "tokenizer.json", "model.safetensors"])
def test_arquivo_estragado(tmp_path, arquivo):
    pasta = shutil.copytree(MODELO, tmp_path / "modelo")
    inteiro = (pasta / arquivo).read_bytes()
    (pasta / arquivo).write_bytes(inteiro[: len(inteiro) // 2])
    with pytest.raises(ErroDoClassificador, match="Não consegui carregar"):
        Classificador(str(pasta))


def test_modelo_do_hub_vem_do_cache_pela_revisao_e_sem_rede(tmp_path, monkeypatch):
    repositorio = tmp_path / "models--escola--sentimento"
    shutil.copytree(MODELO, repositorio / "snapshots" / COMMIT)
    shutil.copytree(MODELOS / "encoder-mirim", repositorio / "snapshots" / ("9f" * 20))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    def proibida(*_a, **_k):
        raise AssertionError("consultou a rede")

    monkeypatch.setattr("socket.getaddrinfo", proibida)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert Classificador("escola/sentimento", COMMIT).classificar("Odeio tanto isso!").rotulo == "negativo"
    with pytest.raises(ErroDoClassificador, match="não foi treinado"):
        Classificador("escola/sentimento", "9f" * 20)


# ------------------------------------------------------------------ a ferramenta


def gravar(pasta, conteudo, **opcoes):
    arquivo = pasta / "entrada.csv"
    arquivo.write_bytes(conteudo.encode(opcoes.get("encoding", "utf-8")))
    return str(arquivo)


def test_le_virgula_ponto_e_virgula_marca_do_excel_e_linha_em_branco(tmp_path):
    assert ler(gravar(tmp_path, 'id,texto\r\n1,"a, b"\r\n\r\n2,\r\n'), "texto") == (
        ",", ["id", "texto"], [["1", "a, b"], ["2", ""]]
    )  # fmt: skip
    com_marca = gravar(tmp_path, "texto;id\nó🙂;1\n", encoding="utf-8-sig")
    assert ler(com_marca, "texto") == (";", ["texto", "id"], [["ó🙂", "1"]])


def test_le_texto_enorme_e_texto_com_quebra_de_linha(tmp_path):
    enorme = "bom " * 100_000
    assert ler(gravar(tmp_path, f'texto\n"duas\nlinhas"\n{enorme}\n'), "texto")[2] == [["duas\nlinhas"], [enorme]]


@pytest.mark.parametrize(
    ("conteudo", "mensagem"),
    [
        ("", "está vazio"),
        ("\n\n", "está vazio"),
        ("id,comentario\n1,oi\n", r"não tem a coluna «texto»\. Há: id, comentario"),
        ("texto,rotulo\noi,bom\n", "já tem a coluna «rotulo»"),
        ("id,texto\n1,oi\n2,bom, mas caro\n", "linha 3: os campos são 3, e as colunas do cabeçalho, 2"),
        ("id,texto\n1\n", "linha 2: os campos são 1"),
        ('id,texto\n1,"oi\n2,tudo bem\n', "aspas sem par"),
    ],
)
def test_arquivo_que_nao_serve(tmp_path, conteudo, mensagem):
    with pytest.raises(ErroDoArquivo, match=mensagem):
        ler(gravar(tmp_path, conteudo), "texto")


def test_arquivo_que_falta_ou_em_outra_codificacao(tmp_path):
    with pytest.raises(ErroDoArquivo, match="Não consegui abrir nada.csv"):
        ler(str(tmp_path / "nada.csv"), "texto")
    with pytest.raises(ErroDoArquivo, match="não está em UTF-8"):
        ler(gravar(tmp_path, "texto\natenção\n", encoding="cp1252"), "texto")


@pytest.mark.parametrize(("separador", "marca"), [(",", "."), (";", ",")])
def test_o_que_se_escreve_pode_ser_lido_de_volta(tmp_path, classificar, separador, marca):
    linhas = [["1", 'disse "oi", e; saiu'], ["2", ""]]
    resultados = classificar.classificar_lote(texto for _, texto in linhas)
    saida = tmp_path / "saida.csv"
    escrever(str(saida), separador, ["id", "texto"], linhas, resultados)
    assert saida.read_bytes().startswith(b"\xef\xbb\xbf")
    cabecalho, de_volta = reler(saida, separador)
    assert cabecalho == ["id", "texto", *COLUNAS_NOVAS]
    assert [linha[:2] for linha in de_volta] == linhas
    assert marca in de_volta[0][3] and de_volta[1][2:] == ["", "", "texto vazio"]


def reler(arquivo, separador):
    with open(arquivo, encoding="utf-8-sig", newline="") as aberto:
        cabecalho, *linhas = csv.reader(aberto, delimiter=separador)
    return cabecalho, linhas


def no_terminal(*argumentos):
    comando = [sys.executable, "aplicacao/classificar_csv.py", *map(str, argumentos)]
    return subprocess.run(comando, cwd=RAIZ, capture_output=True, text=True, encoding="utf-8", timeout=120)


def test_do_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONUTF8", "1")
    saida = tmp_path / "saida.csv"
    feito = no_terminal("aplicacao/exemplos.csv", saida)
    assert (feito.returncode, feito.stdout) == (0, "Linhas: 7. Com aviso: 2.\n"), feito.stderr
    assert feito.stderr == ""
    assert len(reler(saida, ",")[1]) == 7


@pytest.mark.parametrize(
    ("argumentos", "mensagem"),
    [
        (["aplicacao/exemplos.csv", "saida.csv", "--coluna", "nota"], "não tem a coluna «nota»"),
        (["nada.csv", "saida.csv"], "Não consegui abrir nada.csv"),
        (["aplicacao/exemplos.csv", "aplicacao/../aplicacao/exemplos.csv"], "outro arquivo"),
    ],
)
def test_erros_no_terminal_tem_uma_linha_e_codigo_1(monkeypatch, argumentos, mensagem):
    monkeypatch.setenv("PYTHONUTF8", "1")
    feito = no_terminal(*argumentos)
    assert feito.returncode == 1 and feito.stdout == ""
    assert mensagem in feito.stderr and feito.stderr.count("\n") == 1


# -------------------------------------------------------------------- o serviço


@pytest.fixture(scope="module")
def cliente():
    with pytest.MonkeyPatch.context() as ambiente:
        ambiente.setenv("MODELO", MODELO)
        with TestClient(servico.app) as cliente:
            yield cliente


def test_servico_responde(cliente, classificar):
    assert cliente.get("/saude").json() == {"situacao": "pronto"}
    resposta = cliente.post("/classificar", json={"texto": "Odeio tanto isso!"})
    assert resposta.status_code == 200
    assert resposta.json()["rotulo"] == classificar.classificar("Odeio tanto isso!").rotulo


@pytest.mark.parametrize(
    ("pedido", "codigo"),
    [
        ({"texto": ""}, 422),
        ({"texto": "🙂"}, 422),
        ({"texto": "bom " * 2_400}, 200),
        ({"texto": "a" * (MAXIMO_DE_CARACTERES + 1)}, 422),
        ({"texto": 3}, 422),
        ({"texto": None}, 422),
        ({"frase": "oi"}, 422),
        ({}, 422),
        ([1], 422),
    ],
)
def test_pedidos_estranhos(cliente, pedido, codigo):
    resposta = cliente.post("/classificar", json=pedido)
    assert resposta.status_code == codigo
    assert codigo == 200 or resposta.json()["detail"]
    assert "aaaa" not in resposta.text


@pytest.mark.parametrize("corpo", [b"", b"{", b"\xff\xfe", b'{"texto": "\\ud800"}', b'{"texto": NaN}', b"[" * 100])
def test_corpo_que_nao_e_json(cliente, corpo):
    resposta = cliente.post("/classificar", content=corpo, headers={"content-type": "application/json"})
    assert resposta.status_code == 422 and resposta.json()["detail"].startswith("Pedido malfeito")


def test_lote_no_servico(cliente):
    resposta = cliente.post("/classificar-lote", json={"textos": ["Adorei!", "", "🙂"]})
    assert [r["rotulo"] is None for r in resposta.json()] == [False, True, True]
    assert cliente.post("/classificar-lote", json={"textos": []}).json() == []
    assert cliente.post("/classificar-lote", json={"textos": ["a"] * 101}).status_code == 422


def test_sem_modelo_o_servico_nem_liga(monkeypatch):
    monkeypatch.setenv("MODELO", "nao-existe")
    with pytest.raises(ErroDoClassificador), TestClient(servico.app):
        pass
