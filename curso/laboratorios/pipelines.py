"""Laboratório: a mesma frase em vários pipelines, e o que cada um devolve."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from curso.desenho.barras import aviso, barras
from curso.desenho.estilo import Figura, encurtar
from curso.desenho.marcado import marcado
from curso.laboratorios.base import LARGO, LaboratorioDeTexto, escolha
from curso.laboratorios.entidades import quadro as quadro_de_entidades

ROTULOS = "educação, política, negócios"
PERGUNTA = "Onde eu trabalho?"


def quadro(tarefa: str, pipe: Callable, frase: str, complemento: str) -> Figura:
    """Chama o pipeline como um leitor chamaria e desenha o que ele devolve.

    Args:
        tarefa: o nome que a biblioteca dá à tarefa.
        complemento: os rótulos, separados por vírgula, ou a pergunta; as outras tarefas não o usam.
    """
    return DESENHOS[tarefa](pipe, frase, complemento)


def _sentimento(pipe, frase, _):
    notas = sorted(pipe(frase, top_k=None, truncation=True), key=lambda n: n["label"], reverse=True)
    return barras([n["label"] for n in notas], [n["score"] for n in notas], titulo="Que sentimento há na frase?")


def _assunto(pipe, frase, complemento):
    rotulos = [rotulo.strip() for rotulo in complemento.split(",") if rotulo.strip()]
    if not rotulos:
        return aviso("Faltam os rótulos", f"Escreva no complemento os assuntos, separados por vírgula: {ROTULOS}")
    dada = pipe(frase, candidate_labels=rotulos, hypothesis_template="Este texto é sobre {}.")
    return barras(dada["labels"], dada["scores"], titulo="De qual destes assuntos a frase fala?")


def _lacuna(pipe, frase, _):
    mascara = pipe.tokenizer.mask_token
    if frase.count(mascara) != 1:
        return aviso("Falta a lacuna", f"Escreva {mascara} uma vez, no lugar da palavra que o modelo deve adivinhar.")
    dadas = pipe(frase, top_k=5)
    return barras([r["token_str"] for r in dadas], [r["score"] for r in dadas], titulo="Que palavra cabe na lacuna?")


def _entidades(pipe, frase, _):
    return quadro_de_entidades(lambda texto: pipe(texto, aggregation_strategy="simple"), frase)


def _resposta(pipe, frase, complemento):
    if not complemento.strip():
        return aviso("Falta a pergunta", f"Escreva no complemento uma pergunta sobre a frase: {PERGUNTA}")
    dada = pipe(question=complemento, context=frase)
    if not dada["answer"]:
        return aviso("Sem resposta", "O modelo não achou um trecho que responda à pergunta.")
    nota = f"Pontuação da resposta: {dada['score']:.2f}".replace(".", ",")
    return marcado(frase, [(dada["start"], dada["end"], "resposta")], titulo=encurtar(complemento, 70), nota=nota)


def _escrito(titulo: str, chamar: Callable[[Callable, str], str]):
    def desenhar(pipe, frase, _):
        escrito = chamar(pipe, frase) or "(nada)"
        return marcado(escrito, [], titulo=titulo, leitura=escrito)

    return desenhar


DESENHOS: dict[str, Callable[[Callable, str, str], Figura]] = {
    "sentiment-analysis": _sentimento,
    "zero-shot-classification": _assunto,
    "fill-mask": _lacuna,
    "ner": _entidades,
    "question-answering": _resposta,
    "text-generation": _escrito(
        "Como a frase continua", lambda pipe, f: pipe(f, max_new_tokens=30, do_sample=False)[0]["generated_text"]
    ),
    "summarization": _escrito("O resumo", lambda pipe, f: pipe(f)[0]["summary_text"]),
    "translation": _escrito("A tradução", lambda pipe, f: pipe(f)[0]["translation_text"]),
}
EXEMPLOS = {
    "fill-mask": "Tomei café com [MASK] e fui trabalhar.",
    "translation": "This course is produced by Hugging Face.",
    "text-generation": "Era uma vez um gato que",
}


class LaboratorioDePipelines(LaboratorioDeTexto):
    """Attributes: ``tarefa`` (os botões) e ``complemento`` (os rótulos ou a pergunta)."""

    nome = "Laboratório de pipelines"

    def __init__(
        self,
        pipes: dict[str, Callable],
        frase: str = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn.",
    ):
        desconhecidas = sorted(pipes.keys() - DESENHOS)
        if desconhecidas:
            raise ValueError(f"Este laboratório não sabe desenhar: {', '.join(desconhecidas)}.")
        self._frase = frase
        self.tarefa = escolha("Tarefa:", list(pipes))
        self.complemento = widgets.Text(
            value="", description="Complemento:", layout=LARGO["layout"], style={"description_width": "initial"}
        )
        super().__init__(
            lambda digitada: quadro(self.tarefa.value, pipes[self.tarefa.value], digitada, self.complemento.value),
            frase,
            [self.tarefa, self.complemento],
        )
        self.tarefa.observe(self._trocar_exemplo, "value")

    def _trocar_exemplo(self, mudanca) -> None:
        """Cada tarefa pede outra entrada; o que o leitor escreveu só muda se ainda era o exemplo da tarefa anterior."""
        if self.texto.value == EXEMPLOS.get(mudanca["old"], self._frase):
            self.texto.value = EXEMPLOS.get(mudanca["new"], self._frase)
        if self.complemento.value in ("", ROTULOS, PERGUNTA):
            novos = {"zero-shot-classification": ROTULOS, "question-answering": PERGUNTA}
            self.complemento.value = novos.get(mudanca["new"], "")
