"""O que o Hub local guarda: repositórios, commits, ramos e etiquetas. Sem rede, sem relógio.

O identificador de um commit sai do conteúdo, do título e do commit anterior; a data, de uma contagem. Assim, um
notebook executado de novo mostra os mesmos identificadores e as mesmas datas.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

MARCO_ZERO = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIMITE_COMUM = 10_000_000  # acima disto, o Hub só aceita um arquivo pelo caminho dos grandes
# As extensões que o .gitattributes do Hub manda para o depósito de arquivos grandes.
GRANDES = {
    *(".7z", ".arrow", ".bin", ".bz2", ".ckpt", ".gguf", ".gz", ".h5", ".joblib", ".model", ".msgpack", ".npy", ".npz"),
    *(".onnx", ".ot", ".parquet", ".pb", ".pickle", ".pkl", ".pt", ".pth", ".rar", ".safetensors", ".tar", ".tflite"),
    *(".tgz", ".wasm", ".xz", ".zip", ".zst"),
}
ATRIBUTOS = "".join(f"*{fim} filter=lfs diff=lfs merge=lfs -text\n" for fim in sorted(GRANDES)).encode()
NOME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?", re.ASCII)
REFERENCIA = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}", re.ASCII)


class Recusa(Exception):
    """Um pedido que o Hub nega: o código HTTP, a frase, e o nome do erro que a huggingface_hub reconhece."""

    def __init__(self, codigo: int, frase: str, nome: str = ""):
        super().__init__(frase)
        self.codigo, self.frase, self.nome = codigo, frase, nome


def vai_para_os_grandes(nome: str, tamanho: int, amostra: bytes = b"") -> bool:
    return PurePosixPath(nome).suffix.lower() in GRANDES or tamanho > LIMITE_COMUM or b"\0" in amostra


def caminho_limpo(nome: object) -> str:
    """O caminho de um arquivo dentro do repositório, ou uma recusa: nada de ``..``, de ``/`` inicial nem de ``\\``."""
    partes = nome.split("/") if isinstance(nome, str) else []
    if (
        not partes
        or len(nome) > 500
        or not nome.isprintable()
        or "\\" in nome
        or any(parte in {"", ".", "..", ".git"} for parte in partes)
    ):
        raise Recusa(400, "Este nome de arquivo não serve em um repositório.")
    return nome


def referencia_limpa(nome: object) -> str:
    ruim = not isinstance(nome, str) or not REFERENCIA.fullmatch(nome) or ".." in nome or nome.endswith(("/", ".lock"))
    if ruim:
        raise Recusa(400, "Este nome não serve para um ramo nem para uma etiqueta.")
    return nome


@dataclass(frozen=True)
class Arquivo:
    """Um conteúdo guardado em disco. A etiqueta é o sha256 de um arquivo grande, e o sha1 do git de um comum."""

    lugar: Path
    tamanho: int
    grande: bool

    @functools.cached_property
    def etiqueta(self) -> str:
        digestor = hashlib.sha256() if self.grande else hashlib.sha1(b"blob %d\0" % self.tamanho)
        with open(self.lugar, "rb") as origem:
            while pedaco := origem.read(1 << 20):
                digestor.update(pedaco)
        return digestor.hexdigest()

    @functools.cached_property
    def git(self) -> str:
        """De um arquivo grande, o git só guarda um ponteiro de três linhas: este é o sha1 dele."""
        if not self.grande:
            return self.etiqueta
        ponteiro = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.etiqueta}\nsize {self.tamanho}\n"
        return hashlib.sha1(b"blob %d\0" % len(ponteiro) + ponteiro.encode()).hexdigest()


@dataclass(frozen=True)
class Commit:
    id: str
    pai: Commit | None
    titulo: str
    descricao: str
    autor: str
    numero: int
    arquivos: dict[str, Arquivo]

    @property
    def data(self) -> str:
        return (MARCO_ZERO + timedelta(minutes=self.numero)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def historia(self) -> Iterable[Commit]:
        """Este commit e os anteriores, do mais novo ao mais antigo."""
        commit: Commit | None = self
        while commit:
            yield commit
            commit = commit.pai


@dataclass
class Repositorio:
    tipo: str  # "model" ou "dataset"
    nome: str  # "dono/nome"
    privado: bool = False
    porteira: str | bool = False  # False, "auto" ou "manual"
    ramos: dict[str, Commit] = field(default_factory=dict)
    etiquetas: dict[str, tuple[Commit, str]] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)

    @property
    def dono(self) -> str:
        return self.nome.split("/")[0]

    @property
    def criado(self) -> str:
        return next(iter(self.commits.values())).data

    def em(self, revisao: str) -> Commit:
        """O commit de um ramo, de uma etiqueta, ou de um identificador inteiro ou abreviado."""
        revisao = revisao.removeprefix("refs/heads/").removeprefix("refs/tags/")
        if revisao in self.ramos:
            return self.ramos[revisao]
        if revisao in self.etiquetas:
            return self.etiquetas[revisao][0]
        achados = [c for c in self.commits if c.startswith(revisao)] if len(revisao) >= 7 else []
        if len(achados) == 1:
            return self.commits[achados[0]]
        raise Recusa(404, f"Invalid rev id: {revisao}", "RevisionNotFound")


class Acervo:
    """Todos os repositórios. ``pasta`` recebe os conteúdos enviados, um arquivo para cada sha256."""

    def __init__(self, pasta: Path):
        self.pasta = pasta
        self.repositorios: dict[tuple[str, str], Repositorio] = {}
        self.mudancas: dict[tuple[str, str], str] = {}  # os nomes antigos dos que mudaram de nome
        self.contagem = 0
        self.tranca = threading.RLock()  # cada pedido corre em uma linha de execução

    # ------------------------------------------------------------- repositórios

    def criar(self, tipo: str, nome: str, privado: bool = False, autor: str = "") -> Repositorio:
        dono, _, resto = nome.partition("/")
        if tipo not in {"model", "dataset"}:
            raise Recusa(400, "O Hub local guarda modelos e conjuntos de dados, e nada mais.")
        # Os mesmos nomes que a huggingface_hub aceita.
        if not NOME.fullmatch(dono) or not NOME.fullmatch(resto) or re.search(r"--|\.\.", nome) or len(nome) > 96:
            raise Recusa(400, "Invalid repo name")
        if (tipo, nome) in self.repositorios:
            raise Recusa(409, f"You already created this {tipo} repo")
        self.mudancas.pop((tipo, nome), None)
        repositorio = self.repositorios[tipo, nome] = Repositorio(tipo, nome, privado)
        inicio = {".gitattributes": self.guardar(".gitattributes", ATRIBUTOS)}
        self.fazer_commit(repositorio, "main", "initial commit", inicio, autor=autor or dono)
        return repositorio

    def mudar_nome(self, repositorio: Repositorio, nome: str, autor: str) -> None:
        novo = self.criar(repositorio.tipo, nome, autor=autor)
        self.repositorios[novo.tipo, nome] = repositorio
        self.mudancas[repositorio.tipo, repositorio.nome] = nome
        del self.repositorios[repositorio.tipo, repositorio.nome]
        repositorio.nome = nome

    def fazer_commit(
        self,
        repositorio: Repositorio,
        ramo: str,
        titulo: str,
        novos: dict[str, Arquivo],
        retirados: Iterable[str] = (),
        descricao: str = "",
        autor: str = "",
    ) -> Commit:
        pai = repositorio.ramos.get(ramo)
        arquivos = dict(pai.arquivos) if pai else {}
        for nome in retirados:
            apagar = [n for n in arquivos if n == nome or (nome.endswith("/") and n.startswith(nome))]
            if not apagar:
                raise Recusa(404, "A file with this name doesn't exist", "EntryNotFound")
            for achado in apagar:
                del arquivos[achado]
        arquivos |= novos
        for nome in novos:  # um nome não pode ser arquivo e pasta ao mesmo tempo
            if any(str(acima) in arquivos for acima in PurePosixPath(nome).parents):
                raise Recusa(400, "Há um arquivo onde este commit precisa de uma pasta.")
        partes = [repositorio.tipo, repositorio.nome, pai.id if pai else "", titulo, descricao]
        partes += [f"{nome} {arquivos[nome].etiqueta}" for nome in sorted(arquivos)]
        self.contagem += 1
        commit = Commit(
            hashlib.sha1("\n".join(partes).encode()).hexdigest(),
            pai,
            titulo,
            descricao,
            autor or repositorio.dono,
            self.contagem,
            dict(sorted(arquivos.items())),
        )
        repositorio.commits[commit.id] = repositorio.ramos[ramo] = commit
        return commit

    # ----------------------------------------------------------------- conteúdos

    def lugar(self, sha256: object) -> Path:
        if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
            raise Recusa(400, "Um conteúdo se anuncia com o seu sha256.")
        return self.pasta / sha256

    def guardar(self, nome: str, dados: bytes) -> Arquivo:
        """Um conteúdo pequeno, que chegou dentro do próprio commit."""
        sha256 = hashlib.sha256(dados).hexdigest()
        self.receber(io.BytesIO(dados), sha256, len(dados))
        return Arquivo(self.lugar(sha256), len(dados), vai_para_os_grandes(nome, len(dados)))

    def recebido(self, sha256: object) -> Arquivo:
        """O arquivo grande que já chegou, e que um commit menciona."""
        lugar = self.lugar(sha256)
        if not lugar.exists():
            raise Recusa(400, "LFS pointer pointed to a file that does not exist")
        return Arquivo(lugar, lugar.stat().st_size, grande=True)

    def receber(self, corpo, sha256: str, tamanho: int) -> None:
        """Escreve em disco um arquivo grande à medida que chega, e só o aceita se for o que foi prometido."""
        if shutil.disk_usage(self.pasta).free < tamanho:
            raise Recusa(507, "O disco desta máquina está cheio: o Hub local não tem onde guardar este arquivo.")
        digestor, recebidos = hashlib.sha256(), 0
        numero, nome = tempfile.mkstemp(dir=self.pasta, suffix=".parcial")
        parcial = Path(nome)
        try:
            with open(numero, "wb") as saida:
                while pedaco := corpo.read(1 << 20):
                    recebidos += len(pedaco)
                    if recebidos > tamanho:
                        break
                    digestor.update(pedaco)
                    saida.write(pedaco)
            if recebidos != tamanho or digestor.hexdigest() != sha256:
                raise Recusa(400, "O que chegou não é o arquivo anunciado.")
            parcial.replace(self.lugar(sha256))
        finally:
            parcial.unlink(missing_ok=True)
