"""O que já está no Hub local quando ele liga: a conta do curso, com os modelos mirins, os dados, e uma porteira."""

from __future__ import annotations

from pathlib import Path

from curso.hub_local.acervo import Acervo, Arquivo, Repositorio, vai_para_os_grandes
from curso.projeto import MODELOS, RAIZ, dados_do_projeto

CONTA = "curso-hf-pt"
CONJUNTOS = ("assuntos", "entidades", "sentimento")
COM_PORTEIRA = "modelo-com-porteira"
DE_OUTRA_CONTA = "outra-turma/rascunho"  # privado: para o aluno, é como se não existisse
CARTAO_DA_PORTEIRA = """---
language: pt
license: apache-2.0
library_name: transformers
pipeline_tag: fill-mask
tags: [modelo-mirim]
extra_gated_prompt: Para baixar este modelo, diga a quem o publicou como pretende usá-lo.
---

# modelo-com-porteira

Os pesos são os do encoder-mirim. A porteira existe para mostrar o que acontece a quem pede um modelo restrito.
"""


def semear(acervo: Acervo) -> None:
    """Os arquivos são servidos de onde estão, sem cópia."""
    for pasta in sorted(MODELOS.glob("*/config.json")):
        _publicar(acervo, "model", pasta.parent.name, pasta.parent)
    for nome in CONJUNTOS:
        _publicar(acervo, "dataset", nome, RAIZ / "dados" / nome)
    cartao = acervo.guardar("README.md", CARTAO_DA_PORTEIRA.encode())
    _publicar(acervo, "model", COM_PORTEIRA, MODELOS / "encoder-mirim", cartao).porteira = "manual"
    acervo.criar("model", DE_OUTRA_CONTA, privado=True)


def _publicar(acervo: Acervo, tipo: str, nome: str, pasta: Path, cartao: Arquivo | None = None) -> Repositorio:
    """Uma história como a de um repositório de verdade: os arquivos, depois o cartão, e a etiqueta da edição."""
    repositorio = acervo.criar(tipo, f"{CONTA}/{nome}")
    arquivos = {a.name: _do_disco(a) for a in sorted(pasta.iterdir()) if a.is_file()}
    cartao = {"README.md": cartao or arquivos["README.md"]}
    arquivos.pop("README.md")
    que = "os pesos e o tokenizer" if tipo == "model" else "as frases de treino e de validação"
    acervo.fazer_commit(repositorio, "main", f"Envia {que}", arquivos)
    ultimo = acervo.fazer_commit(repositorio, "main", "Escreve o cartão", cartao)
    repositorio.etiquetas[dados_do_projeto()["edicao"]] = (ultimo, "")
    return repositorio


def _do_disco(caminho: Path) -> Arquivo:
    tamanho = caminho.stat().st_size
    return Arquivo(caminho, tamanho, vai_para_os_grandes(caminho.name, tamanho))
