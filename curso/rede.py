"""Uma pergunta só à rede, com prazo de verdade. Só a biblioteca padrão."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request


def responde(endereco: str, limite_s: float) -> bool:
    """Verdadeiro se ``endereco`` responde a um pedido HTTP dentro do prazo, DNS incluído.

    O pedido corre em outra linha de execução, porque a resolução de nomes não aceita prazo.
    """
    resultado: list[bool] = []

    def tentar() -> None:
        try:
            pedido = urllib.request.Request(endereco, method="HEAD")
            with urllib.request.urlopen(pedido, timeout=limite_s):
                resultado.append(True)
        except urllib.error.HTTPError:
            resultado.append(True)
        except (OSError, ValueError):
            pass

    linha = threading.Thread(target=tentar, daemon=True)
    linha.start()
    linha.join(limite_s)
    return bool(resultado)
