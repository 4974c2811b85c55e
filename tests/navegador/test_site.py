"""O site em um navegador de verdade, com a rede negada: nada sai, nada reclama, e a busca acha sem acentos."""

from __future__ import annotations

import functools
import http.server
import re
import threading

import pytest

from curso.paginas import SAIDA
from curso.projeto import RAIZ, lista_de_notebooks

ATENCAO = "notebooks/01-3-arquiteturas.html"
PAGINAS = ["index.html", "search.html", "notebooks/glossario.html"]
PAGINAS += [f"notebooks/{n.stem}.html" for n in lista_de_notebooks()]


class Silencioso(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def endereco():
    if not (SAIDA / "index.html").exists():
        pytest.skip("o site não é aberto no navegador: não há _site/. Para fazê-lo: python -m curso site")
    tratador = functools.partial(Silencioso, directory=str(SAIDA))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), tratador) as servidor:
        linha = threading.Thread(target=servidor.serve_forever, daemon=True)
        linha.start()
        yield f"http://127.0.0.1:{servidor.server_port}/"
        servidor.shutdown()
        linha.join()


class Visita:
    """Uma aba que nega a rede e anota tudo o que não devia acontecer."""

    def __init__(self, contexto, endereco: str):
        self.endereco, self.queixas = endereco, []
        contexto.route("**/*", self._portaria)
        self.aba = contexto.new_page()
        self.aba.on("console", lambda m: m.type in ("error", "warning") and self.queixas.append(f"console: {m.text}"))
        self.aba.on("pageerror", lambda erro: self.queixas.append(f"erro na página: {erro}"))
        self.aba.on("response", lambda r: r.status >= 400 and self.queixas.append(f"{r.status}: {r.url}"))

    def _portaria(self, rota):
        if rota.request.url.startswith((self.endereco, "file://", "data:")):
            rota.continue_()
        else:
            self.queixas.append(f"pedido para fora: {rota.request.url}")
            rota.abort()

    def ir(self, pagina: str):
        self.aba.goto(self.endereco + pagina, wait_until="load")
        return self.aba

    def buscar(self, palavra: str) -> list[str]:
        """As páginas que a busca acha, na ordem."""
        self.ir("index.html")
        self.aba.locator(".bd-sidebar-primary .search-button__button").click()
        campo = self.aba.locator("dialog input[name=q]")
        campo.fill(palavra)
        campo.press("Enter")
        self.aba.locator(".search-summary", has_text=re.compile("encontrad")).wait_for()
        ligacoes = self.aba.locator("ul.search > li > a")
        return [li.get_attribute("href").split("#")[0] for li in ligacoes.all()]


CORES = """elemento => {
    const numeros = cor => cor.match(/[\\d.]+/g).map(Number);
    let fundo = elemento, cor;
    do { cor = numeros(getComputedStyle(fundo).backgroundColor); fundo = fundo.parentElement; } while (cor[3] === 0);
    return [numeros(getComputedStyle(elemento).color).slice(0, 3), cor.slice(0, 3)];
}"""


def contraste(elemento) -> float:
    """A razão de contraste da WCAG entre o texto de um elemento e o fundo que está por trás dele."""

    def luz(cor):
        canais = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in cor]
        return 0.2126 * canais[0] + 0.7152 * canais[1] + 0.0722 * canais[2]

    clara, escura = sorted(map(luz, elemento.evaluate(CORES)), reverse=True)
    return (clara + 0.05) / (escura + 0.05)


@pytest.fixture
def visitar(chromium, endereco):
    contextos = []

    def abrir(endereco: str = endereco, **opcoes) -> Visita:
        contextos.append(chromium.new_context(**opcoes))
        return Visita(contextos[-1], endereco)

    yield abrir
    for contexto in contextos:
        contexto.close()


def test_nenhuma_pagina_pede_a_rede_reclama_ou_vaza_da_tela(visitar):
    visita = visitar()
    for pagina in PAGINAS:
        aba = visita.ir(pagina)
        for largura in (400, 1280):
            aba.set_viewport_size({"width": largura, "height": 800})
            assert aba.evaluate("document.documentElement.scrollWidth") <= largura, f"{pagina}, {largura} px"
        if re.match(r"notebooks/\d", pagina):
            botao = aba.locator("article a[href^='https://colab.research.google.com/'] img[alt='Abrir no Colab']")
            assert botao.count() == 1 and botao.is_visible(), pagina
            assert botao.evaluate("imagem => imagem.naturalWidth") > 0, pagina
    assert not visita.queixas


