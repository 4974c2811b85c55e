"""O cache da huggingface_hub visto de perto: onde fica cada arquivo, o que já está aqui e se está inteiro.

O desenho é o dela (``blobs/``, ``snapshots/``, ``refs/``): o que o curso guarda, ela aproveita, e o contrário. Só a pasta
``curso/``, com a lista que o Hub deu dos arquivos, é nossa.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import re
import shutil
import struct
from pathlib import Path

from huggingface_hub import constants
from huggingface_hub.file_download import repo_folder_name

FOLGA_NO_DISCO = 50e6


class FalhaDoHub(Exception):
    """Por que um checkpoint não veio, em uma frase para o leitor."""


@dataclasses.dataclass(frozen=True)
class Arquivo:
    nome: str
    tamanho: int
    etag: str  # sha256 (arquivos grandes) ou o sha1 que o git dá aos pequenos; é também o nome no cache


@dataclasses.dataclass(frozen=True)
class Plano:
    """O que o Hub tem de um checkpoint e que o curso aceita."""

    repo: str
    revisao: str
    commit: str
    arquivos: tuple[Arquivo, ...]

    @property
    def bytes(self) -> int:
        return sum(a.tamanho for a in self.arquivos)

    @property
    def pasta(self) -> Path:
        return pasta_do_repo(self.repo) / "snapshots" / self.commit

    def blob(self, arquivo: Arquivo) -> Path:
        return pasta_do_repo(self.repo) / "blobs" / arquivo.etag

    def parcial(self, arquivo: Arquivo) -> Path:
        return pasta_do_repo(self.repo) / "blobs" / f"{arquivo.etag}.incomplete"


def pasta_do_cache() -> Path:
    return Path(constants.HF_HUB_CACHE).expanduser()


def pasta_do_repo(repo: str) -> Path:
    return pasta_do_cache() / repo_folder_name(repo_id=repo, repo_type="model")


def espaco_livre() -> int:
    existente = next(p for p in (pasta_do_cache().absolute(), *pasta_do_cache().absolute().parents) if p.exists())
    return shutil.disk_usage(existente).free


# -------------------------------------------------------------------- conferir


def confere(caminho: Path, arquivo: Arquivo) -> bool:
    """O arquivo está inteiro: o tamanho e o resumo (sha) são os que o Hub anuncia."""
    try:
        estado = caminho.stat()
        if estado.st_size != arquivo.tamanho:
            return False
        return _resumo(str(caminho.resolve()), estado.st_size, estado.st_mtime_ns, len(arquivo.etag)) == arquivo.etag
    except OSError:  # não existe, ou o disco não o deixa ler
        return False


@functools.lru_cache
def _resumo(caminho: str, tamanho: int, mtime_ns: int, letras: int) -> str:
    """Lê o arquivo todo: uma vez por processo, enquanto ele não muda."""
    conta = hashlib.sha256() if letras == 64 else hashlib.sha1(b"blob %d\0" % tamanho, usedforsecurity=False)
    with open(caminho, "rb") as dados:
        while bloco := dados.read(1 << 20):
            conta.update(bloco)
    return conta.hexdigest()


def guardado(repo: str, revisao: str) -> Path | None:
    """A pasta do que já está no cache, conferida; ``None`` se não há nada.

    Raises:
        FalhaDoHub: há alguma coisa, mas incompleta ou estragada.
    """
    raiz = pasta_do_repo(repo)
    commit = _commit_guardado(raiz, revisao)
    if commit is None:
        return None
    pasta, plano = raiz / "snapshots" / commit, _plano_guardado(repo, revisao, commit)
    inteira = all(confere(pasta / a.nome, a) for a in plano.arquivos) if plano else _parece_inteira(pasta)
    if not inteira:
        raise FalhaDoHub(f"O que está guardado de {repo} está incompleto ou estragado.")
    return pasta


def _commit_guardado(raiz: Path, revisao: str) -> str | None:
    try:
        commit = (raiz / "refs" / revisao).read_text(encoding="utf-8").strip()
    except OSError:
        commit = revisao
    achados = [p.name for p in raiz.glob("snapshots/*") if len(commit) >= 7 and p.name.startswith(commit)]
    return achados[0] if len(achados) == 1 else None


def _parece_inteira(pasta: Path) -> bool:
    """O que outro programa baixou: sem a lista do Hub, valem os nomes do cache e o cabeçalho dos pesos."""
    indice = pasta / "model.safetensors.index.json"
    try:
        nomes = set(json.loads(indice.read_bytes())["weight_map"].values()) if indice.exists() else None
    except (OSError, ValueError, KeyError, AttributeError):
        return False
    pesos = [pasta / nome for nome in nomes] if nomes else list(pasta.glob("*.safetensors"))
    tem_tokenizer = any(pasta.glob("*token*")) or any(pasta.glob("vocab*"))
    return bool(pesos) and tem_tokenizer and (pasta / "config.json").exists() and all(map(_pesos_inteiros, pesos))


def _pesos_inteiros(caminho: Path) -> bool:
    try:
        etag = Path(os.readlink(caminho)).name if caminho.is_symlink() else ""
        if re.fullmatch("[0-9a-f]{64}", etag):
            return confere(caminho, Arquivo(caminho.name, caminho.stat().st_size, etag))
        with open(caminho, "rb") as dados:
            (comprimento,) = struct.unpack("<Q", dados.read(8))
            cabecalho = json.loads(dados.read(min(comprimento, constants.SAFETENSORS_MAX_HEADER_LENGTH)))
        fim = max(t["data_offsets"][1] for nome, t in cabecalho.items() if nome != "__metadata__")
        return caminho.stat().st_size == 8 + comprimento + fim
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return False


def arquivo_do_plano(repo: str, commit: str) -> Path:
    return pasta_do_repo(repo) / "curso" / f"{commit}.json"


def _plano_guardado(repo: str, revisao: str, commit: str) -> Plano | None:
    try:
        lista = json.loads(arquivo_do_plano(repo, commit).read_bytes())
        return Plano(repo, revisao, commit, tuple(Arquivo(**campos) for campos in lista))
    except (OSError, ValueError, TypeError):
        return None


# ----------------------------------------------------------------------- faltam


def faltam(plano: Plano) -> list[Arquivo]:
    return [a for a in plano.arquivos if not confere(plano.pasta / a.nome, a) and not confere(plano.blob(a), a)]


def bytes_que_faltam(plano: Plano) -> int:
    return sum(max(a.tamanho - bytes_em(plano.parcial(a)), 0) for a in faltam(plano))


def conferir_espaco(bytes_a_baixar: int) -> None:
    """Melhor saber antes do que no meio.

    Raises:
        FalhaDoHub: não cabe.
    """
    livre = espaco_livre()
    if bytes_a_baixar and bytes_a_baixar + FOLGA_NO_DISCO > livre:
        raise FalhaDoHub(
            f"Não cabe no disco: faltam {em_mb(bytes_a_baixar)} e há {em_mb(livre)} livres em {pasta_do_cache()}. "
            "Libere espaço, ou guarde os modelos em outro disco (variável HF_HOME), e repita."
        )


def em_mb(quantos: float) -> str:
    return f"{quantos / 1e9:.1f} GB".replace(".", ",") if quantos >= 1e9 else f"{quantos / 1e6:.0f} MB"


def bytes_em(caminho: Path) -> int:
    try:
        return caminho.stat().st_size
    except OSError:
        return 0


# -------------------------------------------------------------------- instalar


def instalar(plano: Plano) -> None:
    """Põe cada arquivo na pasta do checkpoint, os pesos por último: se eles estão lá, está tudo."""
    raiz = pasta_do_repo(plano.repo)
    for arquivo in sorted(plano.arquivos, key=lambda a: a.nome.endswith(".safetensors")):
        destino = plano.pasta / arquivo.nome
        if confere(destino, arquivo):
            continue
        destino.unlink(missing_ok=True)
        try:
            os.symlink(os.path.relpath(plano.blob(arquivo), plano.pasta), destino)
        except OSError:  # o Windows só deixa criar atalhos no modo de desenvolvedor
            _outro_nome(plano.blob(arquivo), destino)
    _gravar(raiz / "curso" / f"{plano.commit}.json", json.dumps([dataclasses.asdict(a) for a in plano.arquivos]))
    if plano.revisao != plano.commit:
        _gravar(raiz / "refs" / plano.revisao, plano.commit)


def _outro_nome(origem: Path, destino: Path) -> None:
    try:
        os.link(origem, destino)
    except OSError:  # um pendrive em exFAT não tem nem isso
        shutil.copyfile(origem, destino)


def _gravar(caminho: Path, texto: str) -> None:
    novo = caminho.with_name(f"{caminho.name}.{os.getpid()}.tmp")
    novo.write_text(texto, encoding="utf-8")
    os.replace(novo, caminho)
