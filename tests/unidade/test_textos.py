"""Os textos escritos para o curso: formato, rótulos, nada repetido dentro de um arquivo, tamanhos anunciados."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from oficina.roteiros import roteiros
from oficina.textos import AVALIACAO, TEXTOS, dicionario, palavras

ASSUNTOS = set(
    "educação política negócios esportes saúde tecnologia culinária viagem música cinema literatura ciência meio-ambiente "
    "economia clima família amor trabalho moda animais transporte religião história arte segurança casa jogos agricultura "
    "justiça compras".split()
)
CLASSES = set("subst adj verbo adv interj expr pessoa lugar org prep conj pron det num".split())
ENTIDADE = re.compile(r"\[([^\[\]|]+)\|(PER|LOC|ORG)\]")
COLUNAS = {
    "sentimento": 2,
    "perguntas": 3,
    "assuntos": 2,
    "pares": 2,
    "resumos": 2,
    "rotulos-livres": 3,
    "en-pt": 2,
    "pt-en": 2,
    "mascara": 2,
}


def arquivos(padrao: str):
    achados = sorted(TEXTOS.glob(padrao)) + sorted(AVALIACAO.glob(padrao))
    return pytest.mark.parametrize("arquivo", achados, ids=lambda a: f"{a.parent.name}/{a.name}")


def linhas(arquivo):
    texto = arquivo.read_text(encoding="utf-8")
    assert "\r" not in texto and "\ufeff" not in texto
    return [linha for linha in texto.split("\n") if linha.strip()]


def tipo(arquivo) -> str:
    return arquivo.parent.name if arquivo.parent != AVALIACAO else arquivo.stem.rsplit("-", 1)[0]


TSV = [a for a in (*sorted(TEXTOS.glob("*/*.tsv")), *sorted(AVALIACAO.glob("*.tsv"))) if a.parent.name != "dicionario"]


@pytest.mark.parametrize("arquivo", TSV, ids=lambda a: f"{a.parent.name}/{a.name}")
def test_colunas_e_repeticoes(arquivo):
    partes = [linha.split("\t") for linha in linhas(arquivo)]
    assert {len(p) for p in partes} == {COLUNAS[tipo(arquivo)]}
    assert all(campo.strip() == campo and campo for p in partes for campo in p)
    assert [chave for chave, n in Counter(map(tuple, partes)).items() if n > 1] == []


@pytest.mark.parametrize("arquivo", [a for a in TSV if tipo(a) == "sentimento"], ids=lambda a: a.name)
def test_sentimento_equilibrado(arquivo):
    rotulos = Counter(linha.split("\t")[0] for linha in linhas(arquivo))
    assert set(rotulos) == {"pos", "neg"}
    assert abs(rotulos["pos"] - rotulos["neg"]) <= 0.03 * sum(rotulos.values())


@pytest.mark.parametrize("arquivo", [a for a in TSV if tipo(a) == "assuntos"], ids=lambda a: a.name)
def test_assuntos_conhecidos_e_espalhados(arquivo):
    assuntos = [linha.split("\t")[0].split("|") for linha in linhas(arquivo)]
    assert {a for lista in assuntos for a in lista} == ASSUNTOS
    assert min(Counter(lista[0] for lista in assuntos).values()) >= len(assuntos) / 40


@pytest.mark.parametrize("arquivo", [a for a in TSV if tipo(a) == "perguntas"], ids=lambda a: a.name)
def test_a_resposta_esta_no_contexto(arquivo):
    for linha in linhas(arquivo):
        contexto, _, resposta = linha.split("\t")
        assert resposta in contexto, linha


@pytest.mark.parametrize("arquivo", [a for a in TSV if tipo(a) == "rotulos-livres"], ids=lambda a: a.name)
def test_rotulos_livres_nao_se_contradizem(arquivo):
    for linha in linhas(arquivo):
        _, bons, ruins = (coluna.split("|") for coluna in linha.split("\t"))
        assert not {*bons} & {*ruins} and all([*bons, *ruins]), linha


def test_rotulos_de_todos_os_assuntos():
    lidos = dict(linha.split("\t") for linha in linhas(TEXTOS / "rotulos.tsv"))
    assert set(lidos) == ASSUNTOS and all(len(outros.split("|")) >= 4 for outros in lidos.values())


@arquivos("frases/*.txt")
def test_frases_simples(arquivo):
    lidas = linhas(arquivo)
    assert len(set(lidas)) == len(lidas) and not [frase for frase in lidas if "\t" in frase or "[" in frase]


@arquivos("**/*entidades*.txt")
def test_entidades_de_avaliacao_bem_marcadas(arquivo):
    _marcas(arquivo)


@arquivos("entidades/*.txt")
def test_entidades_bem_marcadas(arquivo):
    _marcas(arquivo)


def _marcas(arquivo):
    for linha in linhas(arquivo):
        resto = ENTIDADE.sub("", linha)
        assert not set("[]|\t") & set(resto), linha


@pytest.mark.parametrize("arquivo", sorted(TEXTOS.glob("*/*.jsonl")), ids=lambda a: f"{a.parent.name}/{a.name}")
def test_json_por_linha(arquivo):
    for linha in linhas(arquivo):
        item = json.loads(linha)
        if "mensagens" in item:
            papeis = [m["role"] for m in item["mensagens"]]
            assert papeis == ["user", "assistant"] * (len(papeis) // 2) and all(
                m["content"].strip() for m in item["mensagens"]
            )
        else:
            assert item["texto"].strip() and item["tipo"] in {"historia", "explicacao", "cena", "carta", "noticia"}


def test_mascaras_de_avaliacao():
    for arquivo in AVALIACAO.glob("mascara-*.tsv"):
        for linha in linhas(arquivo):
            frase, aceitas = linha.split("\t")
            assert frase.count("[MASK]") == 1 and 2 <= len(aceitas.split("|")) <= 8, linha


def test_dicionario_bem_formado():
    verbetes = dicionario()
    assert len(verbetes) >= 6000
    for v in verbetes:
        assert v.classe in CLASSES and v.genero in {"m", "f", "mf", "-"} and v.polaridade in {"+", "-", "0"}, v
        assert set(v.assuntos) <= ASSUNTOS, v
        assert palavras(v.expressao) or v.expressao, v


def test_o_quadro_diz_os_tamanhos_certos():
    quadro = (TEXTOS / "README.md").read_text(encoding="utf-8")
    for pasta in sorted(p for p in TEXTOS.iterdir() if p.is_dir() and not p.name.startswith("__")):
        if pasta.name == "roteiros":  # cada um tem mais de uma linha
            quantos = len(roteiros())
        else:
            quantos = sum(len(linhas(a)) - (pasta.name == "dicionario") for a in sorted(pasta.glob("*.*")))
        assert f"| {quantos:,} ".replace(",", ".") in re.search(rf"\| `{pasta.name}/`.*", quadro)[0], (
            pasta.name,
            quantos,
        )