@pytest.mark.parametrize("palavra", ["atenção", "atencao", "ATENÇÕES", "atencoes"])
def test_a_busca_acha_com_e_sem_acentos(visitar, palavra):
    visita = visitar()
    assert visita.buscar(palavra)[0] == ATENCAO
    trecho = visita.aba.locator("ul.search > li", has=visita.aba.locator(f"a[href^='{ATENCAO}']")).locator("p.context")
    trecho.first.wait_for()
    assert "atenção" in trecho.first.inner_text().lower()
    assert not visita.queixas


def test_a_busca_diz_quando_nada_ha(visitar):
    visita = visitar()
    assert visita.buscar("xilofonista") == []
    assert visita.aba.locator(".search-summary").inner_text().startswith("Nada encontrado.")


def test_as_duas_metades_da_busca_fazem_a_mesma_conta(visitar):
    """Toda palavra do glossário, passada pelo radicalizador do navegador, está no índice que o Python fez."""
    visita = visitar()
    visita.ir("search.html")
    texto = (RAIZ / "notebooks" / "glossario.md").read_text(encoding="utf-8")
    texto = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", texto)
    palavras = sorted(set(re.findall(r"\b[^\W\d_]{3,}\b", texto)))
    perdidas = visita.aba.evaluate(
        """palavras => {
            const radical = new Stemmer(), {terms, titleterms} = Search._index;
            return palavras.filter(p => !stopwords.has(p.toLowerCase())).filter(p => {
                const raiz = radical.stemWord(p.toLowerCase());
                return !stopwords.has(raiz) && !(raiz in terms) && !(raiz in titleterms);
            });
        }""",
        palavras,
    )
    assert len(palavras) > 500 and perdidas == []


def test_aberto_como_arquivo_a_busca_tambem_funciona(visitar):
    visita = visitar(endereco=SAIDA.as_uri() + "/")
    assert visita.buscar("atencao")[0] == ATENCAO
    assert not visita.queixas


def test_o_tema_escuro_liga_pelo_teclado(visitar):
    visita = visitar(color_scheme="light")
    aba = visita.ir(ATENCAO)
    fundo = "getComputedStyle(document.body).backgroundColor"
    claro = aba.evaluate(fundo)
    aba.locator(".theme-switch-button").focus()
    aba.keyboard.press("Enter")
    for _ in range(3):  # o do sistema, claro, escuro
        aba.keyboard.press("Tab")
    assert aba.evaluate("document.activeElement.innerText").strip() == "Escuro"
    aba.keyboard.press("Enter")
    assert aba.evaluate("document.documentElement.dataset.theme") == "dark"
    assert aba.evaluate(fundo) != claro
    # As figuras têm fundo próprio: continuam claras, e o que está escrito nelas continua legível.
    assert aba.locator(".figura svg > rect").first.evaluate("r => getComputedStyle(r).fill") == "rgb(255, 255, 255)"
    assert not visita.queixas


@pytest.mark.parametrize("tema", ["light", "dark"])
def test_o_texto_se_le_nos_dois_temas(visitar, tema):
    aba = visitar(color_scheme=tema).ir(ATENCAO)
    for seletor in (".laboratorio", ".laboratorio a", "article section p", "article summary", ".bd-sidebar-primary a"):
        assert contraste(aba.locator(seletor).first) >= 4.5, seletor
    for palavra in aba.locator("article div.highlight span[class]").all()[:60]:
        assert contraste(palavra) >= 4.5, palavra.inner_text()


def test_a_solucao_abre_pelo_teclado_e_o_codigo_dela_e_colorido(visitar):
    visita = visitar()
    aba = visita.ir(ATENCAO)
    solucao = aba.locator("article details:not(.hide)").first
    codigo = solucao.locator("div.highlight pre")
    assert not codigo.is_visible()
    solucao.locator("summary").focus()
    aba.keyboard.press("Enter")
    assert codigo.is_visible() and codigo.locator("span").count() > 3


def test_o_primeiro_tab_oferece_pular_para_o_conteudo(visitar):
    aba = visitar().ir(ATENCAO)
    aba.keyboard.press("Tab")
    assert aba.evaluate("document.activeElement.textContent") == "Pular para o conteúdo"
    aba.keyboard.press("Enter")
    assert aba.url.endswith("#main-content")


def test_a_formula_aparece_desenhada(visitar):
    aba = visitar().ir(ATENCAO)
    formula = aba.locator("math[display=block], .formula math, math").first
    assert formula.bounding_box()["height"] > 10
    assert aba.locator("article").inner_text().count("\\frac") == 0
