"""O questionário: as perguntas fazem sentido, a forma estática está inteira, a nota é certa, o laboratório acompanha."""

from __future__ import annotations

import html.parser
import json
import re
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from curso.desenho.estilo import descricao_de, titulo_de
from curso.exercicios import questionario
from curso.exercicios.questionario import (
    Opcao,
    Pergunta,
    Secao,
    acertou,
    carregar,
    com_perguntas,
    forma_de_uma,
    forma_estatica,
    nota,
    resposta,
)
from curso.laboratorios.questionario import LaboratorioDoQuestionario, enunciado, opcao_em_html, quadro
from curso.projeto import NOTEBOOKS, ErroDoCurso

CAPITULOS = sorted(a.stem[-2:] for a in questionario.PASTA.glob("questionario_[0-9][0-9].toml"))
TODAS = [p for c in CAPITULOS for p in carregar(c)]
HOSTIL = '<script>alert(1)</script> & "aspas" `<b>` \' </details>'
todas_as_perguntas = pytest.mark.parametrize("pergunta", TODAS, ids=lambda p: f"{p.secao.notebook[:2]}-{p.numero}")


@pytest.fixture
def perguntas():
    return carregar("01")


def escolhas_certas(perguntas):
    return {p.numero: sorted(p.certas) for p in perguntas}


def escolhas_erradas(perguntas):
    """Em cada pergunta, as erradas primeiro (e, se não bastam, certas)."""
    return {p.numero: [o.letra for o in sorted(p.opcoes, key=lambda o: o.certa)] for p in perguntas}


def textos(pergunta):
    return [pergunta.texto, *(o.texto for o in pergunta.opcoes), *(o.porque for o in pergunta.opcoes)]


# --- as perguntas


def test_ha_questionario():
    assert "01" in CAPITULOS
    with pytest.raises(ErroDoCurso, match="não tem questionário"):
        carregar("99")


@pytest.mark.parametrize("capitulo", CAPITULOS)
def test_quantidade_e_assuntos(capitulo):
    perguntas = carregar(capitulo)
    assert len(perguntas) >= 14
    assert [p.numero for p in perguntas] == list(range(1, len(perguntas) + 1))
    assert len({p.texto for p in perguntas}) == len(perguntas)
    ordem = [p.assunto for p in perguntas]
    assert ordem == sorted(ordem, key=ordem.index), "as perguntas de um assunto ficam juntas"
    assert min(Counter(ordem).values()) >= 2


@todas_as_perguntas
def test_opcoes(pergunta):
    assert 3 <= len(pergunta.opcoes) <= 4
    assert pergunta.certas and len(pergunta.certas) < len(pergunta.opcoes)
    assert len(pergunta.certas) in questionario.QUANTAS
    assert len({o.texto.casefold().strip(" .") for o in pergunta.opcoes}) == len(pergunta.opcoes)
    explicacoes = [o.porque for o in pergunta.opcoes]
    assert len(set(explicacoes)) == len(explicacoes)
    assert all(len(e) > 40 for e in explicacoes), "cada opção explica por que é ou não é"


@todas_as_perguntas
def test_textos_limpos(pergunta):
    for texto in textos(pergunta):
        assert texto == texto.strip() and "\n" not in texto
        assert texto.count("`") % 2 == 0 and texto.count("*") % 2 == 0
        assert "$" not in texto, "o Jupyter leria como fórmula"
        assert texto[-1] in ".?»)`", texto


@pytest.mark.parametrize("capitulo", CAPITULOS)
def test_a_letra_certa_varia(capitulo):
    """Quem marca sempre a mesma letra, ou sempre a opção mais comprida, não passa."""
    perguntas = carregar(capitulo)
    por_letra = Counter(letra for p in perguntas for letra in p.certas)
    assert len(por_letra) >= 3 and max(por_letra.values()) <= 0.45 * len(perguntas), por_letra
    mais_comprida = [max(p.opcoes, key=lambda o: len(o.texto)).certa for p in perguntas]
    assert sum(mais_comprida) <= 0.6 * len(perguntas), sum(mais_comprida)


def _secoes():
    for capitulo in CAPITULOS:
        dados = tomllib.loads((questionario.PASTA / f"questionario_{capitulo}.toml").read_text(encoding="utf-8"))
        usadas = {p["secao"] for p in dados["pergunta"]}
        for chave, secao in dados["secoes"].items():
            yield pytest.param(secao, chave in usadas, id=f"{capitulo}-{chave}")


@pytest.mark.parametrize(("secao", "usada"), list(_secoes()))
def test_secao_existe_e_e_usada(secao, usada):
    assert usada
    caminho = NOTEBOOKS / f"{secao['notebook']}.ipynb"
    titulos = []
    if caminho.exists():
        celulas = json.loads(caminho.read_text(encoding="utf-8"))["cells"]
        prosa = "\n".join("".join(c["source"]) for c in celulas if c["cell_type"] == "markdown")
        titulos = re.findall(r"^#+ (.+?)\s*$", prosa, re.MULTILINE)
    if secao.get("provisoria"):
        assert secao["titulo"] not in titulos, "a seção já existe: apague a linha `provisoria`"
        pytest.xfail(f"a seção «{secao['titulo']}» ainda não existe")
    assert secao["titulo"] in titulos


