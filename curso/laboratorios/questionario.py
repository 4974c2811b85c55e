"""Laboratório: o questionário do capítulo, uma pergunta por vez, e a nota por assunto no fim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from curso.desenho.estilo import (
    CINZA,
    FIO,
    FUNDO,
    LETRA,
    OKABE_ITO,
    TINTA,
    Figura,
    barra,
    descricao_de,
    encurtar,
    moldura,
    texto,
)
from curso.exercicios.questionario import (
    LETRAS,
    Nota,
    Opcao,
    Pergunta,
    acertou,
    em_html,
    nota,
    resposta,
    veredito,
)
from curso.laboratorios.base import rolavel

LARGURA, MARGEM, INICIO_DA_BARRA, COMPRIMENTO = 640, 20, 224, 316
CAIXA = f"background:{FUNDO};color:{TINTA};{LETRA};font-size:15px;line-height:1.5;border-radius:6px;padding:8px 12px;"


def quadro(perguntas: Sequence[Pergunta], escolhas: Mapping[int, Sequence[str]] | None = None) -> Figura:
    """A nota por assunto em barras, e as seções a reler.

    Args:
        escolhas: número da pergunta → letras, na ordem em que foram escolhidas. Sem elas, o quadro vem vazio.
    """
    notas = nota(perguntas, escolhas or {})
    titulo = _titulo(notas)
    partes = [texto(MARGEM, 32, titulo, peso="bold", tamanho=16)]
    y = 52
    for uma in notas:
        partes += [
            texto(MARGEM, y + 17, encurtar(uma.assunto, 26)),
            barra(INICIO_DA_BARRA, y, COMPRIMENTO, COMPRIMENTO * uma.certas / uma.total, 24, OKABE_ITO["azul"]),
            texto(INICIO_DA_BARRA + COMPRIMENTO + 10, y + 17, f"{uma.certas} de {uma.total}", peso="bold"),
        ]
        y += 34
        for secao in uma.reler:
            partes.append(texto(MARGEM + 16, y + 8, encurtar(f"Reler {secao}", 84), cor=CINZA, tamanho=13))
            y += 22
        y += 6
    return moldura(LARGURA, y + 8, titulo, " ".join(_em_palavras(n) for n in notas), "".join(partes))


def _titulo(notas: Sequence[Nota]) -> str:
    total, certas, feitas = (sum(getattr(n, campo) for n in notas) for campo in ("total", "certas", "respondidas"))
    if not feitas:
        return f"{total} perguntas, nenhuma respondida ainda"
    return f"Nota: {certas} de {total}" + (f" ({total - feitas} sem resposta)" if feitas < total else "")


def _em_palavras(uma: Nota) -> str:
    reler = f"; reler {', '.join(map(str, uma.reler))}" if uma.reler else ""
    return f"{uma.assunto}: {uma.certas} de {uma.total}{reler}."


def enunciado(pergunta: Pergunta, total: int) -> str:
    """O alto da página: onde se está, o assunto e a pergunta. HTML, com o texto escapado."""
    quantas = f" <b>{em_html(pergunta.quantas)}</b>" if pergunta.quantas else ""
    return (
        f'<div style="{CAIXA}border:1px solid {FIO}"><div style="color:{CINZA};font-size:13px">'
        f"Pergunta {pergunta.numero} de {total} · {em_html(pergunta.assunto)}</div>"
        f"{em_html(pergunta.texto)}{quantas}</div>"
    )


def opcao_em_html(opcao: Opcao, aberta: bool) -> str:
    """O texto de uma opção e, se ela está aberta, a explicação. O sinal é a palavra, e não só a cor."""
    if not aberta:
        return f'<div style="{CAIXA}border-left:4px solid {FIO}">{em_html(opcao.texto)}</div>'
    cor = OKABE_ITO["verde"] if opcao.certa else OKABE_ITO["laranja"]
    return (
        f'<div style="{CAIXA}border-left:4px solid {cor}">{em_html(opcao.texto)}'
        f"<div><b>{veredito(opcao)}</b> {em_html(opcao.porque)}</div></div>"
    )


def desfecho(pergunta: Pergunta, escolhas: Sequence[str]) -> str:
    """O que valeu como resposta, em uma frase; vazio enquanto falta escolher."""
    dada = resposta(pergunta, escolhas)
    if dada is None:
        faltam = len(pergunta.certas) - len(set(escolhas))
        return f"Falta marcar mais {'uma' if faltam == 1 else faltam}." if escolhas else ""
    letras = " e ".join(sorted(dada))
    if acertou(pergunta, escolhas):
        return f"Sua resposta: {letras}. Acertou."
    return f"Sua resposta: {letras}. Ainda não. Para reler: {pergunta.secao}."


class LaboratorioDoQuestionario(widgets.VBox):
    """Uma pergunta por vez. A primeira escolha vale para a nota; depois, as outras opções podem ser abertas.

    Attributes:
        opcoes: letra → botão; ``opcoes["b"].value = True`` escolhe a opção b.
        anterior, proxima, recomecar: os botões de baixo; ``proxima.click()`` vai adiante.
        escolhas: número da pergunta → letras, na ordem em que foram escolhidas.
    """

    nome = "Questionário"

    def __init__(self, perguntas: Sequence[Pergunta]):
        self.perguntas = tuple(perguntas)
        self.escolhas: dict[int, list[str]] = {}
        self._pagina = 0  # a que vem depois da última pergunta é a da nota
        self._montando = False
        self._alto, self._nota, self._baixo = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.opcoes = {
            letra: widgets.ToggleButton(
                description=letra,
                tooltip=f"Escolher a opção {letra}",
                layout=widgets.Layout(width="44px", flex="0 0 auto"),
            )
            for letra in LETRAS
        }
        self._textos = {letra: widgets.HTML(layout=widgets.Layout(flex="1 1 0%", min_width="0")) for letra in LETRAS}
        self._linhas = {letra: widgets.HBox([self.opcoes[letra], self._textos[letra]]) for letra in LETRAS}
        self.anterior, self.proxima, self.recomecar = (
            widgets.Button(description=nome) for nome in ("Anterior", "Próxima", "Recomeçar")
        )
        super().__init__(
            [
                self._alto,
                rolavel(self._nota),
                *self._linhas.values(),
                self._baixo,
                widgets.HBox([self.anterior, self.proxima, self.recomecar]),
            ],
            layout=widgets.Layout(max_width="760px"),
        )
        for letra, botao in self.opcoes.items():
            botao.observe(lambda mudanca, letra=letra: self._escolher(letra, mudanca["new"]), "value")
        self.anterior.on_click(lambda _: self.ir(self._pagina))
        self.proxima.on_click(lambda _: self.ir(self._pagina + 2))
        self.recomecar.on_click(lambda _: self._apagar())
        self._mostrar()

    def ir(self, numero: int) -> None:
        """Vai para a pergunta de um número; o que passa da última leva à nota."""
        self._pagina = min(max(numero, 1), len(self.perguntas) + 1) - 1
        self._mostrar()

    @property
    def pergunta(self) -> Pergunta | None:
        """A pergunta à vista; ``None`` na página da nota."""
        return self.perguntas[self._pagina] if self._pagina < len(self.perguntas) else None

    @property
    def leitura(self) -> str:
        """O que a página mostra agora, em palavras."""
        if self.pergunta is None:
            figura = quadro(self.perguntas, self.escolhas)
            return f"{_titulo(nota(self.perguntas, self.escolhas))}. {descricao_de(figura)}"
        abertas = [f"{o.letra}) {veredito(o)} {o.porque}" for o in self.pergunta.opcoes if self.opcoes[o.letra].value]
        partes = [f"Pergunta {self.pergunta.numero} de {len(self.perguntas)}.", *abertas]
        return " ".join([*partes, desfecho(self.pergunta, self._feitas())]).strip()

    def _feitas(self) -> list[str]:
        return self.escolhas.get(self._pagina + 1, [])

    def _escolher(self, letra: str, apertado: bool) -> None:
        if self._montando or self.pergunta is None:
            return
        feitas = self.escolhas.setdefault(self.pergunta.numero, [])
        if apertado and letra not in feitas:
            feitas.append(letra)
        self._pintar()

    def _apagar(self) -> None:
        self.escolhas.clear()
        self.ir(1)

    def _mostrar(self) -> None:
        """Monta a página: os botões das opções já escolhidas voltam apertados."""
        self._montando = True
        letras = [o.letra for o in self.pergunta.opcoes] if self.pergunta else []
        for letra, linha in self._linhas.items():
            linha.layout.display = "flex" if letra in letras else "none"
            self.opcoes[letra].value = letra in self._feitas()
        self._montando = False
        self.anterior.disabled = self._pagina == 0
        self.proxima.disabled = self.pergunta is None
        self.proxima.description = "Ver a nota" if self._pagina >= len(self.perguntas) - 1 else "Próxima"
        self._pintar()

    def _pintar(self) -> None:
        if self.pergunta is None:
            self._alto.value, self._baixo.value = "", ""
            self._nota.value = str(quadro(self.perguntas, self.escolhas))
            return
        self._nota.value = ""
        self._alto.value = enunciado(self.pergunta, len(self.perguntas))
        for opcao in self.pergunta.opcoes:
            self._textos[opcao.letra].value = opcao_em_html(opcao, self.opcoes[opcao.letra].value)
        frase = desfecho(self.pergunta, self._feitas())
        self._baixo.value = f'<div style="{CAIXA}">{em_html(frase)}</div>' if frase else ""

    def __repr__(self) -> str:
        return f"<{self.nome}: execute a célula para usar>"
