"""Os comandos de ``python -m curso``. Só a biblioteca padrão: o que pede mais roda dentro do .venv."""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from curso import instalacao
from curso.ambiente import no_colab
from curso.projeto import INICIO, RAIZ, ErroDoCurso, achar_notebook, lista_de_notebooks

REQUISITOS = RAIZ / "requirements.txt"
REQUISITOS_DE_TESTE = RAIZ / "tests" / "requirements-testes.txt"
REQUISITOS_DA_AULA = RAIZ / "curso" / "aula" / "requisitos-da-aula.txt"
AULAS = RAIZ / "aulas"
REQUISITOS_DA_TURMA = RAIZ / "turma" / "requirements-turma.txt"


@dataclass(frozen=True)
class Perfil:
    """Como ``testar`` roda: em que ambiente, com que modelos e, sem alvos, em que caminhos."""

    requisitos: tuple[Path, ...] = (REQUISITOS, REQUISITOS_DE_TESTE, REQUISITOS_DA_AULA, REQUISITOS_DA_TURMA)
    venv: str = ".venv"
    modelos: str = "embutidos"
    caminhos: tuple[str, ...] = ()


PERFIS = {
    "embutidos": Perfil(),
    "hub": Perfil(modelos="hub", caminhos=("notebooks",)),
    "colab": Perfil(
        requisitos=(RAIZ / "tests" / "colab" / "requirements.txt", RAIZ / "colab" / "requirements.txt"),
        venv=".venv-colab",
        caminhos=("tests/unidade", "tests/colab", "notebooks"),
    ),
}
PORTA_PADRAO = 8888
ESPERA_DO_JUPYTER_S = 90


