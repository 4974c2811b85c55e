"""Traz um checkpoint do Hub para o cache: com prazos curtos, retomada e conferência de cada arquivo.

O ``snapshot_download`` da huggingface_hub não serve a uma sala de aula por três razões, medidas na versão 2.4: com um
servidor mudo ele insiste por minutos; depois de um corte recomeça o arquivo do zero; e não confere o que recebeu.
Aqui, o que falta vem em um pedido por arquivo, e fica no mesmo cache (``curso.cache``).
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from huggingface_hub import HfApi, constants, get_session, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import WeakFileLock, build_hf_headers, filter_repo_objects, hf_raise_for_status, tqdm

from curso.ambiente import hub_responde
from curso.cache import (
    Arquivo,
    FalhaDoHub,
    Plano,
    arquivo_do_plano,
    bytes_em,
    bytes_que_faltam,
    confere,
    conferir_espaco,
    faltam,
    guardado,
    instalar,
    pasta_do_cache,
    pasta_do_repo,
)
from curso.disco import SEM_ESPACO

PRAZO_S = 2.5  # um servidor que passa este tempo sem mandar um byte está mudo
ESPERA_ACEITA_S = 5.0  # quanto se espera, ao todo, por um Hub ocupado

# Nada de pickle (.bin, .pt), de outros formatos (.onnx, .h5) nem de código do repositório.
ARQUIVOS_ACEITOS = [
    "*.safetensors",
    "*.safetensors.index.json",
    "*.json",
    "*.txt",
    "*.model",
    "*.codes",
    "*.jinja",
    "README.md",
]
# A mãe de todo erro de rede: da httpx ou da httpx2, conforme a versão da huggingface_hub.
ErroDeRede = HfHubHTTPError.__bases__[0]


# --------------------------------------------------------------------- buscar


def buscar(repo: str, revisao: str, plano: Plano | None = None) -> Path:
    """A pasta do checkpoint no cache, inteira e conferida; baixa o que faltar.

    Um commit não muda: o que já está guardado serve sem perguntar nada ao Hub. De um ramo (``main``), pergunta-se
    antes se há coisa nova; se o Hub falha, vale o que está guardado.

    Raises:
        FalhaDoHub: não deu; a frase diz por quê.
    """
    tem_rede, antigo = hub_responde(), None
    problema = "O Hub não responde daqui. Com a rede de volta, reinicie o kernel e execute tudo de novo."
    try:
        antigo = guardado(repo, revisao)
    except FalhaDoHub as falha:
        problema = f"{falha} {problema}"
    fixa = re.fullmatch("[0-9a-f]{7,40}", revisao)
    if antigo and (not tem_rede or (fixa and arquivo_do_plano(repo, antigo.name).exists())):
        return antigo
    if not tem_rede:
        raise FalhaDoHub(problema)
    paciencia = Paciencia()
    try:
        plano = plano or planejar(repo, revisao, paciencia)
        trazer(plano, paciencia)
    except Exception as erro:
        falha = erro if isinstance(erro, FalhaDoHub) else FalhaDoHub(frase(erro, repo, revisao))
        if antigo is None:
            raise falha from erro
        print(f"{falha} Vale o que já está no cache.")
        return antigo
    return plano.pasta


def planejar(repo: str, revisao: str, paciencia: Paciencia | None = None) -> Plano:
    """Pergunta ao Hub, em um só pedido (a um espelho, em dois), que commit é e que arquivos tem.

    Raises:
        FalhaDoHub: não há pesos em safetensors, ou quem respondeu não é o Hub.
        HfHubHTTPError, ErroDeRede: veja ``frase``.
    """
    paciencia = paciencia or Paciencia()
    api = HfApi(endpoint=constants.ENDPOINT)
    while True:
        try:
            achado = api.model_info(repo, revision=revisao, files_metadata=True, timeout=PRAZO_S)
            irmaos = [
                Arquivo(i.rfilename, i.size, i.lfs.sha256 if i.lfs else i.blob_id)
                for i in achado.siblings
                if "/" not in i.rfilename
            ]
            if not all(a.etag for a in irmaos):
                irmaos = _da_arvore(repo, achado.sha)
            arquivos = tuple(filter_repo_objects(irmaos, allow_patterns=ARQUIVOS_ACEITOS, key=lambda a: a.nome))
            if not re.fullmatch("[0-9a-f]{40}", achado.sha) or not all(a.etag for a in arquivos):
                raise ValueError("resposta sem commit ou sem etag")
            break
        except HfHubHTTPError as erro:
            paciencia.esperar(erro)
        except (ValueError, KeyError, TypeError, AttributeError) as erro:
            raise FalhaDoHub(
                "Quem respondeu não foi o Hub: talvez a página de entrada desta rede. Entre na rede pelo navegador."
            ) from erro
    if not any(a.nome.endswith(".safetensors") for a in arquivos):
        raise FalhaDoHub(f"{repo} não oferece pesos em safetensors, o único formato que o curso carrega.")
    return Plano(repo, revisao, achado.sha, arquivos)


def _da_arvore(repo: str, commit: str) -> list[Arquivo]:
    """Os arquivos, perguntados de outro modo: um espelho (o olah 0.5) responde ao primeiro sem tamanhos nem etiquetas."""
    resposta = get_session().get(
        f"{constants.ENDPOINT}/api/models/{repo}/tree/{commit}", headers=build_hf_headers(), timeout=PRAZO_S
    )
    hf_raise_for_status(resposta)
    return [
        Arquivo(i["path"], i["size"], i["lfs"]["oid"] if i.get("lfs") else i["oid"])
        for i in resposta.json()
        if i["type"] == "file"
    ]


def frase(erro: Exception, repo: str, revisao: str) -> str:
    """O que aconteceu, e o remédio quando há um."""
    codigo = getattr(getattr(erro, "response", None), "status_code", None)
    if isinstance(erro, GatedRepoError):
        return (
            f"{repo} tem acesso restrito: no site do Hub, é preciso entrar com uma conta e aceitar as condições dele."
        )
    if isinstance(erro, RepositoryNotFoundError):
        return f"{repo} não existe no Hub, ou deixou de ser público."
    if isinstance(erro, RevisionNotFoundError):
        return f"A revisão {revisao} de {repo} não existe mais no Hub."
    if codigo in (401, 403):
        return f"O Hub recusou o acesso a {repo} (erro {codigo}). Se você usa um token, confira se ele ainda vale."
    if codigo == 404:
        return f"Um arquivo de {repo} sumiu do Hub."
    if codigo:
        return f"O Hub está com problemas (erro {codigo}). Tente mais tarde."
    if isinstance(erro, OfflineModeIsEnabled):
        return "O modo offline está ligado neste kernel. Reinicie o kernel para tentar de novo."
    if isinstance(erro, ErroDeRede):
        if "Timeout" in type(erro).__name__:
            return "O Hub aceitou o pedido e não respondeu. Tente mais tarde."
        return f"A conexão caiu no meio de {repo}. O que já veio está guardado: repita e ele continua daí."
    if isinstance(erro, OSError) and erro.errno in SEM_ESPACO:
        return (
            f"O disco encheu ao guardar {repo} em {pasta_do_cache()}. Libere espaço, ou guarde os modelos em outro "
            "disco (variável HF_HOME), e repita."
        )
    if isinstance(erro, OSError):
        return f"Não consegui guardar {repo} em {pasta_do_cache()} ({erro.strerror or erro})."
    return f"Não consegui baixar {repo} ({type(erro).__name__})."


class Paciencia:
    """Quanto ainda se espera por um Hub ocupado, somando todos os pedidos de um checkpoint."""

    def __init__(self):
        self.resta = ESPERA_ACEITA_S

    def esperar(self, erro: HfHubHTTPError) -> None:
        """Dorme o que o Hub pediu, se for pouco; senão, ou se não é caso de esperar, devolve o erro."""
        resposta = erro.response
        if resposta.status_code not in (429, 500, 502, 503, 504):
            raise erro
        pedido = resposta.headers.get("Retry-After", "")
        limite = re.search(r"\bt\s*=\s*(\d+)", resposta.headers.get("ratelimit", ""))
        segundos = int(pedido) if pedido.isdigit() else int(limite[1]) if limite else 1
        segundos = max(segundos, 0.5)  # um Hub que pede zero não pode virar um laço sem fim
        if segundos > self.resta:
            if resposta.status_code == 429:
                quando = f"daqui a {segundos:.0f} s" if segundos < 120 else f"daqui a {segundos / 60:.0f} min"
                raise FalhaDoHub(f"O Hub recebeu pedidos demais desta rede. Tente {quando}.") from erro
            raise erro
        print(f"O Hub está ocupado; espero {segundos:.0f} s…" if segundos >= 1 else "O Hub está ocupado; insisto…")
        self.resta -= segundos
        time.sleep(segundos)


# ---------------------------------------------------------------------- trazer


def trazer(plano: Plano, paciencia: Paciencia | None = None) -> None:
    """Baixa o que falta e só então põe os arquivos na pasta do checkpoint: ela nunca aparece pela metade."""
    paciencia = paciencia or Paciencia()
    raiz = pasta_do_repo(plano.repo)
    for pasta in (raiz / "blobs", plano.pasta, raiz / "curso", raiz / "refs"):
        pasta.mkdir(parents=True, exist_ok=True)
    # Dois notebooks que pedem o mesmo modelo: o segundo espera o primeiro e aproveita o que ele trouxe.
    with WeakFileLock(raiz / "curso" / "baixando.lock"):
        pendentes = faltam(plano)
        if any((plano.pasta / a.nome).exists() for a in pendentes):
            print(f"Havia arquivos estragados de {plano.repo} no cache; baixo de novo só esses.")
        conferir_espaco(bytes_que_faltam(plano))
        if pendentes:
            ja = sum(bytes_em(plano.parcial(a)) for a in pendentes)
            total = sum(a.tamanho for a in pendentes)
            with tqdm(total=total, initial=ja, unit="B", unit_scale=True, desc=plano.repo) as barra:
                for arquivo in pendentes:
                    _trazer_arquivo(plano, arquivo, barra, paciencia)
        instalar(plano)


def _trazer_arquivo(plano: Plano, arquivo: Arquivo, barra: tqdm, paciencia: Paciencia) -> None:
    url = hf_hub_url(plano.repo, arquivo.nome, revision=plano.commit, endpoint=constants.ENDPOINT)
    parcial = plano.parcial(arquivo)
    for _ in range(2):
        try:
            _receber(url, parcial, arquivo.tamanho, barra, paciencia)
        except OSError as erro:
            if erro.errno in SEM_ESPACO:
                parcial.unlink(missing_ok=True)  # um disco cheio precisa de espaço, não de um pedaço de arquivo
            raise
        if confere(parcial, arquivo):
            os.replace(parcial, plano.blob(arquivo))
            return
        barra.update(-bytes_em(parcial))
        parcial.unlink()
    raise FalhaDoHub(f"{arquivo.nome} de {plano.repo} chegou estragado duas vezes; não o uso. Tente por outra rede.")


def _receber(url: str, parcial: Path, tamanho: int, barra: tqdm, paciencia: Paciencia) -> None:
    """Escreve em ``parcial`` o que falta dele. Depois de um corte, insiste enquanto vierem bytes novos."""
    parcial.touch()
    comeco = maior = bytes_em(parcial)
    em_vao = 0
    while (ja := bytes_em(parcial)) < tamanho:
        pedido = build_hf_headers() | {"Accept-Encoding": "identity", "Range": f"bytes={ja}-"}
        corte = None
        try:
            with get_session().stream("GET", url, headers=pedido, timeout=PRAZO_S, follow_redirects=True) as resposta:
                hf_raise_for_status(resposta)
                if resposta.status_code != 206:  # o servidor não sabe continuar: manda tudo de novo
                    barra.update(-ja)
                    ja = 0
                with open(parcial, "r+b") as saida:
                    saida.truncate(ja)
                    saida.seek(ja)
                    for bloco in resposta.iter_bytes():
                        saida.write(bloco)
                        barra.update(len(bloco))
                        if saida.tell() > tamanho:
                            break
        except HfHubHTTPError as recusa:
            if recusa.response.status_code == 416:  # o arquivo de lá é menor: quem chama vai conferir e recusar
                return
            paciencia.esperar(recusa)
            continue
        except ErroDeRede as erro:
            corte = erro
        em_vao = 0 if bytes_em(parcial) > maior else em_vao + 1
        maior = max(maior, bytes_em(parcial))
        if corte is None and em_vao:  # o servidor diz que acabou
            return
        if corte:
            if em_vao == 3 or maior == comeco:  # desde o começo, nem um byte: não adianta insistir
                raise corte
            time.sleep(0.5)
