"""Cada modelo embutido e um do tamanho original, com a mesma arquitetura e pesos sorteados: tempo, memória, disco.

Pesos sorteados não sabem nada, mas custam o mesmo que os treinados: aqui só se compara o custo, com a mesma chamada.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from curso.catalogo import catalogo
from oficina.medicao.checkpoints import GERAM, em_outro_processo
from oficina.medicao.maquina import gravar

# Os tamanhos públicos: BERTimbau base; Tucano de 160 milhões; Qwen de meio bilhão; OPUS-MT; Pegasus (xsum).
BERT_BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "vocab_size": 29_794,
    "max_position_embeddings": 512,
}
OPUS_MT = {"d_model": 512, "vocab_size": 60_716, "decoder_vocab_size": 60_716, "max_position_embeddings": 512} | {
    f"{lado}_{nome}": valor
    for lado in ("encoder", "decoder")
    for nome, valor in (("layers", 6), ("attention_heads", 8), ("ffn_dim", 2048))
}
PEGASUS = {"d_model": 1024, "vocab_size": 96_103, "max_position_embeddings": 512} | {
    f"{lado}_{nome}": valor
    for lado in ("encoder", "decoder")
    for nome, valor in (("layers", 16), ("attention_heads", 16), ("ffn_dim", 4096))
}
LLAMA_160M = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_key_value_heads": 12,
    "head_dim": 64,
    "intermediate_size": 3072,
    "vocab_size": 32_000,
}
LLAMA_500M = {
    "hidden_size": 896,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "head_dim": 64,
    "intermediate_size": 4864,
    "vocab_size": 151_936,
}
ORIGINAIS = {
    "sentiment-analysis": BERT_BASE,
    "zero-shot-classification": BERT_BASE,
    "fill-mask": BERT_BASE,
    "ner": BERT_BASE,
    "question-answering": BERT_BASE,
    "feature-extraction": BERT_BASE,
    "text-generation": LLAMA_160M,
    "summarization": PEGASUS,
    "translation": OPUS_MT,
    "translation_pt_to_en": OPUS_MT,
    "conversa": LLAMA_500M,
}
# Pesos sorteados nunca escrevem o sinal de fim: os dois lados escrevem o mesmo número de tokens.
MESMO_TAMANHO = {"max_new_tokens": 40, "min_new_tokens": 40, "do_sample": False, "num_beams": 1}
REPETICOES = 5


def fazer() -> None:
    medidas = {}
    for tarefa, linha in catalogo().items():
        opcoes = MESMO_TAMANHO if tarefa in GERAM else {}
        with tempfile.TemporaryDirectory() as pasta:
            parametros = criar(linha.pasta, ORIGINAIS[tarefa], Path(pasta))
            lados = {
                "mirim": em_outro_processo({tarefa: linha.pasta}, REPETICOES, opcoes) | {"disco_mb": mb(linha.pasta)},
                "original": em_outro_processo({tarefa: Path(pasta)}, REPETICOES, opcoes)
                | {"disco_mb": mb(Path(pasta))},
            }
        razoes = {
            chave: round(valor / max(lados["mirim"][chave], 1e-3), 1) for chave, valor in lados["original"].items()
        }
        medidas[tarefa] = lados | {"milhoes_de_parametros": round(parametros / 1e6), "vezes": razoes}
        print(f"{tarefa:26} {parametros / 1e6:5.0f} M de parâmetros · vezes: {razoes}", flush=True)
        gravar("comparacao", {"tarefas": medidas})  # a cada uma: se a máquina parar, o que se mediu fica


def criar(mirim: Path, tamanhos: dict, destino: Path) -> int:
    """Grava em ``destino`` a arquitetura do mirim com outros tamanhos e pesos sorteados; devolve os parâmetros."""
    import torch
    import transformers
    from transformers import AutoConfig

    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    config = AutoConfig.from_pretrained(mirim, **tamanhos)
    grande = getattr(transformers, config.architectures[0])(config)
    grande.save_pretrained(destino)
    for arquivo in mirim.iterdir():  # o tokenizer do mirim: os dois lados recebem os mesmos números
        if arquivo.name.startswith(("tokenizer", "chat_template", "generation_config")):
            shutil.copy(arquivo, destino)
    return grande.num_parameters()


def mb(pasta: Path) -> float:
    """O que os arquivos de uma pasta ocupam, em MB (10⁶ bytes)."""
    return round(sum(arquivo.stat().st_size for arquivo in pasta.iterdir()) / 1e6, 1)
