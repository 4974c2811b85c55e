"""O que as páginas de uma aula usam ao lado delas: o reveal.js, de um pacote, e as nossas folhas de estilo."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from curso.aula.paginas import MODELOS
from curso.projeto import ErroDoCurso

DO_REVEAL = {
    "dist/reveal.css": "reveal.css",
    "dist/reveal.js": "reveal.js",
    "plugin/notes/notes.js": "notes.js",
    "LICENSE": "licenca-do-reveal.txt",
}
# A janela das notas é uma página escrita dentro de notes.js, em inglês; estas são as palavras que aparecem nela.
EM_PORTUGUES = {
    ">Loading speaker view...<": ">Abrindo as notas…<",
    ">Upcoming<": ">A seguir<",
    ">Time <": ">Tempo <",
    ">Click to Reset<": ">clique para zerar<",
    ">Notes<": ">Notas<",
    "'Default'": "'Normal'",
    "'Wide'": "'Larga'",
    "'Tall'": "'Alta'",
    "'Notes only'": "'Só as notas'",
    "'en-US', { hour12: true,": "'pt-BR', {",
}


def reveal() -> Path:
    """A pasta do reveal.js dentro do pacote que o traz, sem importar o pacote."""
    achado = importlib.util.find_spec("sphinx_revealjs")
    pasta = Path(achado.origin).parent / "_static" / "revealjs" if achado else None
    if pasta is None or not all((pasta / nome).is_file() for nome in DO_REVEAL):
        raise ErroDoCurso(
            "Falta o reveal.js, que desenha os slides. Com internet, uma vez só, rode: "
            "python -m pip install -r curso/aula/requisitos-da-aula.txt"
        )
    return pasta


def copiar(destino: Path) -> None:
    """Põe em ``destino`` tudo o que as páginas pedem."""
    origem = reveal()
    destino.mkdir(parents=True, exist_ok=True)
    for nome, novo in DO_REVEAL.items():
        shutil.copyfile(origem / nome, destino / novo)
    notas = (origem / "plugin/notes/notes.js").read_text(encoding="utf-8")
    (destino / "notes.js").write_text(em_portugues(notas), encoding="utf-8")
    for arquivo in (MODELOS / "recursos").iterdir():
        shutil.copyfile(arquivo, destino / arquivo.name)


def em_portugues(notas: str) -> str:
    for ingles, portugues in EM_PORTUGUES.items():
        notas = notas.replace(ingles, portugues)
    return notas
