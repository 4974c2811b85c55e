"""O questionário de um capítulo: perguntas que vivem em ``questionario_CC.toml``, a forma estática e a nota.

Tudo aqui é função pura, e só da biblioteca padrão. O laboratório é ``curso.laboratorios.questionario``;
as células do notebook são preenchidas por ``python -m curso carimbar``.
"""

from __future__ import annotations

import functools
import html
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curso.projeto import ErroDoCurso

PASTA = Path(__file__).parent
LETRAS = "abcd"
QUANTAS = {1: "", 2: "Marque duas.", 3: "Marque três."}
CELULA_DE_PERGUNTA = re.compile(r"pergunta-\d+")


@dataclass(frozen=True)
class Secao:
    """Um lugar a reler. ``notebook``: o nome do arquivo, sem ``.ipynb``."""

    notebook: str
    titulo: str

    @property
    def numero(self) -> str:
        """``01-3-arquiteturas`` → ``1.3``."""
        capitulo, parte = re.match(r"(\d+)-(\d+)", self.notebook).groups()
        return f"{int(capitulo)}.{int(parte)}"

    def __str__(self) -> str:
        return f"{self.numero}, «{self.titulo.replace('`', '')}»"


@dataclass(frozen=True)
class Opcao:
    letra: str
    texto: str
    porque: str
    certa: bool = False


@dataclass(frozen=True)
class Pergunta:
    numero: int
    assunto: str
    secao: Secao
    texto: str
    opcoes: tuple[Opcao, ...]

    @property
    def certas(self) -> frozenset[str]:
        return frozenset(o.letra for o in self.opcoes if o.certa)

    @property
    def quantas(self) -> str:
        """Vazio quando só uma é certa; senão, «Marque duas.»."""
        return QUANTAS[len(self.certas)]


def e_questionario(notebook: Path) -> bool:
    """Se o notebook é o que fecha um capítulo."""
    return notebook.stem.endswith("-resumo-e-questionario")


@functools.cache
def carregar(capitulo: str) -> tuple[Pergunta, ...]:
    """As perguntas de um capítulo (``"01"``), na ordem do arquivo.

    Raises:
        ErroDoCurso: o capítulo não tem questionário.
    """
    arquivo = PASTA / f"questionario_{capitulo}.toml"
    if not arquivo.is_file():
        raise ErroDoCurso(f"O capítulo {capitulo!r} não tem questionário.")
    return de_tabelas(tomllib.loads(arquivo.read_text(encoding="utf-8")))


def de_tabelas(dados: Mapping) -> tuple[Pergunta, ...]:
    """As tabelas do arquivo, em objetos."""
    secoes = {chave: Secao(s["notebook"], s["titulo"]) for chave, s in dados["secoes"].items()}
    return tuple(
        Pergunta(
            numero,
            p["assunto"],
            secoes[p["secao"]],
            p["texto"],
            tuple(Opcao(letra, **opcao) for letra, opcao in zip(LETRAS[: len(p["opcao"])], p["opcao"], strict=True)),
        )
        for numero, p in enumerate(dados["pergunta"], start=1)
    )


# --- a forma estática: GitHub, Colab e JupyterLab a mostram sem executar nada


def forma_estatica(perguntas: Sequence[Pergunta]) -> str:
    """Todas as perguntas em Markdown; cada opção se abre em uma explicação."""
    return "\n\n".join(forma_de_uma(p) for p in perguntas)


def forma_de_uma(pergunta: Pergunta) -> str:
    partes = [f"### Pergunta {pergunta.numero}", em_markdown(pergunta.texto)]
    if pergunta.quantas:
        partes.append(f"**{pergunta.quantas}**")
    for opcao in pergunta.opcoes:
        partes.append(
            f"<details>\n<summary>{opcao.letra}) {em_html(opcao.texto)}</summary>\n\n"
            f"**{veredito(opcao)}** {em_markdown(opcao.porque)}\n\n</details>"
        )
    secao = pergunta.secao
    partes.append(f"Para reler: [{secao.numero}, «{em_markdown(secao.titulo)}»]({secao.notebook}.ipynb)")
    return "\n\n".join(partes)


