"""preparar(), modelo() e os exercícios: contrato, prazos e frases."""

import os
import socket
import subprocess
import sys
import time

import pytest

import curso
from curso import ambiente, catalogo
from curso.exercicios import verificar
from curso.projeto import RAIZ, ErroDoCurso, dados_do_projeto


def _python(codigo: str, **variaveis: str) -> subprocess.CompletedProcess:
    limpo = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "CURSO_", "OMP_"))}
    return subprocess.run(
        [sys.executable, "-c", codigo], cwd=RAIZ, env=limpo | variaveis, capture_output=True, text=True, timeout=60
    )


def test_import_curso_e_leve():
    codigo = (
        "import sys, time; t = time.perf_counter(); import curso; d = time.perf_counter() - t; "
        "print(d, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    duracao, tem_torch, tem_transformers = _python(codigo).stdout.split()
    assert float(duracao) < (0.2 if os.environ.get("CI") else 1) and (tem_torch, tem_transformers) == ("False", "False")


def test_preparar_liga_o_modo_offline_antes_de_transformers():
    """Um Hub que aceita a conexão e nunca responde: a preparação inteira cabe em 4 segundos."""
    with socket.socket() as mudo:
        mudo.bind(("127.0.0.1", 0))
        mudo.listen()
        codigo = (
            "import sys; from curso import preparar; preparar(); assert not {'torch', 'transformers'} & set(sys.modules); "
            "import huggingface_hub.constants as c; print(c.HF_HUB_OFFLINE)"
        )
        inicio = time.perf_counter()
        feito = _python(codigo, HF_ENDPOINT=f"http://127.0.0.1:{mudo.getsockname()[1]}")
        assert time.perf_counter() - inicio < (4 if os.environ.get("CI") else 15), "a preparação demorou demais"
    linhas = feito.stdout.splitlines()
    assert "sem acesso ao Hub (modo offline)" in linhas[0] and linhas[1] == "True", feito.stderr


def test_preparar_diz_tudo_em_uma_linha(capsys, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ambiente.pergunta_ao_hub.cache_clear()
    curso.preparar()
    saida = capsys.readouterr().out
    assert saida.count("\n") == 1 and saida.startswith("Pronto: Python 3") and "modelos: embutidos" in saida


def test_sementes_fixas():
    import random

    import numpy
    import torch

    sorteios = []
    for _ in range(2):
        ambiente.fixar_sementes()
        sorteios.append((random.random(), numpy.random.rand(), torch.rand(1).item()))
    assert sorteios[0] == sorteios[1]


def test_torch_nasce_semeado_mesmo_importado_depois():
    codigo = (
        "import sys; from curso import preparar; preparar(); assert 'torch' not in sys.modules; "
        "import torch; a = torch.rand(1).item(); preparar(); b = torch.rand(1).item(); print(torch.initial_seed(), a == b)"
    )
    assert _python(codigo, HF_HUB_OFFLINE="1").stdout.splitlines()[-1] == "42 True"


def test_perguntar_pelo_torch_nao_gasta_o_ajuste():
    """A transformers pergunta se o PyTorch existe antes de importá-lo; a semente e o núcleo valem mesmo assim."""
    codigo = (
        "import importlib.util; from curso import preparar; preparar(); importlib.util.find_spec('torch'); "
        "from transformers import AutoModel; import torch; print(torch.initial_seed(), torch.get_num_threads())"
    )
    assert _python(codigo, HF_HUB_OFFLINE="1").stdout.splitlines()[-1] == "42 1"


@pytest.mark.parametrize("importado_antes", [False, True])
def test_um_nucleo_para_modelos_pequenos_salvo_pedido(importado_antes):
    antes = "import torch; " if importado_antes else ""
    codigo = antes + (
        "from curso import preparar; preparar(); import torch; pequenos = torch.get_num_threads(); "
        "preparar(modelos='hub'); print(pequenos, torch.get_num_threads())"
    )
    todos = _python("import torch; print(torch.get_num_threads())").stdout.strip()
    assert _python(codigo, HF_HUB_OFFLINE="1").stdout.splitlines()[-1] == f"1 {todos}"
    assert _python(codigo, HF_HUB_OFFLINE="1", OMP_NUM_THREADS="2").stdout.splitlines()[-1] == "2 2"


def test_escolha_desconhecida(monkeypatch):
    monkeypatch.delenv("CURSO_MODELOS", raising=False)
    with pytest.raises(ValueError, match="escolha entre 'embutidos' e 'hub'"):
        curso.preparar(modelos="nuvem")


@pytest.mark.parametrize(
    ("achada", "trecho"),
    [(None, "Falta o pacote transformers"), ("4.57.1", "aqui está a 4.57.1"), ("6.0.0", "antes da 6")],
)
def test_pacote_ausente_ou_antigo(monkeypatch, achada, trecho):
    original = ambiente.importlib.metadata.version

    def versao(nome):
        if nome != "transformers":
            return original(nome)
        if achada is None:
            raise ambiente.importlib.metadata.PackageNotFoundError(nome)
        return achada

    monkeypatch.setattr(ambiente.importlib.metadata, "version", versao)
    with pytest.raises(ErroDoCurso, match=trecho) as erro:
        ambiente.conferir_pacotes()
    assert "python -m curso abrir" in str(erro.value)
    assert erro.value._render_traceback_() == [f"⚠️ {erro.value}"]


def test_modelo_embutido_existe_e_tem_os_nomes_da_biblioteca(monkeypatch):
    monkeypatch.delenv("CURSO_MODELOS", raising=False)
    pasta = curso.modelo("sentiment-analysis")
    assert pasta == curso.modelo("text-classification")
    assert os.path.isfile(os.path.join(pasta, "model.safetensors"))


def test_tarefa_desconhecida_nomeia_as_conhecidas():
    with pytest.raises(ValueError, match="'astrologia'.*sentiment-analysis"):
        curso.modelo("astrologia")


def test_modo_hub_sem_rede_volta_ao_embutido(monkeypatch, capsys, tmp_path):
    from huggingface_hub import constants

    from curso import hub

    monkeypatch.setenv("CURSO_MODELOS", "hub")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "hub_responde", lambda: False)
    assert curso.modelo("sentiment-analysis").endswith(catalogo.entrada("sentiment-analysis").embutido)
    assert "O Hub não responde daqui" in capsys.readouterr().out


def test_catalogo_diz_a_verdade_sobre_o_que_esta_no_disco():
    for linha in catalogo.catalogo().values():
        bytes_no_disco = sum(a.stat().st_size for a in linha.pasta.rglob("*") if a.is_file())
        assert linha.mb == pytest.approx(bytes_no_disco / 1e6, abs=0.1)
        assert not list(linha.pasta.rglob("*.bin")) + list(linha.pasta.rglob("*.pt")) + list(linha.pasta.rglob("*.pkl"))
        assert linha.revisao != "main" or linha.revisao_verificada is False
    assert "revisão não verificada" in catalogo.tabela()
    assert "325 MB, 16 bits" in catalogo.tabela("text-generation")


def test_a_tabela_avisa_de_licenca_sem_uso_comercial():
    assert catalogo.licenca("CC-BY-NC-4.0") == "CC-BY-NC-4.0 (proíbe o uso comercial)"
    assert catalogo.licenca("CC-BY-4.0") == "CC-BY-4.0"


def test_o_tamanho_do_hub_combina_com_os_bits():
    """Nenhum checkpoint do catálogo passa de meio bilhão de parâmetros: todos rodam em CPU e em uma T4."""
    for linha in catalogo.catalogo().values():
        assert linha.bits_hub in (16, 32) and 50e6 < linha.mb_hub * 8e6 / linha.bits_hub < 500e6, linha.tarefa


def test_modelos_cabem_no_repositorio():
    assert sum(a.stat().st_size for a in (RAIZ / "modelos").rglob("*") if a.is_file()) <= 60e6


def test_exercicio_com_resposta_estranha_nao_quebra_o_notebook(capsys):
    for resposta in (object(), [], {}, "", float("nan"), lambda: 1, "😀" * 10_000):
        verificar("00.a", resposta)
    assert "Traceback" not in capsys.readouterr().out


def test_exercicio_inexistente():
    with pytest.raises(ErroDoCurso, match="Não existe o exercício '77.z'"):
        verificar("77.z", 1)


def test_nome_do_projeto_vem_de_um_lugar_so():
    projeto = dados_do_projeto()
    assert projeto["repositorio"].count("/") == 1 and projeto["edicao"]
    citacao = (RAIZ / "CITATION.cff").read_text(encoding="utf-8")
    assert projeto["repositorio"] in citacao and f'version: "{projeto["edicao"]}"' in citacao
