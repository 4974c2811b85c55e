"""Os gestos de quem usa um laboratório: cada função faz um, pelo teclado ou com o mouse, na célula dada."""

from __future__ import annotations

import re

from tests.navegador.roteiros import TECLADO

CONTROLE = ".jp-OutputArea-output :is(.jupyter-widgets, .widget-inline-hbox, .widget-hslider)"


def controle(celula, rotulo: str):
    """O controle que traz este rótulo."""
    nome = celula.page.locator(".widget-label", has_text=re.compile(rf"^\s*{re.escape(rotulo)}\s*$"))
    # O de dentro, pois as caixas em volta também o contêm; a régua de opções não tem a classe dos widgets.
    return celula.locator(CONTROLE, has=nome).last


def caixa(celula, rotulo: str):
    return controle(celula, rotulo).locator("input, textarea")


def botao(celula, nome: str):
    return celula.locator("button.widget-button, button.widget-toggle-button").filter(
        has_text=re.compile(rf"^\s*{re.escape(nome)}\s*$"), visible=True
    )


def digitar(celula, com: str, alvo: str, dado: str) -> None:
    """Troca o que está na caixa, letra por letra."""
    caixa(celula, alvo).focus() if com == TECLADO else caixa(celula, alvo).click()
    celula.page.keyboard.press("ControlOrMeta+a")
    celula.page.keyboard.type(dado)


def colar(celula, alvo: str, dado: str) -> None:
    """Troca o que está na caixa de uma vez."""
    caixa(celula, alvo).focus()
    celula.page.keyboard.press("ControlOrMeta+a")
    celula.page.keyboard.insert_text(dado) if dado else celula.page.keyboard.press("Delete")


def mover(celula, com: str, alvo: str, dado: str) -> None:
    controle(celula, alvo).locator(".noUi-handle").focus()
    for tecla in dado.split():
        celula.page.keyboard.press(tecla)


def arrastar(celula, com: str, alvo: str, dado: str) -> None:
    """Leva a alça da régua até além da ponta."""
    regua, mouse = controle(celula, alvo), celula.page.mouse
    alca = regua.locator(".noUi-handle")
    alca.scroll_into_view_if_needed()
    de, trilho = alca.bounding_box(), regua.locator(".noUi-base").bounding_box()
    x, y = de["x"] + de["width"] / 2, de["y"] + de["height"] / 2
    ate = trilho["x"] - 20 if dado == "inicio" else trilho["x"] + trilho["width"] + 20
    mouse.move(x, y)
    mouse.down()
    mouse.move((x + ate) / 2, y)
    mouse.move(ate, y)
    mouse.up()


def escolher(celula, com: str, alvo: str, dado: str) -> None:
    opcao = controle(celula, alvo).locator("button").filter(has_text=re.compile(rf"^\s*{re.escape(dado)}\s*$"))
    _acionar(opcao, com, "Space")


def apertar(celula, com: str, alvo: str, dado: str) -> None:
    este = botao(celula, alvo).element_handle()  # o nome do botão pode mudar enquanto se aperta
    for _ in range(int(dado)):
        _acionar(este, com, "Enter")


def _acionar(elemento, com: str, tecla: str) -> None:
    if com == TECLADO:
        elemento.focus()
        elemento.press(tecla)
    else:
        elemento.click()
