"""O que slides e papel têm em comum: das células de um notebook às células de uma aula. Funções puras."""

from __future__ import annotations

import base64
import copy
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from nbformat import NotebookNode

SELO = re.compile(r"\s*\[!\[Abrir no Colab\]")
# Uma dobra (<details>) de solução ou de opção de questionário; no curso, uma nunca contém outra.
DOBRA = re.compile(r"<details>\s*<summary>(?P<resumo>.*?)</summary>(?P<corpo>.*?)</details>", re.DOTALL)
CERCA = re.compile(r"^(```|~~~)")
TITULO = re.compile(r"^(#{1,6}) +(.+?)\s*$")
LABORATORIO = re.compile(r"<(.+): execute a célula para usar>")
SVG = "{http://www.w3.org/2000/svg}"
PREPARACAO = (
    "## Preparação\n\nExecute a primeira célula de código do notebook. Aqui, sem a parte que só o Google Colab usa:"
)
SAIDA_COM_RESPOSTA = "(Esta saída conta a resposta de uma pergunta: veja-a no notebook, depois de responder.)"
SEM_DESCRICAO = "Gráfico gerado pela célula; o texto ao lado diz o que ele mostra."


def para_aula(notebook: NotebookNode) -> NotebookNode:
    """Uma cópia sem selo, com a preparação curta, as figuras com texto alternativo e os laboratórios em nota."""
    novo = copy.deepcopy(notebook)
    novo.cells = [nova for celula in novo.cells for nova in _para_aula(celula)]
    novo.metadata["title"] = titulo_do(novo)
    return novo


def _para_aula(celula: NotebookNode) -> list[NotebookNode]:
    if celula.cell_type == "markdown":
        return [] if SELO.match(celula.source) else [celula]
    if celula.cell_type != "code":
        return []
    if celula.source.startswith("# @title Preparação"):
        texto = de_texto(f"{celula.get('id', 'celula')}-titulo", PREPARACAO)
        celula.source = celula.source[max(celula.source.rfind("\n\n"), 0) :].strip()
        return [texto, celula]
    celula.outputs = [_saida(saida) for saida in celula.get("outputs", [])]
    return [celula]


def de_texto(identidade: str, fonte: str) -> NotebookNode:
    return NotebookNode(cell_type="markdown", id=identidade, metadata=NotebookNode(), source=fonte)


def titulo_do(notebook: NotebookNode) -> str:
    """O primeiro título do notebook, sem marcas de Markdown."""
    for celula in notebook.cells:
        if celula.cell_type == "markdown":
            for titulo, _ in por_titulos(celula.source):
                if titulo:
                    return re.sub(r"[*`]", "", TITULO.match(titulo)[2])
    return "Aula"


def por_titulos(fonte: str) -> list[tuple[str, str]]:
    """Corta um texto nos títulos: pares (linha do título, ou vazio; o que vem depois dele)."""
    partes: list[tuple[str, list[str]]] = [("", [])]
    em_codigo = False
    for linha in fonte.splitlines():
        if CERCA.match(linha):
            em_codigo = not em_codigo
        if TITULO.match(linha) and not em_codigo:
            partes.append((linha, []))
        else:
            partes[-1][1].append(linha)
    cortadas = [(titulo, "\n".join(corpo).strip("\n")) for titulo, corpo in partes]
    return [parte for parte in cortadas if any(texto.strip() for texto in parte)]


def trocar_dobras(fonte: str, troca: Callable[[str, str], str]) -> str:
    """Aplica ``troca(resumo, corpo)`` a cada ``<details>`` de um texto."""
    return DOBRA.sub(lambda achado: troca(achado["resumo"].strip(), achado["corpo"].strip()), fonte)


def sem_respostas(notebook: NotebookNode) -> NotebookNode:
    """Esconde a saída em que o laboratório do questionário, movido por código, lê em voz alta uma explicação."""
    explicacoes = [
        _corrido(dobra["corpo"].split("**")[-1])
        for celula in notebook.cells
        if celula.cell_type == "markdown" and e_questao(celula)
        for dobra in DOBRA.finditer(celula.source)
    ]
    for celula in notebook.cells:
        for saida in celula.get("outputs", []):
            if any(explicacao in _corrido(saida.get("text", "")) for explicacao in explicacoes):
                saida["text"] = SAIDA_COM_RESPOSTA
    return notebook


def _corrido(texto: str) -> str:
    return " ".join(re.sub(r"[*`]", "", texto).split())


def e_questao(celula: NotebookNode) -> bool:
    """Uma pergunta de questionário: as dobras são as opções, e não uma solução."""
    return celula.get("id", "").startswith("pergunta-")


def opcao_para_marcar(resumo: str, _corpo: str = "") -> str:
    """Uma opção sem a explicação, com a caixa para marcar; ``resumo`` já é HTML."""
    return f'<p class="opcao"><span class="caixa" aria-hidden="true"></span><span>{resumo}</span></p>'


# ------------------------------------------------------------------- saídas


def _saida(saida: NotebookNode) -> NotebookNode:
    dados = saida.get("data", {})
    laboratorio = LABORATORIO.fullmatch(dados.get("text/plain", "").strip())
    if laboratorio:
        nome = html.escape(laboratorio[1])
        saida.data = {"text/html": f'<p class="nota">{nome}: abra o notebook para mexer.</p>'}
    elif "image/svg+xml" in dados:
        svg = dados["image/svg+xml"]
        conteudo = base64.b64encode(svg.encode()).decode()
        saida.data = {"text/html": _imagem("svg+xml", conteudo, descricao_do_svg(svg))}
    elif "image/png" in dados:
        saida.data = {"text/html": _imagem("png", dados["image/png"].replace("\n", ""), SEM_DESCRICAO)}
    return saida


def _imagem(tipo: str, conteudo: str, descricao: str) -> str:
    return f'<img class="figura" src="data:image/{tipo};base64,{conteudo}" alt="{html.escape(descricao)}">'


def descricao_do_svg(svg: str) -> str:
    """O título e a descrição que a própria figura traz, para quem não a vê."""
    try:
        arvore = ET.fromstring(svg)
    except ET.ParseError:
        return SEM_DESCRICAO
    achados = [arvore.find(f".//{SVG}{nome}") for nome in ("title", "desc")]
    textos = [" ".join("".join(e.itertext()).split()) for e in achados if e is not None]
    return " ".join(t if t.endswith((".", "!", "?")) else f"{t}." for t in textos if t) or SEM_DESCRICAO
