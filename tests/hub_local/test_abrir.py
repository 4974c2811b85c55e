"""``abrir_hub()`` em um Python novo, como em um kernel: as bibliotecas e o comando hf sem rede e sem conta."""

from __future__ import annotations

import pytest

LOCAL = "from curso.hub_local import abrir_hub\nhub = abrir_hub()\n"
FRASE = "Hub local ligado: nada sai desta máquina. Você é o usuário aluno."


def test_transformers_e_datasets_do_comeco_ao_fim(executar):
    saida = executar(
        LOCAL
        + """
from datasets import Dataset, load_dataset
from huggingface_hub import HfApi, ModelCard
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

repo = f"{hub.usuario}/opinioes"
model = AutoModelForSequenceClassification.from_pretrained("curso-hf-pt/sentimento-mirim")
tokenizer = AutoTokenizer.from_pretrained("curso-hf-pt/sentimento-mirim")
model.push_to_hub(repo, private=True)
tokenizer.push_to_hub(repo)
HfApi().create_tag(repo, tag="v1")
model.classifier.weight.data.neg_()
model.classifier.bias.data.neg_()
model.push_to_hub(repo, commit_message="Troca os sinais")
for revision in ("v1", "main"):
    print(revision, pipeline("text-classification", model=repo, revision=revision)("Adorei o livro!")[0]["label"])
print(HfApi().model_info(repo).private)
cartao = ModelCard.load("curso-hf-pt/encoder-mirim")
cartao.push_to_hub(repo)
print(ModelCard.load(repo).data.license)
print(load_dataset("curso-hf-pt/sentimento", split="validation").num_rows)
Dataset.from_dict({"texto": ["a", "b", "c"]}).push_to_hub(f"{hub.usuario}/dados")
print(list(load_dataset(f"{hub.usuario}/dados", split="train")["texto"]))
print(next(iter(load_dataset(f"{hub.usuario}/dados", split="train", streaming=True))))
"""
    )
    esperado = [
        FRASE,
        "v1 positivo",
        "main negativo",
        "True",
        "apache-2.0",
        "1932",
        "['a', 'b', 'c']",
        "{'texto': 'a'}",
    ]
    assert saida.splitlines() == esperado


def test_o_comando_hf(executar):
    saida = executar(
        LOCAL
        + """
import subprocess

def hf(comando):
    feito = subprocess.run(f"hf {comando}", shell=True, capture_output=True, text=True)
    print(feito.returncode, *(feito.stdout.split() if feito.returncode == 0 else feito.stderr.split())[-1:])
    return feito.stdout

assert "aluno" in hf("auth whoami")
hf("repos create aluno/pelo-terminal --private")
open("a.txt", "w").write("olá")
hf("upload aluno/pelo-terminal a.txt")
hf("repos tag create aluno/pelo-terminal v1")
hf("download aluno/pelo-terminal a.txt --revision v1 --local-dir baixado")
print(open("baixado/a.txt").read())
assert "encoder-mirim" in hf("models ls --author curso-hf-pt --format json")
hf("repos delete aluno/pelo-terminal --yes")
hf("download aluno/pelo-terminal")
"""
    )
    assert "olá" in saida.splitlines()
    codigos = [linha.split()[0] for linha in saida.splitlines()[1:] if linha != "olá"]
    assert codigos == ["0"] * 7 + ["1"], saida


def test_nada_do_leitor_e_tocado(executar, tmp_path):
    """Cache, login e proxy de quem abre o notebook ficam como estavam, e a segunda chamada devolve o mesmo Hub."""
    de_antes = {"HF_HOME": str(tmp_path / "do-leitor"), "HF_TOKEN": "hf_do_leitor", "HF_HUB_OFFLINE": "1"}
    de_antes |= {"HTTP_PROXY": "http://proxy.invalido:3128", "HF_HUB_CACHE": str(tmp_path / "do-leitor" / "hub")}
    saida = executar(
        LOCAL
        + """
assert abrir_hub() is hub and hub.local
from huggingface_hub import HfApi, get_token, snapshot_download
snapshot_download("curso-hf-pt/sentimento-mirim")
print(get_token() == "hf_do_leitor", HfApi().whoami()["name"])
""",
        **de_antes,
    )
    assert saida.splitlines() == [FRASE, FRASE, "False aluno"]
    assert not (tmp_path / "do-leitor").exists()


def test_a_linha_nao_tem_endereco_nem_pasta(executar):
    saida = executar(LOCAL + "print(hub)")
    assert "127.0.0.1" not in saida and "/" not in saida


@pytest.mark.parametrize(
    "antes", ["import huggingface_hub.constants", "from transformers import AutoTokenizer", "import datasets"]
)
def test_tarde_demais(executar, antes):
    saida = executar(
        f"""
{antes}
from curso.hub_local import abrir_hub
from curso.projeto import ErroDoCurso
try:
    abrir_hub()
except ErroDoCurso as erro:
    print(erro)
"""
    )
    assert "Reinicie o kernel" in saida


def test_depois_de_preparar(executar):
    """preparar() sem rede liga o modo offline; abrir_hub() vem depois e o desliga."""
    saida = executar(
        "from curso import modelo, preparar\npreparar()\n"
        + LOCAL
        + "from huggingface_hub import HfApi\n"
        + "print(HfApi().whoami()['name'], modelo('fill-mask').endswith('encoder-mirim'))"
    )
    assert saida.splitlines()[1:] == [FRASE, "aluno True"]


# --------------------------------------------------------------- o Hub de verdade

REAL = """
from curso import preparar
preparar()
from curso.hub_local import abrir_hub
from curso.projeto import ErroDoCurso
try:
    print(abrir_hub("real").usuario)
except ErroDoCurso as erro:
    print(erro)
"""


def test_real_sem_rede(executar):
    saida = executar(REAL)
    assert "O Hub não responde daqui" in saida


def test_real_sem_conta(executar, hub):
    saida = executar(REAL, HF_ENDPOINT=hub.endereco)
    assert "hf auth login" in saida and "HF_TOKEN" in saida


def test_real_com_um_token_revogado(executar, hub):
    saida = executar(REAL, HF_ENDPOINT=hub.endereco, HF_TOKEN="hf_revogado")
    assert "revogado" in saida and "hf_revogado" not in saida


def test_real_com_conta(executar, hub):
    """O mesmo caminho que leva ao Hub de verdade, com outro Hub local no lugar dele."""
    saida = executar(REAL, HF_ENDPOINT=hub.endereco, HF_TOKEN=hub.token)
    assert saida.splitlines()[1:] == [
        "Hub de verdade: o que você enviar sai desta máquina. Você é o usuário aluno.",
        "aluno",
    ]


def test_nao_se_troca_de_hub_no_meio(executar):
    saida = executar(
        LOCAL
        + """
from curso.projeto import ErroDoCurso
try:
    abrir_hub("real")
except ErroDoCurso as erro:
    print(erro)
"""
    )
    assert "já está ligado a outro Hub" in saida
