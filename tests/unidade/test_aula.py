"""O material de aula como funções puras: divisão em slides, cópias de papel, figuras, e o que fazer quando algo falta."""

from __future__ import annotations

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from curso.aula import __main__ as comando_da_aula
from curso.aula import celulas, pdf, recursos
from curso.aula.divisao import em_slides
from curso.aula.paginas import MODELOS, paginas
from curso.aula.papel import com_solucoes, sem_solucoes
from curso.comandos import executar_comando
from curso.projeto import ErroDoCurso, achar_notebook, lista_de_notebooks

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><title>A "gata" &amp; a janela</title><desc>Duas setas.</desc></svg>'
SOLUCAO = "Enunciado.\n\n<details>\n<summary>Solução do exercício a</summary>\n\n```python\nx = 42\n```\n\nPorque sim.\n\n</details>"
PERGUNTA = (
    "### Pergunta 1\n\nQual?\n\n"
    "<details>\n<summary>a) <code>ner</code></summary>\n\n**Certa.** É a que acha nomes.\n\n</details>\n\n"
    "<details>\n<summary>b) nenhuma</summary>\n\n**Não é esta.** Há uma sim.\n\n</details>"
)


def caderno(*partes):
    """Um notebook de textos, e de códigos dados como (fonte, saídas)."""
    novo = new_notebook()
    for parte in partes:
        novo.cells.append(
            new_markdown_cell(parte) if isinstance(parte, str) else new_code_cell(parte[0], outputs=list(parte[1]))
        )
    return novo


def tela(dados):
    return new_output("display_data", data=dados)


def com_pergunta():
    notebook = caderno(PERGUNTA, ("mostrar()", [new_output("stream", text="Sua nota. Há uma  sim. Fim.\n")]))
    notebook.cells[0].id = "pergunta-1"
    return notebook


def tipos(notebook):
    return [c.metadata["slideshow"]["slide_type"] for c in notebook.cells]


def textos(notebook):
    return "\n".join(c.source for c in notebook.cells)


# ------------------------------------------------------------------- divisão


def test_um_titulo_um_slide():
    notebook = caderno("# A\n\ntexto\n\n## B\n\nmais", ("1 + 1", []), "### C\n\nainda", "sem título")
    assert tipos(em_slides(notebook)) == ["slide", "slide", "-", "subslide", "-"]


def test_cerquilha_dentro_de_codigo_nao_e_titulo():
    assert celulas.por_titulos("```bash\n# comentário\n```\n## Sim") == [
        ("", "```bash\n# comentário\n```"),
        ("## Sim", ""),
    ]


def test_solucao_vai_para_as_notas_e_some_do_slide():
    slides = em_slides(caderno("## Exercício", SOLUCAO))
    assert tipos(slides) == ["slide", "-", "notes"]
    assert "42" not in slides.cells[1].source and "x = 42" in slides.cells[2].source


def test_questionario_mostra_as_opcoes_e_guarda_as_explicacoes():
    slides = em_slides(com_pergunta())
    visivel, notas = slides.cells[0].source, slides.cells[1].source
    assert visivel.count("caixa") == 2 and "acha nomes" not in visivel
    assert "acha nomes" in notas and tipos(slides)[1] == "notes"
    assert slides.cells[2].outputs[0].text == celulas.SAIDA_COM_RESPOSTA


def test_selo_fica_de_fora_e_a_preparacao_encolhe():
    notebook = nbformat.read(achar_notebook("01-1"), as_version=4)
    slides = em_slides(notebook)
    assert "Abrir no Colab" not in textos(slides) and "git -c" not in textos(slides)
    assert any(c.source == "from curso import modelo, preparar\npreparar()" for c in slides.cells)


def test_dividir_nao_mexe_no_notebook():
    notebook = nbformat.read(achar_notebook("01-3"), as_version=4)
    antes = nbformat.writes(notebook)
    em_slides(notebook), com_solucoes(notebook), sem_solucoes(notebook)
    assert nbformat.writes(notebook) == antes


def test_ids_das_celulas_sao_unicos():
    for caminho in lista_de_notebooks():
        ids = [c.id for c in em_slides(nbformat.read(caminho, as_version=4)).cells]
        assert len(ids) == len(set(ids)), caminho.name


@pytest.mark.parametrize(
    "notebook", [caderno(), caderno("", ("", [])), caderno(SOLUCAO)], ids=["vazio", "brancos", "so"]
)
def test_notebooks_quase_vazios_ainda_dao_paginas(notebook):
    assert all("<html lang=" in pagina for pagina in paginas(notebook).values())


# --------------------------------------------------------------------- papel


def test_com_solucoes_abre_e_sem_solucoes_da_linhas():
    notebook = caderno(SOLUCAO)
    aberta, vazia = textos(com_solucoes(notebook)), textos(sem_solucoes(notebook))
    assert "<details open>" in aberta and "x = 42" in aberta and "Porque sim." in aberta
    assert "42" not in vazia and "Porque sim" not in vazia and "Sua resposta:" in vazia and "Enunciado." in vazia


