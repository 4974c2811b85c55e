"""O laboratório do cache: a conta feita à mão, a mesma conta pela huggingface_hub em um cache de verdade, e os extremos."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET

import pytest
from huggingface_hub import scan_cache_dir

from curso.desenho.estilo import descricao_de
from curso.laboratorios.revisoes import (
    ANTIGA,
    APAGAR,
    NADA,
    NOVA,
    SOLTAS,
    TUDO,
    LaboratorioDoCache,
    Revisao,
    blobs_de,
    bytes_em_texto,
    escolhidas,
    quadro,
)

TAMANHOS = {"model.safetensors": 4_000, "config.json": 20, "README.md": 500}
HISTORICO = [
    ("primeira", "AAA"),
    ("cartão", "AAB", "v1"),
    ("rótulos", "ABB"),
    ("novo treino", "BBB"),
    ("volta", "ABB"),
]


def revisoes(quantas: int) -> list[Revisao]:
    return [Revisao(*campos) for campos in HISTORICO[:quantas]]


def contas(quantas: int, apagar: str) -> tuple[int, int]:
    """Os bytes no disco e os que se liberam, pelas funções do laboratório."""
    saem = escolhidas(revisoes(quantas), apagar)
    todos = blobs_de(TAMANHOS, revisoes(quantas))
    ficam = blobs_de(TAMANHOS, (r for i, r in enumerate(revisoes(quantas)) if i not in saem))
    return sum(todos.values()), sum(todos.values()) - sum(ficam.values())


def commit_de(indice: int) -> str:
    return hashlib.sha1(str(indice).encode()).hexdigest()


@pytest.fixture
def cache(tmp_path):
    """Um cache como a biblioteca o arruma, com as primeiras ``quantas`` revisões."""

    def montar(quantas: int):
        pasta = tmp_path / f"cache-{quantas}"
        repositorio = pasta / "models--escola--leitor"
        (repositorio / "blobs").mkdir(parents=True)
        (repositorio / "refs").mkdir()
        for i, revisao in enumerate(revisoes(quantas)):
            retrato = repositorio / "snapshots" / commit_de(i)
            retrato.mkdir(parents=True)
            for (arquivo, versao), tamanho in blobs_de(TAMANHOS, [revisao]).items():
                blob = repositorio / "blobs" / f"{arquivo}-{versao}"
                blob.write_bytes(b"x" * tamanho)
                (retrato / arquivo).symlink_to(blob)
            if revisao.etiqueta:
                (repositorio / "refs" / revisao.etiqueta).write_text(commit_de(i))
        (repositorio / "refs" / "main").write_text(commit_de(quantas - 1))
        return scan_cache_dir(pasta)

    return montar


@pytest.mark.parametrize("quantas", range(1, len(HISTORICO) + 1))
def test_a_conta_e_a_da_biblioteca(cache, quantas):
    lido = cache(quantas)
    for apagar in APAGAR:
        no_disco, livres = contas(quantas, apagar)
        plano = lido.delete_revisions(*(commit_de(i) for i in escolhidas(revisoes(quantas), apagar)))
        assert (lido.size_on_disk, plano.expected_freed_size) == (no_disco, livres), apagar
    (repositorio,) = lido.repos
    soltas = {revisao.commit_hash for revisao in repositorio.revisions if not revisao.refs}
    assert soltas == {commit_de(i) for i in escolhidas(revisoes(quantas), SOLTAS)}


def test_a_conta_feita_a_mao():
    # cinco revisões: pesos A e B, duas configurações, dois cartões
    assert contas(5, NADA) == (2 * 4_000 + 2 * 20 + 2 * 500, 0)
    assert contas(5, ANTIGA)[1] == 500  # só o primeiro cartão era dela
    assert contas(5, NOVA)[1] == 0  # tudo o que ela usa, outra também usa
    assert contas(5, SOLTAS)[1] == 4_000 + 500  # os pesos B e o primeiro cartão
    assert contas(5, TUDO)[1] == 9_040
    lido = descricao_de(quadro(TAMANHOS, HISTORICO, 5, SOLTAS))
    assert "Somadas uma a uma, as revisões teriam 23 KB. No disco há 6 blobs, 9 KB." in lido
    assert "Apagar as soltas: libera 4 KB, ficam 5 KB. Revisões apagadas: 1, 3, 4." in lido


def test_a_etiqueta_protege_a_revisao():
    assert escolhidas(revisoes(4), SOLTAS) == {0, 2}
    assert escolhidas([Revisao(r.titulo, r.versoes) for r in revisoes(4)], SOLTAS) == {0, 1, 2}


def test_apagado_tem_um_sinal_alem_da_cor():
    svg = str(quadro(TAMANHOS, HISTORICO, 2, ANTIGA))
    assert svg.count(">× A</text>") == 3 and ">× A: 500 bytes</text>" in svg and ">B: 500 bytes</text>" in svg
    assert ">main v1</text>" in svg and ">solta</text>" in svg


@pytest.mark.parametrize(
    "argumentos",
    [
        {"tamanhos": {}},
        {"tamanhos": {"a": -1, "b": 2, "c": 3}},
        {"tamanhos": {nome: 1 for nome in "abcde"}},
        {"historico": []},
        {"historico": [("x", "A")]},
        {"historico": HISTORICO * 2, "baixadas": 10},
        {"baixadas": 0},
        {"apagar": "<script>"},
    ],
)
def test_o_que_nao_se_desenha_e_recusado(argumentos):
    with pytest.raises(ValueError):
        quadro(**({"tamanhos": TAMANHOS, "historico": HISTORICO} | argumentos))


@pytest.mark.parametrize("titulo", ["<script>alert(1)</script>", "😀" * 50, "", "a\x00b"])
def test_titulo_hostil_nao_quebra_o_desenho(titulo):
    svg = str(quadro({"<b>" + "a" * 80: 10**12}, [(titulo, "A", "<i>")]))
    ET.fromstring(svg)
    assert "<script" not in svg and "<b>" not in svg and "<i>" not in svg


def test_os_controles_nos_extremos():
    bancada = LaboratorioDoCache(TAMANHOS, HISTORICO)
    for baixadas in (1, len(HISTORICO)):
        for apagar in APAGAR:
            bancada.baixadas.value, bancada.apagar.value = baixadas, apagar
            assert bancada.quadro.value == str(quadro(TAMANHOS, HISTORICO, baixadas, apagar))
            ET.fromstring(bancada.quadro.value)


def test_sem_historico_o_quadro_diz_por_que():
    assert "de 1 a 8 revisões" in LaboratorioDoCache(TAMANHOS, []).leitura


@pytest.mark.parametrize(
    ("valor", "lido"),
    [(0, "0 bytes"), (999, "999 bytes"), (5_000, "5 KB"), (438_000_000, "438,0 MB"), (2_630_000_000, "2,63 GB")],
)
def test_bytes_em_texto(valor, lido):
    assert bytes_em_texto(valor) == lido
