"""Um dublê do pacote google.colab, para os testes: o que o curso não deve usar falha alto e deixa rastro."""

from google.colab import drive, output, userdata

__all__ = ["drive", "output", "userdata"]
