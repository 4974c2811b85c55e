"""O tokenizer dos modelos mirins e as tabelas de conhecimento sobre cada token."""

from __future__ import annotations

import zlib
from unicodedata import normalize

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from oficina.textos import Verbete, sem_acentos

ESPECIAIS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BALDES = 20_000
TAMANHOS_DE_N_GRAMA = (3, 4, 5)


def treinar_wordpiece(textos: list[str], tamanho: int) -> Tokenizer:
    """WordPiece que distingue maiúsculas e guarda os acentos; os mesmos textos dão sempre os mesmos números."""
    letras = sorted({letra for texto in textos for letra in normalize("NFC", texto) if not letra.isspace()})
    # O treinador numera as continuações de uma letra («##a») em ordem variável; entrando antes, elas têm lugar certo.
    continuacoes = [f"##{letra}" for letra in letras]
    treinado = _wordpiece(models.WordPiece(unk_token="[UNK]"))
    treinado.train_from_iterator(
        textos,
        trainers.WordPieceTrainer(
            vocab_size=tamanho, min_frequency=1, special_tokens=ESPECIAIS + continuacoes, show_progress=False
        ),
    )
    tokenizer = _wordpiece(models.WordPiece(treinado.get_vocab(), unk_token="[UNK]"))
    tokenizer.add_special_tokens(ESPECIAIS)
    inicio, fim = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", inicio), ("[SEP]", fim)]
    )
    return tokenizer


def _wordpiece(modelo: models.WordPiece) -> Tokenizer:
    tokenizer = Tokenizer(modelo)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def para_transformers(tokenizer: Tokenizer, maximo: int) -> PreTrainedTokenizerFast:
    """O mesmo tokenizer, na classe da biblioteca, pronto para ``save_pretrained``."""
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=maximo,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        unk_token="[UNK]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        mask_token="[MASK]",
    )


def por_numero(tokenizer: Tokenizer) -> list[str]:
    return sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)


def n_gramas(tokens: list[str]) -> torch.Tensor:
    """Para cada token, os baldes dos seus n-gramas de letras, sem acentos nem maiúsculas.

    Returns:
        Tensor de inteiros ``[vocabulário, máximo de n-gramas]``; ``BALDES`` preenche o que falta.
    """
    listas = []
    for token in tokens:
        forma = sem_acentos(token.lower())
        forma = f"{forma[2:]}>" if forma.startswith("##") else f"<{forma}>"
        pedacos = [forma, *(forma[i : i + n] for n in TAMANHOS_DE_N_GRAMA for i in range(len(forma) - n + 1))]
        listas.append([] if token in ESPECIAIS else [zlib.crc32(p.encode()) % BALDES for p in pedacos])
    tabela = torch.full((len(tokens), max(map(len, listas))), BALDES)
    for indice, lista in enumerate(listas):
        tabela[indice, : len(lista)] = torch.tensor(lista, dtype=torch.long)
    return tabela


def saber_do_dicionario(tokens: list[str], verbetes: list[Verbete]) -> torch.Tensor:
    """O que o dicionário mirim diz de cada token que é uma palavra inteira.

    Returns:
        Tensor de zeros e uns ``[vocabulário, 3 polaridades + classes + assuntos]``.
    """
    nomes = ["+", "-", "0", *sorted({v.classe for v in verbetes}), *sorted({a for v in verbetes for a in v.assuntos})]
    coluna = {nome: i for i, nome in enumerate(nomes)}
    por_forma: dict[str, list[Verbete]] = {}
    for verbete in verbetes:
        for forma in (verbete.expressao, *verbete.formas):
            por_forma.setdefault(sem_acentos(forma.lower()), []).append(verbete)
    tabela = torch.zeros(len(tokens), len(nomes))
    for indice, token in enumerate(tokens):
        for verbete in por_forma.get(sem_acentos(token.lower()), []):
            for nome in (verbete.polaridade, verbete.classe, *verbete.assuntos):
                tabela[indice, coluna[nome]] = 1
    return tabela
