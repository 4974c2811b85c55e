"""As figuras fixas do curso, de ``images/``, mostradas como saída de célula.

Uma imagem relativa no texto some na cópia que o leitor guarda no Colab; uma saída vai junto com o notebook.
"""

from __future__ import annotations

from curso.desenho.estilo import Figura
from curso.projeto import RAIZ, ErroDoCurso


def figura(nome: str) -> Figura:
    """A figura ``images/nome.svg``.

    Raises:
        ErroDoCurso: não há figura com esse nome; a mensagem lista as que há.
    """
    caminho = RAIZ / "images" / f"{nome}.svg"
    if not caminho.is_file():
        nomes = ", ".join(sorted(p.stem for p in caminho.parent.glob("*.svg")))
        raise ErroDoCurso(f"Não há uma figura chamada {nome!r}. As que há: {nomes}.")
    return Figura(caminho.read_text(encoding="utf-8").strip())
