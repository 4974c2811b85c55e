"""``python -m curso site``, lido como arquivos: páginas, links, idioma, e nada que peça a rede."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from curso.carimbo import endereco_no_colab
from curso.instalacao import Venv, situacao
from curso.paginas import REQUISITOS, VENV
from curso.projeto import RAIZ, lista_de_notebooks

EM_INGLES = re.compile(
    r"skip to|back to top|on this page|\bsearch\b|\btoggle\b|\blight\b|\bdark\b|settings|\bnext page|previous|copy|copied"
    r"|permalink|\bcontents\b|version warning|click to|show code|hide code|source repository",
    re.IGNORECASE,
)


class Leitura(HTMLParser):
    """De uma página: os elementos com atributos, os títulos do artigo e o texto fora dele."""

    def __init__(self, caminho: Path):
        super().__init__()
        self.elementos: list[tuple[str, dict]] = []
        self.moldura: list[str] = []
        self.titulos: list[int] = []
        self._abertos: list[str] = []
        self.feed(caminho.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        atributos = dict(attrs)
        self.elementos.append((tag, atributos))
        if tag in ("article", "script", "style"):
            self._abertos.append(tag)
        if "article" in self._abertos:
            self.titulos += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        else:
            self.moldura += [atributos[n] for n in ("title", "aria-label", "placeholder", "alt") if atributos.get(n)]

    def handle_endtag(self, tag):
        if self._abertos and self._abertos[-1] == tag:
            self._abertos.pop()

    def handle_data(self, data):
        if not self._abertos and data.strip():
            self.moldura.append(data.strip())

    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.elementos if a.get("id")]

    def enderecos(self) -> list[tuple[str, str]]:
        return [(tag, a[n]) for tag, a in self.elementos for n in ("href", "src") if a.get(n) is not None]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    if situacao(Venv(RAIZ, VENV), [REQUISITOS]) not in ("pronto", "desconfigurado"):
        pytest.skip(f"o site não é conferido: falta o ambiente {VENV}. Para fazê-lo: python -m curso site")
    pasta = tmp_path_factory.mktemp("site") / "saida"
    feito = subprocess.run(
        [sys.executable, "-m", "curso", "site", "--saida", str(pasta)], cwd=RAIZ, capture_output=True, text=True
    )
    assert feito.returncode == 0, feito.stderr
    assert (pasta / "index.html").as_uri() in feito.stdout
    return pasta


@pytest.fixture(scope="module")
def paginas(site) -> dict[Path, Leitura]:
    return {caminho: Leitura(caminho) for caminho in sorted(site.rglob("*.html"))}


def test_todo_notebook_tem_pagina_com_o_botao_do_colab(site, paginas):
    for notebook in lista_de_notebooks():
        leitura = paginas[site / "notebooks" / f"{notebook.stem}.html"]
        assert ("a", endereco_no_colab(notebook)) in leitura.enderecos(), notebook.stem
        assert any(tag == "img" and a.get("alt") == "Abrir no Colab" for tag, a in leitura.elementos)
    assert site / "notebooks" / "glossario.html" in paginas


def test_a_capa_leva_a_todos_na_ordem_de_leitura(site, paginas):
    destinos = [endereco for tag, endereco in paginas[site / "index.html"].enderecos() if tag == "a"]
    achados = [d for d in dict.fromkeys(destinos) if re.fullmatch(r"notebooks/\d\d-[\w-]+\.html", d)]
    assert achados == [f"notebooks/{n.stem}.html" for n in lista_de_notebooks()]


def test_todo_link_interno_e_todo_arquivo_existem(paginas):
    for caminho, leitura in paginas.items():
        for _, endereco in leitura.enderecos():
            partes = urlsplit(endereco)
            if partes.scheme or endereco.startswith("data:"):
                continue
            alvo = (caminho.parent / unquote(partes.path)).resolve() if partes.path else caminho
            assert alvo.is_file(), f"{caminho.name}: {endereco}"
            if partes.fragment and alvo.suffix == ".html":
                assert unquote(partes.fragment) in paginas[alvo].ids(), f"{caminho.name}: {endereco}"


def test_so_um_clique_sai_do_site(site, paginas):
    for caminho, leitura in paginas.items():
        de_fora = {tag for tag, e in leitura.enderecos() if urlsplit(e).scheme in ("http", "https") or e[:2] == "//"}
        assert de_fora <= {"a"}, f"{caminho.name}: {de_fora}"
    for folha in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", folha.read_text(encoding="utf-8")), folha.name


def test_a_moldura_esta_em_portugues(paginas):
    for caminho, leitura in paginas.items():
        assert ("html", "pt-BR") in [(tag, a.get("lang")) for tag, a in leitura.elementos]
        assert "Pular para o conteúdo" in leitura.moldura
        sobras = [frase for frase in leitura.moldura if EM_INGLES.search(frase)]
        assert not sobras, f"{caminho.name}: {sobras}"
        de_dentro = " ".join(a.get("title", "") + a.get("aria-label", "") for t, a in leitura.elementos if t != "svg")
        assert not re.search(r"toggle|permalink|click to", de_dentro, re.IGNORECASE), caminho.name


def test_cada_pagina_tem_um_titulo_e_ids_sem_repeticao(paginas):
    for caminho, leitura in paginas.items():
        titulos = leitura.titulos
        assert titulos.count(1) == (caminho.name != "search.html"), f"{caminho.name}: {titulos}"
        assert all(b - a <= 1 for a, b in zip(titulos, titulos[1:], strict=False)), f"{caminho.name}: {titulos}"
        ids = leitura.ids()
        assert not {i for i in ids if ids.count(i) > 1}, caminho.name


def test_as_figuras_guardadas_estao_na_pagina_com_a_descricao(site, paginas):
    for notebook in lista_de_notebooks():
        saidas = [o for c in json.loads(notebook.read_text(encoding="utf-8"))["cells"] for o in c.get("outputs", [])]
        svgs = sum("image/svg+xml" in o.get("data", {}) for o in saidas)
        elementos = paginas[site / "notebooks" / f"{notebook.stem}.html"].elementos
        descritas = [a for t, a in elementos if t == "svg" and a.get("role") == "img"]
        descritas = [a for a in descritas if a.get("aria-label") or a.get("aria-labelledby")]
        assert len(descritas) >= svgs, notebook.stem
        assert all(a.get("alt") for t, a in elementos if t == "img"), notebook.stem


def test_nenhum_widget_mudo_nem_caminho_desta_maquina(site):
    for caminho in site.rglob("*.html"):
        texto = caminho.read_text(encoding="utf-8")
        assert "execute a célula para usar" not in texto, caminho.name
        assert str(RAIZ) not in texto and str(site) not in texto and "curso-site-" not in texto, caminho.name


def test_refazer_da_o_mesmo_site_e_apaga_o_que_sobrou(site):
    antes = {c.relative_to(site): c.read_bytes() for c in site.rglob("*.html")}
    (site / "velha.html").write_text("página de uma edição antiga", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "curso", "site", "--saida", str(site)], cwd=RAIZ, check=True)
    assert {c.relative_to(site): c.read_bytes() for c in site.rglob("*.html")} == antes
