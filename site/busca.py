"""A busca do site acha «atenção» para quem digita «atencao».

A busca do Sphinx roda no navegador e compara radicais: os das palavras das páginas, calculados aqui em Python, com o da
palavra digitada, calculado em JavaScript. Em teclado sem acentos, ou com pressa, muita gente escreve sem eles; por isso
os dois lados tiram os acentos antes de mais nada. Sem acentos, o radicalizador já não reconhece o plural em «-ões», que
vira «-ão» antes. As duas metades têm de fazer a mesma conta: ``busca.js`` é a tradução deste arquivo.
"""

import re
import unicodedata
from pathlib import Path

from sphinx.search import _MINIFIED_JS_PATH
from sphinx.search.pt import SearchPortuguese


def sem_acentos(palavra: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", palavra.lower()) if unicodedata.category(c) != "Mn")


class BuscaSemAcentos(SearchPortuguese):
    stopwords = SearchPortuguese.stopwords | {sem_acentos(palavra) for palavra in SearchPortuguese.stopwords}
    js_stemmer_rawcode = ""  # com ele, o Sphinx usaria o radicalizador sem o nosso passo

    @property
    def js_stemmer_code(self) -> str:
        prontos = [_MINIFIED_JS_PATH / nome for nome in ("base-stemmer.js", "portuguese-stemmer.js")]
        return "\n".join(a.read_text(encoding="utf-8") for a in [*prontos, Path(__file__).with_suffix(".js")])

    def stem(self, word: str) -> str:
        return self.stemmer.stemWord(re.sub("[ao]es$", "ao", sem_acentos(word)))


def setup(app):
    app.add_search_language(BuscaSemAcentos)
    return {"parallel_read_safe": True}
