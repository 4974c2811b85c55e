"""A referência simples e o professor: TF-IDF de palavras e de letras com regressão logística."""

from __future__ import annotations

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from oficina.textos import sem_acentos


def normalizar(texto: str) -> str:
    return sem_acentos(texto.lower())


def treinar_professor(textos: list[str], rotulos: list[int]) -> Pipeline:
    """Palavras sozinhas e em pares, e pedaços de 2 a 5 letras; devolve o classificador treinado."""
    palavras = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, preprocessor=normalizar)
    letras = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=normalizar)
    return make_pipeline(make_union(palavras, letras), LogisticRegression(C=4, max_iter=2000)).fit(textos, rotulos)
