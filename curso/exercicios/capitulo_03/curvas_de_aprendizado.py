"""As verificações de «3.4 Curvas de aprendizado», e os treinos que elas mostram: medidos no notebook, arredondados."""

from __future__ import annotations

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero

PERDAS = [1.76, 1.44, 1.20, 1.09, 1.25, 1.11, 1.29, 0.90, 0.99, 1.23, 1.13, 1.16]
ACERTOS = ([True], [False])
HISTORICOS = {"ana": [], "bia": [], "caio": []}
