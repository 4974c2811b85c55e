"""``python -m curso turma --conferir``: o que da receita já se pode conferir aqui. Só a biblioteca padrão."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

from curso import conferencia, instalacao, turma
from curso.catalogo import catalogo, entrada
from curso.conferencia import AVISO, CERTO, ERRADO, Item
from curso.projeto import MODELOS, RAIZ
from curso.rede import responde

PRAZO_DO_ESPELHO_S = 3.0


def relatorio(venv: instalacao.Venv, requisitos: Path) -> tuple[str, bool]:
    """O relatório em texto, e se está tudo certo para a aula."""
    itens = [
        *conferencia.ambiente(venv, requisitos),
        conferencia.modelos(),
        conferencia.notebooks(),
        *configuracoes(venv, turma.PASTA),
        _jupyterhub(venv),
        _curso_legivel(venv),
        modelos_do_hub(),
        espelho(),
        _memoria(),
    ]
    return conferencia.em_texto(
        "Conferindo esta máquina para uma turma…", itens, "Pronto para a turma. O passo a passo: turma/README.md"
    )


def configuracoes(venv: instalacao.Venv, pasta: Path) -> list[Item]:
    """Um erro de escrita em um destes arquivos deixaria o JupyterHub sem abrir, no dia da aula."""
    itens = []
    for arquivo in sorted(pasta.glob("*.py")):
        try:
            compile(arquivo.read_text(encoding="utf-8"), arquivo.name, "exec")
        except (SyntaxError, ValueError) as erro:
            itens.append((ERRADO, f"turma/{arquivo.name} tem um erro de escrita: {erro}"))
    ler = "import sys, yaml; yaml.safe_load(open(sys.argv[1], encoding='utf-8'))"
    for arquivo in sorted(pasta.glob("*.yaml")) if venv.python.exists() else ():
        lido = subprocess.run([venv.python, "-I", "-c", ler, arquivo], capture_output=True, text=True)
        if lido.returncode:
            itens.append((ERRADO, f"turma/{arquivo.name} não é YAML: {lido.stderr.strip().splitlines()[-1].strip()}"))
    return itens or [(CERTO, "Configurações da pasta turma/: bem escritas")]


def _jupyterhub(venv: instalacao.Venv) -> Item:
    achado = instalacao.inventario(venv, ["jupyterhub"])
    versao = achado and achado["versoes"]["jupyterhub"]
    if instalacao.mesma_versao(versao, instalacao.versoes_pedidas(turma.REQUISITOS)["jupyterhub"]):
        return CERTO, f"JupyterHub {versao} no .venv"
    return AVISO, "JupyterHub: não está no .venv. Só um servidor precisa dele: python -m curso turma --instalar"


def _curso_legivel(venv: instalacao.Venv) -> Item:
    fechado = primeiro_fechado([MODELOS / "catalogo.toml", turma.PASTA / "entrar.py"])
    if fechado:
        return AVISO, (
            f"Outras contas desta máquina não conseguem ler {fechado}. Em um servidor, ponha o curso em /srv/curso, com: "
            "chmod -R a+rX /srv/curso"
        )
    fechado = primeiro_fechado([venv.python]) if venv.python.exists() else None
    if fechado:
        return AVISO, (
            f"O Python do .venv mora em {fechado}, que outras contas não conseguem ler. Em um servidor, apague .venv e "
            "repita --instalar com o Python do sistema (/usr/bin/python3)."
        )
    return CERTO, f"O curso, em {RAIZ}, pode ser lido por todas as contas"


def modelos_do_hub() -> Item:
    pasta = turma.pasta_dos_modelos()
    if not pasta.is_dir():
        if "HF_HOME" in os.environ or "HF_HUB_CACHE" in os.environ:
            return ERRADO, f"A pasta dos modelos do Hub, {pasta}, não existe. Crie-a com: python -m curso baixar"
        return AVISO, "Modelos do Hub: nenhum baixado. Não fazem falta: os embutidos bastam."
    fechado = primeiro_fechado(arquivo for arquivo in pasta.rglob("*") if not arquivo.name.endswith(".lock"))
    if fechado:
        return ERRADO, f"Os alunos não conseguem ler {fechado}. Em um servidor: chmod -R a+rX {pasta.parent}"
    guardadas = turma.tarefas_guardadas(pasta)
    return CERTO, f"Modelos do Hub em {pasta}: {len(guardadas)} de {len(catalogo())} tarefas"


def primeiro_fechado(caminhos: Iterable[Path]) -> Path | None:
    """O primeiro arquivo, ou a pasta que leva a ele, que as outras contas da máquina não podem ler."""
    if os.name == "nt":  # as permissões de lá são outras, e um servidor de turma é um Linux
        return None
    vistos: set[Path] = set()
    for caminho in caminhos:
        for parte in (caminho, *caminho.resolve().parents):
            if parte in vistos:
                continue
            vistos.add(parte)
            modo = parte.stat().st_mode
            precisa = stat.S_IXOTH if parte.is_dir() else stat.S_IROTH
            if modo & precisa != precisa:
                return parte
    return None


def espelho() -> Item:
    endereco = os.environ.get("HF_ENDPOINT")
    if not endereco:
        return AVISO, "Espelho: a variável HF_ENDPOINT não está definida; só quem usa um espelho precisa dela."
    # Pergunta por um modelo: o proxy de uma escola também responde, com um erro, por um endereço que não existe.
    linha = entrada("ner")
    modelo = f"{endereco.rstrip('/')}/api/models/{linha.hub}/revision/{linha.revisao}"
    if responde(modelo, PRAZO_DO_ESPELHO_S, aceita_erro=False):
        return CERTO, f"O espelho {endereco} responde, e tem {linha.hub}"
    return ERRADO, (
        f"O espelho {endereco} não deu {linha.hub} em {PRAZO_DO_ESPELHO_S:.0f} s. Veja se ele está ligado e se já baixou "
        "o modelo, se o endereço começa com http:// e traz a porta, e se o firewall da máquina dele a deixa passar."
    )


def _memoria() -> Item:
    livre = turma.memoria_livre_gb()
    if livre is None:
        return AVISO, "Memória livre: este sistema não diz."
    alunos = int(livre / turma.por_aluno().gb)
    return (CERTO if alunos else AVISO), f"Memória livre: {livre:.1f} GB, para {alunos} aluno(s) neste servidor"
