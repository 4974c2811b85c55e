"""Laboratório: esconda uma palavra da sua frase, e veja a aposta com os dois lados ou só com o que veio antes."""

from __future__ import annotations

import math
import re

from curso.desenho.barras import aviso, barras
from curso.desenho.estilo import Figura, decimal, encurtar
from curso.laboratorios.base import LaboratorioDeTexto, escolha, regua

DOIS_LADOS, SO_ANTES = "os dois lados", "só o que veio antes"
APOSTAS = 5
MAXIMO_DE_PALAVRAS = 20


def esconder(frase: str, palavra: int, lados: str, mascara: str) -> tuple[str, str]:
    """A frase com uma palavra trocada pela máscara, e a palavra que saiu.

    Args:
        palavra: qual esconder, a partir de 1; o que passa da última vale por ela.
        lados: ``DOIS_LADOS``, ou ``SO_ANTES`` para cortar a frase na máscara.
    """
    palavras = frase.split()[:MAXIMO_DE_PALAVRAS]
    qual = min(palavra, len(palavras)) - 1
    abre, miolo, fecha = re.fullmatch(r"(\W*)(.*?)(\W*)", palavras[qual], re.DOTALL).groups()
    if not miolo:  # só sinais: esconde-os inteiros
        abre, miolo, fecha = "", palavras[qual], ""
    depois = [] if lados == SO_ANTES else palavras[qual + 1 :]
    fim = "" if lados == SO_ANTES else fecha
    return " ".join([*palavras[:qual], abre + mascara + fim, *depois]), miolo


def quadro(preencher, frase: str, palavra: int, lados: str) -> Figura:
    """As apostas para a palavra escondida; a que estava na frase vem com ✓, e a nota diz a perda nela.

    Args:
        preencher: um ``pipeline("fill-mask", ...)``.
        frase: o texto inteiro, sem máscara; o que passa de 20 palavras é cortado.
        palavra, lados: como em ``esconder``.
    """
    tokenizer = preencher.tokenizer
    mascara = tokenizer.mask_token
    if mascara in frase:
        return aviso("Escreva a frase inteira", "Quem esconde a palavra é o laboratório.")
    com_mascara, certa = esconder(frase, palavra, lados, mascara)
    chances = _chances(preencher, com_mascara)
    maiores = chances.topk(APOSTAS)
    apostas = [
        (tokenizer.decode([numero]), valor)
        for numero, valor in zip(maiores.indices.tolist(), maiores.values.tolist(), strict=True)
    ]
    if tokenizer.tokenize(certa) == [certa] and certa != tokenizer.unk_token:
        alvo = chances[tokenizer.convert_tokens_to_ids(certa)].item()
        if certa not in [nome for nome, _ in apostas]:
            apostas.append((certa, alvo))
        perda = -math.log(alvo) if alvo > 0 else math.inf
        nota = f"Estava escrito «{certa}»: perda {decimal(perda)}."
    else:
        nota = f"Estava escrito «{encurtar(certa, 30)}», que não é um token só: o modelo não poderia apostar nela."
    return barras(
        [f"✓ {nome}" if nome == certa else nome for nome, _ in apostas],
        [valor for _, valor in apostas],
        titulo=com_mascara,
        nota=nota,
    )


def _chances(preencher, com_mascara: str):
    """A probabilidade de cada token na máscara, ``[vocabulário]``.

    O pipeline diria as maiores, ou a de um alvo; as duas coisas pedem duas passagens pelo modelo, e aqui basta uma.
    """
    import torch

    tokenizer, modelo = preencher.tokenizer, preencher.model
    entradas = tokenizer(com_mascara, truncation=True, return_tensors="pt").to(modelo.device)
    with torch.inference_mode():
        logits = modelo(**entradas).logits[0]
    onde = (entradas["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0, 0]
    return logits[onde].float().softmax(-1)


class LaboratorioDaPalavraEscondida(LaboratorioDeTexto):
    """Attributes: ``palavra`` (a régua que escolhe qual esconder) e ``lados`` (os botões)."""

    nome = "Laboratório da palavra escondida"

    def __init__(self, preencher, frase: str = "Fechei a porta e tirei a chave."):
        self.palavra = regua("Palavra", 3, 1, MAXIMO_DE_PALAVRAS)
        self.lados = escolha("O modelo vê:", [DOIS_LADOS, SO_ANTES])
        super().__init__(
            lambda digitada: quadro(preencher, digitada, self.palavra.value, self.lados.value),
            frase,
            [self.palavra, self.lados],
        )
