"""Uma pergunta só à rede, com prazo de verdade. Só a biblioteca padrão."""

from __future__ import annotations

import http.client
import ssl
import threading
import urllib.error
import urllib.request


def responde(endereco: str, limite_s: float, aceita_erro: bool = True) -> bool:
    """Verdadeiro se ``endereco`` responde a um pedido HTTP dentro do prazo, DNS incluído.

    Uma resposta de erro (404, 403) também é resposta, a menos que ``aceita_erro`` seja falso.
    O pedido corre em outra linha de execução, porque a resolução de nomes não aceita prazo.
    """
    resultado: list[bool] = []

    def tentar() -> None:
        try:
            pedido = urllib.request.Request(endereco, method="HEAD")
            with urllib.request.urlopen(pedido, timeout=limite_s, context=_certificados()):
                resultado.append(True)
        except urllib.error.HTTPError:
            resultado.append(aceita_erro)
        except (OSError, ValueError, http.client.HTTPException):
            pass

    linha = threading.Thread(target=tentar, daemon=True)
    linha.start()
    linha.join(limite_s)
    return any(resultado)


def _certificados() -> ssl.SSLContext | None:
    """Os do certifi, quando há: o Python do site python.org para macOS vem sem nenhum, e o huggingface_hub usa estes."""
    try:
        import certifi
    except ImportError:
        return None
    contexto = ssl.create_default_context()
    contexto.load_verify_locations(certifi.where())
    return contexto
