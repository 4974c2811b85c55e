"""O cartão de uma pasta do projeto, como ele tem de ficar no Hub: os caminhos daqui não existem lá.

Texto entra, texto sai: os arquivos de ``modelos/`` e ``dados/`` ficam como estão.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from curso.projeto import RAIZ, dados_do_projeto

HUB = "https://huggingface.co"
COMO_USAR_AQUI = "Da pasta do curso (em um notebook, escreva `../` antes do caminho):"
#: Um caminho do projeto entre aspas (no código) ou entre crases (no texto).
CAMINHO = re.compile(r'(?P<marca>["`])(?P<pasta>modelos|dados)/(?P<nome>[\w-]+)(?P=marca)')
LINK = re.compile(r"(?<!!)\]\((?!https?:|#|mailto:)(?P<alvo>[^)\s#]+)(?P<resto>#[^)\s]*)?\)")
PARTIDA = re.compile(r"\*\*Ponto de partida:\*\*[^\n]*?`modelos/([\w-]+)`")


def cartao_no_hub(texto: str, tipo: str, pasta: Path, conta: str) -> str:
    """O cartão com os nomes que valem no Hub.

    Args:
        texto: o README.md da pasta.
        tipo: ``"model"`` ou ``"dataset"``.
        pasta: onde ele está; os links relativos partem daqui.
        conta: a do Hub.
    """
    from huggingface_hub import DatasetCard, ModelCard

    cartao = (ModelCard if tipo == "model" else DatasetCard)(texto)
    if tipo == "model":
        cartao.data["datasets"] = [f"{conta}/{nome}" for nome in cartao.data.get("datasets", [])]
        if partida := PARTIDA.search(cartao.text):
            cartao.data["base_model"] = f"{conta}/{partida[1]}"
    corpo = cartao.text.replace(COMO_USAR_AQUI, "Para usar:")
    corpo = CAMINHO.sub(lambda achado: _no_hub(achado, conta), corpo)
    corpo = LINK.sub(lambda achado: f"]({_no_repositorio(pasta, achado['alvo'])}{achado['resto'] or ''})", corpo)
    cartao.text = f"{corpo.rstrip()}\n\n{_origem(corpo)}\n"
    return str(cartao)


def citados(cartao: str) -> set[str]:
    """Os repositórios do Hub que o cabeçalho de um cartão cita, como ``conta/nome``."""
    from huggingface_hub import RepoCard

    dados = RepoCard(cartao).data
    return {*(dados.get("datasets") or []), *([dados["base_model"]] if dados.get("base_model") else [])}


def _no_hub(achado: re.Match, conta: str) -> str:
    repositorio = f"{conta}/{achado['nome']}"
    if achado["marca"] == '"':
        return f'"{repositorio}"'
    return f"[`{repositorio}`]({HUB}/{'datasets/' if achado['pasta'] == 'dados' else ''}{repositorio})"


def _no_repositorio(pasta: Path, alvo: str) -> str:
    """Um link relativo do cartão, como endereço do mesmo arquivo no repositório do curso."""
    caminho = Path(os.path.normpath(pasta / alvo)).relative_to(RAIZ).as_posix()
    return f"{_endereco()}/blob/{dados_do_projeto()['edicao']}/{caminho}"


def _endereco() -> str:
    return f"https://github.com/{dados_do_projeto()['repositorio']}"


def _origem(corpo: str) -> str:
    frase = f"Feito para o curso [Consumindo modelos de linguagem]({_endereco()})."
    if re.search(r"python -m oficina|`oficina/|import curso", corpo):
        frase += " Os comandos `python -m`, os caminhos de `oficina/` e o pacote `curso` são os daquele repositório."
    return frase
