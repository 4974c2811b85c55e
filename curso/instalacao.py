"""Faz, confere e conserta o ambiente ``.venv``. Só a biblioteca padrão: roda antes de qualquer instalação."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from curso.projeto import ErroDoCurso
from curso.rede import responde

INDICE_CPU_DO_PYTORCH = "https://download.pytorch.org/whl/cpu"
ESTE_ARQUIVO = Path(__file__)
MENUS = {
    "file": "Arquivo",
    "edit": "Editar",
    "view": "Ver",
    "run": "Executar",
    "kernel": "Kernel",
    "tabs": "Abas",
    "settings": "Configurações",
    "help": "Ajuda",
}
REPETIR = "Depois rode o mesmo comando: ele continua de onde parou."

# Roda dentro do .venv e conta, em JSON, o que está instalado ali.
_INVENTARIO = """
import importlib.metadata as m, json, sys, sysconfig
versoes = {}
for nome in sys.argv[1:]:
    try: versoes[nome] = m.version(nome)
    except m.PackageNotFoundError: versoes[nome] = None
print(json.dumps({"python": list(sys.version_info[:2]), "purelib": sysconfig.get_paths()["purelib"], "versoes": versoes}))
"""


@dataclass(frozen=True)
class Venv:
    """O ambiente virtual de uma cópia do curso: ``raiz/.venv``, ou outro ao lado dele."""

    raiz: Path
    nome: str = ".venv"

    @property
    def pasta(self) -> Path:
        return self.raiz / self.nome

    @property
    def python(self) -> Path:
        return self.pasta / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def marca(self) -> Path:
        """Guarda o resumo de cada arquivo cuja instalação terminou."""
        return self.pasta / "curso-instalado.json"

    @property
    def registro(self) -> Path:
        return self.pasta / "instalacao.log"


# ------------------------------------------------------------------ conferir


def versoes_pedidas(requisitos: Path) -> dict[str, str]:
    """``nome==versão`` de um arquivo de requisitos, sem comentários."""
    linhas = requisitos.read_text(encoding="utf-8").splitlines()
    pares = (re.match(r"([A-Za-z0-9_.-]+)==([^\s;#]+)", linha) for linha in linhas)
    return {par[1]: par[2] for par in pares if par}


def pede(requisitos: list[Path], nome: str) -> bool:
    """Algum destes arquivos pede o pacote? Nem todo ambiente leva o PyTorch, que é o que pesa."""
    return any(nome in versoes_pedidas(arquivo) for arquivo in requisitos)


def resumo(arquivo: Path) -> str:
    return hashlib.sha256(arquivo.read_bytes()).hexdigest()[:16]


def inventario(venv: Venv, nomes: list[str]) -> dict | None:
    """O que o Python do ambiente tem instalado; ``None`` quando ele nem sequer roda."""
    if not (venv.pasta / "pyvenv.cfg").exists():
        return None
    try:
        saida = subprocess.run(
            [venv.python, "-I", "-c", _INVENTARIO, *nomes],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        dados = json.loads(saida)
    except subprocess.TimeoutExpired:
        # Lento não é quebrado: refazer o ambiente custaria um download inteiro.
        raise ErroDoCurso(
            "O Python do .venv não respondeu em um minuto. Espere o antivírus terminar, feche outros programas e repita."
        ) from None
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return dados if tuple(dados["python"]) >= (3, 11) else None


def lido_da_marca(venv: Venv) -> dict[str, str]:
    try:
        dados = json.loads(venv.marca.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dados if isinstance(dados, dict) else {}


def marcar(venv: Venv, requisitos: list[Path]) -> None:
    """Anota que os requisitos estão instalados e que a configuração é a que este módulo grava."""
    marca = lido_da_marca(venv) | {arquivo.name: resumo(arquivo) for arquivo in (*requisitos, ESTE_ARQUIVO)}
    venv.marca.write_text(json.dumps(marca, indent=1), encoding="utf-8")


def situacao(venv: Venv, requisitos: list[Path]) -> str:
    """``"ausente"``, ``"quebrado"``, ``"incompleto"``, ``"desconfigurado"`` ou ``"pronto"``."""
    if not venv.pasta.exists():
        return "ausente"
    pedidas = {nome: v for arquivo in requisitos for nome, v in versoes_pedidas(arquivo).items()}
    achado = inventario(venv, list(pedidas))
    if achado is None:
        return "quebrado"
    marca = lido_da_marca(venv)
    terminou = all(marca.get(arquivo.name) == resumo(arquivo) for arquivo in requisitos)
    iguais = all(mesma_versao(achado["versoes"][nome], versao) for nome, versao in pedidas.items())
    if not (terminou and iguais):
        return "incompleto"
    return "pronto" if marca.get(ESTE_ARQUIVO.name) == resumo(ESTE_ARQUIVO) else "desconfigurado"


def mesma_versao(instalada: str | None, pedida: str) -> bool:
    # "2.13.0+cpu" atende a "==2.13.0": o sufixo local só diz de que compilação se trata.
    return instalada is not None and instalada.split("+")[0] == pedida.split("+")[0]


# --------------------------------------------------------------------- fazer


def ambiente_do_processo() -> dict[str, str]:
    """As variáveis de ambiente sem aquelas que fariam o Python ou o pip do .venv olhar para outro lugar."""
    fora = {
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "__PYVENV_LAUNCHER__",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_REQUIRE_VIRTUALENV",
    }
    return {nome: valor for nome, valor in os.environ.items() if nome not in fora}


def criar(venv: Venv) -> None:
    """Cria o ``.venv`` vazio. Um ambiente quebrado só é apagado depois que o novo existe."""
    antigo = venv.raiz / f"{venv.nome}-antigo"
    _apagar(antigo)
    if venv.pasta.exists():
        _mover(venv.pasta, antigo)
    opcoes = []
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        opcoes = ["--without-pip"]
        if not _pip_de_fora_serve():
            raise ErroDoCurso(_falta_ensurepip()) from None
    feito = subprocess.run(
        [python_de_base(), "-m", "venv", *opcoes, venv.pasta],
        capture_output=True,
        text=True,
        env=ambiente_do_processo(),
    )
    if feito.returncode:
        shutil.rmtree(venv.pasta, ignore_errors=True)
        motivo = (feito.stderr or feito.stdout).strip()
        if "ensurepip is not available" in motivo or "No module named" in motivo:
            raise ErroDoCurso(_falta_ensurepip())
        raise ErroDoCurso(explicar_falha(motivo))
    _apagar(antigo)


def python_de_base() -> str:
    """O Python que faz o ambiente: nunca o de dentro de um ``.venv``, que pode ser o que vai ser refeito."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _apagar(pasta: Path) -> None:
    if pasta.exists():
        try:
            shutil.rmtree(pasta)
        except OSError as erro:
            raise ErroDoCurso(_EM_USO.format(pasta=pasta, motivo=erro.strerror or erro)) from None


