"""O laboratório de envio: os padrões da biblioteca, os avisos, e o que se escreve nas caixas."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from curso.desenho.estilo import descricao_de, titulo_de
from curso.laboratorios.envio import (
    MAXIMO_DE_ARQUIVOS,
    PESSOAS,
    PICKLE,
    REGISTRO,
    RETOMAR,
    SEGREDO,
    LaboratorioDeEnvio,
    em_bytes,
    padroes,
    quadro,
    risco,
    separar,
)

PASTA = {
    "model.safetensors": 9_570_000,
    "tokenizer.json": 264_000,
    ".env": 40,
    "turma.csv": 3_000,
    "runs/log.txt": 10,
    "checkpoint-63/optimizer.pt": 19_000_000,
    "checkpoint-63/model.safetensors": 9_570_000,
    ".git/config": 100,
}


def test_os_padroes_sao_os_da_biblioteca():
    nomes = list(PASTA)
    assert separar(nomes, "", "") == nomes[:-1], "a pasta .git nunca sobe"
    assert separar(nomes, "", "runs/, checkpoint-*/, .env, *.csv") == ["model.safetensors", "tokenizer.json"]
    assert separar(nomes, "*.safetensors", "") == ["model.safetensors", "checkpoint-63/model.safetensors"]
    assert separar(nomes, "*.safetensors", "checkpoint-*") == ["model.safetensors"]
    assert separar(nomes, "nada", "") == []


def test_upload_folder_faz_o_mesmo(tmp_path, monkeypatch):
    from huggingface_hub import HfApi, constants

    from curso.hub_local import HubLocal

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    pasta = tmp_path / "pasta"
    for nome in PASTA:
        (pasta / nome).parent.mkdir(exist_ok=True, parents=True)
        (pasta / nome).write_text("x")
    with HubLocal(tmp_path / "hub") as hub:
        api = HfApi(endpoint=hub.endereco, token=hub.token)
        for i, (so, menos) in enumerate(
            (("", ""), ("", "*.env, runs/*"), ("*.safetensors", "checkpoint*"), ("*.json *.csv", "turma*"))
        ):
            api.create_repo(f"aluno/envio-{i}")
            api.upload_folder(
                repo_id=f"aluno/envio-{i}",
                folder_path=pasta,
                allow_patterns=padroes(so),
                ignore_patterns=padroes(menos),
            )
            sobem = set(api.list_repo_files(f"aluno/envio-{i}")) - {".gitattributes"}
            assert sobem == set(separar(list(PASTA), so, menos)), (so, menos)


@pytest.mark.parametrize(
    ("nome", "aviso"),
    [
        (".env", SEGREDO),
        (".env.producao", SEGREDO),
        ("minha_senha.txt", SEGREDO),
        ("token", SEGREDO),
        ("tokenizer.json", ""),
        ("tokenizer_config.json", ""),
        ("notas/Turma.CSV", PESSOAS),
        ("checkpoint-9/optimizer.pt", RETOMAR),
        ("training_args.bin", PICKLE),
        ("pesos.PKL", PICKLE),
        ("runs/events.out.tfevents.1", REGISTRO),
        ("model.safetensors", ""),
        ("README.md", ""),
        ("", ""),
    ],
)
def test_o_que_preocupa(nome, aviso):
    assert risco(nome) == aviso


def test_o_quadro_conta():
    svg = str(quadro(PASTA, "checkpoint-*, runs/*"))
    assert titulo_de(svg) == "Sobem 4 de 8 arquivos, 9,8 MB"
    assert descricao_de(svg).startswith("2 arquivos com aviso entre os que sobem. Sobem: model.safetensors;")
    assert "turma.csv (de pessoas? confira)" in descricao_de(svg)
    limpo = str(quadro(PASTA, so_estes="model.safetensors"))
    assert titulo_de(limpo) == "Sobe 1 de 8 arquivos, 9,6 MB" and descricao_de(limpo).startswith("Nenhum aviso")


def test_sobe_e_fica_nao_dependem_da_cor():
    svg = str(quadro(PASTA, "*.csv"))
    assert svg.count(">↑ sobe</text>") == 6 and svg.count(">fica</text>") == 2


@pytest.mark.parametrize(
    ("n", "dito"), [(0, "0 B"), (999, "999 B"), (3_000, "3 kB"), (264_180, "0,3 MB"), (1e9, "1000,0 MB")]
)
def test_tamanhos(n, dito):
    assert em_bytes(n) == dito


@pytest.mark.parametrize("arquivos", [{}, {"a": -1}])
def test_o_que_nao_se_desenha_e_recusado(arquivos):
    with pytest.raises(ValueError):
        quadro(arquivos)


@pytest.mark.parametrize(
    "escrito",
    [
        "",
        " , ;; ",
        "<script>alert(1)</script>",
        "[",
        "[!",
        "*" * 10_000,
        "\0\ud800",
        "😀*",
        "../*",
        "**/**",
        "a" * 10_000,
    ],
)
def test_texto_hostil(escrito):
    bancada = LaboratorioDeEnvio({**PASTA, "<b>&.txt": 1, "\x01\ud800": 2, "x" * 400: 3})
    for caixa in (bancada.menos, bancada.so):
        caixa.value = escrito
        ET.fromstring(bancada.quadro.value)
        assert "<script>" not in bancada.quadro.value


def test_muitos_arquivos_e_pasta_vazia():
    muitos = {f"parte-{i}.txt": i for i in range(500)}
    assert f"de {MAXIMO_DE_ARQUIVOS} arquivos" in titulo_de(quadro(muitos))
    assert "é preciso ao menos um arquivo" in LaboratorioDeEnvio({}).leitura
