"""Uma pergunta só à rede, com prazo de verdade. Só a biblioteca padrão."""

from __future__ import annotations

import functools
import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable


def responde(endereco: str, limite_s: float, aceita_erro: bool = True) -> bool:
    """Verdadeiro se ``endereco`` responde a um pedido HTTP dentro do prazo, DNS incluído.

    Uma resposta de erro (404, 403) também é resposta, a menos que ``aceita_erro`` seja falso.
    """
    return perguntar(endereco, limite_s, aceita_erro)()


def perguntar(endereco: str, limite_s: float, aceita_erro: bool = True) -> Callable[[], bool]:
    """Faz a pergunta de :func:`responde` já, e devolve a função que espera pela resposta.

    O prazo conta da pergunta. A resposta que chega depois dele, mas antes da chamada, também vale: quem fez
    outro trabalho no meio, em uma máquina ocupada, não esperou a mais por ela.
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
    fim = time.monotonic() + limite_s
    linha.start()

    @functools.cache  # a segunda chamada não muda de opinião
    def resposta() -> bool:
        linha.join(max(0.0, fim - time.monotonic()))
        return any(resultado)

    return resposta


def _certificados() -> ssl.SSLContext | None:
    """Os do certifi, quando há: o Python do site python.org para macOS vem sem nenhum, e o huggingface_hub usa estes."""
    try:
        import certifi
    except ImportError:
        return None
    contexto = ssl.create_default_context()
    contexto.load_verify_locations(certifi.where())
    return contexto