def _mover(pasta: Path, destino: Path) -> None:
    try:
        pasta.rename(destino)
    except OSError as erro:
        raise ErroDoCurso(_EM_USO.format(pasta=pasta, motivo=erro.strerror or erro)) from None


_EM_USO = (
    "A pasta {pasta} precisa ser refeita e está em uso ({motivo}). "
    "Feche o JupyterLab e os editores que a usam, apague-a e repita o comando."
)


def _pip_de_fora_serve() -> bool:
    """O pip do Python de fora sabe instalar dentro de outro ambiente (``--python``, pip ≥ 22.3)?"""
    feito = subprocess.run([python_de_base(), "-m", "pip", "--version"], capture_output=True, text=True)
    achado = re.match(r"pip (\d+)\.(\d+)", feito.stdout)
    return bool(achado) and (int(achado[1]), int(achado[2])) >= (22, 3)


def _falta_ensurepip() -> str:
    versao = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.platform.startswith("linux"):
        remedio = (
            f"No Ubuntu ou Debian:  sudo apt install python{versao}-venv\nNo Fedora:  sudo dnf install python3-pip"
        )
    else:
        remedio = "Reinstale o Python 3.13 pelo site python.org: o instalador de lá traz tudo."
    return (
        f"Este Python {versao} veio sem a parte que cria ambientes (os módulos venv e ensurepip).\n{remedio}\n{REPETIR}"
    )