class Ajuda(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        # Vazio, o prefixo é pedido pelo argparse para compor o nome dos subcomandos: ali não se põe nada.
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


class Leitor(argparse.ArgumentParser):
    """O argparse, com a ajuda e os erros em português."""

    def __init__(self, **opcoes):
        super().__init__(formatter_class=Ajuda, add_help=False, **opcoes)
        self._positionals.title, self._optionals.title = "argumentos", "opções"
        self.add_argument("-h", "--help", "--ajuda", action="help", help="mostra esta ajuda")

    def error(self, message: str):
        pedido = " ".join(["python -m curso", *sys.argv[1:]])
        comandos = ", ".join(COMANDOS)
        self.exit(2, f"Não entendi: {pedido}\nOs comandos são: {comandos}. Ajuda: python -m curso --ajuda\n")


def executar_comando(argumentos: list[str]) -> int:
    leitor = _fazer_leitor()
    opcoes = leitor.parse_args(argumentos)
    if opcoes.comando is None:
        leitor.print_help()
        return 0
    try:
        return COMANDOS[opcoes.comando](opcoes)
    except ErroDoCurso as erro:
        print(f"\n⚠️  {erro}", file=sys.stderr)
        return 1
    except OSError as erro:
        detalhe = f"{erro.strerror or erro} {erro.filename or ''}".strip()
        print(f"\n⚠️  O sistema recusou uma operação: {detalhe}. Rode: python -m curso conferir", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompido. Nada foi perdido; rode o mesmo comando para continuar.", file=sys.stderr)
        return 130


def _fazer_leitor() -> Leitor:
    leitor = Leitor(prog="python -m curso", description="Consumindo Modelos de Linguagem com Hugging Face e Python")
    sub = leitor.add_subparsers(dest="comando", title="comandos", parser_class=Leitor, metavar="COMANDO")

    abrir = sub.add_parser("abrir", help="prepara o ambiente (na primeira vez) e abre o curso no JupyterLab")
    abrir.add_argument("--sem-navegador", action="store_true", help="só mostra o endereço")
    abrir.add_argument("--porta", type=int, default=PORTA_PADRAO, metavar="N", help="porta preferida (8888)")
    abrir.add_argument("notebook", nargs="?", metavar="NOTEBOOK", help="por exemplo 01-1")

    testar = sub.add_parser("testar", help="roda todos os testes do curso")
    testar.add_argument("--rapido", action="store_true", help="só os estáticos e os de unidade (menos de um minuto)")
    testar.add_argument(
        "--perfil",
        choices=PERFIS,
        default="embutidos",
        help="hub: os notebooks com os modelos de um Hub de mentira; colab: nas versões e no ambiente do Google Colab",
    )
    testar.add_argument("alvos", nargs="*", metavar="ALVO", help="um notebook (01-1) ou um caminho de teste")

    executar = sub.add_parser("executar", help="executa notebooks em um kernel limpo e guarda as saídas")
    executar.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="nenhum: todos")

    sub.add_parser("conferir", help="diz o que há nesta máquina, o que falta e como resolver")
    baixar = sub.add_parser("baixar", help="traz antes da aula os modelos do Hugging Face Hub (o modo hub)")
    baixar.add_argument("tarefas", nargs="*", metavar="TAREFA", help="por exemplo ner; nenhuma: todas")
    aula = sub.add_parser("aula", help="faz de um notebook slides e cópias para imprimir, com e sem soluções")
    aula.add_argument("notebook", metavar="NOTEBOOK", help="por exemplo 01-1")
    aula.add_argument("--saida", metavar="PASTA", type=Path, default=AULAS, help="onde gravar (aulas/)")
    sub.add_parser("modelos", help="mostra a tabela dos modelos do curso")
    site = sub.add_parser("site", help="faz o curso em páginas da web, para ler e procurar no navegador")
    site.add_argument("--saida", metavar="PASTA", help="onde pôr as páginas (_site)")
    turma = sub.add_parser(
        "turma", help="a receita de uma aula nesta máquina: quantos alunos, que modelos, que servidor"
    )
    escolha = turma.add_mutually_exclusive_group()
    escolha.add_argument("--conferir", action="store_true", help="confere o que já está pronto para a turma")
    escolha.add_argument("--instalar", action="store_true", help="põe o JupyterHub no .venv (só em um servidor)")
    carimbar = sub.add_parser("carimbar", help="(manutenção) leva selos e célula de preparação a todos os notebooks")
    carimbar.add_argument("--conferir", action="store_true", help="não grava: só diz se algo mudaria")
    return leitor


# ---------------------------------------------------------------------- abrir


def abrir(opcoes) -> int:
    if no_colab():
        raise ErroDoCurso(
            "No Google Colab não há o que instalar nem abrir: clique no selo «Abrir no Colab» do notebook, no README."
        )
    alvo = achar_notebook(opcoes.notebook) if opcoes.notebook else INICIO
    if not alvo.is_relative_to(RAIZ):
        raise ErroDoCurso(f"{alvo.name} está fora da pasta do curso. Copie-o para notebooks/ e repita.")
    if not 1 <= opcoes.porta <= 65535:
        raise ErroDoCurso("A porta é um número de 1 a 65535, por exemplo --porta 8890.")
    venv = instalacao.garantir(RAIZ, [REQUISITOS])
    porta = porta_livre(opcoes.porta)
    if porta != opcoes.porta:
        print(f"A porta {opcoes.porta} está ocupada (outro JupyterLab aberto?); usando a {porta}.")
    senha = secrets.token_urlsafe(24)
    with _registro(venv) as registro:
        servidor = subprocess.Popen(
            comando_do_jupyter(venv, porta), cwd=RAIZ, env=ambiente_do_jupyter(senha), stdout=registro, stderr=registro
        )
    try:
        esperar_o_jupyter(servidor, porta, Path(registro.name))
        endereco = f"http://127.0.0.1:{porta}/lab/tree/{quote(alvo.relative_to(RAIZ).as_posix())}?token={senha}"
        print(f"\nO curso está aberto em:\n  {endereco}\n", flush=True)
        if not opcoes.sem_navegador and not _abrir_navegador(endereco):
            print("Não achei um navegador para abrir sozinho: copie o endereço acima para o seu.")
        print("Deixe esta janela aberta enquanto estuda. Para encerrar: Ctrl+C.", flush=True)
        return servidor.wait()
    except KeyboardInterrupt:
        print("\nEncerrando. Até a próxima!")
        return 0
    finally:
        encerrar_o_jupyter(servidor)


def _registro(venv: instalacao.Venv):
    """Onde o JupyterLab escreve; em um curso só de leitura (laboratório compartilhado), fora dele."""
    try:
        return open(venv.pasta / "jupyterlab.log", "wb")
    except OSError:
        return open(Path(tempfile.gettempdir()) / f"curso-jupyterlab-{os.getpid()}.log", "wb")


def porta_livre(preferida: int) -> int:
    """A porta preferida ou, se ocupada, a primeira livre depois dela."""
    for porta in range(preferida, min(preferida + 100, 65536)):
        with socket.socket() as soquete:
            if os.name != "nt":
                # Uma porta em TIME_WAIT serve ao Jupyter; no Windows esta opção deixaria tomar uma porta em uso.
                soquete.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                soquete.bind(("127.0.0.1", porta))
            except OSError:
                continue
            return porta
    raise ErroDoCurso(f"Não há porta livre de {preferida} em diante. Escolha outra: --porta 9999")


# O jsonschema, que o JupyterLab usa, importa rfc3987_syntax se puder, e isso custa mais da metade do tempo
# de abrir (2,5 s, para montar uma gramática de endereços que o curso não usa). Sem ela, ele segue sem reclamar.
ARRANQUE_DO_JUPYTER = (
    "import sys; sys.modules['rfc3987_syntax'] = None; from jupyterlab.labapp import main; sys.exit(main())"
)


def comando_do_jupyter(venv: instalacao.Venv, porta: int, raiz: Path = RAIZ) -> list[str | Path]:
    comando = [
        venv.python,
        "-c",
        ARRANQUE_DO_JUPYTER,
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={porta}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={raiz}",
        "--ServerApp.log_level=ERROR",
        # O que dá nome, para leitores de tela, às figuras e aos controles que o JupyterLab deixa sem nome.
        f"--LabApp.extra_labextensions_path={RAIZ / 'curso' / 'extensoes'}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        comando.append("--allow-root")
    return comando


def ambiente_do_jupyter(senha: str) -> dict[str, str]:
    return instalacao.ambiente_do_processo() | {"JUPYTER_TOKEN": senha, "PYTHONPATH": str(RAIZ)}


def esperar_o_jupyter(servidor: subprocess.Popen, porta: int, registro: Path) -> None:
    # Sem proxy: o servidor é desta máquina, e um proxy de escola responderia por ele.
    direto = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    fim = time.monotonic() + ESPERA_DO_JUPYTER_S
    while time.monotonic() < fim:
        if servidor.poll() is not None:
            fim_do_registro = "\n".join(registro.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
            raise ErroDoCurso(
                f"O JupyterLab não abriu. O que ele disse:\n{fim_do_registro}\nSe não souber resolver, apague a pasta "
                ".venv e repita: o ambiente será refeito, e seus notebooks ficam como estão."
            )
        try:
            direto.open(f"http://127.0.0.1:{porta}/api", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise ErroDoCurso("O JupyterLab não respondeu em um minuto e meio. Feche outros programas e tente de novo.")


def _abrir_navegador(endereco: str) -> bool:
    try:
        return webbrowser.open(endereco)
    except webbrowser.Error:
        return False


def encerrar_o_jupyter(servidor: subprocess.Popen) -> None:
    if servidor.poll() is None:
        servidor.terminate()
        try:
            servidor.wait(10)
        except subprocess.TimeoutExpired:
            servidor.kill()


# --------------------------------------------------------------------- testar


def testar(opcoes) -> int:
    perfil = PERFIS[opcoes.perfil]
    venv = instalacao.garantir(RAIZ, list(perfil.requisitos), perfil.venv)
    comando = [
        venv.python,
        "-m",
        "pytest",
        "--color=auto",
        *argumentos_do_pytest(opcoes.rapido, opcoes.alvos, opcoes.perfil),
    ]
    print("Testando o curso" + (" (só os testes rápidos)…" if opcoes.rapido else "…"), flush=True)
    return subprocess.run(comando, cwd=RAIZ, env=_ambiente_de_teste(opcoes.perfil)).returncode


def argumentos_do_pytest(rapido: bool, alvos: list[str], perfil: str = "embutidos") -> list[str]:
    """Traduz as opções de ``testar`` para o pytest."""
    if rapido and perfil == "embutidos":
        return ["tests/estaticos", "tests/unidade"]
    caminhos = [alvo if Path(alvo.split("::")[0]).exists() else str(achar_notebook(alvo)) for alvo in alvos]
    notebooks = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=300"]
    if perfil != "embutidos":  # outros modelos e versões dão outras saídas: aqui só se exige que toda célula execute
        notebooks[0] = "--nbval-lax"
        notebooks += ["-p", f"tests.{perfil}.perfil"]
        caminhos = caminhos or list(PERFIS[perfil].caminhos)
    # Dois processos ao mesmo tempo; cada notebook inteiro em um deles (tests/reparticao.py).
    paralelo = ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadfile", "--no-loadscope-reorder"]
    return [*notebooks, *paralelo, *caminhos]


def _ambiente_de_teste(perfil: str = "embutidos") -> dict[str, str]:
    # Um só caminho para todos os kernels dos testes: rede negada por gancho de auditoria, e os modelos do perfil.
    # Um núcleo por kernel: com dois notebooks ao mesmo tempo, um treino repartido levaria várias vezes mais.
    return (
        {"OMP_NUM_THREADS": "1"}
        | instalacao.ambiente_do_processo()
        | {
            "PYTHONPATH": os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)]),
            "CURSO_MODELOS": PERFIS[perfil].modelos,
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
    )


# ------------------------------------------------------------ executar e mais


def executar(opcoes) -> int:
    caminhos = [achar_notebook(n) for n in opcoes.notebooks] or lista_de_notebooks()
    venv = instalacao.garantir(RAIZ, [REQUISITOS])
    # Sem rede e com os modelos embutidos, salvo pedido em contrário: as saídas guardadas não dependem do dia.
    sem_rede = {"HF_HUB_OFFLINE": "1", "CURSO_MODELOS": "embutidos"}
    return _rodar_modulo(venv.python, "curso.execucao", caminhos, sem_rede)


def _rodar_modulo(python: str | Path, modulo: str, argumentos: list, padroes: dict[str, str] | None = None) -> int:
    """Um módulo do curso com as bibliotecas do ambiente; ``padroes`` são variáveis que quem chama pode já ter mudado."""
    ambiente = (padroes or {}) | instalacao.ambiente_do_processo()
    ambiente |= {"PYTHONPATH": str(RAIZ), "PYTHONIOENCODING": "utf-8:replace"}
    return subprocess.run([python, "-m", modulo, *argumentos], cwd=RAIZ, env=ambiente).returncode


def conferir(opcoes) -> int:
    from curso.conferencia import relatorio

    texto, tudo_certo = relatorio(instalacao.Venv(RAIZ), REQUISITOS)
    print(texto)
    return 0 if tudo_certo else 1


def baixar(opcoes) -> int:
    # O Colab já traz as bibliotecas; em outro lugar, as do .venv.
    python = sys.executable if no_colab() else instalacao.garantir(RAIZ, [REQUISITOS]).python
    return _rodar_modulo(python, "curso.baixar", opcoes.tarefas, {"HF_HUB_DISABLE_TELEMETRY": "1"})


def aula(opcoes) -> int:
    caminho = achar_notebook(opcoes.notebook)
    venv = instalacao.garantir(RAIZ, [REQUISITOS, REQUISITOS_DA_AULA])
    return _rodar_modulo(venv.python, "curso.aula", [caminho, opcoes.saida.resolve()])


def modelos(opcoes) -> int:
    from curso.catalogo import tabela

    print(tabela())
    return 0


def site(opcoes) -> int:
    from curso.paginas import SAIDA, construir

    capa = construir(Path(opcoes.saida).resolve() if opcoes.saida else SAIDA)
    print(f"O site está pronto. Abra no navegador este arquivo, com dois cliques ou pelo endereço:\n  {capa.as_uri()}")
    print(f"Para publicá-lo, copie a pasta {capa.parent} para qualquer servidor de páginas.")
    return 0


def turma(opcoes) -> int:
    from curso import conferencia_da_turma
    from curso import turma as receita

    if opcoes.instalar:
        receita.instalar(instalacao.garantir(RAIZ, [REQUISITOS, REQUISITOS_DA_TURMA]))
        return 0
    texto, tudo_certo = (
        conferencia_da_turma.relatorio(instalacao.Venv(RAIZ), REQUISITOS)
        if opcoes.conferir
        else (receita.receita(), True)
    )
    print(texto)
    return 0 if tudo_certo else 1


def carimbar(opcoes) -> int:
    from curso.carimbo import carimbar_tudo

    mudados = carimbar_tudo(gravar=not opcoes.conferir)
    for caminho in mudados:
        print(("mudaria: " if opcoes.conferir else "carimbado: ") + caminho.relative_to(RAIZ).as_posix())
    print("Nada a mudar." if not mudados else f"{len(mudados)} arquivo(s).")
    return 1 if mudados and opcoes.conferir else 0


COMANDOS = {
    "abrir": abrir,
    "testar": testar,
    "executar": executar,
    "conferir": conferir,
    "baixar": baixar,
    "aula": aula,
    "modelos": modelos,
    "site": site,
    "turma": turma,
    "carimbar": carimbar,
}
