"""``python -m oficina relatorio``: mede cada checkpoint e as referências simples, e leva os números aos cartões.

Nenhuma medida de acerto dos cartões e do catálogo é escrita à mão: elas saem daqui, dos pesos de ``modelos/``.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial
from pathlib import Path

import torch

from curso.carimbo import gravar_inteiro
from curso.catalogo import catalogo, entrada
from curso.instalacao import versoes_pedidas
from curso.projeto import MODELOS, RAIZ
from oficina import julgamento, provas, provas_de_geracao
from oficina.cartoes import FICHAS, Ficha, cartao, porcento
from oficina.provas import ERROS_GUARDADOS
from oficina.treino import MEDIDAS

# tarefa da biblioteca → (prova, chave da medida que vai ao catálogo, como se lê)
PROVAS = {
    "sentiment-analysis": (provas.sentimento, "livres", "acerta {} de {} frases escritas"),
    "ner": (provas.entidades, "livres", "F1 de {} em {} frases escritas"),
    "question-answering": (provas.perguntas, "livres", "acerta {} de {} perguntas escritas"),
    "zero-shot-classification": (provas.assuntos, "livres_3", "acerta o assunto, entre 3, em {} de {} frases escritas"),
    "fill-mask": (provas.mascara, "livres", "acerta a palavra, em 5 tentativas, em {} de {} frases escritas"),
    "feature-extraction": (
        provas.vetores,
        "livres",
        "o texto mais próximo tem o mesmo assunto em {} de {} frases escritas",
    ),
    "translation": (partial(provas_de_geracao.traducao, "en", "pt"), "livres", "chrF de {} em {} frases escritas"),
    "translation_pt_to_en": (
        partial(provas_de_geracao.traducao, "pt", "en"),
        "livres",
        "chrF de {} em {} frases escritas",
    ),
    "summarization": (provas_de_geracao.resumos, "livres", "chrF de {} em {} textos escritos"),
    "text-generation": (julgamento.continuar, "livres_sentido", "continua com sentido {} de {} aberturas escritas"),
    "conversa": (julgamento.conversar, "livres_sentido", "responde ao que se pede em {} de {} falas escritas"),
}


def fazer(*tarefas: str) -> None:
    """Mede (todas, se nenhuma é dita), grava ``oficina/medidas``, cartões e catálogo, e mostra uma tabela."""
    torch.set_num_threads(1)  # mais rápido do que dividir contas tão pequenas, e as mesmas respostas em toda máquina
    for tarefa in tarefas or [t for t in PROVAS if t in catalogo()]:
        prova, chave, _ = PROVAS[tarefa]
        medidas = prova()
        medidas["de_onde"] = de_onde(tarefa)
        medidas["erros"] = sorted(medidas["erros"], key=lambda erro: len(erro[0]))[:ERROS_GUARDADOS]
        gravar_inteiro(arquivo(tarefa), json.dumps(medidas, indent=1, ensure_ascii=False) + "\n")
        print(f"{tarefa:26} {chave} {medidas['modelo'][chave]:.3f}")
        for nome, valores in medidas["referencias"].items():
            if chave in valores:
                print(f"{'':26}   {nome}: {valores[chave]:.3f}")
    for ficha in fichas_medidas():
        gravar_inteiro(MODELOS / ficha.pasta / "README.md", cartao(ficha, {t: medidas_de(t) for t in ficha.tarefas}))
    atualizar_catalogo()


def de_onde(tarefa: str) -> str:
    """A impressão digital de tudo de que as medidas de uma tarefa dependem: pesos, provas, dados, código, biblioteca."""
    return impressao_digital(fontes(tarefa), versoes_pedidas(RAIZ / "requirements.txt")["transformers"])


def fontes(tarefa: str) -> list[Path]:
    oficina, codigo = RAIZ / "oficina", ("julgamento", "professor", "dados", "sentimento", "textos/__init__")
    achadas = [
        *entrada(tarefa).pasta.iterdir(),
        *(RAIZ / "dados").rglob("*"),
        *(oficina / "avaliacao").iterdir(),
        *(oficina / "julgamentos").iterdir(),
        *oficina.glob("provas*.py"),
        *(oficina / f"{nome}.py" for nome in codigo),
        *(RAIZ / "curso" / "tarefas").glob("*.py"),
    ]
    return sorted(f for f in achadas if f.is_file() and f.name != "README.md")


def impressao_digital(arquivos: list[Path], *mais: str) -> str:
    """O SHA-256 dos nomes e conteúdos, o mesmo em qualquer sistema (o git do Windows troca os fins de linha)."""
    digital = hashlib.sha256("".join(mais).encode())
    for arquivo in arquivos:
        digital.update(arquivo.name.encode())
        digital.update(arquivo.read_bytes().replace(b"\r\n", b"\n"))
    return digital.hexdigest()


def fichas_medidas() -> list[Ficha]:
    """As fichas dos checkpoints que já foram medidos."""
    return [ficha for ficha in FICHAS if all(arquivo(tarefa).exists() for tarefa in ficha.tarefas)]


def tarefas_medidas() -> list[str]:
    return [tarefa for tarefa in PROVAS if arquivo(tarefa).exists()]


def arquivo(tarefa: str):
    return MEDIDAS / f"{tarefa}.json"


def medidas_de(tarefa: str) -> dict:
    return json.loads(arquivo(tarefa).read_text(encoding="utf-8"))


def frase_do_catalogo(tarefa: str) -> str:
    _, chave, molde = PROVAS[tarefa]
    medidas = medidas_de(tarefa)
    dita = molde.format(porcento(medidas["modelo"][chave]), medidas["itens"]["livres"])
    return f"{dita} à parte, sem ver o treino"


def atualizar_catalogo() -> None:
    caminho = MODELOS / "catalogo.toml"
    texto = caminho.read_text(encoding="utf-8")
    for tarefa in tarefas_medidas():
        pasta = entrada(tarefa).pasta
        mb = sum(a.stat().st_size for a in pasta.rglob("*") if a.is_file()) / 1e6
        inicio = texto.index(f"[{tarefa}]")
        fim = texto.find("\n[", inicio) % (len(texto) + 1)
        secao = texto[inicio:fim]
        secao = re.sub(r"^mb = .*$", f"mb = {mb:.1f}", secao, count=1, flags=re.MULTILINE)
        secao = re.sub(r"^medida = .*$", f'medida = "{frase_do_catalogo(tarefa)}"', secao, count=1, flags=re.MULTILINE)
        texto = texto[:inicio] + secao + texto[fim:]
    gravar_inteiro(caminho, texto)
