"""Funções puras: dados → SVG. Nenhum widget, nenhum modelo."""
