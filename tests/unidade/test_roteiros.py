"""Os roteiros: o que se escreveu se multiplica sem perder a concordância."""

from __future__ import annotations

import random
import re

import pytest

from curso.projeto import ErroDoCurso
from oficina import roteiros
from oficina.textos import livre

EXEMPLO = """\
# um comentário
@ p = pessoa
@ x = bola f | livro m
{p} perdeu {o:x} {x} [no parque|[na rua|no ônibus]]. {ele:p} ficou cansad{o:p}, e {um:x} {amigo/amiga:p} achou.

@ b = bicho
{O:b} {b} dorme.
"""


def ler(tmp_path, texto):
    arquivo = tmp_path / "exemplo.txt"
    arquivo.write_text(texto, encoding="utf-8")
    return list(roteiros.ler(arquivo))


def test_concordam_e_variam(tmp_path):
    primeiro, segundo = ler(tmp_path, EXEMPLO)
    femininos, vistas = {nome for nome, genero in roteiros.PESSOAS if genero == "f"}, set()
    for semente in range(200):
        historia = primeiro.contar(random.Random(semente))
        achado = re.fullmatch(
            r"(\w+) perdeu (a bola|o livro) (no parque|na rua|no ônibus)\. (Ela|Ele) ficou cansad([oa]), e (uma?) (amig[oa]) achou\.",
            historia,
        )
        assert achado, historia
        pessoa, coisa, lugar, ele, final, um, amigo = achado.groups()
        assert {ele == "Ela", final == "a", amigo == "amiga"} == {pessoa in femininos}
        assert (um == "uma") == (coisa == "a bola")
        vistas.add((coisa, lugar, ele))
    assert len(vistas) == 12
    assert re.fullmatch(r"[OA] \w+ dorme\.", segundo.contar(random.Random(1)))


@pytest.mark.parametrize(
    ("texto", "dito"),
    [
        ("{x} caiu.", "roteiro 1: «{x}» usa um nome que o roteiro não sorteia"),
        ("@ p = pessoa\n{doutor:p} {p} saiu.", "feminino de «doutor»"),
        ("@ x = bola | livro m\n{x} caiu.", "falta o gênero"),
    ],
)
def test_um_engano_de_quem_escreve_diz_onde_esta(tmp_path, texto, dito):
    with pytest.raises(ErroDoCurso, match=re.escape(dito)):
        [roteiro.contar(random.Random(0)) for roteiro in ler(tmp_path, texto)]


def test_cada_roteiro_conta_uma_historia_inteira():
    sorteio = random.Random(0)
    todos = roteiros.roteiros()
    assert len(todos) >= 500
    for roteiro in todos:
        for _ in range(8):
            historia = roteiro.contar(sorteio)
            assert not re.search(r"[\[\]{}|@]|\s[,.!?]", historia), (roteiro.origem, historia)
            assert re.search(r"[.!?…»”]$", historia), (roteiro.origem, historia)
            assert len(historia.split()) >= 4, (roteiro.origem, historia)


def test_as_historias_nao_repetem_nem_dizem_o_que_esta_nas_provas():
    historias = roteiros.historias_dos_roteiros(random.Random(0), 2)
    assert len(historias) == len(set(historias))
    assert all(livre(historia) for historia in historias)
