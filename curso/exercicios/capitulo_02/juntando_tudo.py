"""As verificações de «2.5 Juntando tudo»."""

from __future__ import annotations

import functools
import json

from curso.exercicios import exercicio
from curso.exercicios.comum import e_numero, tokenizer_de

COMENTARIOS = ["Adorei!", "A comida chegou fria e a moça nem pediu desculpas.", "Nada mal."]
MULTIPLO, MAXIMO = 8, 32


@exercicio(
    "02-5.a", erro_tipico='entradas = tokenizer(comentarios, padding="max_length", max_length=32, return_tensors="pt")'
)
def forma_pedida(resposta) -> str | None:
    import torch

    if not hasattr(resposta, "keys") or "input_ids" not in resposta:
        return "a resposta é o que `tokenizer(...)` devolve, com `input_ids` e o resto."
    if "attention_mask" not in resposta:
        return "falta a máscara de atenção. Guarde tudo o que o tokenizer devolve."
    if not isinstance(resposta["input_ids"], torch.Tensor):
        return 'faltou pedir tensores: `return_tensors="pt"`.'
    certas = tokenizer_de("sentiment-analysis")(
        COMENTARIOS, padding=True, truncation=True, max_length=MAXIMO, pad_to_multiple_of=MULTIPLO, return_tensors="pt"
    )
    ids, certos = resposta["input_ids"].cpu(), certas["input_ids"]
    if ids.shape == certos.shape:
        iguais = torch.equal(ids, certos) and torch.equal(resposta["attention_mask"].cpu(), certas["attention_mask"])
        return (
            None
            if iguais
            else "a forma está certa, mas os números não. São os três `comentarios`, com preenchimento à direita?"
        )
    if ids.ndim != 2 or ids.shape[0] != len(COMENTARIOS):
        return (
            "são três linhas, uma para cada comentário. Passe a lista `comentarios` inteira, como primeiro argumento."
        )
    if ids.shape[1] == MAXIMO:
        return "a largura é sempre 32. O enunciado pede a menor possível: `padding=True`, que vai até a mais longa do lote."
    if ids.shape[1] % MULTIPLO:
        return f"a largura é {ids.shape[1]}, que não é múltiplo de 8. Há uma opção para isso na tabela."
    return f"a largura é {ids.shape[1]}; devia ser {certos.shape[1]}."


@functools.cache
def _previsoes() -> list[tuple[str, str]]:
    """O rótulo certo e o previsto de cada frase de validação."""
    import torch
    from transformers import AutoModelForSequenceClassification

    from curso.catalogo import modelo
    from curso.projeto import RAIZ

    linhas = (RAIZ / "dados" / "sentimento" / "validacao.jsonl").read_text(encoding="utf-8").splitlines()
    dados = sorted(map(json.loads, linhas), key=lambda linha: len(linha["texto"]))
    tokenizer = tokenizer_de("sentiment-analysis")
    model = AutoModelForSequenceClassification.from_pretrained(modelo("sentiment-analysis")).eval()
    pares = []
    for i in range(0, len(dados), 64):
        grupo = dados[i : i + 64]
        lote = tokenizer([linha["texto"] for linha in grupo], padding=True, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            numeros = model(**lote).logits.argmax(dim=-1).tolist()
        pares += [
            (linha["rotulo"], model.config.id2label[numero]) for linha, numero in zip(grupo, numeros, strict=True)
        ]
    return pares


@exercicio("02-5.b", erro_tipico='falsos_positivos = sum(linha["previsto"] == "positivo" for linha in previsoes)')
def falsos_positivos(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: quantas frases."
    pares = _previsoes()
    conta = {
        (certo, previsto): pares.count((certo, previsto))
        for certo in ("negativo", "positivo")
        for previsto in ("negativo", "positivo")
    }
    # Uma frase na fronteira pode mudar de lado entre máquinas: aceita-se uma de diferença.
    if abs(resposta - conta["negativo", "positivo"]) <= 1:
        return None
    if abs(resposta - conta["positivo", "negativo"]) <= 1:
        return "este é o erro contrário: positivas que ele chamou de `negativo`."
    if abs(resposta - conta["negativo", "positivo"] - conta["positivo", "negativo"]) <= 1:
        return "estes são todos os erros, dos dois tipos. Fique só com os das frases negativas."
    if abs(resposta - conta["negativo", "positivo"] - conta["positivo", "positivo"]) <= 1:
        return "estas são todas as que ele chamou de `positivo`, também as que eram. Olhe também `rotulo`."
    return 'conte as linhas em que `rotulo` é "negativo" e `previsto` é "positivo".'
