"""Do notebook já dividido ao HTML, com o nbconvert e os modelos desta pasta."""

from __future__ import annotations

from pathlib import Path

from latex2mathml.converter import convert as em_mathml
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from curso.aula.divisao import em_slides
from curso.aula.papel import com_solucoes, sem_solucoes

MODELOS = Path(__file__).parent / "modelos"


class _Texto(IPythonRenderer):
    """Markdown em HTML que se basta: fórmulas em MathML, e só links que existem fora da pasta do curso."""

    def block_math(self, body: str) -> str:
        return em_mathml(body.strip(), display="block")

    def inline_math(self, body: str) -> str:
        return em_mathml(body.strip())

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # Os links para outros notebooks não acompanham a pasta da aula; a frase fica, sem o link.
        return super().link(text, url, title) if url.startswith(("http://", "https://")) else text


class _Opcoes:
    """O que os dois exportadores têm em comum."""

    def markdown2html(self, context, source: str) -> str:
        return MarkdownWithMath(renderer=_Texto(escape=False, exclude_anchor_links=True)).render(source)

    def default_filters(self):
        yield from super().default_filters()
        yield ("markdown2html", _sem_contexto(self.markdown2html))


def _sem_contexto(funcao):
    return lambda fonte: funcao(None, fonte)


class _Slides(_Opcoes, SlidesExporter):
    pass


class _Papel(_Opcoes, HTMLExporter):
    pass


def _exportar(classe: type, modelo: str, notebook: NotebookNode, **recursos: str) -> str:
    exportador = classe(
        template_name=modelo,
        extra_template_basedirs=[str(MODELOS)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    return exportador.from_notebook_node(notebook, resources={"aula": recursos})[0]


def paginas(notebook: NotebookNode) -> dict[str, str]:
    """Os três HTML de uma aula, pelo nome do arquivo."""
    return {
        "slides.html": _exportar(_Slides, "curso-slides", em_slides(notebook)),
        "impressao.html": _exportar(_Papel, "curso-papel", sem_solucoes(notebook), copia="para a turma"),
        "impressao-com-solucoes.html": _exportar(_Papel, "curso-papel", com_solucoes(notebook), copia="com soluções"),
    }
