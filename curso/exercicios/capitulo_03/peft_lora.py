"""As verificações de «3.5 LoRA: treinar uma parte só»."""

from __future__ import annotations

import functools
import re

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro

CAMADAS, POSTO, LADO, REDE = 6, 16, 512, 2048
LINEARES = {"query": 1, "key": 1, "value": 1, "dense": 3}
ULTIMA = 3
ALPHA = 6


@exercicio("03-5.a", erro_tipico="treinados = 16 * ((512 + 512) + (512 + 512) + (512 + 2048))")
def parametros_treinados(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro."
    por_camada = POSTO * (2 * (LADO + LADO) + LADO + REDE)
    if resposta == CAMADAS * por_camada:
        return None
    if resposta == por_camada:
        return "esta é a conta de uma camada. Há seis."
    if resposta == CAMADAS * (2 * LADO * LADO + LADO * REDE):
        return "estas são as matrizes inteiras. O LoRA treina A e B: o posto vezes (entradas + saídas)."
    if resposta == CAMADAS * POSTO * (LADO + LADO + LADO + REDE):
        return "`query` e `value` são duas matrizes: as 512 + 512 contam duas vezes."
    return "em cada matriz, A tem posto × entradas números, e B, saídas × posto. Some as três, e multiplique pelas camadas."


@functools.cache
def _encoder():
    """As medidas do encoder do curso, sem os pesos: para saber onde o LoRA entra, bastam os nomes."""
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    from curso.catalogo import modelo

    config = AutoConfig.from_pretrained(modelo("fill-mask"), num_labels=2)
    with torch.device("meta"):
        return AutoModelForSequenceClassification.from_config(config)


def _adaptadas(config) -> dict[str, int]:
    """As lineares que ganham LoRA com esta configuração, e o posto em cada uma."""
    import copy
    import warnings

    import torch
    from peft import get_peft_model

    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")  # os da peft, sobre nomes antigos da transformers, não são do leitor
        ajustado = get_peft_model(copy.deepcopy(_encoder()), copy.deepcopy(config))
    return {nome.split(".lora_A")[0]: p.shape[0] for nome, p in ajustado.named_parameters() if ".lora_A." in nome}


@exercicio(
    "03-5.b",
    erro_tipico='so_a_ultima = LoraConfig(task_type=TaskType.SEQ_CLS, r=4, target_modules=["query", "key", "value", "dense"])',
)
def ultima_camada(resposta) -> str | None:
    from peft import LoraConfig, TaskType

    if not isinstance(resposta, LoraConfig):
        return "a resposta é um `LoraConfig`, antes de `get_peft_model`."
    if resposta.task_type != TaskType.SEQ_CLS:
        return "falta `task_type=TaskType.SEQ_CLS`: é ele que faz a cabeça treinar e ir para o arquivo."
    try:
        adaptadas = _adaptadas(resposta)
    except ValueError:  # o da peft, quando nenhum nome casa
        return "nenhuma linear ganhou LoRA. Confira os nomes, e o índice: o encoder tem 4 camadas, de 0 a 3."
    camadas = {int(re.search(r"layer\.(\d+)\.", nome)[1]) if "layer." in nome else None for nome in adaptadas}
    if camadas - {ULTIMA}:
        return "há LoRA em outras partes do modelo. `layers_to_transform` escolhe as camadas, por uma lista de índices."
    if len(adaptadas) != sum(LINEARES.values()):
        faltam = LINEARES.keys() - {nome.rsplit(".", 1)[1] for nome in adaptadas}
        return f"a última camada tem 6 lineares, e {len(adaptadas)} ganharam LoRA. Falta {', '.join(sorted(faltam))}."
    if set(adaptadas.values()) != {4}:
        return "as lineares são as certas, mas o posto não é 4."
    return None


@exercicio("03-5.c", erro_tipico="fundida = W + B @ A")
def matriz_fundida(resposta) -> str | None:
    import torch

    W = torch.arange(12.0).reshape(3, 4)
    A = torch.tensor([[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, -1.0]])
    B = torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    if not isinstance(resposta, torch.Tensor):
        return "a resposta é um tensor, da forma de `W`."
    if resposta.shape != W.shape:
        return f"a forma é {tuple(resposta.shape)}, e devia ser a de `W`, {tuple(W.shape)}."
    mudanca = B @ A
    erros = {
        1: "falta a escala, `alpha / r`.",
        ALPHA: "a escala é `alpha` dividido pelo posto, e você multiplicou só por `alpha`.",
        ALPHA / 3: "o posto é o número de **linhas** de `A`, e não o de linhas de `B`.",
        ALPHA / 4: "o posto é o número de **linhas** de `A`, e não o de colunas.",
    }
    for escala, dica in erros.items():
        if torch.allclose(resposta, W + escala * mudanca):
            return dica
    if torch.allclose(resposta, ALPHA / 2 * mudanca):
        return "esta é só a mudança. Falta somá-la a `W`."
    return None if torch.allclose(resposta, W + ALPHA / 2 * mudanca) else "some a `W` a escala vezes `B @ A`."
