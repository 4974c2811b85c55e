"""O que um leitor de tela encontra em um notebook aberto: nomes, títulos, e o caminho da tecla Tab."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CONTROLES = {
    "slider",
    "textbox",
    "button",
    "checkbox",
    "radio",
    "switch",
    "combobox",
    "listbox",
    "spinbutton",
    "link",
    "searchbox",
}
IMAGENS = {"image", "img", "graphics-document"}
NOMES_VAZIOS = re.compile(r"^(null|undefined|image|imagem|png|figure|\s*)$", re.IGNORECASE)
MENOR_DESCRICAO = 40  # letras: menos que isso é um rótulo

# O JupyterLab só põe na página as células à vista; o leitor de tela as encontra ao descer, e aqui vêm todas.
MARCAR = """async () => {
  const painel = window.jupyterapp.shell.currentWidget;
  painel.content.notebookConfig = {...painel.content.notebookConfig, windowingMode: 'none'};
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  const vistos = [];
  for (const celula of painel.content.widgets) {
    for (const [i, saida] of [...celula.node.querySelectorAll('.jp-OutputArea-output')].entries()) {
      saida.dataset.arvore = `${celula.model.id}:${i}`;
      vistos.push(saida.dataset.arvore);
    }
  }
  return vistos;
}"""
FOCAVEIS = """() => {
  const alcancaveis = [];
  for (const saida of document.querySelectorAll('[data-arvore]:has(.jupyter-widgets)')) {
    const todos = saida.querySelectorAll('button, input, textarea, select, [tabindex], [contenteditable=true], a[href]');
    for (const [i, e] of [...todos].entries()) {
      if (e.disabled || (e.tabIndex < 0 && !e.isContentEditable) || !e.checkVisibility({visibilityProperty: true})) continue;
      e.dataset.tab = `${saida.dataset.arvore}#${i} ${e.className || e.tagName}`;
      alcancaveis.push(e.dataset.tab);
    }
  }
  return alcancaveis;
}"""
ROTULOS_CORTADOS = """() => [...document.querySelectorAll('[data-arvore] .widget-label')]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth)
  .map(e => `${e.closest('[data-arvore]').dataset.arvore}: o rótulo «${e.textContent.trim()}» está cortado`)"""
ESTILO = """(e) => {
  const s = getComputedStyle(e);
  return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.borderWidth, s.backgroundColor]
    .join('|');
}"""
COM_FOCO = f"""() => {{
  const e = document.activeElement, s = getComputedStyle(e);
  const temContorno = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
  return {{tab: e.dataset.tab ?? null, com: ({ESTILO})(e), temContorno}};
}}"""
SEM_FOCO = f"""(tab) => ({ESTILO})(document.querySelector(`[data-tab="${{CSS.escape(tab)}}"]`))"""


@dataclass
class Arvore:
    """O que se viu: quantos nós de cada espécie, e as queixas.

    Attributes:
        controles: (papel, nome) de cada controle das saídas.
        imagens: o nome de cada imagem das saídas.
        titulos: (nível, texto) de cada título do notebook.
        percorridos: os controles que o Tab alcançou, na ordem.
    """

    controles: list[tuple[str, str]] = field(default_factory=list)
    imagens: list[str] = field(default_factory=list)
    titulos: list[tuple[int, str]] = field(default_factory=list)
    percorridos: list[str] = field(default_factory=list)
    queixas: list[str] = field(default_factory=list)


def conferir_arvore(pagina) -> Arvore:
    """Percorre a árvore de acessibilidade e o Tab do notebook à vista; ``queixas`` vazia é o que se quer.

    Args:
        pagina: a página do Playwright, com um notebook aberto e executado no JupyterLab iniciado com
            ``--LabApp.expose_app_in_browser=True``.
    """
    vista = Arvore()
    cdp = pagina.context.new_cdp_session(pagina)
    try:
        cdp.send("Accessibility.enable")
        saidas = pagina.evaluate(MARCAR)
        for saida in saidas:
            _conferir_saida(vista, saida, _nos(cdp, f'[data-arvore="{saida}"]'))
        _conferir_titulos(vista, _nos(cdp, ".jp-Notebook"))
    finally:
        cdp.detach()
    vista.queixas += pagina.evaluate(ROTULOS_CORTADOS)
    _percorrer(vista, pagina)
    return vista


def _nos(cdp, seletor: str) -> list[tuple[str, str, dict]]:
    """Os nós da árvore de acessibilidade sob um elemento: papel, nome e propriedades, na ordem da página."""
    documento = cdp.send("DOM.getDocument")["root"]["nodeId"]
    dom = cdp.send("DOM.querySelector", {"nodeId": documento, "selector": seletor})["nodeId"]
    return [
        (no["role"]["value"], no.get("name", {}).get("value", "").strip(), no.get("properties", []))
        for no in cdp.send("Accessibility.queryAXTree", {"nodeId": dom})["nodes"]
        if not no.get("ignored")
    ]


def _conferir_saida(vista: Arvore, saida: str, nos: list) -> None:
    for papel, nome, _ in nos:
        if papel in IMAGENS:
            vista.imagens.append(nome)
            if NOMES_VAZIOS.match(nome) or len(nome) < MENOR_DESCRICAO:
                vista.queixas.append(f"{saida}: imagem sem descrição ({nome!r})")
        elif papel in CONTROLES:
            vista.controles.append((papel, nome))
            if NOMES_VAZIOS.match(nome):
                vista.queixas.append(f"{saida}: {papel} sem nome")


def _conferir_titulos(vista: Arvore, nos: list) -> None:
    for papel, nome, propriedades in nos:
        if papel == "heading":
            nivel = next((p["value"]["value"] for p in propriedades if p["name"] == "level"), 0)
            if not nome:
                vista.queixas.append(f"um título de nível {nivel} vazio")
            if vista.titulos and nivel > vista.titulos[-1][0] + 1:
                vista.queixas.append(f"de «{vista.titulos[-1][1]}» a «{nome}» um nível de título foi pulado")
            vista.titulos.append((nivel, nome))
    if [nivel for nivel, _ in vista.titulos].count(1) != 1 or vista.titulos[0][0] != 1:
        vista.queixas.append("o notebook não começa com o seu único título de nível 1")


def _percorrer(vista: Arvore, pagina) -> None:
    """Tab até o último controle de cada laboratório, e de volta: cada um recebe o foco, e se vê que recebeu."""
    por_saida: dict[str, list[str]] = {}
    for tab in pagina.evaluate(FOCAVEIS):
        por_saida.setdefault(tab.split("#")[0], []).append(tab)
    for tabs in por_saida.values():
        pagina.keyboard.press("Shift")  # daqui em diante o foco é de teclado, e o navegador o mostra
        pagina.locator(f'[data-tab="{tabs[0]}"]').evaluate("e => { e.scrollIntoView({block: 'center'}); e.focus(); }")
        for tecla, caminho in (("Tab", tabs), ("Shift+Tab", tabs[::-1])):
            for indice, tab in enumerate(caminho):
                foco = pagina.evaluate(COM_FOCO)
                if foco["tab"] != tab:
                    vista.queixas.append(f"{tab}: {tecla} não chega aqui; foi a {foco['tab'] or 'outro lugar'}")
                    break
                if indice + 1 < len(caminho):
                    pagina.keyboard.press(tecla)
                    # Ao lado do controle agora sem foco se vê o que o foco muda.
                    if not foco["temContorno"] and foco["com"] == pagina.evaluate(SEM_FOCO, tab):
                        vista.queixas.append(f"{tab}: recebe o foco e nada na tela o diz")
                if tecla == "Tab":
                    vista.percorridos.append(tab)
