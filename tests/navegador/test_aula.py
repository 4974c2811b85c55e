"""O material de aula de cada notebook, aberto em um navegador de verdade, do disco e sem rede."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from curso.aula import pdf
from curso.aula.__main__ import PAPEL, gravar
from curso.aula.celulas import DOBRA, por_titulos
from curso.projeto import lista_de_notebooks

PROGRAMA = pdf.navegador()

pytestmark = pytest.mark.skipif(
    PROGRAMA is None, reason="não há Chromium, Chrome nem Edge nesta máquina: o material de aula não foi aberto"
)

# Anda por todos os slides; o que passa da borda aparece em scrollHeight ou na caixa de algum bloco.
MEDIR = """() => Reveal.getSlides().map((slide) => {
  const lugar = Reveal.getIndices(slide);
  Reveal.slide(lugar.h, lugar.v);
  const escala = Reveal.getScale(), topo = slide.getBoundingClientRect();
  const vistos = [...slide.querySelectorAll(":scope > :not(aside)")].filter((e) => e.offsetHeight);
  const fundo = Math.max(0, ...vistos.map((e) => (e.getBoundingClientRect().bottom - topo.top) / escala));
  const direita = Math.max(0, ...[...slide.querySelectorAll("pre, table, img, math, p, li")]
    .filter((e) => e.offsetHeight).map((e) => (e.getBoundingClientRect().right - topo.left) / escala));
  const cortados = [...slide.querySelectorAll("pre, table, td, p")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).length;
  const letra = Math.min(...[...slide.querySelectorAll("p, li, td, th, pre")]
    .filter((e) => e.offsetHeight && !e.closest("aside")).map((e) => parseFloat(getComputedStyle(e).fontSize)));
  return {titulo: slide.innerText.slice(0, 60), alto: Math.max(fundo, slide.scrollHeight), direita, cortados, letra,
    texto: slide.innerText, rola: slide.querySelectorAll(".rolavel").length};
})"""


@pytest.fixture(scope="module")
def aulas(tmp_path_factory):
    """A pasta de cada notebook, feita uma vez e levada para outro lugar, como a um pendrive."""
    feitas, pendrive = tmp_path_factory.mktemp("aulas"), tmp_path_factory.mktemp("pendrive com espaço")
    for caminho in lista_de_notebooks():
        gravar(caminho, feitas)
    return shutil.move(feitas, pendrive / "aulas")


@pytest.fixture
def abrir(chromium):
    """Abre uma página; no fim, exige que nada tenha sido pedido à rede nem escrito no console."""
    contexto = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    queixas = []

    def _abrir(arquivo):
        pagina = contexto.new_page()
        pagina.on("console", lambda m: queixas.append(m.text) if m.type in ("error", "warning") else None)
        pagina.on("pageerror", lambda erro: queixas.append(str(erro)))
        pagina.on("requestfailed", lambda pedido: queixas.append(f"falhou {pedido.url[:80]}"))
        pagina.on("request", lambda p: None if p.url.startswith(("file:", "data:")) else queixas.append(p.url))
        pagina.goto(arquivo.as_uri())
        return pagina

    yield _abrir
    contexto.close()
    assert queixas == []


def _celulas(caminho):
    return [
        {"id": c["id"], "source": "".join(c["source"])}
        for c in json.loads(caminho.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == "markdown"
    ]


def _palavras(texto):
    """Só letras e algarismos, para comparar Markdown com o que a página mostra."""
    return re.sub(r"[\W_]+", " ", re.sub(r"\$[^$\n]+\$|\]\([^)]*\)|```\w*|<[^<>\n]+>", " ", texto)).strip()


def _respostas(caminho):
    """Cada solução, e cada explicação do questionário, com palavras que bastem para reconhecê-la."""
    achadas = []
    for celula in _celulas(caminho):
        for dobra in DOBRA.finditer(celula["source"]):
            partes = [
                p for p in dobra["corpo"].split("\n\n") if len(_palavras(p)) > 25 and "$" not in p and "|" not in p
            ]
            # A chamada de verificar está também no esboço, que todos veem.
            achadas += [_palavras(p) for p in partes if not p.startswith("verificar(")]
    return achadas


def test_slides(caminho, aulas, abrir):
    pagina = abrir(aulas / caminho.stem / "slides.html")
    pagina.wait_for_selector("html[data-pronto]", state="attached")
    slides = pagina.evaluate(MEDIR)
    assert len(slides) > 8
    for slide in slides:
        assert slide["alto"] <= 720 and slide["direita"] <= 1280 and not slide["cortados"], slide
        assert slide["letra"] >= 20 and not slide["rola"], slide
        assert slide["texto"].strip()
    visivel = _palavras("\n".join(slide["texto"] for slide in slides))
    for resposta in _respostas(caminho):
        assert resposta not in visivel
    for celula in _celulas(caminho)[1:]:
        for titulo, _ in por_titulos(celula["source"]):
            assert _palavras(titulo) in visivel, titulo
    assert pagina.evaluate("document.querySelectorAll('aside.notes').length") > 0
    assert not pagina.evaluate("[...document.images].filter((i) => !i.alt || !i.naturalWidth).length")


def test_slides_pelo_teclado_e_em_portugues(aulas, abrir):
    pagina = abrir(aulas / "01-3-arquiteturas" / "slides.html")
    pagina.wait_for_selector("html[data-pronto]", state="attached")
    assert pagina.locator(".slide-number").inner_text().split() == [
        "1",
        "/",
        str(pagina.evaluate("Reveal.getTotalSlides()")),
    ]
    for esperado in ("Preparação", "Uma palavra sozinha não basta"):
        pagina.keyboard.press("Space")
        assert pagina.evaluate("Reveal.getCurrentSlide().innerText").startswith(esperado)
    assert pagina.locator(".navigate-right").get_attribute("aria-label") == "próxima seção"
    pagina.evaluate("Reveal.slide(...Object.values(Reveal.getIndices(document.querySelector('section:has(> aside)'))))")
    with pagina.context.expect_page() as nova:
        pagina.keyboard.press("s")
    nova.value.wait_for_selector("text=Solução do exercício a")
    assert "A SEGUIR" in nova.value.inner_text("body").upper()


@pytest.mark.parametrize("nome", PAPEL)
def test_papel(caminho, aulas, abrir, nome):
    pagina = abrir(aulas / caminho.stem / nome)
    pagina.emulate_media(media="print")
    pagina.set_viewport_size({"width": 660, "height": 950})  # a largura útil de uma folha A4
    texto = _palavras(pagina.inner_text("main"))
    respostas = _respostas(caminho)
    assert respostas
    if nome == "impressao.html":
        assert [r for r in respostas if r in texto] == []
        assert pagina.locator("details").count() == 0
        assert pagina.locator(".resposta, .opcao").count() == sum(
            len(DOBRA.findall(c["source"])) for c in _celulas(caminho)
        )
    else:
        assert [r for r in respostas if r not in texto] == []
        assert pagina.locator("details[open]").count() == pagina.locator("details").count() > 0
    assert pagina.evaluate("document.documentElement.scrollWidth <= innerWidth"), "algo passa da margem da folha"
    assert not pagina.evaluate("[...document.images].filter((i) => !i.alt || !i.naturalWidth).length")
    assert "\\" not in "".join(pagina.locator("math").all_text_contents()), "uma fórmula que o conversor não entendeu"


def test_pdf(aulas):
    feito = pdf.fazer_pdf(PROGRAMA, aulas / "01-6-resumo-e-questionario" / "impressao.html")
    conteudo = feito.read_bytes()
    assert conteudo.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", conteudo)) >= 8
