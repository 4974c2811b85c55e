"""Quanto passa da tecla apertada ao desenho trocado na tela, em cada laboratório. ``python -m oficina medir-navegador``.

O relógio é o da página: do instante do evento de teclado ao primeiro quadro (*frame*) em que o desenho já é outro.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from curso.projeto import achar_notebook
from tests.navegador import bancada, gestos
from tests.navegador.roteiros import ROTEIROS, Roteiro

TECLAS, AQUECIMENTO = 40, 5
ENTRE_TECLAS_MS = 200  # o ritmo de quem digita; sem pausa, uma tecla esperaria o que sobrou da anterior
RELOGIO = """(id) => {
  const desenho = [...document.querySelectorAll(`[data-celula="${id}"] .jp-OutputArea .widget-html-content`)]
    .find(n => n.innerHTML && n.offsetParent);
  const relogio = window.relogio = {tempos: [], espera: null};
  document.addEventListener('keydown', e => { relogio.espera ??= e.timeStamp; }, true);
  new MutationObserver(() => {
    if (relogio.espera === null) return;
    const inicio = relogio.espera;
    relogio.espera = null;
    requestAnimationFrame(() => relogio.tempos.push(performance.now() - inicio));
  }).observe(desenho.parentElement, {childList: true, subtree: true, characterData: true});
}"""


def medir(notebooks: list[str]) -> dict[str, dict]:
    """Laboratório → ``tempos_ms`` (um por tecla) e ``python_ms`` (o que a função pura custa no kernel).

    Os laboratórios dos notebooks dados (``["03-2"]``); sem nenhum, todos.
    """
    medidas = {}
    with tempfile.TemporaryDirectory() as pasta, bancada.jupyterlab(Path(pasta)) as endereco:
        with bancada.chromium(endereco) as mesa:
            for numero in notebooks or sorted({r.notebook for r in ROTEIROS}):
                caminho = achar_notebook(numero)
                mesa.abrir(caminho)
                mesa.executar()
                for roteiro in (r for r in ROTEIROS if r.notebook == numero and r.controles):
                    print(f"{numero}: {roteiro.classe}", file=sys.stderr, flush=True)
                    medidas[f"{numero} {roteiro.modulo}"] = _um(mesa, roteiro)
                mesa.encerrar()
    return medidas


def _um(mesa: bancada.Mesa, roteiro: Roteiro) -> dict:
    mesa.js("rolar", roteiro.celula)
    celula, primeiro = mesa.celula(roteiro.celula), roteiro.passos[0]
    # O notebook deixa alguns laboratórios em um aviso, que outra tecla não muda: o primeiro gesto os tira dele.
    getattr(gestos, primeiro.gesto)(celula, primeiro.com, primeiro.alvo, primeiro.dado)
    teclas = _teclas(mesa, roteiro)
    celula.page.evaluate(RELOGIO, roteiro.celula)
    for n in range(AQUECIMENTO + TECLAS):
        celula.page.keyboard.press(teclas[n % 2])
        celula.page.wait_for_timeout(ENTRE_TECLAS_MS)
        celula.page.wait_for_function("n => window.relogio.tempos.length > n", arg=n)
    tempos = celula.page.evaluate("window.relogio.tempos")[AQUECIMENTO:]
    modulo = f"curso.laboratorios.{roteiro.modulo}"
    procurado = {"classe": roteiro.classe, "controles": roteiro.controles}
    valores = mesa.pedir("valores_dos_controles(classe, controles)", modulo, procurado)
    cronometro = f"__import__('timeit').timeit(lambda: ({roteiro.figura}), number=9) / 9"
    return {"tempos_ms": tempos, "python_ms": 1000 * mesa.pedir(cronometro, modulo, valores)}


def _teclas(mesa: bancada.Mesa, roteiro: Roteiro) -> tuple[str, str]:
    """Leva o foco ao controle, e dá duas teclas que se desfazem: cada uma muda o desenho."""
    celula = mesa.celula(roteiro.celula)
    if "texto" in roteiro.controles:
        caixa = gestos.caixa(celula, roteiro.controles["texto"])
        caixa.focus()
        celula.page.keyboard.press("Home")
        return "a", "Backspace"
    alca = gestos.controle(celula, next(iter(roteiro.controles.values()))).locator(".noUi-handle")
    alca.focus()
    no_fim = alca.get_attribute("aria-valuenow") == alca.get_attribute("aria-valuemax")
    return ("ArrowLeft", "ArrowRight") if no_fim else ("ArrowRight", "ArrowLeft")


if __name__ == "__main__":
    print(json.dumps(medir(sys.argv[1:])))
