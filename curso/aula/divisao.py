"""De um notebook aos slides: um título, um slide. Função pura; o que não couber, slides.js reparte no navegador."""

from __future__ import annotations

from nbformat import NotebookNode

from curso.aula.celulas import (
    DOBRA,
    TITULO,
    de_texto,
    e_questao,
    opcao_para_marcar,
    para_aula,
    por_titulos,
    sem_respostas,
    trocar_dobras,
)

NOVO, ABAIXO, MESMO, NOTAS = "slide", "subslide", "-", "notes"


def em_slides(notebook: NotebookNode) -> NotebookNode:
    """Uma cópia cujas células dizem, em ``slideshow.slide_type``, onde cada slide começa.

    Seções (``#`` e ``##``) andam para o lado; subseções, para baixo. A solução de um exercício e as explicações de
    um questionário vão para as notas de quem apresenta.
    """
    novo = sem_respostas(para_aula(notebook))
    novo.cells = [marcada for celula in novo.cells for marcada in _marcadas(celula)]
    if novo.cells:
        novo.cells[0].metadata["slideshow"] = {"slide_type": NOVO}
    else:
        novo.cells = [_marcar(de_texto("vazio", "# Este notebook está vazio"), NOVO)]
    return novo


def _marcadas(celula: NotebookNode) -> list[NotebookNode]:
    if celula.cell_type == "code":
        return [_marcar(celula, MESMO)]
    # As notas saem por último: no HTML, elas pertencem ao slide que estiver aberto.
    visivel, notas = _separar_notas(celula)
    celulas = []
    for numero, (titulo, corpo) in enumerate(por_titulos(visivel)):
        texto = "\n\n".join(parte for parte in (titulo, corpo) if parte)
        celulas.append(_marcar(de_texto(f"{celula.get('id', 'texto')}-{numero}", texto), _lugar(titulo)))
    if notas:
        celulas.append(_marcar(de_texto(f"{celula.get('id', 'texto')}-notas", notas), NOTAS))
    return celulas


def _lugar(titulo: str) -> str:
    if not titulo:
        return MESMO
    return NOVO if len(TITULO.match(titulo)[1]) <= 2 else ABAIXO


def _separar_notas(celula: NotebookNode) -> tuple[str, str]:
    notas = "\n\n".join(f"**{d['resumo'].strip()}**\n\n{d['corpo'].strip()}" for d in DOBRA.finditer(celula.source))
    return trocar_dobras(celula.source, opcao_para_marcar if e_questao(celula) else lambda *_: ""), notas


def _marcar(celula: NotebookNode, tipo: str) -> NotebookNode:
    celula.metadata["slideshow"] = {"slide_type": tipo}
    return celula
