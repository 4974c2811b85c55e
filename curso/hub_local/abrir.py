"""``abrir_hub()``: o Hub do capítulo 4, nesta máquina ou o de verdade, escolhido por uma palavra."""

from __future__ import annotations

import atexit
import importlib.metadata
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from curso.projeto import ErroDoCurso

# O que, vindo de fora, levaria a biblioteca a outro endereço, a outro cache ou a outra conta.
DE_FORA = (
    *("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "HUGGINGFACE_CO_STAGING"),
    *(
        "HF_HUB_CACHE",
        "HUGGINGFACE_HUB_CACHE",
        "HF_ASSETS_CACHE",
        "HF_DATASETS_CACHE",
        "HF_MODULES_CACHE",
        "HF_XET_CACHE",
    ),
    *("HF_TOKEN_PATH", "HF_STORED_TOKENS_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN"),
)
PRAZO_S = 5.0
REINICIE = "Reinicie o kernel e execute o notebook desde a primeira célula."


@dataclass(frozen=True)
class Hub:
    """O que a célula recebe: ``hub.usuario`` é o dono dos repositórios que ela vai criar."""

    usuario: str
    local: bool


_aberto: Hub | None = None


def abrir_hub(qual: str = "local") -> Hub:
    """Liga o Hub local, ou confere que o de verdade responde e que há uma conta.

    Precisa vir antes de importar huggingface_hub, transformers ou datasets, que leem o endereço ao serem importadas.

    Args:
        qual: ``"local"``, um Hub que só existe nesta máquina, enquanto o kernel viver; ou ``"real"``, o da internet.

    Raises:
        ValueError: escolha desconhecida.
        ErroDoCurso: o Hub não pode ser aberto; a mensagem traz o remédio.
    """
    global _aberto
    if qual not in {"local", "real"}:
        raise ValueError(f"abrir_hub({qual!r}) não existe; escolha entre 'local' e 'real'.")
    if _aberto is None:
        _aberto = _abrir_local() if qual == "local" else _abrir_real()
    elif _aberto.local != (qual == "local"):
        raise ErroDoCurso(f"Este kernel já está ligado a outro Hub. {REINICIE}")
    if _aberto.local:
        print(f"Hub local ligado: nada sai desta máquina. Você é o usuário {_aberto.usuario}.")
    else:
        print(f"Hub de verdade: o que você enviar sai desta máquina. Você é o usuário {_aberto.usuario}.")
    return _aberto


def _abrir_local() -> Hub:
    if "huggingface_hub.constants" in sys.modules:
        raise ErroDoCurso(f"abrir_hub() precisa vir antes de transformers, datasets e huggingface_hub. {REINICIE}")
    from curso.hub_local.conta import USUARIO
    from curso.hub_local.semente import semear
    from curso.hub_local.servidor import HubLocal

    casa = tempfile.TemporaryDirectory(prefix="curso-hub-local-", ignore_cleanup_errors=True)
    atexit.register(casa.cleanup)
    servidor = HubLocal(Path(casa.name))
    semear(servidor.acervo)
    servidor.__enter__()
    atexit.register(servidor.__exit__)
    for nome in DE_FORA:
        os.environ.pop(nome, None)
    sem_proxy = [p for p in os.environ.get("NO_PROXY", os.environ.get("no_proxy", "")).split(",") if p]
    os.environ |= {
        "HF_ENDPOINT": servidor.endereco,
        "HF_TOKEN": servidor.token,
        "HF_HOME": str(Path(casa.name) / "hf"),
        "HF_HUB_DISABLE_XET": "1",  # o Xet fala com outro servidor, que aqui não há
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",  # senão o comando hf procura versões novas na internet
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "CURSO_MODELOS": "embutidos",  # os nomes do catálogo não existem neste Hub
        # Onde a internet passa por um proxy, ele não conhece o 127.0.0.1 desta máquina.
        "NO_PROXY": ",".join(dict.fromkeys([*sem_proxy, "127.0.0.1", "localhost"])),
    }
    os.environ["no_proxy"] = os.environ["NO_PROXY"]
    _por_hf_no_caminho()
    if importlib.metadata.version("huggingface_hub").startswith("1."):
        _conferir_cartoes_em(servidor.endereco)
    return Hub(USUARIO, local=True)


def _conferir_cartoes_em(endereco: str) -> None:
    """A versão 1, que o Colab traz, confere um cartão sempre no Hub de verdade, seja qual for o ``HF_ENDPOINT``."""
    from huggingface_hub import repocard

    abrir_sessao = repocard.get_session

    class SessaoLocal:
        @staticmethod
        def post(url: str, **resto):
            return abrir_sessao().post(url.replace("https://huggingface.co", endereco), **resto)

    repocard.get_session = SessaoLocal


def _abrir_real() -> Hub:
    from curso.ambiente import hub_responde

    if not hub_responde():
        raise ErroDoCurso(
            f"O Hub não responde daqui. Confira a internet; com ela de volta, {REINICIE[0].lower()}{REINICIE[1:]} "
            'Sem internet, abrir_hub("local") faz o mesmo nesta máquina.'
        )
    os.environ.pop("HF_HUB_DISABLE_IMPLICIT_TOKEN", None)  # preparar() a liga no Colab, onde modelos públicos bastam
    _por_hf_no_caminho()
    from huggingface_hub import constants, get_session, get_token
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

    constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = False
    entrar = "No terminal, execute: hf auth login. No Colab, guarde o token nos segredos (a chave, à esquerda), com o nome HF_TOKEN."
    token = get_token()
    if not token:
        raise ErroDoCurso(f"Falta entrar na sua conta do Hub. {entrar} Nunca escreva um token em uma célula.")
    erro_de_rede = HfHubHTTPError.__bases__[0]  # da httpx ou da httpx2, conforme a versão da huggingface_hub
    try:
        endereco = f"{constants.ENDPOINT}/api/whoami-v2"
        resposta = get_session().get(endereco, headers=build_hf_headers(token=token), timeout=PRAZO_S)
        hf_raise_for_status(resposta)
        return Hub(resposta.json()["name"], local=False)
    except HfHubHTTPError as erro:
        if erro.response.status_code in {401, 403}:
            raise ErroDoCurso(f"O Hub não aceitou o seu token: ele foi revogado ou venceu. {entrar}") from None
        raise ErroDoCurso(f"O Hub respondeu com o erro {erro.response.status_code}. Tente daqui a pouco.") from None
    except (erro_de_rede, OSError, ValueError, KeyError, TypeError):
        raise ErroDoCurso(
            "O Hub começou a responder e parou. Confira a internet e execute esta célula de novo."
        ) from None


def _por_hf_no_caminho() -> None:
    """O comando ``hf`` mora ao lado do Python do kernel, que pode estar fora do PATH."""
    pasta, caminho = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if pasta not in caminho.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([pasta, caminho])
