"""Guardas sobre o repositório: carimbos em dia, links, figuras, glossário, requisitos."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET

import pytest

from curso import carimbo
from curso.comandos import COMANDOS, PERFIS
from curso.instalacao import versoes_pedidas
from curso.projeto import NOTEBOOKS, RAIZ, dados_do_projeto, lista_de_notebooks

SVG = "{http://www.w3.org/2000/svg}"
GLOSSARIO = NOTEBOOKS / "glossario.md"


def _acompanhados(*padroes: str) -> list:
    """Os arquivos que vão para o repositório (no git, ou prestes a ir)."""
    feito = shutil.which("git") and subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *padroes], cwd=RAIZ, capture_output=True
    )
    if not feito or feito.returncode:  # uma cópia sem git (arquivo zip): olha a pasta toda
        return [a for p in padroes for a in RAIZ.glob(f"**/{p}") if ".venv" not in a.parts]
    return [RAIZ / nome for nome in feito.stdout.decode().split("\0") if nome and (RAIZ / nome).is_file()]


def test_carimbar_de_novo_nao_muda_nada():
    assert carimbo.carimbar_tudo(gravar=False) == []


def test_carimbar_conserta_o_que_mudou(tmp_path):
    caminho = lista_de_notebooks()[0]
    notebook = json.loads(caminho.read_text(encoding="utf-8"))
    estragado = json.loads(json.dumps(notebook))
    estragado["cells"][0]["source"] = ["[selo antigo](https://exemplo.org)"]
    estragado["metadata"]["widgets"] = {}
    assert carimbo.em_texto(carimbo.carimbar_notebook(caminho, estragado)) == carimbo.em_texto(notebook)


def test_mudar_o_repositorio_em_um_lugar_muda_em_todos(monkeypatch):
    antigo = dados_do_projeto()["repositorio"]
    monkeypatch.setattr(carimbo, "dados_do_projeto", lambda: {"repositorio": "outra/casa", "edicao": "2027.2"})
    textos = carimbo.carimbados()
    assert {"README.md", "CITATION.cff", "CONTRIBUINDO.md", "00-comece-aqui.ipynb"} <= {c.name for c in textos}
    for caminho, texto in textos.items():
        assert antigo not in texto and "outra/casa" in texto, caminho.name
    assert 'version: "2027.2"' in textos[carimbo.RAIZ / "CITATION.cff"]


def test_gravar_nunca_deixa_arquivo_pela_metade(tmp_path, monkeypatch):
    alvo = tmp_path / "a.ipynb"
    alvo.write_text("antigo", encoding="utf-8")

    def cheio(self, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(alvo), "write_text", cheio)
    with pytest.raises(OSError, match="No space left"):
        carimbo.gravar_inteiro(alvo, "novo")
    monkeypatch.undo()
    assert alvo.read_text(encoding="utf-8") == "antigo" and list(tmp_path.iterdir()) == [alvo]


@pytest.mark.parametrize("figura", sorted((RAIZ / "images").glob("*.svg")), ids=lambda f: f.stem)
def test_figuras_acessiveis(figura):
    arvore = ET.parse(figura).getroot()
    assert arvore.get("role") == "img" and arvore.find(f"{SVG}title").text
    if figura.stem != "abrir-no-colab":
        assert len(arvore.find(f"{SVG}desc").text) > 40
    fundo = arvore.find(f"{SVG}rect")
    assert fundo is not None and fundo.get("fill", "").lower() in ("#ffffff", "#f5f5f5"), "fundo claro e opaco"
    tamanhos = [float(e.get("font-size")) for e in arvore.iter() if e.get("font-size")]
    assert min(tamanhos) >= 12
    texto = figura.read_text(encoding="utf-8")
    assert "http" not in texto.replace("http://www.w3.org/2000/svg", "") and "<script" not in texto


def test_links_dos_documentos():
    for documento in _acompanhados("*.md"):
        texto = re.sub(r"```.*?```", "", documento.read_text(encoding="utf-8"), flags=re.DOTALL)
        for alvo in re.findall(r"\]\(([^)\s]+)\)", texto):
            if not re.match(r"https?:|#|mailto:", alvo):
                assert (documento.parent / alvo.split("#")[0]).exists(), f"{documento.name}: {alvo}"


def test_termos_dos_notebooks_estao_no_glossario():
    definidos = set(re.findall(r"^\*\*(.+?)\*\*", GLOSSARIO.read_text(encoding="utf-8"), re.MULTILINE))
    assert definidos and sorted(definidos, key=_ordem) == re.findall(
        r"^\*\*(.+?)\*\*", GLOSSARIO.read_text(encoding="utf-8"), re.MULTILINE
    ), "em ordem alfabética"
    for caminho in lista_de_notebooks():
        prosa = "\n".join(
            "".join(c["source"])
            for c in json.loads(caminho.read_text(encoding="utf-8"))["cells"]
            if c["cell_type"] == "markdown"
        )
        linha = re.search(r"\*\*Termos:\*\* (.+)", prosa)[1]
        termos = [t.strip(" .*") for t in linha.split("(")[0].split(",")]
        for termo in termos:
            assert termo in definidos, f"{caminho.name}: «{termo}» não está em glossario.md"
            assert prosa.lower().count(termo.lower()) >= 2, f"{caminho.name}: «{termo}» não é usado no texto"


def _ordem(termo):
    from oficina.textos import sem_acentos

    return sem_acentos(termo.lower())


def test_requisitos_fixos_e_dentro_dos_intervalos():
    from packaging.requirements import Requirement

    fixas = versoes_pedidas(RAIZ / "requirements.txt")
    assert fixas["torch"] == "2.13.0" and fixas["transformers"].startswith("5.23.")
    projeto = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for texto in projeto["dependencies"]:
        pedido = Requirement(texto)
        assert pedido.specifier.contains(fixas[pedido.name]), texto


def test_nada_de_pickle_nem_de_enderecos_desta_maquina():
    assert not _acompanhados("*.bin", "*.pt", "*.pth", "*.pkl")
    for arquivo in _acompanhados("*.py", "*.md", "*.toml", "*.yml", "*.ipynb", "*.txt", "*.jsonl"):
        texto = arquivo.read_text(encoding="utf-8")
        assert not re.search(r"/work/|/root/|\bhf_[A-Za-z0-9]{30,}", texto.replace(_este_arquivo(arquivo), "")), (
            arquivo.name
        )


def _este_arquivo(arquivo):
    return arquivo.read_text(encoding="utf-8") if "tests" in arquivo.parts else ""


def test_edicao_do_selo_e_a_da_preparacao_sao_a_mesma():
    edicao = dados_do_projeto()["edicao"]
    assert f"--branch {edicao} " in carimbo.celula_de_preparacao()
    assert f"/blob/{edicao}/" in carimbo.endereco_no_colab(lista_de_notebooks()[0])


def test_todo_conjunto_de_dados_e_todo_checkpoint_tem_cartao():
    for pasta in (*(RAIZ / "dados").iterdir(), *(p for p in (RAIZ / "modelos").iterdir() if p.is_dir())):
        cartao = (pasta / "README.md").read_text(encoding="utf-8")
        assert cartao.startswith("---\n") and "license:" in cartao and "language: pt" in cartao, pasta.name


def test_o_pacote_leva_todos_os_modulos():
    projeto = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))
    pastas = {a.parent.relative_to(RAIZ).as_posix().replace("/", ".") for a in (RAIZ / "curso").rglob("*.py")}
    assert set(projeto["tool"]["setuptools"]["packages"]) == pastas


def test_o_devcontainer_parte_do_mesmo_ambiente():
    """O contêiner do VS Code e do Codespaces não tem requisitos próprios: chama o comando do README."""
    receita = json.loads((RAIZ / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    comando = receita["postCreateCommand"].split()
    assert comando[:3] == ["python", "-m", "curso"] and comando[3] in COMANDOS
    assert receita["image"].endswith("python:3.11") and "features" not in receita
    editor = receita["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert editor == "${containerWorkspaceFolder}/.venv/bin/python"
    assert all((RAIZ / arquivo).is_file() for arquivo in receita["customizations"]["codespaces"]["openFiles"])


def test_o_workflow_chama_os_perfis_que_existem():
    texto = (RAIZ / ".github" / "workflows" / "testes.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"--perfil (\w+)", texto)) <= set(PERFIS)
    for modulo in re.findall(r"-p (tests[\w.]+)", texto):
        assert (RAIZ / f"{modulo.replace('.', '/')}.py").is_file()
