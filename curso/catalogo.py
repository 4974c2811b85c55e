"""``modelo(tarefa)``: que checkpoint carregar. A tabela é ``modelos/catalogo.toml``."""

from __future__ import annotations

import functools
import importlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from curso.ambiente import usa_hub
from curso.projeto import MODELOS

# Os nomes que a própria biblioteca dá às mesmas tarefas.
APELIDOS = {
    "text-classification": "sentiment-analysis",
    "token-classification": "ner",
    "translation_en_to_pt": "translation",
}

# Tarefas que a versão 5 da transformers retirou do pipeline, e que curso.tarefas devolve.
RETIRADAS = {"question-answering", "summarization", "translation"}


@dataclass(frozen=True)
class Entrada:
    """Uma linha do catálogo. Tamanhos em MB (10⁶ bytes)."""

    tarefa: str
    embutido: str
    mb: float
    medida: str
    hub: str
    revisao: str
    mb_hub: float
    licenca_hub: str
    idioma_hub: str
    bits_hub: int
    classico: str
    revisao_classico: str
    mb_classico: float
    revisao_verificada: bool = True

    @property
    def pasta(self) -> Path:
        return MODELOS / self.embutido


@functools.cache
def catalogo() -> dict[str, Entrada]:
    with open(MODELOS / "catalogo.toml", "rb") as arquivo:
        return {tarefa: Entrada(tarefa=tarefa, **campos) for tarefa, campos in tomllib.load(arquivo).items()}


def entrada(tarefa: str) -> Entrada:
    """A linha do catálogo para uma tarefa ou para o seu apelido.

    Raises:
        ValueError: tarefa desconhecida; a mensagem lista as conhecidas.
    """
    linhas = catalogo()
    nome = APELIDOS.get(tarefa, tarefa)
    if nome not in linhas:
        conhecidas = ", ".join(sorted({*linhas, *(a for a, t in APELIDOS.items() if t in linhas)}))
        raise ValueError(f"Não há modelo para a tarefa {tarefa!r}. As tarefas do catálogo são: {conhecidas}.")
    return linhas[nome]


def modelo(tarefa: str) -> str:
    """O checkpoint do curso para uma tarefa, pronto para ``pipeline(...)`` ou ``from_pretrained(...)``.

    Com os modelos embutidos, devolve a pasta do checkpoint que vem com o curso. Com
    ``preparar(modelos="hub")``, baixa a revisão fixada do modelo real e devolve a pasta dela
    no cache; se o Hub não responde ou o download falha, avisa e devolve o embutido.

    Para uma tarefa que a versão 5 da transformers retirou do ``pipeline``, também a devolve (``curso.tarefas``).

    Args:
        tarefa: o nome que a biblioteca usa, por exemplo ``"sentiment-analysis"``.

    Raises:
        ValueError: tarefa desconhecida.
    """
    linha = entrada(tarefa)
    if linha.tarefa in RETIRADAS:
        importlib.import_module("curso.tarefas")
    if usa_hub():
        pasta = _baixar(linha)
        if pasta is not None:
            return pasta
    return str(linha.pasta)


def _baixar(linha: Entrada) -> str | None:
    from curso import cache, hub  # importam a huggingface_hub, que só este modo usa

    print(f'No seu código: "{linha.hub}" (revisão {linha.revisao}, uns {linha.mb_hub:.0f} MB)')
    try:
        return str(hub.buscar(linha.hub, linha.revisao))
    except cache.FalhaDoHub as falha:
        motivo = str(falha)
    except Exception as erro:  # seja o que for, a aula não pode parar aqui
        motivo = f"Não consegui baixar {linha.hub} ({type(erro).__name__})."
    print(f"{motivo} A lição continua com o modelo embutido.")
    return None


def tabela(*tarefas: str) -> str:
    """O catálogo em texto, inteiro ou só das tarefas pedidas."""
    blocos = []
    for linha in [entrada(tarefa) for tarefa in tarefas] or catalogo().values():
        fixada = linha.revisao if linha.revisao_verificada else f"{linha.revisao}, revisão não verificada"
        blocos.append(
            f"{linha.tarefa}\n"
            f"  embutido   {linha.embutido} · {linha.mb:.1f} MB · {linha.medida}\n"
            f"  no Hub     {linha.hub} ({fixada}) · {linha.idioma_hub} · {linha.mb_hub:.0f} MB, {linha.bits_hub} bits · "
            f"licença: {licenca(linha.licenca_hub)}\n"
            f"  clássico   {linha.classico} ({linha.revisao_classico}) · {linha.mb_classico:.0f} MB · dos tutoriais em inglês"
        )
    return "\n\n".join(blocos)


def licenca(nome: str) -> str:
    """O nome da licença, com o aviso que muda o que se pode fazer com o modelo."""
    return f"{nome} (proíbe o uso comercial)" if "-NC" in nome.upper() else nome
