"""Laboratório: as probabilidades do próximo token, e o que temperatura, top-k e top-p fazem com elas."""

from __future__ import annotations

import ipywidgets as widgets

from curso.desenho.barras import barras
from curso.desenho.estilo import Figura, encurtar
from curso.laboratorios.base import LaboratorioDeTexto, regua, regua_decimal

BARRAS = 8
SEMENTE = 42


def distribuicao(tokenizer, modelo, frase: str, temperatura: float, top_k: int, top_p: float):
    """As probabilidades do próximo token depois dos filtros da própria biblioteca, ``[vocabulário]``.

    Args:
        temperatura: maior que zero; 1 não muda nada.
        top_k: quantos tokens sobram no máximo.
        top_p: sobram os mais prováveis até somarem isto; 1 não corta nada.
    """
    import torch
    from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    entradas = tokenizer(frase, truncation=True, return_tensors="pt").to(modelo.device)
    with torch.inference_mode():
        logits = modelo(**entradas).logits[:, -1].float()
    filtros = LogitsProcessorList(
        [TemperatureLogitsWarper(temperatura), TopKLogitsWarper(top_k), TopPLogitsWarper(top_p)]
    )
    return filtros(entradas["input_ids"], logits)[0].softmax(-1)


def quadro(tokenizer, modelo, frase: str, temperatura: float, top_k: int, top_p: float) -> Figura:
    """As barras dos tokens mais prováveis, e quantos ainda podem sair."""
    chances = distribuicao(tokenizer, modelo, frase, temperatura, top_k, top_p)
    podem = int((chances > 0).sum())
    maiores = chances.topk(min(BARRAS, podem))
    nomes = [mostrar(tokenizer.convert_ids_to_tokens(int(i))) for i in maiores.indices]
    return barras(
        nomes,
        maiores.values.tolist(),
        titulo=f"Depois de «{encurtar(frase[-60:], 60)}»",
        nota="Só um token ainda pode sair." if podem == 1 else f"{podem} tokens ainda podem ser sorteados.",
    )


def mostrar(token: str) -> str:
    """O espaço que abre uma palavra fica visível: é ele que separa «casa» de um pedaço do meio de outra palavra."""
    return token.replace("▁", "␣").replace("Ġ", "␣")


class LaboratorioDoProximoToken(LaboratorioDeTexto):
    """Attributes: ``temperatura``, ``top_k``, ``top_p`` (réguas) e ``acrescentar`` (o botão que sorteia um token)."""

    nome = "Laboratório do próximo token"

    def __init__(self, tokenizer, modelo, frase: str = "Era uma vez um gato que"):
        import torch

        self._tokenizer, self._modelo = tokenizer, modelo
        self._sorteio = torch.Generator().manual_seed(SEMENTE)
        self.temperatura = regua_decimal("Temperatura", 1.0, 0.1, 2.0, 0.1)
        self.top_k = regua("top_k", 50, 1, 200)
        self.top_p = regua_decimal("top_p", 1.0, 0.05, 1.0, 0.05)
        self.acrescentar = widgets.Button(description="Sortear um token", tooltip="Sorteia e acrescenta ao texto")
        self.acrescentar.on_click(self.sortear)
        super().__init__(
            lambda digitada: quadro(tokenizer, modelo, digitada, *self._filtros()),
            frase,
            [self.temperatura, self.top_k, self.top_p],
        )
        self.children = (*self.children[:-1], self.acrescentar, self.children[-1])

    def _filtros(self) -> tuple[float, int, float]:
        return self.temperatura.value, self.top_k.value, self.top_p.value

    def sortear(self, _botao=None) -> None:
        """Sorteia um token da distribuição filtrada e o acrescenta ao texto."""
        if not self.texto.value.strip():
            return
        chances = distribuicao(self._tokenizer, self._modelo, self.texto.value, *self._filtros()).cpu()
        numero = int(chances.multinomial(1, generator=self._sorteio))
        antes = self._tokenizer(self.texto.value)["input_ids"]
        self.texto.value = self._tokenizer.decode([*antes, numero], skip_special_tokens=True)
