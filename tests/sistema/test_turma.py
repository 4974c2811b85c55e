"""A turma: a entrega dos notebooks, as configurações e um JupyterHub de verdade com dois alunos."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from curso import turma
from curso.instalacao import Venv
from curso.projeto import RAIZ, dados_do_projeto

if os.name == "nt":
    pytest.skip("O JupyterHub não roda no Windows.", allow_module_level=True)

import yaml
from traitlets.config import Config, PyFileConfigLoader

from oficina.medicao.turma import em_texto
from oficina.sala import Aluno, celulas_de_codigo, sala
from oficina.treino import MEDIDAS
from turma import entrar

PASTA = RAIZ / "turma"
NOTEBOOK = "01-1-pipelines.ipynb"


# ------------------------------------------------------------------- a entrega


@pytest.fixture
def curso_de_mentira(tmp_path):
    raiz = tmp_path / "srv" / "curso"
    for pasta in ("notebooks", "images", "dados", ".venv", "pacotes"):
        (raiz / pasta).mkdir(parents=True)
    (raiz / "notebooks" / "01-1.ipynb").write_text("primeira edição", encoding="utf-8")
    (raiz / "images" / "figura.svg").write_text("<svg/>", encoding="utf-8")
    (raiz / "dados" / "treino.jsonl").write_text("{}", encoding="utf-8")
    return raiz


@pytest.fixture
def casa(tmp_path):
    pasta = tmp_path / "casa"
    pasta.mkdir()
    return pasta


def test_o_aluno_recebe_copias_e_atalhos(curso_de_mentira, casa):
    pasta = entrar.entregar(casa, curso_de_mentira)
    assert {p.name for p in pasta.iterdir()} == {"notebooks", "images", "dados", entrar.RECIBO}
    assert not (pasta / "notebooks").is_symlink() and not (pasta / "images" / "figura.svg").is_symlink()
    assert (pasta / "dados").is_symlink() and (pasta / "dados" / "treino.jsonl").read_text() == "{}"


def test_entrar_de_novo_nao_toca_no_que_o_aluno_mudou(curso_de_mentira, casa):
    copia = entrar.entregar(casa, curso_de_mentira) / "notebooks" / "01-1.ipynb"
    copia.write_text("meu trabalho", encoding="utf-8")
    entrar.entregar(casa, curso_de_mentira)
    assert copia.read_text(encoding="utf-8") == "meu trabalho" and len(list(copia.parent.iterdir())) == 1


def test_uma_edicao_nova_chega_ao_lado_e_so_uma_vez(curso_de_mentira, casa):
    copia = entrar.entregar(casa, curso_de_mentira) / "notebooks" / "01-1.ipynb"
    copia.write_text("meu trabalho", encoding="utf-8")
    (curso_de_mentira / "notebooks" / "01-1.ipynb").write_text("segunda edição", encoding="utf-8")
    entrar.entregar(casa, curso_de_mentira)
    assert copia.read_text(encoding="utf-8") == "meu trabalho"
    (nova,) = (p for p in copia.parent.iterdir() if p != copia)
    assert nova.name.startswith("01-1-nova-") and nova.read_text(encoding="utf-8") == "segunda edição"
    nova.write_text("meu trabalho na nova", encoding="utf-8")
    entrar.entregar(casa, curso_de_mentira)
    assert nova.read_text(encoding="utf-8") == "meu trabalho na nova" and len(list(copia.parent.iterdir())) == 2


def test_quem_nao_mexeu_recebe_a_correcao_no_lugar(curso_de_mentira, casa):
    copia = entrar.entregar(casa, curso_de_mentira) / "notebooks" / "01-1.ipynb"
    (curso_de_mentira / "notebooks" / "01-1.ipynb").write_text("segunda edição", encoding="utf-8")
    entrar.entregar(casa, curso_de_mentira)
    assert copia.read_text(encoding="utf-8") == "segunda edição" and len(list(copia.parent.iterdir())) == 1


def test_quem_apagou_recebe_de_novo_e_um_recibo_estragado_nao_apaga_nada(curso_de_mentira, casa):
    pasta = entrar.entregar(casa, curso_de_mentira)
    copia = pasta / "notebooks" / "01-1.ipynb"
    copia.unlink()
    entrar.entregar(casa, curso_de_mentira)
    assert copia.read_text(encoding="utf-8") == "primeira edição"
    copia.write_text("meu trabalho", encoding="utf-8")
    (pasta / entrar.RECIBO).write_text("{estragado", encoding="utf-8")
    entrar.entregar(casa, curso_de_mentira)
    assert copia.read_text(encoding="utf-8") == "meu trabalho"


def test_o_curso_mudou_de_lugar_e_o_atalho_acompanha(curso_de_mentira, casa):
    pasta = entrar.entregar(casa, curso_de_mentira)
    outro = curso_de_mentira.rename(curso_de_mentira.with_name("curso-novo"))
    entrar.entregar(casa, outro)
    assert (pasta / "dados").resolve() == outro / "dados"


def test_a_conta_sai_da_medida_e_o_leiame_a_conta():
    medida = json.loads((MEDIDAS / "turma.json").read_text(encoding="utf-8"))
    assert medida["alunos"] >= 20 and medida["erros"] == []
    assert turma.por_aluno().gb == medida["memoria_por_aluno_gb"] and 5 < turma.por_aluno().segundos < 120
    # A garantia de memória do Kubernetes e o limite do TLJH partem deste número.
    assert turma.por_aluno().gb <= 0.7
    tabela = [linha for linha in em_texto(medida).splitlines() if linha.startswith("|")]
    assert len(tabela) == 5 and "\n".join(tabela) in (turma.PASTA / "README.md").read_text(encoding="utf-8")


# ----------------------------------------------------------- as configurações


def _carregar(nome: str) -> Config:
    return PyFileConfigLoader(nome, path=str(PASTA)).load_config()


def test_a_configuracao_do_tljh_e_aceita_pelo_jupyterhub(monkeypatch):
    pytest.importorskip("jupyterhub", reason="Falta o JupyterHub: python -m curso turma --instalar")
    from jupyterhub.spawner import Spawner

    config = _carregar("tljh_curso.py")
    spawner = Spawner(config=config)
    assert spawner.cmd == [str(RAIZ / ".venv/bin/python"), str(PASTA / "entrar.py")]
    assert spawner.http_timeout >= 120 and spawner.start_timeout >= 120
    assert spawner.default_url.removeprefix("/lab/tree/curso/") == "notebooks/00-comece-aqui.ipynb"
    # O TLJH escreve «sem limite» na classe SystemdSpawner; só um valor nela mesma vence.
    assert config.SystemdSpawner.mem_limit == "2G" and spawner.mem_limit is None
    assert all(hasattr(Spawner, nome) for nome in config.Spawner), "uma opção com o nome errado passaria calada"


def test_o_atalho_na_pasta_do_tljh_acha_o_curso(tmp_path):
    (tmp_path / "tljh_curso.py").symlink_to(PASTA / "tljh_curso.py")
    config = PyFileConfigLoader("tljh_curso.py", path=str(tmp_path)).load_config()
    assert config.Spawner.cmd == _carregar("tljh_curso.py").Spawner.cmd


def test_os_modelos_do_hub_compartilhados_sao_so_para_ler(monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "is_dir", lambda self: True)
    ambiente = _carregar("tljh_curso.py").Spawner.environment
    assert ambiente == {"HF_HUB_CACHE": "/srv/hf/hub", "HF_HUB_OFFLINE": "1"}


def test_o_ensaio_parte_da_configuracao_do_tljh(monkeypatch, tmp_path):
    for nome, valor in {
        "CURSO_ENSAIO": str(tmp_path),
        "CURSO_ENSAIO_PORTAS": "1,2,3",
        "CURSO_ENSAIO_SENHA": "x",
    }.items():
        monkeypatch.setenv(nome, valor)
    ensaio, servidor = _carregar("jupyterhub_config.py"), _carregar("tljh_curso.py")
    assert ensaio.Spawner.cmd == servidor.Spawner.cmd and ensaio.SystemdSpawner == servidor.SystemdSpawner
    assert ensaio.JupyterHub.bind_url == "http://127.0.0.1:1", "o ensaio tem uma senha só: nunca fora desta máquina"


# As chaves de https://z2jh.jupyter.org/en/stable/resources/reference.html que o arquivo usa, e o tipo de cada uma.
CHAVES_DO_Z2JH = {
    "hub.config.JupyterHub.authenticator_class": str,
    "hub.config.Authenticator.admin_users": list,
    "hub.config.Authenticator.allow_all": bool,
    "hub.config.NativeAuthenticator.minimum_password_length": int,
    "proxy.https.enabled": bool,
    "proxy.https.hosts": list,
    "proxy.https.letsencrypt.contactEmail": str,
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.cmd": list,
    "singleuser.defaultUrl": str,
    "singleuser.memory.guarantee": str,
    "singleuser.memory.limit": str,
    "singleuser.cpu.guarantee": float,
    "singleuser.cpu.limit": int,
    "singleuser.storage.capacity": str,
    "singleuser.startTimeout": int,
    "prePuller.continuous.enabled": bool,
    "cull.enabled": bool,
    "cull.timeout": int,
}


def _folhas(valor, caminho=""):
    if isinstance(valor, dict):
        for nome, filho in valor.items():
            yield from _folhas(filho, f"{caminho}.{nome}".lstrip("."))
    else:
        yield caminho, valor


def test_valores_do_kubernetes():
    texto = (PASTA / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8")
    valores = yaml.safe_load(texto)
    folhas = dict(_folhas(valores))
    assert {nome: type(valor) for nome, valor in folhas.items()} == CHAVES_DO_Z2JH
    edicao, tljh = dados_do_projeto()["edicao"], _carregar("tljh_curso.py")
    assert folhas["singleuser.image.tag"] == edicao
    assert folhas["singleuser.cmd"] == ["/srv/curso/.venv/bin/python", "/srv/curso/turma/entrar.py"]
    assert folhas["singleuser.defaultUrl"] == tljh.Spawner.default_url
    assert folhas["singleuser.memory.limit"] == tljh.SystemdSpawner.mem_limit
    assert folhas["singleuser.startTimeout"] == tljh.Spawner.start_timeout
    assert float(folhas["singleuser.memory.guarantee"].removesuffix("G")) >= turma.por_aluno().gb


def test_a_imagem_parte_de_uma_versao_fixa_e_do_comando_do_curso():
    linhas = (PASTA / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (base,) = (linha for linha in linhas if linha.startswith("FROM "))
    assert re.fullmatch(r"FROM python:3\.\d+\.\d+-slim-\w+", base)
    (comando,) = (json.loads(linha.removeprefix("CMD ")) for linha in linhas if linha.startswith("CMD "))
    valores = yaml.safe_load((PASTA / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))
    assert comando == valores["singleuser"]["cmd"]
    assert any(linha.startswith("RUN python -m curso turma --instalar") for linha in linhas)
    usuarios = [linha for linha in linhas if linha.startswith("USER ")]
    assert usuarios == ["USER 1000"] and linhas.index("USER 1000") > max(
        n for n, linha in enumerate(linhas) if linha.startswith(("COPY", "RUN"))
    ), "os alunos não podem escrever no curso"
    ignorados = (PASTA / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv*", "pacotes"} <= set(ignorados)


# ---------------------------------------------------------- o JupyterHub de pé


@pytest.fixture(scope="module")
def de_pe():
    pytest.importorskip("jupyterhub", reason="Falta o JupyterHub: python -m curso turma --instalar")
    if not turma.caminho_do_proxy(Venv(RAIZ)).exists():
        pytest.skip("Falta o proxy do JupyterHub: instale o Node.js e rode python -m curso turma --instalar")
    with sala() as aberta:
        yield aberta


def test_dois_alunos_entram_abrem_e_executam_o_notebook(de_pe):
    alunos = [Aluno(de_pe, "ana"), Aluno(de_pe, "maria.fernanda.de.oliveira.e.albuquerque")]

    def aula(aluno: Aluno) -> list[str]:
        aluno.entrar()
        conteudo = aluno.abrir(NOTEBOOK)
        assert aluno.ler("images/abrir-no-colab.svg").startswith(b"<svg")
        assert aluno.ler(f"notebooks/{NOTEBOOK}")
        return aluno.executar(NOTEBOOK, celulas_de_codigo(conteudo))

    with ThreadPoolExecutor(2) as juntos:
        assert list(juntos.map(aula, alunos)) == [[], []]
    ana, maria = alunos
    meu = ana.abrir(NOTEBOOK)
    meu["cells"][0]["source"] = "anotação da Ana"
    ana.gravar(NOTEBOOK, meu)
    assert "anotação da Ana" in (de_pe.pasta / "ana/curso/notebooks" / NOTEBOOK).read_text(encoding="utf-8")
    assert maria.abrir(NOTEBOOK)["cells"][0]["source"] != "anotação da Ana"
    assert "anotação da Ana" not in (RAIZ / "notebooks" / NOTEBOOK).read_text(encoding="utf-8")


def test_o_kernel_do_aluno_e_o_do_curso_com_o_ambiente_da_turma(de_pe):
    ana = Aluno(de_pe, "ana")
    ana.entrar()
    provas = [
        "import os, sys, curso",
        f"assert os.path.samefile(os.path.dirname(os.path.dirname(curso.__file__)), {str(RAIZ)!r})",
        f"assert os.path.samefile(sys.prefix, {str(RAIZ / '.venv')!r}), sys.prefix",
        "assert os.environ['OMP_NUM_THREADS'] == '1'",
        "assert os.getcwd().endswith('curso/notebooks') and os.path.exists('../dados/frases/treino.jsonl')",
    ]
    assert ana.executar(NOTEBOOK, provas) == []
    assert "curso-acessibilidade" in ana.sessao.get(f"{ana.servidor}/lab", timeout=60).text
    assert ana.executar(NOTEBOOK, ["1 / 0"]) == ["ZeroDivisionError: division by zero"]


def test_quem_nao_sabe_a_senha_nao_entra(de_pe):
    from curso.projeto import ErroDoCurso

    de_fora = Aluno(de_pe, "eva")
    de_fora.sala = type(de_pe)(de_pe.endereco, "senha errada", de_pe.pasta, de_pe.processo)
    with pytest.raises(ErroDoCurso, match="eva não entrou: 403"):
        de_fora.entrar()
    assert not (de_pe.pasta / "eva").exists()