def comando_pip(venv: Venv) -> list[str | Path]:
    """O pip do próprio ambiente, consertado se preciso, ou o de fora com ``--python``."""
    proprio = [venv.python, "-m", "pip"]
    if _funciona([*proprio, "--version"]):
        return proprio
    # Um ambiente interrompido ao nascer pode ter meio pip.
    if _funciona([venv.python, "-m", "ensurepip", "--upgrade"]) and _funciona([*proprio, "--version"]):
        return proprio
    if _pip_de_fora_serve():
        return [python_de_base(), "-m", "pip", "--python", venv.python]
    raise ErroDoCurso(_falta_ensurepip())


def _funciona(comando: list[str | Path]) -> bool:
    return subprocess.run(comando, capture_output=True, env=ambiente_do_processo()).returncode == 0


def instalar(venv: Venv, requisitos: list[Path]) -> None:
    """Instala os requisitos; o pip mostra o andamento e aproveita o que uma tentativa anterior já baixou."""
    venv.registro.unlink(missing_ok=True)
    base = [
        *comando_pip(venv),
        "install",
        "--disable-pip-version-check",
        "--retries",
        "3",
        "--log",
        venv.registro,
        *_origem(venv, com_torch=pede(requisitos, "torch")),
    ]
    for arquivo in requisitos:
        base += ["-r", arquivo]
    try:
        feito = subprocess.run(base, env=ambiente_do_processo())
    except KeyboardInterrupt:
        raise ErroDoCurso(
            "Instalação interrompida. O que já foi baixado está guardado; rode o mesmo comando para continuar."
        ) from None
    if feito.returncode:
        raise ErroDoCurso(explicar_falha(_fim_do_registro(venv.registro)))


def _origem(venv: Venv, com_torch: bool = True) -> list[str | Path]:
    """De onde o pip traz os pacotes: a pasta ``pacotes/`` (sem internet), ou a rede."""
    pacotes = venv.raiz / "pacotes"
    if any(pacotes.glob("*.whl")):
        print(f"Usando os pacotes da pasta {pacotes.name}/, sem internet.")
        return ["--no-index", "--find-links", pacotes]
    if com_torch and prefere_indice_cpu(venv):
        print("Sem GPU NVIDIA: usando a versão do PyTorch para CPU, bem menor.")
        return ["--extra-index-url", INDICE_CPU_DO_PYTORCH]
    return []


def prefere_indice_cpu(venv: Venv) -> bool:
    """No Linux, o PyTorch padrão traz gigabytes de CUDA; sem placa NVIDIA, o índice de CPU basta."""
    if not sys.platform.startswith("linux") or tem_gpu_nvidia() or _torch_ao_alcance_do_pip(venv):
        return False
    return responde(f"{INDICE_CPU_DO_PYTORCH}/torch/", limite_s=3.0)


def tem_gpu_nvidia() -> bool:
    """Pelo driver, e não só pelo programa nvidia-smi, que às vezes sobra de uma placa que já não há."""
    if sys.platform.startswith("linux"):
        return Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists()
    return shutil.which("nvidia-smi") is not None


def _torch_ao_alcance_do_pip(venv: Venv) -> bool:
    """Alguma pasta de ``find-links`` já configurada no pip traz um arquivo do PyTorch?"""
    configurado = subprocess.run(
        [*comando_pip(venv), "config", "list"], capture_output=True, text=True, env=ambiente_do_processo()
    ).stdout
    pastas = re.findall(r"find-links='([^']*)'", configurado)
    return any(
        any(Path(pasta).glob("torch-*.whl")) for linha in pastas for pasta in linha.split() if Path(pasta).is_dir()
    )


