"""O servidor de cada aluno em um JupyterHub: entrega os notebooks na pasta dele e abre o JupyterLab.

Roda como o próprio aluno, com o Python do curso, no ensaio, no TLJH e no Kubernetes; só a biblioteca padrão até abrir.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
PASTA = "curso"  # dentro da pasta pessoal
RECIBO = ".entregues.json"
# As figuras também são cópias: o servidor do Jupyter se recusa a mostrar uma imagem que está atrás de um atalho.
COPIADAS = ("images", "notebooks")
FORA = {*COPIADAS, "pacotes"}

# Um kernel esquecido em uma aba fechada segura meio gigabyte: sai depois de meia hora parado.
OPCOES = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=120",
    # Por arquivo, e não por porta: em um servidor com muitas contas, uma porta local qualquer um escuta.
    "--KernelManager.transport=ipc",
    # A extensão que dá nome, para leitores de tela, às figuras e aos controles.
    f"--LabApp.extra_labextensions_path={RAIZ / 'curso' / 'extensoes'}",
]


def entregar(casa: Path, raiz: Path = RAIZ) -> Path:
    """Põe o curso na pasta pessoal: notebooks e figuras são cópias, o resto são atalhos para o que é de todos.

    Nunca escreve por cima do que o aluno mudou: a versão nova desse notebook chega ao lado, com outro nome.
    """
    pasta = casa / PASTA
    pasta.mkdir(parents=True, exist_ok=True)
    for item in raiz.iterdir():
        if item.name not in FORA and not item.name.startswith((".", "__")):
            _atalho(pasta / item.name, item)
    recibo = _ler(pasta / RECIBO)
    for nome in COPIADAS:
        (pasta / nome).mkdir(exist_ok=True)
        for original in sorted(p for p in (raiz / nome).iterdir() if p.is_file()):
            chave = f"{nome}/{original.name}"
            recibo[chave] = _entregar_um(original, pasta / chave, recibo.get(chave))
    _gravar(pasta / RECIBO, json.dumps(recibo, indent=1))
    return pasta


def _entregar_um(original: Path, copia: Path, entregue: str | None) -> str:
    atual = resumo(original)
    if not copia.exists():  # a primeira vez, ou o aluno apagou o seu para recomeçar
        shutil.copyfile(original, copia)
    elif entregue != atual and resumo(copia) != atual:
        if resumo(copia) == entregue:  # ninguém mexeu: a correção entra no lugar
            novo = copia.with_name(f".{copia.name}.novo")
            shutil.copyfile(original, novo)
            os.replace(novo, copia)
        else:
            shutil.copyfile(original, copia.with_name(f"{copia.stem}-nova-{atual[:6]}{copia.suffix}"))
    return atual


def _atalho(aqui: Path, destino: Path) -> None:
    if aqui.is_symlink() and Path(os.readlink(aqui)) != destino:
        aqui.unlink()
    if not os.path.lexists(aqui):
        aqui.symlink_to(destino)


def resumo(arquivo: Path) -> str:
    return hashlib.sha256(arquivo.read_bytes()).hexdigest()


def _ler(arquivo: Path) -> dict[str, str]:
    try:
        return json.loads(arquivo.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _gravar(arquivo: Path, texto: str) -> None:
    novo = arquivo.with_name(f"{arquivo.name}.tmp")
    novo.write_text(texto, encoding="utf-8")
    os.replace(novo, arquivo)


def ambiente() -> dict[str, str]:
    """O que todo aluno tem; o que o administrador já definiu vale mais."""
    return {
        "PYTHONPATH": str(RAIZ),
        # Uma linha de execução por aluno: a turma inteira executa a mesma célula ao mesmo tempo.
        "OMP_NUM_THREADS": "1",
    }


def principal() -> None:
    for nome, valor in ambiente().items():
        os.environ.setdefault(nome, valor)
    try:
        entregar(Path.home())
    except OSError as erro:  # disco cheio, cota: o aluno ainda entra, e pode apagar alguma coisa
        print(f"⚠️  Não consegui entregar os notebooks ({erro}).", file=sys.stderr)
    # A gramática de endereços que o jsonschema monta quando a acha custa 2,5 s por servidor; o curso não a usa.
    sys.modules["rfc3987_syntax"] = None
    from jupyterhub.singleuser import main

    sys.argv[1:1] = OPCOES
    # O caminho de um soquete tem uns cem caracteres no máximo: na pasta pessoal, não caberia um nome comprido.
    with tempfile.TemporaryDirectory(prefix="jpy-") as curta:
        os.environ.setdefault("JUPYTER_RUNTIME_DIR", curta)
        main()


if __name__ == "__main__":
    principal()