def test_questionario_no_papel():
    turma = sem_solucoes(com_pergunta())
    assert textos(turma).count("caixa") == 2 and "Sua resposta" not in textos(turma)
    assert not re.search("Certa|Não é esta|acha nomes", textos(turma))
    assert turma.cells[1].outputs[0].text == celulas.SAIDA_COM_RESPOSTA
    professora = com_solucoes(com_pergunta())
    assert "acha nomes" in textos(professora) and "Há uma  sim" in professora.cells[1].outputs[0].text


# ------------------------------------------------------- figuras, texto, links


def test_figura_leva_titulo_e_descricao():
    html = paginas(caderno("# T", ("figura()", [tela({"image/svg+xml": SVG, "text/plain": "<IPython SVG>"})])))
    for pagina in html.values():
        assert BeautifulSoup(pagina, "html.parser").img["alt"] == 'A "gata" & a janela. Duas setas.'
    assert celulas.descricao_do_svg("<svg><nada") == celulas.SEM_DESCRICAO
    assert celulas.descricao_do_svg('<svg xmlns="http://www.w3.org/2000/svg"/>') == celulas.SEM_DESCRICAO


def test_laboratorio_vira_nota():
    html = paginas(caderno(("lab", [tela({"text/plain": "<Laboratório de <b>x</b>: execute a célula para usar>"})])))
    assert "Laboratório de &lt;b&gt;x&lt;/b&gt;: abra o notebook para mexer." in html["slides.html"]
    assert "execute a célula" not in html["slides.html"]


def test_html_em_saida_de_texto_continua_texto():
    veneno = "<script>alert(1)</script>"
    notebook = caderno(("x", [new_output("stream", text=veneno), tela({"text/plain": veneno})]), f"# {'T'}")
    for pagina in paginas(notebook).values():
        assert veneno not in pagina and pagina.count("&lt;script&gt;alert(1)") == 2


def test_titulo_com_html_nao_escapa_da_pagina():
    pagina = paginas(caderno("# Um </title><script>alert(1)</script>"))["impressao.html"]
    assert "<title>Um &lt;/title&gt;" in pagina


def test_formula_vira_mathml_e_link_de_dentro_vira_texto():
    pagina = paginas(caderno("Raiz $\\sqrt{d}$, [outro](01-2.ipynb), [fora](https://exemplo.org/a)\n\n$$x^2$$"))[
        "slides.html"
    ]
    assert pagina.count("<math") == 2 and "$" not in pagina.split("<main")[1].split("<script")[0]
    assert "ipynb" not in pagina and '<a href="https://exemplo.org/a">fora</a>' in pagina


def test_nenhum_endereco_de_fora_em_estilo_nem_programa():
    for pagina in paginas(nbformat.read(achar_notebook("01-3"), as_version=4)).values():
        assert '<html lang="pt-BR">' in pagina
        usados = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="([^"]+)"', pagina)
        assert usados and all(u.startswith(("recursos/", "data:")) for u in usados)
    for arquivo in (MODELOS / "recursos").iterdir():
        assert not re.search(r"https?:|@import|url\(", arquivo.read_text(encoding="utf-8")), arquivo.name


# ------------------------------------------------------------ quando algo falta


def test_notebook_desconhecido(capsys):
    assert executar_comando(["aula", "99-9"]) == 1
    assert "Não achei o notebook '99-9'" in capsys.readouterr().err


@pytest.mark.parametrize("conteudo", ["", "isto não é json", '{"a": 1}', "[]"])
def test_arquivo_que_nao_e_notebook(tmp_path, conteudo):
    arquivo = tmp_path / "ruim.ipynb"
    arquivo.write_text(conteudo, encoding="utf-8")
    with pytest.raises(ErroDoCurso, match="ruim.ipynb não é um notebook"):
        comando_da_aula.ler(arquivo)


def test_sem_o_pacote_do_reveal(monkeypatch):
    monkeypatch.setattr(recursos.importlib.util, "find_spec", lambda nome: None)
    with pytest.raises(ErroDoCurso, match="pip install -r curso/aula/requisitos-da-aula.txt"):
        recursos.reveal()


def test_pasta_em_que_nao_se_grava(tmp_path, capsys):
    (tmp_path / "arquivo").write_text("")
    assert comando_da_aula.principal([str(achar_notebook("00")), str(tmp_path / "arquivo")]) == 1
    assert "Escolha outra com --saida" in capsys.readouterr().err


def test_sem_navegador_diz_como_imprimir(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdf, "navegador", lambda: None)
    caminho = tmp_path / "meu.ipynb"
    nbformat.write(caderno("# Meu", ("1", [])), caminho)
    assert comando_da_aula.principal([str(caminho), str(tmp_path / "saida")]) == 0
    dito = capsys.readouterr().out
    assert "abra o HTML e imprima pelo navegador" in dito and "não guarda saídas" in dito
    assert {p.name for p in (tmp_path / "saida" / "meu").iterdir()} == {
        "slides.html",
        "impressao.html",
        "impressao-com-solucoes.html",
        "recursos",
    }


def test_navegador_que_falha_nao_derruba(tmp_path):
    pagina = tmp_path / "a.html"
    pagina.write_text("a")
    assert pdf.fazer_pdf(str(tmp_path / "nao-existe"), pagina) is None


def test_palavras_em_ingles_da_janela_de_notas_existem():
    original = (recursos.reveal() / "plugin/notes/notes.js").read_text(encoding="utf-8")
    assert not [palavra for palavra in recursos.EM_PORTUGUES if palavra not in original]