# --- a forma estática


class Leitor(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.abertas, self.vistas = [], Counter()

    def handle_starttag(self, marca, _):
        self.abertas.append(marca)
        self.vistas[marca] += 1

    def handle_endtag(self, marca):
        assert self.abertas.pop() == marca


def marcas(texto):
    leitor = Leitor()
    leitor.feed(re.sub(r"`[^`]*`", "", texto))
    leitor.close()
    assert not leitor.abertas
    return leitor.vistas


@todas_as_perguntas
def test_forma_estatica_abre_uma_explicacao_para_cada_opcao(pergunta):
    texto = forma_de_uma(pergunta)
    assert texto.startswith(f"### Pergunta {pergunta.numero}\n")
    vistas = marcas(texto)
    assert vistas["details"] == vistas["summary"] == len(pergunta.opcoes)
    assert texto.count("**Certa.**") == len(pergunta.certas)
    assert ("**Marque duas.**" in texto) == (len(pergunta.certas) == 2)
    assert f"({pergunta.secao.notebook}.ipynb)" in texto
    # Uma linha em branco depois de </summary>: sem ela o GitHub não lê o Markdown de dentro.
    assert len(re.findall(r"</summary>\n\n\*\*.+\n\n</details>", texto)) == len(pergunta.opcoes)


def test_forma_estatica_tem_todas(perguntas):
    texto = forma_estatica(perguntas)
    assert re.findall(r"^### Pergunta (\d+)$", texto, re.MULTILINE) == [str(p.numero) for p in perguntas]


def hostil(certas=("a",)):
    opcoes = tuple(Opcao(letra, f"{HOSTIL} {letra}", HOSTIL, letra in certas) for letra in "abc")
    return Pergunta(1, HOSTIL, Secao("01-1-pipelines", HOSTIL), HOSTIL, opcoes)


def test_texto_hostil_e_escapado_em_toda_parte():
    pergunta = hostil()
    laboratorio = LaboratorioDoQuestionario([pergunta])
    laboratorio.opcoes["b"].value = True
    pedacos = [
        forma_de_uma(pergunta),
        enunciado(pergunta, 1),
        *(opcao_em_html(o, aberta) for o in pergunta.opcoes for aberta in (True, False)),
        laboratorio._alto.value,
        laboratorio._baixo.value,
        laboratorio._textos["b"].value,
    ]
    for pedaco in pedacos:
        assert "<script" not in pedaco
        assert set(marcas(pedaco)) <= {"details", "summary", "div", "b", "code", "em"}
    ET.fromstring(str(quadro([pergunta], {1: ["b"]})))


def test_carimbo_poe_uma_celula_para_cada_pergunta(perguntas):
    antes = {"cell_type": "markdown", "id": "antes", "metadata": {}, "source": ["a"]}
    depois = {"cell_type": "code", "id": "depois", "metadata": {}, "source": ["b"]}
    primeira = {"cell_type": "markdown", "id": "pergunta-1", "metadata": {"tags": ["x"]}, "source": []}
    sobra = {"cell_type": "markdown", "id": "pergunta-99", "metadata": {}, "source": ["velha"]}
    celulas = com_perguntas([antes, primeira, sobra, depois], perguntas)
    nomes = [f"pergunta-{p.numero}" for p in perguntas]
    assert [c["id"] for c in celulas] == ["antes", *nomes, "depois"]
    assert celulas[1]["metadata"] == {"tags": ["x"]}
    assert "".join(celulas[1]["source"]) == forma_de_uma(perguntas[0])
    assert com_perguntas(celulas, perguntas) == celulas, "carimbar de novo não muda nada"
    with pytest.raises(ErroDoCurso, match="pergunta-1"):
        com_perguntas([antes, depois], perguntas)


# --- a nota


def test_nota_de_quem_acerta_tudo(perguntas):
    notas = nota(perguntas, escolhas_certas(perguntas))
    assert all(n.certas == n.respondidas == n.total and not n.reler for n in notas)
    assert sum(n.total for n in notas) == len(perguntas)


def test_nota_de_quem_erra_tudo(perguntas):
    notas = nota(perguntas, escolhas_erradas(perguntas))
    assert all(n.certas == 0 and n.respondidas == n.total for n in notas)
    assert {s for n in notas for s in n.reler} == {p.secao for p in perguntas}
    assert all(len(set(n.reler)) == len(n.reler) for n in notas)


@pytest.mark.parametrize("vazias", [{}, {1: []}])
def test_nota_de_quem_nao_responde(perguntas, vazias):
    assert all((n.certas, n.respondidas, n.reler) == (0, 0, ()) for n in nota(perguntas, vazias))


def test_vale_a_primeira_escolha(perguntas):
    uma = next(p for p in perguntas if len(p.certas) == 1)
    certa = next(iter(uma.certas))
    errada = next(o.letra for o in uma.opcoes if not o.certa)
    assert acertou(uma, [certa, errada]) and not acertou(uma, [errada, certa])
    assert resposta(uma, []) is None


def test_duas_certas_pedem_duas_escolhas(perguntas):
    duas = next(p for p in perguntas if len(p.certas) == 2)
    primeira, segunda = sorted(duas.certas)
    errada = next(o.letra for o in duas.opcoes if not o.certa)
    assert resposta(duas, [primeira]) is resposta(duas, [primeira, primeira]) is None
    assert acertou(duas, [segunda, primeira]) and not acertou(duas, [primeira, errada, segunda])


# --- o laboratório


def test_quadro(perguntas):
    vazio, cheio = quadro(perguntas), quadro(perguntas, escolhas_certas(perguntas))
    assert "nenhuma respondida" in titulo_de(vazio)
    assert titulo_de(cheio) == f"Nota: {len(perguntas)} de {len(perguntas)}"
    errado = quadro(perguntas, escolhas_erradas(perguntas))
    assert titulo_de(errado) == f"Nota: 0 de {len(perguntas)}" and "reler 1.3" in descricao_de(errado)
    assert titulo_de(quadro(perguntas, {1: ["a"]})).endswith(f"({len(perguntas) - 1} sem resposta)")
    for figura in (vazio, cheio, errado):
        raiz = ET.fromstring(str(figura))
        assert min(int(e.get("font-size")) for e in raiz.iter() if e.get("font-size")) >= 12
        assert "nan" not in str(figura).lower()


def test_do_comeco_a_nota(perguntas):
    laboratorio = LaboratorioDoQuestionario(perguntas)
    assert laboratorio.anterior.disabled and laboratorio.leitura == f"Pergunta 1 de {len(perguntas)}."
    for pergunta in perguntas:
        assert laboratorio.pergunta == pergunta
        for letra in sorted(pergunta.certas):
            laboratorio.opcoes[letra].value = True
        assert laboratorio.leitura.endswith("Acertou.")
        laboratorio.proxima.click()
    assert laboratorio.pergunta is None and laboratorio.proxima.disabled
    assert laboratorio.leitura.startswith(f"Nota: {len(perguntas)} de {len(perguntas)}.")
    assert "<svg" in laboratorio._nota.value and not laboratorio._alto.value
    laboratorio.recomecar.click()
    assert laboratorio.escolhas == {} and laboratorio.pergunta.numero == 1
    assert not any(b.value for b in laboratorio.opcoes.values())


def test_a_explicacao_aparece_so_na_opcao_escolhida(perguntas):
    laboratorio = LaboratorioDoQuestionario(perguntas)
    errada = next(o for o in perguntas[0].opcoes if not o.certa)
    laboratorio.opcoes[errada.letra].value = True
    abertos = [letra for letra, texto in laboratorio._textos.items() if "<b>" in texto.value]
    assert abertos == [errada.letra] and errada.porque in laboratorio.leitura
    assert "Para reler: 1.1" in laboratorio.leitura
    laboratorio.opcoes[errada.letra].value = False  # fechar a explicação não desfaz a resposta
    assert laboratorio.escolhas == {1: [errada.letra]} and errada.porque not in laboratorio.leitura


def test_ir_e_voltar_guarda_as_respostas(perguntas):
    laboratorio = LaboratorioDoQuestionario(perguntas)
    laboratorio.opcoes["b"].value = True
    laboratorio.proxima.click()
    assert not any(b.value for b in laboratorio.opcoes.values()) and laboratorio.escolhas == {1: ["b"]}
    laboratorio.anterior.click()
    assert laboratorio.opcoes["b"].value and laboratorio.escolhas == {1: ["b"]}
    laboratorio.ir(10**6)
    assert laboratorio.pergunta is None
    laboratorio.ir(-3)
    assert laboratorio.pergunta.numero == 1


def test_so_aparecem_as_opcoes_que_ha(perguntas):
    laboratorio = LaboratorioDoQuestionario(perguntas)
    for pergunta in perguntas:
        laboratorio.ir(pergunta.numero)
        visiveis = [letra for letra, linha in laboratorio._linhas.items() if linha.layout.display != "none"]
        assert visiveis == [o.letra for o in pergunta.opcoes]


def test_a_marcacao_por_fazer_e_dita(perguntas):
    duas = next(p for p in perguntas if len(p.certas) == 2)
    laboratorio = LaboratorioDoQuestionario(perguntas)
    laboratorio.ir(duas.numero)
    laboratorio.opcoes[sorted(duas.certas)[0]].value = True
    assert laboratorio.leitura.endswith("Falta marcar mais uma.")


def test_o_texto_do_widget_nao_muda_de_uma_execucao_para_outra(perguntas):
    assert repr(LaboratorioDoQuestionario(perguntas)) == "<Questionário: execute a célula para usar>"
