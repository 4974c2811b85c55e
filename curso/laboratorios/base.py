"""O que os laboratórios têm em comum: controles, um quadro, e nenhuma exceção que escape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from curso.desenho.barras import aviso
from curso.desenho.estilo import Figura, descricao_de, milhar

# Além disto o desenho não acompanha a digitação, e nenhum checkpoint do curso lê tanto.
MAXIMO_DE_CARACTERES = 2_000
LARGO = {
    "layout": {"width": "98%", "max_width": "700px"},
    "style": {"description_width": "130px"},
    "continuous_update": False,
}


class Laboratorio(widgets.VBox):
    """Mexa em um controle e veja o quadro mudar.

    Attributes:
        quadro: o widget HTML com o SVG.
    """

    nome = "laboratório"

    def __init__(self, controles: Sequence[widgets.Widget]):
        self.quadro = widgets.HTML()
        super().__init__([*controles, rolavel(self.quadro)])
        for controle in controles:
            controle.observe(self._atualizar, "value")
        self._atualizar()

    def _figura(self) -> Figura:
        """O que desenhar com os valores de agora; não pode levantar exceção."""
        raise NotImplementedError

    def _atualizar(self, _mudanca=None) -> None:
        self.quadro.value = str(self._figura())

    @property
    def leitura(self) -> str:
        """O que o quadro mostra agora, em palavras."""
        return descricao_de(self.quadro.value)

    def __repr__(self) -> str:
        return f"<{self.nome}: execute a célula para usar>"


class LaboratorioDeTexto(Laboratorio):
    """Digite uma frase, ou mexa em um controle, e veja o quadro mudar.

    Attributes:
        texto: a caixa onde se digita (``texto.value`` muda o quadro também por código).
    """

    def __init__(self, desenhar: Callable[[str], Figura], frase: str, controles: Sequence[widgets.Widget] = ()):
        self._desenhar = desenhar
        self.texto = widgets.Text(
            value=frase,
            description="Sua frase:",
            placeholder="Escreva uma frase em português",
            layout=widgets.Layout(width="98%", max_width="700px"),
            style={"description_width": "initial"},
        )
        super().__init__([self.texto, *controles])

    def _figura(self) -> Figura:
        return quadro_seguro(self._desenhar, self.texto.value)


def rolavel(quadro: widgets.HTML) -> widgets.Box:
    """O quadro em uma caixa que rola: na tela de um celular, a figura encolhida não se leria."""
    quadro.layout.min_width = "600px"
    return widgets.Box([quadro], layout=widgets.Layout(overflow="auto", max_width="100%"))


def desenho_seguro(desenhar: Callable[[], Figura], falha: str) -> Figura:
    """Desenha, ou explica por que não deu: um erro dentro de um callback sumiria sem aviso."""
    try:
        return desenhar()
    except Exception as erro:
        return aviso(falha, f"{type(erro).__name__}: {erro}")


def quadro_seguro(desenhar: Callable[[str], Figura], frase: str) -> Figura:
    """O desenho de uma frase, ou o que há de errado com ela."""
    if not frase.strip():
        return aviso("Nada para ler", "Escreva uma frase na caixa acima.")
    if len(frase) > MAXIMO_DE_CARACTERES:
        return aviso(
            "Texto longo demais", f"Este laboratório lê até {MAXIMO_DE_CARACTERES} caracteres; há {len(frase)}."
        )
    return desenho_seguro(lambda: desenhar(frase), "O laboratório não conseguiu ler esta frase")


def regua(nome: str, valor: int, minimo: int, maximo: int) -> widgets.IntSlider:
    """Um controle deslizante de números inteiros, que as setas do teclado também movem."""
    return widgets.IntSlider(value=valor, min=minimo, max=maximo, description=nome, **LARGO)


def regua_decimal(nome: str, valor: float, minimo: float, maximo: float, passo: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(value=valor, min=minimo, max=maximo, step=passo, description=nome, **LARGO)


def regua_de(nome: str, valores: Sequence[int], valor: int) -> widgets.SelectionSlider:
    """Uma régua que só para nos valores dados; as setas do teclado também a movem."""
    opcoes = [(milhar(v), v) for v in valores]
    return widgets.SelectionSlider(options=opcoes, value=valor, description=nome, **LARGO)


def escolha(nome: str, opcoes: Sequence[str]) -> widgets.ToggleButtons:
    """Um botão para cada opção; a primeira começa apertada."""
    estilo = {"description_width": "initial", "button_width": "auto"}  # inteira: «bidirecional (enc…» não se lê
    return widgets.ToggleButtons(options=list(opcoes), description=nome, style=estilo)
