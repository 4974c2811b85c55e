"""``python -m oficina publicar``, contra o Hub local: tudo vai, volta igual, e a segunda vez não envia nada."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import DatasetCard, HfApi, ModelCard, constants, snapshot_download
from huggingface_hub.errors import HfHubHTTPError

from curso.hub_local import HubLocal
from curso.projeto import MODELOS, RAIZ, ErroDoCurso
from oficina import __main__ as comando
from oficina import publicar
from oficina.cartoes_no_hub import cartao_no_hub, citados

ERRO_DE_REDE = HfHubHTTPError.__bases__[0]  # da httpx ou da httpx2
DOIS = ["sentimento", "sentimento-mirim"]
DIFERE = {"README.md", ".gitattributes"}  # o cartão muda no caminho; o segundo é o Hub que põe


@pytest.fixture
def vazio(tmp_path, monkeypatch):
    """Um Hub sem nada, para onde a biblioteca deste processo aponta."""
    with HubLocal(tmp_path / "hub") as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.endereco)
        molde = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants._HF_DEFAULT_ENDPOINT, hub.endereco)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", molde)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", hub.token)
        yield hub


def commits(saida: str) -> list[str]:
    return re.findall(r"commit ([0-9a-f]{40})", saida)


def rodar(monkeypatch, *argumentos: str) -> int:
    monkeypatch.setattr(sys, "argv", ["oficina", "publicar", *argumentos])
    return comando.principal()


def test_publica_tudo_e_tudo_volta_igual(vazio, capsys, tmp_path):
    publicar.fazer("aluno", enviar=True)
    primeira = capsys.readouterr().out
    lista = publicar.remessas("aluno")
    assert len(commits(primeira)) == len(lista) == 21
    api = HfApi()
    for remessa in lista:
        la = api.repo_info(remessa.destino, repo_type=remessa.tipo, files_metadata=True)
        arquivos = {a.rfilename: a.size for a in la.siblings if a.rfilename not in DIFERE}
        assert arquivos == {a.name: a.stat().st_size for a in remessa.arquivos if a.name not in DIFERE}
        baixada = Path(snapshot_download(remessa.destino, repo_type=remessa.tipo, cache_dir=tmp_path / "cache"))
        for arquivo in remessa.arquivos:
            if arquivo.name not in DIFERE:
                assert (baixada / arquivo.name).read_bytes() == arquivo.read_bytes(), arquivo
        assert (baixada / "README.md").read_text(encoding="utf-8") == remessa.cartao()
    publicar.fazer("aluno", enviar=True)
    segunda = capsys.readouterr().out
    assert commits(segunda) == commits(primeira) and segunda.count("nada de novo") == len(lista)
    assert {nome for r in lista for nome in citados(r.cartao())} <= {r.destino for r in lista}


def test_o_comando_envia_e_outro_processo_usa(vazio, executar):
    ambiente = {"HF_ENDPOINT": vazio.endereco, "HF_TOKEN": vazio.token, "HF_HUB_DISABLE_XET": "1"}
    rodar_modulo = "import sys, runpy; sys.argv = ['oficina', 'publicar', '--conta', 'turma', '--privado', '--enviar',"
    rodar_modulo += " '--so', 'sentimento', 'sentimento-mirim']; runpy.run_module('oficina', run_name='__main__')"
    try:
        executar(rodar_modulo, **ambiente)
    except AssertionError as erro:  # sys.exit(0) de run_module
        raise AssertionError(f"o comando falhou: {erro}") from None
    saida = executar(
        "from transformers import AutoModelForSequenceClassification, AutoTokenizer\n"
        "from datasets import load_dataset\n"
        "nome = 'turma/sentimento-mirim'\n"
        "modelo, tokenizer = AutoModelForSequenceClassification.from_pretrained(nome), AutoTokenizer.from_pretrained(nome)\n"
        "nota = modelo(**tokenizer('Odeio tanto isso!', return_tensors='pt')).logits.argmax().item()\n"
        "print(modelo.config.id2label[nota])\n"
        "dados = load_dataset('turma/sentimento')\n"
        "print(dados['train'].num_rows, dados['validation'].num_rows)",
        **ambiente,
    )
    assert "negativo" in saida and "17465 1932" in saida
    assert HfApi().model_info("turma/sentimento-mirim").private


def test_sem_enviar_nada_sai_da_maquina(monkeypatch, capsys):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # se chamasse, falharia
    assert rodar(monkeypatch, "--conta", "aluno", "--so", *DOIS) == 0
    saida = capsys.readouterr().out
    assert "Isto foi um ensaio" in saida and "aluno/sentimento-mirim" in saida
    assert "aluno/dicionario, aluno/encoder-mirim" in saida, "o que os cartões citam e não vai"


def test_um_cartao_mudado_faz_um_commit_so_dele(vazio, capsys, monkeypatch):
    publicar.fazer("aluno", DOIS, enviar=True)
    monkeypatch.setattr(publicar, "cartao_no_hub", lambda *argumentos: cartao_no_hub(*argumentos) + "\nOutra linha.\n")
    publicar.fazer("aluno", ["sentimento-mirim"], enviar=True)
    assert "enviado" in capsys.readouterr().out.splitlines()[-2]
    assert len(HfApi().list_repo_commits("aluno/sentimento-mirim")) == 3  # o vazio, o envio, o cartão


def test_cortado_no_meio_continua(vazio, capsys, monkeypatch):
    lista = ["sentimento", "encoder-mirim", "sentimento-mirim"]
    de_verdade, vezes = HfApi.preupload_lfs_files, []

    def cortar(self, *argumentos, **opcoes):
        vezes.append(1)
        if len(vezes) == 2:
            raise ERRO_DE_REDE("cortado")
        return de_verdade(self, *argumentos, **opcoes)

    monkeypatch.setattr(HfApi, "preupload_lfs_files", cortar)
    with pytest.raises(ErroDoCurso, match=r"conexão caiu.*Foram 1 de 3 repositórios.*mesmo comando de novo"):
        publicar.fazer("aluno", lista, enviar=True)
    capsys.readouterr()
    publicar.fazer("aluno", lista, enviar=True)
    linhas = [linha for linha in capsys.readouterr().out.splitlines() if "commit" in linha]
    assert ["nada de novo" in linha for linha in linhas[:3]] == [True, False, False]


@pytest.mark.parametrize(
    ("token", "conta", "queixa"),
    [
        (None, "aluno", "hf auth login"),
        ("hf_errado", "aluno", "foi revogado ou venceu"),
        ("certo", "outra-gente", "não escreve em outra-gente. Pode escrever em: aluno, turma"),
    ],
)
def test_quem_nao_pode_recebe_uma_frase(vazio, monkeypatch, capsys, tmp_path, token, conta, queixa):
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "nenhum"))
    if token is None:
        monkeypatch.delenv("HF_TOKEN")
    elif token != "certo":
        monkeypatch.setenv("HF_TOKEN", token)
    assert rodar(monkeypatch, "--conta", conta, "--so", *DOIS, "--enviar") == 1
    assert queixa in capsys.readouterr().err
    assert not vazio.acervo.repositorios, "nada foi criado"


def test_token_que_so_le(vazio, monkeypatch):
    """O Hub diz quem sou, mas recusa a escrita: o 403 vira uma frase com o remédio."""
    monkeypatch.setattr(publicar, "conferir_conta", lambda conta: None)
    with pytest.raises(ErroDoCurso, match=r"não pode escrever em outra-gente.*\(write\)"):
        publicar.fazer("outra-gente", DOIS, enviar=True)


def test_sem_rede(vazio, monkeypatch):
    vazio.__exit__(None, None, None)
    with pytest.raises(ErroDoCurso, match="não responde, ou a conexão caiu"):
        publicar.fazer("aluno", DOIS, enviar=True)


def test_modo_offline(vazio, monkeypatch):
    from huggingface_hub.utils import _http

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    _http.reset_sessions() if hasattr(_http, "reset_sessions") else _http.close_session()
    with pytest.raises(ErroDoCurso, match="HF_HUB_OFFLINE"):
        publicar.fazer("aluno", DOIS, enviar=True)


@pytest.mark.parametrize("conta", ["", "a b", "eu/outro", "-x", "x..y", "<script>", "a" * 200])
def test_nome_de_conta_invalido(conta):
    with pytest.raises(ErroDoCurso, match="não é o nome de uma conta"):
        publicar.remessas(conta)


def test_pasta_que_nao_existe_diz_quais_ha():
    with pytest.raises(ErroDoCurso, match=r"(?s)'nada'.*sentimento-mirim"):
        publicar.remessas("aluno", ["sentimento", "nada"])


def test_so_vai_o_que_pode(tmp_path, capsys):
    for nome in ("model.safetensors", "config.json", "README.md", "chat_template.jinja", "treino.jsonl"):
        (tmp_path / nome).write_text("---\nlicense: mit\n---\n")
    for nome in ("pytorch_model.bin", "pesos.pkl", ".env", "rodar.py", "token", "outro.jinja", "LEIA.md"):
        (tmp_path / nome).write_text("x")
    (tmp_path / "atalho.json").symlink_to(tmp_path / "token")
    (tmp_path / "pasta.json").mkdir()
    remessa = publicar.Remessa("model", tmp_path, "aluno/x")
    assert {a.name for a in remessa.arquivos} == {
        *("model.safetensors", "config.json", "README.md", "chat_template.jinja", "treino.jsonl"),
    }
    publicar.mostrar([remessa])
    saida = capsys.readouterr().out
    assert all(nome in saida.split("não vai: ")[1] for nome in ("pytorch_model.bin", ".env", "atalho.json"))


def test_as_pastas_do_projeto_nao_tem_nada_de_fora():
    assert {r.destino: r.de_fora for r in publicar.remessas("aluno") if r.de_fora} == {}


@pytest.mark.parametrize("remessa", publicar.remessas("minha-conta"), ids=lambda r: r.pasta.name)
def test_o_cartao_nao_leva_caminhos_daqui(remessa):
    cartao = remessa.cartao()
    lido = (ModelCard if remessa.tipo == "model" else DatasetCard)(cartao)
    assert not re.search(r"[\"`](modelos|dados)/|\.\./", cartao)
    assert all(alvo.startswith("https://") for alvo in re.findall(r"\]\(([^)]+)\)", cartao))
    assert f'"{remessa.destino}"' in lido.text, "o exemplo de uso aponta para o repositório"
    antes = (remessa.pasta / "README.md").read_text(encoding="utf-8")
    assert lido.data.license and lido.data.language == "pt"
    for linha in antes.split("---", 2)[2].splitlines():  # nenhum número nem frase se perde
        if not re.search(r"modelos/|dados/|Da pasta do curso", linha):
            assert linha in lido.text


def test_links_relativos_viram_enderecos_do_repositorio():
    texto = (
        "---\nlicense: mit\n---\n[a](../../dados/pares/README.md#campos) [b](config.json) [c](https://x.org) [d](#e)"
    )
    cartao = cartao_no_hub(texto, "model", MODELOS / "en-pt-mirim", "eu")
    raiz = "https://github.com/curso-hf-pt/consumindo-modelos-de-linguagem/blob/"
    assert re.search(rf"\[a\]\({raiz}[\d.]+/dados/pares/README\.md#campos\)", cartao)
    assert re.search(rf"\[b\]\({raiz}[\d.]+/modelos/en-pt-mirim/config\.json\)", cartao)
    assert "[c](https://x.org)" in cartao and "[d](#e)" in cartao


def test_as_opcoes_sao_so_de_publicar():
    for argumentos in (["publicar"], ["sentimento", "--enviar"], ["relatorio", "--conta", "eu"]):
        feito = subprocess.run(
            [sys.executable, "-m", "oficina", *argumentos], cwd=RAIZ, capture_output=True, text=True, timeout=60
        )
        assert feito.returncode == 2 and "publicar" in feito.stderr
