"""Laboratório: quem vê quem, na atenção bidirecional e na causal."""

from __future__ import annotations

from curso.desenho.estilo import Figura
from curso.desenho.grade import grade
from curso.laboratorios.base import LaboratorioDeTexto, escolha, regua

BIDIRECIONAL, CAUSAL = "bidirecional (encoder)", "causal (decoder)"
MAXIMO_DE_PALAVRAS = 12


def quadro(frase: str, mascara: str, palavra: int) -> Figura:
    """Uma linha para cada palavra que olha; × onde ela não pode ver.

    Args:
        frase: o texto; cada palavra conta como um token.
        mascara: ``BIDIRECIONAL`` ou ``CAUSAL``.
        palavra: a linha a destacar, a partir de 1; o que passa da última vale por ela.
    """
    tokens = frase.split()[:MAXIMO_DE_PALAVRAS]
    escolhida = min(palavra, len(tokens)) - 1
    valores = [
        [
            None if mascara == CAUSAL and coluna > linha else 1 / (linha + 1 if mascara == CAUSAL else len(tokens))
            for coluna in range(len(tokens))
        ]
        for linha in range(len(tokens))
    ]
    nota = "O peso é repartido por igual: aqui só importa quem pode ver quem."
    return grade(tokens, tokens, valores, titulo=f"Máscara {mascara}", nota=nota, destaque=escolhida)


class LaboratorioDeMascaras(LaboratorioDeTexto):
    """Attributes: ``mascara`` (os botões) e ``palavra`` (a régua que escolhe a linha)."""

    nome = "Laboratório de máscaras"

    def __init__(self, frase: str = "Odeio tanto isso !"):
        self.mascara = escolha("Máscara:", [BIDIRECIONAL, CAUSAL])
        self.palavra = regua("Palavra", 2, 1, MAXIMO_DE_PALAVRAS)
        super().__init__(
            lambda digitada: quadro(digitada, self.mascara.value, self.palavra.value),
            frase,
            [self.mascara, self.palavra],
        )
