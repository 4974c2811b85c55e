"""Roteiros: histórias curtas escritas com alternativas, que se multiplicam sem perder o fio.

Um roteiro é um bloco de linhas em ``oficina/textos/roteiros/*.txt``; entre dois, uma linha em branco::

    @ p = pessoa
    @ x = bola f | pipa f | livro m
    {p} perdeu {o:x} {x} [no parque|na rua|no ônibus]. {Ele:p} procurou [a tarde toda|até escurecer].
    Um vizinho [encontrou|achou] {o:x} {x} e devolveu. {p} ficou [contente|muito alegre|aliviad{o:p}].

``@`` dá nome a um sorteio: de uma lista pronta (``pessoa``, ``bicho``) ou das opções da linha, cada uma com o seu
gênero. ``[a|b]`` escolhe uma das opções, e pode ter outras dentro. ``{x}`` é o que se sorteou; ``{o:x}`` concorda com
ele (o/a), e também ``{um:x}``, ``{ele:x}``, ``{do:x}``, ``{no:x}``… ou ``{ator/atriz:x}``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curso.projeto import ErroDoCurso
from oficina.textos import TEXTOS, livre

Opcao = tuple[str, str]  # a expressão e o gênero, "m" ou "f"

FEMININO = {
    "o": "a", "do": "da", "no": "na", "ao": "à", "pelo": "pela", "um": "uma", "dum": "duma", "num": "numa",
    "ele": "ela", "dele": "dela", "nele": "nela", "lo": "la", "seu": "sua", "meu": "minha",
    "esse": "essa", "este": "esta", "aquele": "aquela", "desse": "dessa", "nesse": "nessa", "outro": "outra",
    "todo": "toda", "algum": "alguma", "nenhum": "nenhuma", "mesmo": "mesma", "bom": "boa", "dois": "duas",
    "os": "as", "dos": "das", "nos": "nas", "aos": "às", "uns": "umas", "eles": "elas", "menino": "menina",
}  # fmt: skip
BICHOS = [
    ("gato", "m"), ("cachorro", "m"), ("coelho", "m"), ("pato", "m"), ("sapo", "m"), ("cavalo", "m"), ("galo", "m"),
    ("porquinho", "m"), ("macaco", "m"), ("urso", "m"), ("gata", "f"), ("cachorra", "f"), ("galinha", "f"),
    ("tartaruga", "f"), ("cabra", "f"), ("ovelha", "f"), ("vaca", "f"), ("coruja", "f"), ("formiga", "f"), ("raposa", "f"),
]  # fmt: skip
PESSOAS = [
    *((nome, "f") for nome in "Ana Bia Carla Clara Dora Elisa Helena Iara Joana Júlia Lara Laura Lia Luísa Maria Marina Nina "
      "Olga Paula Rita Rosa Sara Sofia Teresa Vera".split()),
    *((nome, "m") for nome in "André Beto Bruno Caio Carlos Davi Diego Fábio Hugo Ivo João Jonas José Lucas Léo Marcos "
      "Mateus Miguel Nando Otávio Paulo Pedro Rafael Tiago Vítor".split()),
]  # fmt: skip
SORTEIO = re.compile(r"@ *(\w+) *= *(.+)")
ESCOLHA = re.compile(r"\[([^\[\]]*)\]")
LACUNA = re.compile(r"\{([^{}:]*)(?::(\w+))?\}")


@dataclass(frozen=True)
class Roteiro:
    """O texto com as marcas, e de onde se sorteia cada nome."""

    origem: str
    texto: str
    sorteios: dict[str, list[Opcao]]

    def contar(self, sorteio: random.Random) -> str:
        """Uma das histórias deste roteiro."""
        texto = self.texto
        while escolhas := ESCOLHA.search(texto):
            texto = texto[: escolhas.start()] + sorteio.choice(escolhas[1].split("|")) + texto[escolhas.end() :]
        sorteados: dict[str, Opcao] = {}
        for nome, candidatos in self.sorteios.items():
            livres = [opcao for opcao in candidatos if opcao not in sorteados.values()]
            sorteados[nome] = sorteio.choice(livres or candidatos)
        texto = LACUNA.sub(lambda lacuna: self._preencher(lacuna, sorteados), texto)
        return re.sub(
            r"(^|[.!?…] |: «)([a-zà-ÿ])", lambda inicio: inicio[1] + inicio[2].upper(), " ".join(texto.split())
        )

    def _preencher(self, lacuna: re.Match, sorteados: dict[str, Opcao]) -> str:
        forma, nome = lacuna.groups()
        if nome is None:
            forma, nome = "", forma
        if nome not in sorteados:
            raise ErroDoCurso(f"{self.origem}: «{lacuna[0]}» usa um nome que o roteiro não sorteia.")
        expressao, genero = sorteados[nome]
        if not forma:
            return expressao
        if "/" in forma:
            return forma.split("/")[genero == "f"]
        if forma.lower() not in FEMININO:
            raise ErroDoCurso(f"{self.origem}: não sei o feminino de «{forma}»; escreva «{{{forma}/…:{nome}}}».")
        if genero == "m":
            return forma
        feminino = FEMININO[forma.lower()]
        return feminino.capitalize() if forma[0].isupper() else feminino


def roteiros(pasta: Path = TEXTOS / "roteiros") -> list[Roteiro]:
    """Todos os roteiros, na ordem dos arquivos."""
    return [roteiro for arquivo in sorted(pasta.glob("*.txt")) for roteiro in ler(arquivo)]


def ler(arquivo: Path) -> Iterator[Roteiro]:
    """Os roteiros de um arquivo; as linhas que começam com ``#`` são comentários."""
    for numero, bloco in enumerate(re.split(r"\n\s*\n", arquivo.read_text(encoding="utf-8").strip()), start=1):
        origem = f"{arquivo.name}, roteiro {numero}"
        linhas = [linha for linha in bloco.split("\n") if not linha.startswith("#")]
        sorteios = {}
        for linha in linhas:
            if declaracao := SORTEIO.fullmatch(linha.strip()):
                sorteios[declaracao[1]] = opcoes(declaracao[2], origem)
        texto = " ".join(linha for linha in linhas if not linha.startswith("@"))
        if texto.strip():
            yield Roteiro(origem, texto, sorteios)


def opcoes(declaradas: str, origem: str) -> list[Opcao]:
    """``pessoa``, ``bicho``, ou «bola f | livro m»."""
    if declaradas.strip() == "pessoa":
        return PESSOAS
    if declaradas.strip() == "bicho":
        return BICHOS
    partes = [parte.strip().rsplit(" ", 1) for parte in declaradas.split("|")]
    if not all(len(parte) == 2 and parte[1] in ("m", "f") for parte in partes):
        raise ErroDoCurso(f"{origem}: em «{declaradas}» falta o gênero (m ou f) de alguma opção.")
    return [(expressao, genero) for expressao, genero in partes]


def historias_dos_roteiros(sorteio: random.Random, por_roteiro: int) -> list[str]:
    """Até ``por_roteiro`` histórias de cada roteiro, sem as repetidas nem as que dizem algo que está em uma prova."""
    contadas = [roteiro.contar(sorteio) for roteiro in roteiros() for _ in range(por_roteiro)]
    return [historia for historia in dict.fromkeys(contadas) if livre(historia)]
