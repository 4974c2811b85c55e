"""``question-answering``: a resposta é um trecho do contexto, do começo ao fim mais prováveis."""

from __future__ import annotations

import types
from collections.abc import Iterable

import numpy as np
import torch
from transformers.models.auto.modeling_auto import MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES
from transformers.pipelines.base import ChunkPipeline

JANELA, SOBREPOSICAO, MAIOR_PERGUNTA, MAIOR_RESPOSTA = 384, 128, 64, 15  # em tokens, os padrões da versão 4
MINIMOS = {"top_k": 1, "max_answer_len": 1, "max_question_len": 1, "max_seq_len": 8, "doc_stride": 0}


class PerguntasERespostas(ChunkPipeline):
    """Responde perguntas com um trecho do contexto (extractive question answering).

    Aceita ``pipe(question=..., context=...)``, listas nos dois argumentos, um dicionário
    ``{"question": ..., "context": ...}`` ou uma lista deles. Um contexto longo é lido em janelas.

    Cada resposta é ``{"score", "start", "end", "answer"}``. ``score`` é a probabilidade do começo vezes a do fim,
    somada quando o mesmo texto aparece mais de uma vez na janela; entre janelas vale a maior. ``start`` e ``end``
    contam caracteres do contexto.
    """

    _load_tokenizer = True
    _load_processor = _load_image_processor = _load_feature_extractor = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.check_model_type(MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES)
        if not self.tokenizer.is_fast:
            raise ValueError(
                "Esta tarefa precisa de um tokenizer rápido (com tokenizer.json), que diz onde fica cada token."
            )

    def __call__(self, *args, **kwargs):
        """Responde uma pergunta (dicionário) ou várias (lista).

        Args:
            question, context: textos, ou listas de textos do mesmo tamanho; um só contexto serve a várias perguntas.
            top_k: quantas respostas devolver, da mais para a menos provável (padrão 1).
            max_answer_len: maior resposta, em tokens (padrão 15).
            max_seq_len, doc_stride: tamanho da janela e da parte comum a duas janelas, em tokens (padrões 384 e 128,
                ou menos, se o modelo não chega a tanto).
            max_question_len: perguntas maiores são cortadas aqui, em tokens (padrão 64).
            handle_impossible_answer: se ``True``, aceita a resposta vazia.
            align_to_words: se ``True`` (padrão), a resposta termina no fim de uma palavra (a não ser na borda da janela).

        Returns:
            Um dicionário; com ``top_k`` maior que 1, uma lista deles; com várias perguntas, uma lista disso. Como na
            versão 4, uma lista com uma só pergunta vale por ela.

        Raises:
            ValueError: falta a pergunta ou o contexto, ou um deles está vazio; ou uma opção fora do que faz sentido.
        """
        itens = _arrumar(args, kwargs)
        if isinstance(itens, list):
            if not itens:
                return []
            itens = itens[0] if len(itens) == 1 else itens
        return super().__call__(itens, **kwargs)

    def _sanitize_parameters(self, topk=None, **opcoes):
        if topk is not None:
            opcoes.setdefault("top_k", topk)
        dadas = {nome: valor for nome, valor in opcoes.items() if valor is not None}
        for nome, minimo in MINIMOS.items():
            if nome in dadas and (not isinstance(dadas[nome], int) or dadas[nome] < minimo):
                raise ValueError(f"{nome} deve ser um número inteiro, {minimo} ou mais; veio {dadas[nome]!r}.")

        def so(*nomes: str) -> dict:
            return {nome: dadas[nome] for nome in nomes if nome in dadas}

        antes = so("max_seq_len", "doc_stride", "max_question_len", "padding")
        return antes, {}, so("top_k", "max_answer_len", "handle_impossible_answer", "align_to_words")

    def preprocess(
        self, item, max_seq_len=JANELA, doc_stride=SOBREPOSICAO, max_question_len=MAIOR_PERGUNTA, padding="do_not_pad"
    ):
        """Uma janela de cada vez: ``[CLS] pergunta [SEP] parte do contexto [SEP]``."""
        item = _conferir(item)
        posicoes = getattr(self.model.config, "max_position_embeddings", 0)
        maximo = min(max_seq_len, self.tokenizer.model_max_length, *([posicoes] if posicoes > 0 else []))
        especiais = self.tokenizer.num_special_tokens_to_add(pair=True)
        pergunta, tamanho = self._cortar_pergunta(item["question"], min(max_question_len, (maximo - especiais) // 2))
        sobra = maximo - especiais - tamanho  # tokens do contexto em cada janela
        direita = self.tokenizer.padding_side == "right"
        codigo = self.tokenizer(
            pergunta if direita else item["context"],
            item["context"] if direita else pergunta,
            truncation="only_second" if direita else "only_first",
            max_length=maximo,
            stride=min(doc_stride, maximo // 2, sobra - 1),  # cada janela precisa avançar
            padding=padding,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        quantas = len(codigo["input_ids"])
        for janela in range(quantas):
            yield {
                "is_last": janela == quantas - 1,
                "context": item["context"],
                "janela": codigo.encodings[janela],
                "classe": self._onde_esta_o_cls(codigo.encodings[janela]),
                "lado": 1 if direita else 0,
                **{
                    nome: torch.tensor([codigo[nome][janela]])
                    for nome in self.tokenizer.model_input_names
                    if nome in codigo
                },
            }

    def _cortar_pergunta(self, pergunta: str, maximo: int) -> tuple[str, int]:
        """A pergunta em no máximo ``maximo`` tokens, e quantos ela tem."""
        codigo = self.tokenizer(pergunta, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        posicoes = codigo["offset_mapping"]
        if len(posicoes) <= maximo:
            return pergunta, len(posicoes)
        return pergunta[: posicoes[maximo - 1][1]], maximo

    def _onde_esta_o_cls(self, codigo) -> int | None:
        especiais = zip(codigo.ids, codigo.special_tokens_mask, strict=True)
        return next(
            (i for i, (n, especial) in enumerate(especiais) if especial and n == self.tokenizer.cls_token_id), None
        )

    def _forward(self, janela):
        entradas = {nome: janela[nome] for nome in self.tokenizer.model_input_names if nome in janela}
        saida = self.model(**entradas)
        return {**janela, "start_logits": saida["start_logits"], "end_logits": saida["end_logits"]}

    def postprocess(
        self, janelas, top_k=1, max_answer_len=MAIOR_RESPOSTA, handle_impossible_answer=False, align_to_words=True
    ):
        # Trechos diferentes podem virar a mesma resposta: tira-se mais do que se pede.
        quantos = 2 * top_k + 10 if align_to_words else top_k
        melhores: dict[str, dict] = {}
        vazia = 1.0
        for janela in janelas:
            comeco, fim, sem_resposta = _probabilidades(janela)
            vazia = min(vazia, sem_resposta)
            trechos = _melhores_trechos(comeco, fim, quantos, max_answer_len)
            for chave, resposta in _respostas_da_janela(janela, trechos, align_to_words).items():
                if chave not in melhores or resposta["score"] > melhores[chave]["score"]:
                    melhores[chave] = resposta
        respostas = list(melhores.values())
        if handle_impossible_answer:
            respostas.append({"score": vazia, "start": 0, "end": 0, "answer": ""})
        respostas = sorted(respostas, key=lambda r: r["score"], reverse=True)[:top_k]
        if top_k == 1:
            return respostas[0] if respostas else {"score": 0.0, "start": 0, "end": 0, "answer": ""}
        return respostas[0] if len(respostas) == 1 else respostas


def _arrumar(args: tuple, kwargs: dict) -> dict | list[dict] | Iterable:
    """Toda forma de chamar a tarefa vira um item, uma lista de itens, ou um gerador ou conjunto de dados deles."""
    if "data" in kwargs or "X" in kwargs:
        args = (*args, kwargs.pop("data", kwargs.pop("X", None)))
    perguntas, contextos = kwargs.pop("question", None), kwargs.pop("context", None)
    if args and isinstance(args[0], str):  # pipe("pergunta", "contexto") ou pipe("pergunta", context="contexto")
        perguntas, contextos = args[0], args[1] if len(args) > 1 else contextos
        args = ()
    if not args:
        if perguntas is None or contextos is None:
            raise ValueError('Dê a pergunta e o contexto: pipe(question="…", context="…").')
        return _emparelhar(perguntas, contextos)
    bruto = args[0] if len(args) == 1 else list(args)
    if isinstance(bruto, dict):
        return _emparelhar(bruto.get("question"), bruto.get("context"))
    if isinstance(bruto, (types.GeneratorType, torch.utils.data.Dataset)):
        return bruto
    if not isinstance(bruto, Iterable):
        raise ValueError(f"Cada item é um dicionário com a pergunta e o contexto; veio {type(bruto).__name__}.")
    return [_conferir(item) for item in bruto]


def _emparelhar(perguntas, contextos) -> dict | list[dict]:
    if not isinstance(perguntas, (list, tuple)) and not isinstance(contextos, (list, tuple)):
        return _conferir({"question": perguntas, "context": contextos})
    perguntas = [perguntas] if isinstance(perguntas, str) else list(perguntas or ())
    contextos = [contextos] * len(perguntas) if isinstance(contextos, str) else list(contextos or ())
    if len(perguntas) != len(contextos):
        raise ValueError(
            f"São {len(perguntas)} pergunta(s) e {len(contextos)} contexto(s): dê um contexto para cada pergunta, "
            "ou um só para todas."
        )
    return [_conferir({"question": p, "context": c}) for p, c in zip(perguntas, contextos, strict=True)]


def _conferir(item) -> dict:
    for campo, nome, vazio in (("question", "A pergunta", "vazia"), ("context", "O contexto", "vazio")):
        valor = item.get(campo) if isinstance(item, dict) else None
        if not isinstance(valor, str):
            raise ValueError(f'{nome} não é um texto: cada item é {{"question": "…", "context": "…"}}.')
        if not valor.strip():
            raise ValueError(f"{nome} está {vazio}: escreva um texto.")
    return item


def _probabilidades(janela: dict) -> tuple[np.ndarray, np.ndarray, float]:
    """Softmax sobre os tokens do contexto e o [CLS]; devolve começo e fim ``[tokens]`` e a nota da resposta vazia."""
    do_contexto = np.array([lado == janela["lado"] for lado in janela["janela"].sequence_ids])
    valem, classe = do_contexto.copy(), janela["classe"]
    if classe is not None:
        valem[classe] = True
    if not valem.any():
        return np.zeros(len(valem)), np.zeros(len(valem)), 1.0
    partes = []
    for nome in ("start_logits", "end_logits"):
        logits = janela[nome][0].double().cpu().numpy()
        logits = logits[: len(valem)] if janela["lado"] == 1 else logits[-len(valem) :]  # sem o preenchimento do lote
        notas = np.where(valem, np.exp(np.where(valem, logits, -np.inf) - logits[valem].max()), 0)
        partes.append(notas / notas.sum())
    comeco, fim = partes
    vazia = 0.0 if classe is None else float(comeco[classe] * fim[classe])
    return np.where(do_contexto, comeco, 0), np.where(do_contexto, fim, 0), vazia


def _melhores_trechos(comeco: np.ndarray, fim: np.ndarray, quantos: int, maior: int) -> list[tuple[int, int, float]]:
    """Os trechos ``(i, j, nota)`` de maior produto, com ``i <= j < i + maior``."""
    planos = np.tril(np.triu(np.outer(comeco, fim)), maior - 1).ravel()
    ordem = np.argsort(-planos, kind="stable")[:quantos]
    return [(int(n // len(fim)), int(n % len(fim)), float(planos[n])) for n in ordem if planos[n] > 0]


def _respostas_da_janela(janela: dict, trechos: list, alinhar: bool) -> dict[str, dict]:
    """Texto em minúsculas → resposta; a posição é a do trecho mais provável, e as notas do mesmo texto se somam."""
    respostas: dict[str, dict] = {}
    for i, j, nota in trechos:  # do mais para o menos provável
        de, ate = _caracteres(janela["janela"], i, j, janela["lado"], alinhar)
        texto = janela["context"][de:ate]
        de, ate = de + len(texto) - len(texto.lstrip()), ate - len(texto) + len(texto.rstrip())
        texto = texto.strip()
        if texto:
            igual = respostas.setdefault(texto.lower(), {"score": 0.0, "start": de, "end": ate, "answer": texto})
            igual["score"] += nota
    return respostas


def _caracteres(codigo, i: int, j: int, lado: int, alinhar: bool) -> tuple[int, int]:
    if alinhar:
        palavras = codigo.token_to_word(i), codigo.token_to_word(j)
        if None not in palavras:
            return codigo.word_to_chars(palavras[0], lado)[0], codigo.word_to_chars(palavras[1], lado)[1]
    return codigo.offsets[i][0], codigo.offsets[j][1]
