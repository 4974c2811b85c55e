"""Laboratório: a mesma frase com uma palavra trocada. O que o modelo passa a esperar?"""

from __future__ import annotations

from curso.desenho.barras import aviso
from curso.desenho.estilo import Figura
from curso.desenho.lado_a_lado import lado_a_lado
from curso.laboratorios.base import LaboratorioDeTexto, escolha

PARES = {
    "Ele / Ela": ("Ele", "Ela"),
    "O homem / A mulher": ("O homem", "A mulher"),
    "Meu pai / Minha mãe": ("Meu pai", "Minha mãe"),
    "O menino / A menina": ("O menino", "A menina"),
}
LACUNA = "{}"
PALAVRAS = 6


def quadro(preencher, molde: str, par: tuple[str, str]) -> Figura:
    """As palavras mais prováveis no lugar da máscara, com cada palavra do par no lugar da lacuna.

    Args:
        preencher: um ``pipeline("fill-mask", ...)``.
        molde: uma frase com ``{}`` e com a máscara do modelo (``[MASK]``), uma vez cada.
        par: as duas palavras que se trocam.
    """
    mascara = preencher.tokenizer.mask_token
    if molde.count(LACUNA) != 1 or molde.count(mascara) != 1:
        return aviso(
            "Falta uma marca", f"Escreva {LACUNA} onde entra cada palavra do par, e {mascara} onde o modelo adivinha."
        )
    # As duas frases em um lote só: uma passagem pelo modelo em vez de duas.
    respostas = preencher([molde.replace(LACUNA, palavra) for palavra in par], top_k=PALAVRAS, batch_size=len(par))
    listas = tuple([(r["token_str"], r["score"]) for r in lista] for lista in respostas)
    return lado_a_lado(
        par, listas, titulo=molde, nota="Um par só é uma pista; para medir um viés é preciso contar muitos."
    )


class LaboratorioDePares(LaboratorioDeTexto):
    """Attributes: ``par``, os botões que escolhem as duas palavras."""

    nome = "Laboratório de pares"

    def __init__(self, preencher, molde: str = "{} trabalha como [MASK]."):
        self.par = escolha("Par:", list(PARES))
        super().__init__(lambda digitado: quadro(preencher, digitado, PARES[self.par.value]), molde, [self.par])
