"""O contraste de duas cores pela fórmula da WCAG 2.2, e o que ela pede no nível AA."""

from __future__ import annotations

import numpy as np

DE_LETRA, DE_TRACO = 4.5, 3.0  # 1.4.3 e 1.4.11


def luminancia(cores: np.ndarray) -> np.ndarray:
    """A luminância relativa da WCAG, de cores com canais de 0 a 255 na última dimensão."""
    canais = np.asarray(cores, dtype=float) / 255
    lineares = np.where(canais <= 0.04045, canais / 12.92, ((canais + 0.055) / 1.055) ** 2.4)
    return lineares @ np.array([0.2126, 0.7152, 0.0722])


def contraste(uma: np.ndarray, outra: np.ndarray) -> np.ndarray:
    a, b = luminancia(uma), luminancia(outra)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def de_hexadecimal(cor: str) -> np.ndarray:
    """``"#0072B2"`` em três canais de 0 a 255."""
    return np.array([int(cor[i : i + 2], 16) for i in (1, 3, 5)])
