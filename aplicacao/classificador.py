"""Um classificador de textos para usar dentro de um programa.

Não depende do curso: leve este arquivo para o seu projeto e dê a ele o seu modelo.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

logging.disable_progress_bar()
MAXIMO_DE_CARACTERES = 10_000  # o que passa disto nem chega ao tokenizer
TEXTOS_POR_LOTE = 32


class ErroDoClassificador(Exception):
    """O classificador não pôde ser montado. A mensagem diz a quem usa o programa o que fazer."""


@dataclass(frozen=True)
class Resultado:
    """O que se soube de um texto. Sem rótulo, o aviso diz por quê."""

    rotulo: str | None
    probabilidade: float | None
    aviso: str = ""


def achar_pasta(modelo: str, revisao: str | None) -> str:
    """A pasta onde o modelo está neste computador. Um modelo do Hub precisa da revisão e de já ter sido baixado."""
    if Path(modelo).is_dir():
        return modelo
    if not re.fullmatch("[0-9a-f]{40}", revisao or ""):
        raise ErroDoClassificador(
            f"Não há uma pasta «{modelo}». Se é um modelo do Hub, diga também a revisão: "
            "o nome do commit, com 40 letras e algarismos."
        )
    try:
        return snapshot_download(modelo, revision=revisao, local_files_only=True)
    except Exception as erro:  # não está no cache, ou o nome não existe
        remedio = f"hf download {modelo} --revision {revisao}"
        raise ErroDoClassificador(f"«{modelo}» não foi baixado. Com internet, uma vez: {remedio}") from erro


class Classificador:
    """Carrega um modelo uma vez e classifica quantos textos vierem. Não usa a rede.

    Args:
        modelo: uma pasta, ou o nome de um modelo do Hub que já foi baixado.
        revisao: o commit do modelo do Hub; para uma pasta, não é preciso.
    """

    def __init__(self, modelo: str, revisao: str | None = None):
        pasta = achar_pasta(modelo, revisao)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(pasta)
            self._modelo, relato = AutoModelForSequenceClassification.from_pretrained(pasta, output_loading_info=True)
        except Exception as erro:  # falta um arquivo, ou está truncado, ou é de outra tarefa
            raise ErroDoClassificador(f"Não consegui carregar «{modelo}». Confira os arquivos e a tarefa.") from erro
        if relato["missing_keys"]:
            raise ErroDoClassificador(f"«{modelo}» não foi treinado para classificar: falta a cabeça. Escolha outro.")
        self._modelo.to("cuda" if torch.cuda.is_available() else "cpu")
        posicoes = getattr(self._modelo.config, "max_position_embeddings", 512)
        self._limite = min(self._tokenizer.model_max_length, posicoes)
        self._trava = threading.Lock()

    def classificar(self, texto: str) -> Resultado:
        """O resultado de um texto."""
        return self.classificar_lote([texto])[0]

    def classificar_lote(self, textos: Iterable[str]) -> list[Resultado]:
        """Um resultado para cada texto, na mesma ordem. Um texto ruim ganha um aviso e não atrapalha os outros."""
        if isinstance(textos, str):
            raise TypeError("classificar_lote recebe uma lista de textos; para um só, use classificar.")
        textos = list(textos)
        resultados = [self._recusar(texto) for texto in textos]
        bons = [i for i, recusado in enumerate(resultados) if recusado is None]
        for inicio in range(0, len(bons), TEXTOS_POR_LOTE):
            lote = bons[inicio : inicio + TEXTOS_POR_LOTE]
            for i, previsto in zip(lote, self._prever([textos[i] for i in lote]), strict=True):
                resultados[i] = previsto
        return resultados

    def _recusar(self, texto: str) -> Resultado | None:
        if not isinstance(texto, str):
            return Resultado(None, None, "não é um texto")
        if not texto.strip():
            return Resultado(None, None, "texto vazio")
        return None

    def _prever(self, textos: list[str]) -> list[Resultado]:
        # Meio emoji, que um JSON cortado pode trazer, vira «?».
        curtos = [texto[:MAXIMO_DE_CARACTERES].encode("utf-8", "replace").decode() for texto in textos]
        with self._trava, torch.inference_mode():  # uma conta por vez
            inputs = self._tokenizer(
                curtos, truncation=True, max_length=self._limite, padding=True, return_tensors="pt"
            )
            logits = self._modelo(**inputs.to(self._modelo.device)).logits
        valores, ids = logits.float().softmax(dim=-1).max(dim=-1)
        resultados = []
        for i, texto in enumerate(textos):
            codigo = inputs.encodings[i]
            if set(codigo.ids) <= set(self._tokenizer.all_special_ids):
                resultados.append(Resultado(None, None, "o modelo não conhece nenhum sinal deste texto"))
                continue
            cortado = len(texto) > MAXIMO_DE_CARACTERES or codigo.overflowing
            aviso = "o modelo só leu o começo" if cortado else ""
            rotulo = self._modelo.config.id2label[ids[i].item()]
            resultados.append(Resultado(rotulo, valores[i].item(), aviso))
        return resultados