def espaco_necessario_gb() -> int:
    """No Linux com placa NVIDIA, o PyTorch traz as bibliotecas de CUDA."""
    return 10 if sys.platform.startswith("linux") and tem_gpu_nvidia() else 3


def conferir_espaco(raiz: Path) -> None:
    livre = shutil.disk_usage(raiz).free / 1e9
    if livre < espaco_necessario_gb():
        raise ErroDoCurso(
            f"Há só {livre:.1f} GB livres no disco, e a instalação precisa de {espaco_necessario_gb()} GB. "
            f"Libere espaço. {REPETIR}"
        )


def _fim_do_registro(registro: Path) -> str:
    try:
        return registro.read_text(encoding="utf-8", errors="replace")[-20_000:]
    except OSError:
        return ""


_SEM_PERMISSAO = f"Sem permissão para escrever na pasta do curso. Copie-a para a sua pasta pessoal. {REPETIR}"
_SEM_REDE = (
    "Sem internet, ou com ela instável, e as bibliotecas ainda não estão todas aqui. Conecte-se uma vez só (depois "
    f"o curso funciona sem rede) ou copie de outra máquina a pasta pacotes/, como o README explica. {REPETIR}"
)
_CAUSAS = [
    (
        r"No space left on device|Errno 28|Disk quota exceeded|WinError 112",
        f"O disco encheu durante a instalação. Libere uns 3 GB. {REPETIR}",
    ),
    (
        r"SSL module is not available",
        "Este Python está sem o módulo SSL (é comum no Anaconda fora do seu terminal). Abra o «Anaconda Prompt», ou "
        f"instale o Python do site python.org. {REPETIR}",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
        "A rede recusou a conexão segura (certificado). Em rede de escola ou empresa, peça ao suporte o certificado da "
        f"rede e indique-o na variável PIP_CERT, ou use outra rede. {REPETIR}",
    ),
    (
        r"NewConnectionError|NameResolutionError|getaddrinfo|Temporary failure in name resolution|Name or service"
        r" not known|ConnectTimeoutError|ReadTimeoutError|Read timed out|ProxyError|Connection (refused|reset)"
        r"|Network is unreachable|IncompleteRead|SSLError",
        _SEM_REDE,
    ),
    (
        r"WinError 206|Long Path|path too long|File name too long",
        f"O caminho desta pasta é longo demais para o Windows. Mova o curso para um lugar como C:\\curso. {REPETIR}",
    ),
    (
        r"WinError (5|32)\b.*site-packages",
        f"Um arquivo do ambiente está em uso. Feche o JupyterLab e os editores que usam o curso. {REPETIR}",
    ),
    (r"Permission denied|Errno 13|WinError 5\b", _SEM_PERMISSAO),
]


def explicar_falha(registro: str) -> str:
    """Traduz o fim do registro do pip (ou do venv) em uma frase com o remédio."""
    for padrao, frase in _CAUSAS:
        if re.search(padrao, registro, re.IGNORECASE):
            return frase
    sem_pacote = re.search(r"No matching distribution found for (\S+)", registro)
    if sem_pacote:
        return (
            f"Não há um pacote de {sem_pacote[1]} para este Python ({platform.python_version()}, "
            f"{platform.machine()}). Se há uma pasta pacotes/, ela foi feita para outro; senão, use o Python 3.12 ou 3.13 "
            f"de 64 bits, do site python.org. {REPETIR}"
        )
    fim = "\n".join(f"  {linha}" for linha in registro.strip().splitlines()[-6:])
    return f"A instalação falhou por um motivo que não reconheço:\n{fim}\n{REPETIR}"


# ---------------------------------------------------------------- configurar


