"""``question-answering``: a resposta é um trecho do contexto, do começo ao fim mais prováveis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from transformers.pipelines.base import ChunkPipeline

JANELA, SOBREPOSICAO, MAIOR_RESPOSTA = 384, 128, 15  # em tokens, os padrões da versão 4


class PerguntasERespostas(ChunkPipeline):
    """Responde perguntas com um trecho do contexto (extractive question answering).

    Aceita ``pipe(question=..., context=...)``, listas nos dois argumentos, um dicionário
    ``{"question": ..., "context": ...}`` ou uma lista deles. Um contexto longo é lido em janelas.

    Cada resposta é ``{"score", "start", "end", "answer"}``: ``score`` é a probabilidade do começo vezes a do
    fim (a soma, quando o mesmo texto aparece mais de uma vez); ``start`` e ``end`` contam caracteres do contexto.
    """

    _load_tokenizer = True
    _load_processor = _load_image_processor = _load_feature_extractor = False

    def __call__(self, *args, **kwargs):
        """Responde uma pergunta (dicionário) ou várias (lista).

        Args:
            question, context: textos, ou listas de textos do mesmo tamanho; um só contexto serve a várias perguntas.
            top_k: quantas respostas devolver, da mais para a menos provável (padrão 1).
            max_answer_len: maior resposta, em tokens (padrão 15).
            max_seq_len, doc_stride: tamanho da janela e da parte comum a duas janelas, em tokens (padrões 384 e 128).
            max_question_len: perguntas maiores são cortadas aqui, em tokens (padrão 64).
            handle_impossible_answer: se ``True``, aceita a resposta vazia.
            align_to_words: se ``True`` (padrão), a resposta nunca corta uma palavra.

        Raises:
            ValueError: falta a pergunta ou o contexto, ou um deles está vazio.
        """
        return super().__call__(_arrumar(args, kwargs), **kwargs)

    def _sanitize_parameters(
        self,
        top_k=None,
        topk=None,
        max_answer_len=None,
        max_seq_len=None,
        doc_stride=None,
        max_question_len=None,
        handle_impossible_answer=None,
        align_to_words=None,
        padding=None,
        **_,
    ):
        top_k = top_k if top_k is not None else topk
        for nome, valor in (("top_k", top_k), ("max_answer_len", max_answer_len)):
            if valor is not None and valor < 1:
                raise ValueError(f"{nome} deve ser 1 ou mais; veio {valor}.")
        antes = {"max_seq_len": max_seq_len, "doc_stride": doc_stride, "max_question_len": max_question_len}
        antes["padding"] = padding
        depois = {
            "top_k": top_k,
            "max_answer_len": max_answer_len,
            "handle_impossible_answer": handle_impossible_answer,
            "align_to_words": align_to_words,
        }
        return _dados(antes), {}, _dados(depois)

    def preprocess(self, item, max_seq_len=None, doc_stride=None, max_question_len=64, padding="do_not_pad"):
        """Uma janela de cada vez: ``[CLS] pergunta [SEP] parte do contexto [SEP]``."""
        maximo = max_seq_len or min(self.tokenizer.model_max_length, JANELA)
        passo = doc_stride if doc_stride is not None else min(maximo // 2, SOBREPOSICAO)
        pergunta = self._cortar_pergunta(item["question"], min(max_question_len, maximo // 2))
        sobra = maximo - len(self.tokenizer(pergunta, "")["input_ids"])
        if sobra < 1 or passo >= sobra:
            passo = max(0, sobra // 2)  # a pergunta tomou a janela: ainda assim é preciso avançar
        direita = self.tokenizer.padding_side == "right"
        codigo = self.tokenizer(
            pergunta if direita else item["context"],
            item["context"] if direita else pergunta,
            truncation="only_second" if direita else "only_first",
            max_length=maximo,
            stride=passo,
            padding=padding,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        lado = 1 if direita else 0
        quantas = len(codigo["input_ids"])
        for janela in range(quantas):
            yield {
                "is_last": janela == quantas - 1,
                "context": item["context"],
                "janela": codigo.encodings[janela],
                "lado": lado,
                **{
                    nome: torch.tensor([codigo[nome][janela]])
                    for nome in self.tokenizer.model_input_names
                    if nome in codigo
                },
            }

    def _cortar_pergunta(self, pergunta: str, maximo: int) -> str:
        codigo = self.tokenizer(pergunta, add_special_tokens=False, return_offsets_mapping=True)
        posicoes = codigo["offset_mapping"]
        return pergunta if len(posicoes) <= maximo else pergunta[: posicoes[maximo - 1][1]]

    def _forward(self, janela):
        entradas = {nome: janela[nome] for nome in self.tokenizer.model_input_names if nome in janela}
        saida = self.model(**entradas)
        return {**janela, "start_logits": saida.start_logits, "end_logits": saida.end_logits}

    def postprocess(self, janelas, top_k=1, max_answer_len=MAIOR_RESPOSTA, handle_impossible_answer=False, **outros):
        alinhar = outros.get("align_to_words", True)
        # Trechos diferentes podem virar a mesma resposta: tira-se mais do que se pede.
        quantos = 2 * top_k + 10 if alinhar else top_k
        achadas: dict[str, dict] = {}
        vazia = 1.0
        for janela in janelas:
            comeco, fim, sem_resposta = _probabilidades(janela)
            vazia = min(vazia, sem_resposta)
            for i, j, nota in _melhores_trechos(comeco, fim, quantos, max_answer_len):
                de, ate = _caracteres(janela["janela"], i, j, janela["lado"], alinhar)
                texto = janela["context"][de:ate]
                igual = achadas.setdefault(texto.lower(), {"score": 0.0, "start": de, "end": ate, "answer": texto})
                igual["score"] += nota
        respostas = list(achadas.values())
        if handle_impossible_answer:
            respostas.append({"score": vazia, "start": 0, "end": 0, "answer": ""})
        respostas = sorted(respostas, key=lambda r: r["score"], reverse=True)[:top_k]
        return respostas[0] if len(respostas) == 1 else respostas


def _arrumar(args: tuple, kwargs: dict) -> dict | list[dict] | Iterator:
    """Toda forma de chamar a tarefa vira um item, uma lista de itens ou um gerador deles."""
    if args:
        bruto = args[0] if len(args) == 1 else list(args)
    elif "data" in kwargs or "X" in kwargs:
        bruto = kwargs.pop("data", None) or kwargs.pop("X", None)
    elif "question" in kwargs and "context" in kwargs:
        perguntas, contextos = kwargs.pop("question"), kwargs.pop("context")
        if isinstance(perguntas, str) and isinstance(contextos, str):
            bruto = {"question": perguntas, "context": contextos}
        else:
            perguntas = [perguntas] if isinstance(perguntas, str) else list(perguntas)
            contextos = [contextos] * len(perguntas) if isinstance(contextos, str) else list(contextos)
            if len(perguntas) != len(contextos):
                raise ValueError(f"Há {len(perguntas)} perguntas e {len(contextos)} contextos: dê um para cada.")
            bruto = [{"question": p, "context": c} for p, c in zip(perguntas, contextos, strict=True)]
    else:
        raise ValueError('Dê a pergunta e o contexto: pipe(question="…", context="…").')
    if isinstance(bruto, dict):
        return _conferir(bruto)
    if isinstance(bruto, (list, tuple)):
        return [_conferir(item) for item in bruto]
    return bruto


def _conferir(item: dict) -> dict:
    for campo, nome in (("question", "A pergunta"), ("context", "O contexto")):
        if not isinstance(item, dict) or not isinstance(item.get(campo), str):
            raise ValueError(f'{nome} não veio: cada item é {{"question": "…", "context": "…"}}, com textos.')
        if not item[campo].strip():
            raise ValueError(f"{nome} está vazi{'a' if campo == 'question' else 'o'}: escreva um texto.")
    return item


def _dados(opcoes: dict) -> dict:
    return {nome: valor for nome, valor in opcoes.items() if valor is not None}


def _probabilidades(janela: dict) -> tuple[np.ndarray, np.ndarray, float]:
    """Softmax sobre os tokens do contexto e o [CLS]; devolve começo e fim ``[tokens]`` e a nota da resposta vazia."""
    do_contexto = np.array([lado == janela["lado"] for lado in janela["janela"].sequence_ids])
    classe = int(np.argmax(np.array(janela["janela"].special_tokens_mask)))  # o primeiro especial é o [CLS]
    valem = do_contexto.copy()
    valem[classe] = True
    partes = []
    for nome in ("start_logits", "end_logits"):
        logits = janela[nome][0].float().numpy()
        logits = logits[: len(valem)] if janela["lado"] == 1 else logits[-len(valem) :]  # sem o preenchimento do lote
        notas = np.exp(np.where(valem, logits - logits[valem].max(), -np.inf))
        partes.append(notas / notas.sum())
    comeco, fim = partes
    vazia = float(comeco[classe] * fim[classe])
    return np.where(do_contexto, comeco, 0), np.where(do_contexto, fim, 0), vazia


def _melhores_trechos(comeco: np.ndarray, fim: np.ndarray, quantos: int, maior: int) -> list[tuple[int, int, float]]:
    """Os trechos ``(i, j, nota)`` de maior produto, com ``i <= j < i + maior``."""
    planos = np.tril(np.triu(np.outer(comeco, fim)), maior - 1).ravel()
    ordem = np.argsort(-planos, kind="stable")[:quantos]
    return [(int(n // len(fim)), int(n % len(fim)), float(planos[n])) for n in ordem if planos[n] > 0]


def _caracteres(codigo, i: int, j: int, lado: int, alinhar: bool) -> tuple[int, int]:
    if alinhar:
        palavras = codigo.token_to_word(i), codigo.token_to_word(j)
        if None not in palavras:
            return codigo.word_to_chars(palavras[0], lado)[0], codigo.word_to_chars(palavras[1], lado)[1]
    return codigo.offsets[i][0], codigo.offsets[j][1]
