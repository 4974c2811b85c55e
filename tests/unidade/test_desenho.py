"""Os desenhos são funções puras: qualquer texto entra, SVG bem-formado e acessível sai."""

import re
import xml.etree.ElementTree as ET

import pytest

from curso.desenho.barras import aviso, barras
from curso.desenho.estilo import CINZA, FUNDO, OKABE_ITO, TINTA, decimal, descricao_de, encurtar, titulo_de
from curso.desenho.grade import grade
from curso.desenho.passos import passos
from tests.wcag import DE_LETRA, contraste, de_hexadecimal

HOSTIS = [
    "",
    " ",
    "😀👩‍🔬",
    "<script>alert('oi')</script>",
    '"><img src=x onerror=1>',
    "&amp; < >",
    "\x00\x0b\ud83d",
    "ç" * 10_000,
]
SVG = "{http://www.w3.org/2000/svg}"


def _arvore(figura):
    return ET.fromstring(str(figura))


@pytest.mark.parametrize("texto", HOSTIS)
def test_texto_hostil_vira_texto(texto):
    for figura in (
        barras([texto, "negativo"], [0.25, 0.75], titulo=texto, nota=texto),
        passos(texto, [texto], [7], [texto, "b"], [1.0, -1.0], [0.9, 0.1]),
        aviso(texto, texto),
    ):
        arvore = _arvore(figura)
        assert {elemento.tag.removeprefix(SVG) for elemento in arvore.iter()} <= {
            "svg",
            "title",
            "desc",
            "rect",
            "text",
            "circle",
        }
        assert len(str(figura)) < 50_000


def test_barras_medem_as_probabilidades():
    arvore = _arvore(barras(["positivo", "negativo"], [0.25, 0.75], titulo="t"))
    larguras = [float(r.get("width")) for r in arvore.findall(f"{SVG}rect")]
    molduras, preenchidas = larguras[1::2], larguras[2::2]
    assert preenchidas == pytest.approx([0.25 * molduras[0], 0.75 * molduras[0]], abs=0.1)


def test_a_barra_maior_tambem_se_ve_sem_cor():
    negritos = [
        t.text
        for t in _arvore(barras(["a", "b"], [0.2, 0.8], titulo="t")).findall(f"{SVG}text")
        if t.get("font-weight") == "bold"
    ]
    assert negritos == ["t", "b", "0,80"]


def test_nan_nao_quebra_o_desenho():
    figura = barras(["a", "b"], [float("nan"), 0.5], titulo="t")
    assert "a ?" in descricao_de(figura)
    assert "nan" not in str(figura)


def test_o_desenho_diz_em_palavras_o_que_mostra():
    figura = barras(["positivo", "negativo"], [0.934, 0.066], titulo="Que dia!", nota="cortado")
    assert (titulo_de(figura), descricao_de(figura)) == ("Que dia!", "positivo 0,93; negativo 0,07. cortado")
    figura = passos("oi", ["[CLS]", "oi"], [2, 9], ["a", "b"], [1.5, -0.5], [0.88, 0.12])
    assert descricao_de(figura) == (
        "2 pedaços: [CLS] oi. a: logit 1,50, probabilidade 0,88; b: logit -0,50, probabilidade 0,12."
    )


def test_muitos_pedacos_cabem_e_o_resto_e_contado():
    figura = passos("x", ["pedaço"] * 200, list(range(200)), ["a"], [1.0], [1.0])
    assert "e mais 176 pedaços" in str(figura)


def test_tamanhos_diferentes_sao_recusados():
    with pytest.raises(ValueError, match="2 nomes para 1 valores"):
        barras(["a", "b"], [1.0], titulo="t")
    with pytest.raises(ValueError, match="cada pedaço precisa de um número"):
        passos("x", ["a"], [], ["a"], [1.0], [1.0])


def test_decimal_e_encurtar():
    assert [decimal(v) for v in (0.934, 1.0, float("nan"), float("inf"))] == ["0,93", "1,00", "?", "?"]
    assert encurtar("abcdef", 4) == "abc…"
    assert encurtar("abc", 4) == "abc"


@pytest.mark.parametrize("cor", [TINTA, CINZA])
def test_contraste_da_letra_com_o_fundo(cor):
    assert contraste(de_hexadecimal(cor), de_hexadecimal(FUNDO)) >= DE_LETRA


def test_a_grade_escreve_com_a_cor_que_se_le():
    """O número de cada casa, do azul nenhum ao azul inteiro, de milésimo em milésimo."""
    for milesimos in range(1001):
        svg = str(grade(["a"], ["b"], [[milesimos / 1000]], titulo="t"))
        opacidade = float(re.search(r'fill-opacity="([^"]+)"', svg)[1])
        escrita = re.search(r'fill="(#\w+)"[^>]*>\d,\d\d<', svg)[1]
        fundo = opacidade * de_hexadecimal(OKABE_ITO["azul"]) + (1 - opacidade) * de_hexadecimal(FUNDO)
        assert contraste(de_hexadecimal(escrita), fundo) >= DE_LETRA, milesimos


def test_no_notebook_a_figura_e_svg_com_nome():
    from IPython.core.formatters import DisplayFormatter

    dados, _ = DisplayFormatter().format(barras(["a"], [1.0], titulo="Oi"))
    assert dados == {"image/svg+xml": str(barras(["a"], [1.0], titulo="Oi")), "text/plain": "<Figura: Oi>"}


def test_figura_fixa_e_a_do_arquivo_e_a_que_falta_e_dita():
    from curso.desenho.figuras import figura
    from curso.projeto import RAIZ, ErroDoCurso

    assert (
        str(figura("pipeline-tres-passos"))
        == (RAIZ / "images/pipeline-tres-passos.svg").read_text(encoding="utf-8").strip()
    )
    with pytest.raises(ErroDoCurso, match="pipeline-tres-passos"):
        figura("inexistente")
