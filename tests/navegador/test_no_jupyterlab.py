"""Cada notebook no JupyterLab de verdade: executa, e cada laboratório responde ao teclado e ao mouse.

Nos que treinam por mais de um minuto, a execução completa é do nbval; aqui, todo dia, só se executa aquilo de que os
laboratórios dependem. Com ``CURSO_REMEDIR=1`` (toda semana, no fluxo de testes), todos executam inteiros aqui também.
"""

from __future__ import annotations

import importlib.util
import os

import nbformat
import pytest

from curso.projeto import lista_de_notebooks
from oficina.medicao.maquina import ler
from tests.dependencias import necessarias
from tests.navegador import bancada, gestos
from tests.navegador.arvore import conferir_arvore
from tests.navegador.roteiros import HOSTIS, ROTEIROS, Passo, Roteiro

if importlib.util.find_spec("playwright") is None:
    pytest.skip("sem o pacote playwright: os testes no navegador foram pulados", allow_module_level=True)
if bancada.achar_navegador() is None:
    pytest.skip("sem Chromium nem Chrome: os testes no navegador foram pulados", allow_module_level=True)

ATALHOS = "a b d d x m y z ArrowUp ArrowDown ArrowLeft ArrowRight Enter".split()
MENOR_LETRA = 10  # pixels, a menor letra de uma figura na janela de um celular
TREINO_LONGO_S = 60
DOS_LABORATORIOS = ("quadro", "laboratorio", "laboratorio-prova")


@pytest.fixture(scope="module")
def mesa(tmp_path_factory):
    originais = {n: n.read_bytes() for n in lista_de_notebooks()}
    with bancada.jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as endereco, bancada.chromium(endereco) as mesa:
        yield mesa
    assert {n: n.read_bytes() for n in lista_de_notebooks()} == originais, "um notebook do curso mudou"


@pytest.fixture(scope="module", params=lista_de_notebooks(), ids=lambda caminho: caminho.stem)
def aberto(mesa, request):
    """Um notebook aberto e executado; o kernel dele se encerra quando os seus testes acabam."""
    mesa.abrir(request.param)
    try:
        mesa.executar(celulas_do_dia(request.param))
        yield request.param
    finally:
        mesa.encerrar()


def celulas_do_dia(caminho) -> list[str] | None:
    """As células que executam; ``None``, todas."""
    medida = ler("notebooks")["notebooks"].get(caminho.stem, {"segundos": 0})
    if os.environ.get("CURSO_REMEDIR") == "1" or medida["segundos"] < TREINO_LONGO_S:
        return None
    notebook = nbformat.read(caminho, as_version=4)
    daqui = {c.id: c.source for c in notebook.cells if c.id in DOS_LABORATORIOS}
    return sorted(necessarias(notebook, daqui))


def test_executa_sem_erro(mesa, aberto):
    assert mesa.js("erros") == []
    assert mesa.js("mortos") == []
    assert mesa.queixas == []


class Laboratorio:
    """Um laboratório na tela, e os valores que os seus controles devem ter."""

    def __init__(self, mesa: bancada.Mesa, roteiro: Roteiro):
        self.mesa, self.roteiro = mesa, roteiro
        self.celula = mesa.celula(roteiro.celula)
        self.modulo = f"curso.laboratorios.{roteiro.modulo}"
        mesa.js("rolar", roteiro.celula)
        procurado = {"classe": roteiro.classe, "controles": roteiro.controles}
        self.valores = dict(roteiro.inicio or self.pedir("valores_dos_controles(classe, controles)", procurado))
        self.conferir("o quadro de antes do primeiro gesto")

    def pedir(self, expressao: str, valores: dict | None = None):
        return self.mesa.pedir(expressao, self.modulo, self.valores if valores is None else valores)

    @property
    def figura(self):
        return self.pedir(self.roteiro.figura)

    def novos(self, passo: Passo) -> dict:
        return {
            nome: self.pedir(valor[1:]) if isinstance(valor, str) and valor.startswith("=") else valor
            for nome, valor in passo.valores.items()
        }

    def figura_com(self, passo: Passo):
        return self.pedir(self.roteiro.figura, self.valores | self.novos(passo))

    def conferir(self, depois_de: str) -> None:
        nome, esperada = self.roteiro.celula, self.figura
        try:
            self.mesa.esperar("mostra", nome, esperada, o_que=f"{self.roteiro.classe}: {depois_de}")
        except AssertionError as erro:
            esperado = "".join(esperada)
            raise AssertionError(f"{erro}\nna tela: {self.mesa.js('lido', nome)}\nesperado: {esperado[:600]}") from None

    def fazer(self, passo: Passo) -> None:
        dado = str(self.pedir(passo.dado)) if passo.gesto == "apertar" else passo.dado
        assert self.figura_com(passo) != self.figura, f"o roteiro não prova nada: {passo} não muda a figura"
        self.valores |= self.novos(passo)
        getattr(gestos, passo.gesto)(self.celula, passo.com, passo.alvo, dado)
        self.conferir(f"{passo.gesto} «{passo.dado}» em «{passo.alvo}», com {passo.com}")

    def fazer_de_novo(self, vez: int) -> None:
        """Mais um gesto, que mude a figura de agora: o laboratório funciona também nesta janela e neste tema."""
        passos = self.roteiro.passos
        if self.roteiro.inicio:  # cada gesto conta com os de antes
            self.fazer(passos[vez])
            return
        escritos = [p for p in passos if p.gesto == "digitar" and "texto" in p.valores]
        self.fazer(next(p for p in escritos or passos if self.figura_com(p) != self.figura))