def configurar(venv: Venv, purelib: Path) -> None:
    """O que é nosso dentro do .venv: ``import curso`` de qualquer pasta, e o JupyterLab em português."""
    # Caminho relativo: sobrevive a acentos e à mudança da pasta de lugar.
    caminho = purelib / "curso.pth"
    caminho.write_text(os.path.relpath(venv.raiz, purelib) + "\n", encoding="ascii")
    if hasattr(os, "chflags"):
        os.chflags(caminho, 0)  # o macOS marca como oculto o que está em .venv, e um .pth oculto é ignorado
    ajustes = venv.pasta / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    ajustes.parent.mkdir(parents=True, exist_ok=True)
    ajustes.write_text(
        json.dumps(
            {
                "@jupyterlab/translation-extension:plugin": {"locale": "pt_BR"},
                "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
                # O pacote de idioma não traz o nome dos menus.
                "@jupyterlab/mainmenu-extension:plugin": {
                    "menus": [{"id": f"jp-mainmenu-{menu}", "label": nome} for menu, nome in MENUS.items()]
                },
                "@jupyterlab/shortcuts-extension:shortcuts": {"shortcuts": atalhos_fora_dos_widgets(venv)},
            },
            indent=1,
        ),
        encoding="utf-8",
    )


# O JupyterLab só poupa os atalhos de uma letra onde se escreve: com o foco na alça de uma régua ou em um botão,
# a tecla «a» criaria uma célula, e «x» apagaria a do laboratório.
MODO_DE_COMANDO = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"


def atalhos_fora_dos_widgets(venv: Venv) -> list[dict]:
    """Os atalhos de uma tecla do modo de comando: desligados como vêm, e de novo, mas não dentro de um widget."""
    mudados = []
    for esquema in sorted((venv.pasta / "share" / "jupyter" / "lab" / "schemas" / "@jupyterlab").glob("*/*.json")):
        for atalho in json.loads(esquema.read_text(encoding="utf-8")).get("jupyter.lab.shortcuts", []):
            if atalho["selector"] == MODO_DE_COMANDO and atalho["keys"] and " " not in atalho["keys"][0]:
                mudados.append(atalho | {"disabled": True})
                mudados.append(atalho | {"selector": f"{MODO_DE_COMANDO}:not(.jupyter-widgets *)"})
    return mudados


def garantir(raiz: Path, requisitos: list[Path], nome: str = ".venv") -> Venv:
    """Devolve o ambiente pronto, fazendo só o que falta e dizendo o quê."""
    venv = Venv(raiz, nome)
    com_torch = pede(requisitos, "torch")
    estado = situacao(venv, requisitos)
    if estado in ("ausente", "quebrado"):
        conferir_maquina(raiz, com_torch)
        print(f"Criando o ambiente {nome}…" if estado == "ausente" else f"O ambiente {nome} está quebrado: refazendo…")
        criar(venv)
    if estado not in ("pronto", "desconfigurado"):
        aviso = "Instalando as bibliotecas que faltam…"
        if not com_torch:
            aviso = "Instalando as bibliotecas (uns 50 MB de download)…"
        elif not _tem_torch(venv):
            conferir_espaco(raiz)
            tamanho = "uns 400 MB" if espaco_necessario_gb() == 3 else "alguns gigabytes"
            aviso = f"Instalando as bibliotecas (a primeira vez leva alguns minutos e {tamanho} de download)…"
        print(aviso, flush=True)
        instalar(venv, requisitos)
    if estado != "pronto":
        achado = inventario(venv, [])
        if achado is None:
            raise ErroDoCurso(f"O ambiente foi instalado, mas o Python dele não roda. Apague a pasta {nome} e repita.")
        configurar(venv, Path(achado["purelib"]))
        marcar(venv, requisitos)
        print("Ambiente pronto.\n", flush=True)
    return venv


def conferir_maquina(raiz: Path, com_torch: bool = True) -> None:
    """O que impede a instalação antes mesmo de começar."""
    if not os.access(raiz, os.W_OK):
        raise ErroDoCurso(_SEM_PERMISSAO)
    if com_torch and sys.platform == "darwin" and platform.machine() == "x86_64":
        raise ErroDoCurso(
            "O PyTorch atual não existe para Mac com processador Intel. Estude pelo Google Colab: os selos estão no README."
        )


def _tem_torch(venv: Venv) -> bool:
    achado = inventario(venv, ["torch"])
    return bool(achado and achado["versoes"]["torch"])
