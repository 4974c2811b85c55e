"""A bancada: o JupyterLab do curso, um Chromium sem janela, e um notebook aberto como um leitor o abriria."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from curso import comandos, instalacao
from curso.aula.pdf import QUIETO
from curso.projeto import NOTEBOOKS, RAIZ

FOTOS = Path(__file__).parent / "fotos"
NAVEGADORES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# O nome de máquina nenhuma se resolve, e nada além desta máquina se alcança: a página também fica sem rede.
OPCOES = [
    "--no-sandbox",
    *QUIETO,
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
ESPERA_DA_PAGINA_S, ESPERA_DA_EXECUCAO_S, ESPERA_DO_QUADRO_S = 60, 300, 20
MESA, CELULAR = {"width": 1280, "height": 900}, {"width": 400, "height": 800}

ABRIR = Path(__file__).with_name("na_pagina.js").read_text(encoding="utf-8")


def achar_navegador() -> str | None:
    """O Chromium ou o Chrome desta máquina."""
    return next((achado for nome in NAVEGADORES if (achado := shutil.which(nome))), None)


def copia_do_curso(pasta: Path) -> Path:
    """Uma raiz com os notebooks copiados e o resto por ligação: o que se executa e se guarda nunca é o do curso."""
    pasta.mkdir()
    copiadas = (NOTEBOOKS, RAIZ / "images")  # o servidor não serve à página o que está do outro lado de uma ligação
    for item in RAIZ.iterdir():
        if item in copiadas:
            shutil.copytree(item, pasta / item.name, ignore=shutil.ignore_patterns(".*"))
        elif not item.name.startswith((".", "_")):
            (pasta / item.name).symlink_to(item, target_is_directory=item.is_dir())
    return pasta


@contextmanager
def jupyterlab(pasta: Path) -> Iterator[str]:
    """O JupyterLab como ``python -m curso abrir`` o inicia; dá o endereço, até ``/lab`` e com um ``{}`` para o resto."""
    raiz, porta, senha = copia_do_curso(pasta / "curso"), comandos.porta_livre(9300), secrets.token_urlsafe(24)
    # O tema e as janelas que os testes mudam não são os de quem os roda.
    proprios = {f"JUPYTER{nome}_DIR": str(pasta / nome) for nome in ("_CONFIG", "LAB_SETTINGS", "LAB_WORKSPACES")}
    # A rede dos kernels é negada por gancho de auditoria, como em todos os testes.
    caminhos = os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)])
    ambiente = comandos.ambiente_do_jupyter(senha) | proprios | {"PYTHONPATH": caminhos, "CURSO_MODELOS": "embutidos"}
    comando = comandos.comando_do_jupyter(instalacao.Venv(RAIZ), porta, raiz)
    registro = pasta / "jupyterlab.log"
    with open(registro, "wb") as saida:
        servidor = subprocess.Popen(
            [*comando, "--LabApp.expose_app_in_browser=True"], cwd=raiz, env=ambiente, stdout=saida, stderr=saida
        )
    try:
        comandos.esperar_o_jupyter(servidor, porta, registro)
        yield f"http://127.0.0.1:{porta}/lab{{}}?token={senha}"
    finally:
        comandos.encerrar_o_jupyter(servidor)


class Mesa:
    """Uma página com um notebook de cada vez, e tudo o que ela disse que não devia.

    Attributes:
        queixas: erros do console, exceções, diálogos e pedidos que sairiam desta máquina.
    """

    def __init__(self, pagina, endereco: str):
        self.pagina, self._endereco = pagina, endereco
        self.queixas: list[str] = []
        pagina.on(
            "console",
            lambda m: self._queixar(f"console: {m.text} ({m.location.get('url', '')})") if m.type == "error" else None,
        )
        pagina.on("pageerror", lambda erro: self._queixar(f"exceção: {erro}"))
        pagina.on("request", lambda pedido: self._conferir(pedido.url))
        pagina.on("dialog", self._recusar)

    def _queixar(self, frase: str) -> None:
        self.queixas.append(frase)

    def _conferir(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self._queixar(f"pedido para fora: {url}")

    def _recusar(self, dialogo) -> None:
        if dialogo.type == "beforeunload":  # o próprio JupyterLab, ao sair de um notebook com mudanças
            dialogo.accept()
            return
        self._queixar(f"diálogo: {dialogo.message}")
        dialogo.dismiss()

    def js(self, funcao: str, *argumentos):
        """Chama uma função de ``na_pagina.js``."""
        return self.pagina.evaluate(f"(a) => window.bancada.{funcao}(...a)", list(argumentos))

    def esperar(self, funcao: str, *argumentos, o_que: str, segundos: float = ESPERA_DO_QUADRO_S) -> None:
        """Espera que uma função de ``na_pagina.js`` dê verdadeiro; se não, diz o que se esperava."""
        from playwright.sync_api import TimeoutError as Demora

        try:
            self.pagina.wait_for_function(
                f"(a) => window.bancada && window.bancada.{funcao}(...a)", arg=list(argumentos), timeout=1000 * segundos
            )
        except Demora:
            raise AssertionError(f"Em {segundos:.0f} s não aconteceu: {o_que}.") from None

    def abrir(self, notebook: Path) -> None:
        """Abre a cópia de um notebook e espera o kernel estar de fato ligado à página."""
        self.queixas.clear()
        destino = quote(f"/tree/{NOTEBOOKS.name}/{notebook.name}")
        self.pagina.goto(self._endereco.format(destino) + "&reset", timeout=1000 * ESPERA_DA_PAGINA_S)
        self.pagina.evaluate(ABRIR)
        self.esperar("pronto", notebook.name, o_que=f"{notebook.name} aberto e com kernel", segundos=ESPERA_DA_PAGINA_S)
        self.js("marcar")

    def executar(self, quais: list[str] | None = None) -> None:
        """Todas as células de código, ou só as de certos identificadores."""
        self.js("executar", quais)
        self.esperar("executou", quais, o_que="toda célula com um número", segundos=ESPERA_DA_EXECUCAO_S)
        self.esperar("desenhou", o_que="todo widget com o seu conteúdo")

    def pedir(self, expressao: str, modulo: str, valores: dict):
        """O valor de uma expressão no kernel do notebook, com os nomes de um módulo e estes valores à vista."""
        pedido = json.dumps({"expressao": expressao, "modulo": modulo, "valores": valores})
        # A volta vem em base64: não há o que escapar. Quem lê os números é o Python: para a página, 2.0 seria 2.
        volta = self.js("pedir", f"__import__('tests.navegador.no_kernel').navegador.no_kernel.avaliar({pedido!r})")
        return json.loads(base64.b64decode(volta.strip("'")))

    def celula(self, identificador: str):
        return self.pagina.locator(f'[data-celula="{identificador}"]')

    def vestir(self, tema: str, janela: dict) -> None:
        self.pagina.set_viewport_size(janela)
        self.js("tema", tema)
        self.esperar("comTema", tema, o_que=f"o tema {tema}")

    def fotografar(self, identificador: str, nome: str) -> None:
        FOTOS.mkdir(exist_ok=True)
        self.js("rolar", identificador)
        saida = self.celula(identificador).locator(".jp-Cell-outputArea")
        saida.screenshot(path=FOTOS / f"{nome}.png", animations="disabled")

    def encerrar(self) -> None:
        """Desliga o kernel: um notebook de cada vez na memória."""
        self.js("encerrar")


@contextmanager
def chromium(endereco: str) -> Iterator[Mesa]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=achar_navegador(), args=OPCOES)
        try:
            yield Mesa(navegador.new_page(viewport=MESA, locale="pt-BR"), endereco)
        finally:
            navegador.close()