def veredito(opcao: Opcao) -> str:
    return "Certa." if opcao.certa else "Não é esta."


def com_perguntas(celulas: list[dict], perguntas: Sequence[Pergunta]) -> list[dict]:
    """As células de um notebook com ``pergunta-1``, ``pergunta-2``… em dia: uma para cada pergunta.

    As que faltam entram e as que sobram saem, no lugar da primeira.

    Raises:
        ErroDoCurso: o notebook não tem nenhuma célula de pergunta, e não se sabe onde pô-las.
    """
    antigas = {c["id"]: c for c in celulas if CELULA_DE_PERGUNTA.fullmatch(c.get("id", ""))}
    if not antigas:
        raise ErroDoCurso("Falta ao notebook do questionário uma célula de texto com o id «pergunta-1».")
    lugar = next(i for i, c in enumerate(celulas) if c.get("id") in antigas)
    novas = []
    for pergunta in perguntas:
        nome = f"pergunta-{pergunta.numero}"
        celula = antigas.get(nome) or {"cell_type": "markdown", "id": nome, "metadata": {}}
        novas.append({**celula, "source": forma_de_uma(pergunta).splitlines(keepends=True)})
    return [*celulas[:lugar], *novas, *(c for c in celulas[lugar:] if c.get("id") not in antigas)]


def em_html(texto: str) -> str:
    """Texto simples, com `código` entre crases e *termo estrangeiro* entre asteriscos → HTML escapado."""
    return _por_trechos(
        texto,
        lambda codigo: f"<code>{html.escape(codigo, quote=False)}</code>",
        lambda prosa: re.sub(r"\*([^*\s][^*]*)\*", r"<em>\1</em>", prosa),
    )


def em_markdown(texto: str) -> str:
    """O mesmo, em Markdown: as marcas ficam, o resto não pode virar HTML."""
    return _por_trechos(texto, lambda codigo: f"`{codigo}`", str)


def _por_trechos(texto: str, codigo: Callable[[str], str], prosa: Callable[[str], str]) -> str:
    trechos = re.split(r"`([^`]+)`", texto)
    return "".join(codigo(t) if i % 2 else prosa(html.escape(t, quote=False)) for i, t in enumerate(trechos))


# --- a nota


@dataclass(frozen=True)
class Nota:
    """O resultado de um assunto. ``reler``: as seções das perguntas erradas, sem repetir."""

    assunto: str
    total: int
    respondidas: int
    certas: int
    reler: tuple[Secao, ...]


def resposta(pergunta: Pergunta, escolhas: Sequence[str]) -> frozenset[str] | None:
    """O que vale como resposta: as primeiras escolhas, tantas quantas são as certas; ``None`` se ainda faltam.

    Depois de responder, o leitor pode abrir as outras opções sem mudar a nota.
    """
    primeiras = list(dict.fromkeys(escolhas))[: len(pergunta.certas)]
    return frozenset(primeiras) if len(primeiras) == len(pergunta.certas) else None


def acertou(pergunta: Pergunta, escolhas: Sequence[str]) -> bool:
    return resposta(pergunta, escolhas) == pergunta.certas


def nota(perguntas: Sequence[Pergunta], escolhas: Mapping[int, Sequence[str]]) -> list[Nota]:
    """A nota por assunto, na ordem em que os assuntos aparecem.

    Args:
        escolhas: número da pergunta → letras, na ordem em que foram escolhidas.
    """
    notas = []
    for assunto in dict.fromkeys(p.assunto for p in perguntas):
        suas = [p for p in perguntas if p.assunto == assunto]
        feitas = [p for p in suas if resposta(p, escolhas.get(p.numero, ())) is not None]
        erradas = [p for p in feitas if not acertou(p, escolhas[p.numero])]
        reler = tuple(dict.fromkeys(p.secao for p in erradas))
        notas.append(Nota(assunto, len(suas), len(feitas), len(feitas) - len(erradas), reler))
    return notas
