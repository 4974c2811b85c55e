"""``summarization`` e ``translation``: um texto entra, outro sai, por um modelo encoder–decoder."""

from __future__ import annotations

import types

import torch
from transformers import Pipeline
from transformers.models.auto.modeling_auto import MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES

# O que a versão 4 usava quando nem o modelo nem quem chama diz outra coisa.
PADROES = {"max_new_tokens": 256, "num_beams": 4}


class TextoATexto(Pipeline):
    """O que as duas tarefas têm em comum. ``nome`` é o prefixo das chaves do resultado."""

    nome = "generated"
    _load_tokenizer = True
    _load_processor = _load_image_processor = _load_feature_extractor = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.check_model_type(MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES)

    def __call__(self, textos, **kwargs):
        """Um texto → lista com um dicionário por sequência gerada; uma lista de textos → um dicionário por texto.

        Com ``num_return_sequences`` maior que 1, ou com um gerador de textos, cada texto dá a sua lista.

        Args:
            textos: um texto, ou uma lista (ou um gerador) deles.
            truncation: ``True`` corta um texto longo demais no limite do tokenizer.
            return_tensors: ``True`` devolve os números dos tokens no lugar do texto.
            clean_up_tokenization_spaces: junta a pontuação às palavras ao decodificar.
            stop_sequence: o primeiro token deste texto encerra a geração.
            Os demais argumentos vão para ``model.generate``: ``max_new_tokens``, ``num_beams``, ``do_sample``…
            Um ``max_length`` dado na chamada vale mais do que um ``max_new_tokens`` que ela não pediu.

        Raises:
            ValueError: texto vazio, ou que não é texto.
        """
        if not isinstance(textos, (str, types.GeneratorType, torch.utils.data.Dataset)):
            textos = [_conferir(texto) for texto in textos] if hasattr(textos, "__iter__") else _conferir(textos)
            if not textos:
                return []
        resultado = super().__call__(textos, **kwargs)
        if isinstance(textos, list) and all(len(registros) == 1 for registros in resultado):
            return [registros[0] for registros in resultado]
        return resultado

    def _sanitize_parameters(
        self,
        truncation=None,
        return_tensors=None,
        return_text=None,
        clean_up_tokenization_spaces=None,
        stop_sequence=None,
        **para_gerar,
    ):
        antes = {} if truncation is None else {"truncation": truncation}
        depois = {} if return_tensors is None else {"tensores": bool(return_tensors)}
        if clean_up_tokenization_spaces is not None:
            depois["limpar"] = clean_up_tokenization_spaces
        if stop_sequence is not None:
            para_gerar["eos_token_id"] = self.tokenizer(stop_sequence, add_special_tokens=False)["input_ids"][0]
        if "max_length" in para_gerar:
            para_gerar.setdefault("max_new_tokens", None)
        return antes, para_gerar, depois

    def preprocess(self, texto, truncation=False):
        return self.tokenizer(
            self._prefixo() + _conferir(texto),
            truncation=truncation,
            return_tensors="pt",
            return_token_type_ids=False,
        )

    def _forward(self, entradas, **para_gerar):
        if "generation_config" not in para_gerar:
            para_gerar = self._com_padroes(para_gerar)
        gerados = self.model.generate(**entradas, **para_gerar)
        textos = entradas["input_ids"].shape[0]
        return {"output_ids": gerados.reshape(textos, -1, gerados.shape[-1])}

    def postprocess(self, saidas, tensores=False, limpar=False):
        if tensores:
            return [{f"{self.nome}_token_ids": numeros} for numeros in saidas["output_ids"][0]]
        return [
            {
                f"{self.nome}_text": self.tokenizer.decode(
                    numeros, skip_special_tokens=True, clean_up_tokenization_spaces=limpar
                )
            }
            for numeros in saidas["output_ids"][0]
        ]

    def _da_tarefa(self) -> dict:
        """Alguns modelos (T5) guardam na configuração um prefixo e parâmetros de geração para cada tarefa."""
        return (getattr(self.model.config, "task_specific_params", None) or {}).get(self.task, {})

    def _prefixo(self) -> str:
        return self._da_tarefa().get("prefix", getattr(self.model.config, "prefix", None) or "")

    def _com_padroes(self, pedidos: dict) -> dict:
        do_modelo = self.model.generation_config.to_diff_dict()
        da_tarefa = {nome: valor for nome, valor in self._da_tarefa().items() if nome != "prefix"}
        ditos = {**do_modelo, **da_tarefa, **pedidos}
        padroes = {nome: valor for nome, valor in PADROES.items() if nome not in ditos}
        if "max_length" in ditos:
            padroes.pop("max_new_tokens", None)
        return {**padroes, **da_tarefa, **pedidos}


class Resumo(TextoATexto):
    """``[{"summary_text": …}]``."""

    nome = "summary"


class Traducao(TextoATexto):
    """``[{"translation_text": …}]``. Modelos de muitas línguas precisam de ``src_lang`` e ``tgt_lang``.

    As línguas vêm da chamada, da criação do pipeline ou, se faltam, do nome da tarefa (``translation_en_to_pt``).
    """

    nome = "translation"

    def _sanitize_parameters(self, src_lang=None, tgt_lang=None, **resto):
        antes, para_gerar, depois = super()._sanitize_parameters(**resto)
        antes |= {n: v for n, v in (("src_lang", src_lang), ("tgt_lang", tgt_lang)) if v is not None}
        return antes, para_gerar, depois

    def preprocess(self, texto, truncation=False, src_lang=None, tgt_lang=None):
        if not hasattr(self.tokenizer, "_build_translation_inputs"):
            return super().preprocess(texto, truncation=truncation)
        # NLLB, mBART, M2M100: o tokenizer marca as línguas.
        partes = self.task.split("_")
        if src_lang is None and tgt_lang is None and len(partes) == 4:
            src_lang, tgt_lang = partes[1], partes[3]
        if not (src_lang and tgt_lang):
            raise ValueError(
                "Este modelo traduz entre muitas línguas: diga quais com src_lang e tgt_lang, nos códigos que ele usa."
            )
        return self.tokenizer._build_translation_inputs(
            _conferir(texto), return_tensors="pt", truncation=truncation, src_lang=src_lang, tgt_lang=tgt_lang
        )


def _conferir(texto) -> str:
    if not isinstance(texto, str):
        raise ValueError(f"A entrada deve ser um texto, ou uma lista de textos; veio {type(texto).__name__}.")
    if not texto.strip():
        raise ValueError("O texto de entrada está vazio: escreva ao menos uma palavra.")
    return texto
