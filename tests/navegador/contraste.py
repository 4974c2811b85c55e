"""O contraste de cada letra com o que está mesmo pintado atrás dela, medido em pixels no Chromium.

A página é fotografada com e sem as letras. Onde as fotos diferem há tinta de letra, e a foto sem letras
diz que cor há atrás: barras, sombras e transparências já vêm somadas, como o leitor as vê.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.wcag import contraste

ESCALA = 2
TINTA_QUE_CONTA = 40  # diferença somada dos três canais: abaixo disso é só a borda suavizada da letra
# Um fio que cruza uma letra não a apaga: conta o fundo que fica atrás de pelo menos um décimo dela.
PARTE_QUE_PODE_CRUZAR = 0.1

LETRAS = """() => {
  const todas = [];
  for (const [qual, caixa] of [...document.querySelectorAll('.amostra')].entries()) {
    const passeio = document.createTreeWalker(caixa, NodeFilter.SHOW_TEXT);
    for (let no = passeio.nextNode(); no; no = passeio.nextNode()) {
      const dono = no.parentElement;
      if (dono.closest('title, desc, style, defs')) continue;
      const estilo = getComputedStyle(dono);
      const emSvg = dono.namespaceURI.endsWith('svg');
      let opacidade = emSvg ? +estilo.fillOpacity : 1;
      for (let e = dono; e && e !== caixa; e = e.parentElement) opacidade *= +getComputedStyle(e).opacity;
      const trecho = document.createRange();
      let inicio = 0;
      for (const letra of no.data) {
        trecho.setStart(no, inicio);
        trecho.setEnd(no, inicio += letra.length);
        const {x, y, width, height} = trecho.getBoundingClientRect();
        if (letra.trim() && width && height) {
          const cor = emSvg ? estilo.fill : estilo.color;
          todas.push({qual, letra, texto: dono.textContent.trim().slice(0, 60), cor, opacidade, x, y, width, height});
        }
      }
    }
  }
  return todas;
}"""
SEM_LETRAS = (
    ".amostra text, .amostra text * {visibility: hidden !important} .amostra {color: transparent} "
    ".amostra :not(svg *) {color: transparent !important}"
)


@dataclass(frozen=True)
class Letra:
    """Uma letra medida. ``contraste`` é o pior fundo que ela tem em pelo menos um décimo da sua tinta."""

    qual: str
    letra: str
    texto: str
    contraste: float

    def __str__(self) -> str:
        return f"{self.qual}: «{self.letra}» em «{self.texto}» tem {self.contraste:.2f}"


def medir(pagina, amostras: dict[str, str]) -> list[Letra]:
    """Todas as letras de vários SVGs (ou HTMLs), com o contraste de cada uma.

    Args:
        pagina: uma página do Playwright, de um contexto com ``device_scale_factor=ESCALA``.
        amostras: nome → marcação.
    """
    caixas = "".join(
        f'<div class="amostra" style="width:900px;margin:8px">{corpo}</div>' for corpo in amostras.values()
    )
    pagina.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:0;background:#fff'>{caixas}")
    letras, com = pagina.evaluate(LETRAS), _foto(pagina)
    estilo = pagina.add_style_tag(content=SEM_LETRAS)
    sem = _foto(pagina)
    estilo.evaluate("e => e.remove()")
    nomes = list(amostras)
    return [Letra(nomes[uma["qual"]], uma["letra"], uma["texto"], _contraste_da_letra(uma, com, sem)) for uma in letras]


def _foto(pagina) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(pagina.screenshot(full_page=True))).convert("RGB")).astype(float)


def _contraste_da_letra(uma: dict, com: np.ndarray, sem: np.ndarray) -> float:
    x0, y0 = (max(int(ESCALA * uma[lado]), 0) for lado in "xy")
    x1, y1 = (int(np.ceil(ESCALA * (uma[a] + uma[b]))) for a, b in (("x", "width"), ("y", "height")))
    desenhado, fundo = com[y0:y1, x0:x1].reshape(-1, 3), sem[y0:y1, x0:x1].reshape(-1, 3)
    tinta = np.abs(desenhado - fundo).sum(axis=1) > TINTA_QUE_CONTA
    if not tinta.any():
        return 1.0  # ninguém vê esta letra
    fundo = fundo[tinta]
    *canais, alfa = _canais(uma["cor"])
    alfa *= uma["opacidade"]
    escrita = alfa * np.array(canais) + (1 - alfa) * fundo
    return float(np.quantile(contraste(escrita, fundo), PARTE_QUE_PODE_CRUZAR))


def _canais(cor: str) -> list[float]:
    """``rgb(26, 26, 26)`` ou ``rgba(…)``, como o navegador as escreve, em três canais e a opacidade."""
    numeros = [float(n) for n in cor[cor.index("(") + 1 : -1].replace("/", ",").split(",")]
    return [*numeros[:3], numeros[3] if len(numeros) > 3 else 1.0]
