"""De um notebook às duas cópias de papel: com as soluções abertas, ou com espaço para responder. Funções puras."""

from __future__ import annotations

from nbformat import NotebookNode

from curso.aula.celulas import e_questao, opcao_para_marcar, para_aula, sem_respostas, trocar_dobras

LINHAS_PARA_RESPONDER = 7


def com_solucoes(notebook: NotebookNode) -> NotebookNode:
    """A cópia da professora: toda dobra aberta."""
    return _trocar(para_aula(notebook), lambda celula: _aberta)


def sem_solucoes(notebook: NotebookNode) -> NotebookNode:
    """A cópia da turma: linhas no lugar da solução, e só as caixas de cada pergunta do questionário."""
    return _trocar(
        sem_respostas(para_aula(notebook)), lambda celula: opcao_para_marcar if e_questao(celula) else _espaco
    )


def _trocar(notebook: NotebookNode, escolher) -> NotebookNode:
    for celula in notebook.cells:
        if celula.cell_type == "markdown":
            celula.source = trocar_dobras(celula.source, escolher(celula))
    return notebook


def _aberta(resumo: str, corpo: str) -> str:
    return f"<details open>\n<summary>{resumo}</summary>\n\n{corpo}\n\n</details>"


def _espaco(_resumo: str, _corpo: str) -> str:
    linhas = '<div class="linha"></div>' * LINHAS_PARA_RESPONDER
    return f'<div class="resposta"><p>Sua resposta:</p>{linhas}</div>'