@pytest.fixture
def laboratorios(mesa, aberto):
    """Os do notebook aberto; no fim, nenhuma célula mudou e a página não se queixou."""
    antes = mesa.js("estrutura")
    yield [Laboratorio(mesa, r) for r in ROTEIROS if aberto.stem.startswith(r.notebook + "-")]
    assert mesa.js("estrutura") == antes, "um gesto em um laboratório mudou as células do notebook"
    assert mesa.queixas == []


def test_laboratorios_por_teclado_e_mouse(laboratorios):
    for laboratorio in laboratorios:
        for passo in laboratorio.roteiro.passos:
            laboratorio.fazer(passo)


def test_texto_hostil_continua_texto(mesa, laboratorios):
    for laboratorio in laboratorios:
        roteiro = laboratorio.roteiro
        for nome in roteiro.caixas:
            de_antes = laboratorio.valores[nome]
            for texto in (*HOSTIS, de_antes):
                gestos.colar(laboratorio.celula, roteiro.controles[nome], texto)
                laboratorio.valores[nome] = texto
                laboratorio.conferir(f"colar {texto[:40]!r} em «{roteiro.controles[nome]}»")
                assert mesa.js("intrusos", roteiro.celula) == []


def test_arvore_de_acessibilidade(mesa, aberto):
    """Toda imagem e todo controle têm nome, os títulos descem de um em um, e o Tab alcança tudo."""
    assert conferir_arvore(mesa.pagina).queixas == []


def test_tema_escuro_e_janela_estreita(mesa, aberto, laboratorios):
    fotos = {"claro": ("JupyterLab Light", bancada.MESA), "escuro": ("JupyterLab Dark", bancada.MESA)}
    fotos["estreito"] = ("JupyterLab Light", bancada.CELULAR)
    try:
        for vez, (nome, (tema, janela)) in enumerate(fotos.items()):
            mesa.vestir(tema, janela)
            for laboratorio in laboratorios:
                celula = laboratorio.roteiro.celula
                laboratorio.fazer_de_novo(vez)
                mesa.fotografar(celula, f"{aberto.stem[:4].rstrip('-')}-{celula}-{nome}")
                medida = mesa.js("estreito", celula)
                assert medida["cortados"] == [], f"{laboratorio.roteiro.classe}, {nome}: fora da janela"
                letra = medida["letra"]
                assert letra is None or letra >= MENOR_LETRA, f"{laboratorio.roteiro.classe}, {nome}: {letra} px"
        for laboratorio in laboratorios:
            if laboratorio.roteiro.inicio:
                laboratorio.fazer(laboratorio.roteiro.passos[-1])
    finally:
        mesa.vestir("JupyterLab Light", bancada.MESA)


def test_nenhum_atalho_do_notebook_dispara(mesa, laboratorios):
    """As teclas que, fora dos controles, criam, apagam e transformam células. O último: mexe em tudo."""
    for laboratorio in laboratorios:
        celula = laboratorio.celula
        for n in range(mesa.js("focaveis", laboratorio.roteiro.celula)):
            celula.locator(".widget-html-content:visible").first.click()  # a célula escolhida, no modo de comando
            alvo = celula.locator(f'[data-foco="{n}"]')
            if not alvo.is_visible() or alvo.is_disabled():  # no questionário, um botão muda os outros
                continue
            antes = mesa.js("estrutura")
            alvo.focus()
            for tecla in ATALHOS:
                mesa.pagina.keyboard.press(tecla)
            assert mesa.js("estrutura") == antes, f"{laboratorio.roteiro.classe}, controle {n}"
