"""``preparar()``: a primeira linha de todo notebook."""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.metadata
import os
import random
import sys
from collections.abc import Callable

from curso.disco import avisar_no_notebook
from curso.instalacao import tem_gpu_nvidia
from curso.projeto import ErroDoCurso
from curso.rede import perguntar

ESCOLHAS = ("embutidos", "hub")
SEMENTE = 42
LIMITE_DA_SONDA_S = 1.5
_escolha = "embutidos"
# (pacote, mínimo aceito, primeira versão recusada)
EXIGIDOS = [
    ("torch", (2, 6), None),
    ("transformers", (5, 3), (6,)),
    ("ipywidgets", (7, 7), (9,)),
    ("matplotlib", (3, 9), None),
]


def preparar(modelos: str = "embutidos") -> None:
    """Prepara o kernel para um notebook do curso e diz, em uma linha, o que encontrou.

    No Google Colab, instala antes o que falta lá (``curso.colab``). Sonda o Hub uma vez por
    kernel (no máximo 1,5 s) e, se ele não responde, liga o modo offline *antes* que
    transformers seja importada; fixa as sementes; silencia avisos de carregamento; ajusta o
    estilo dos gráficos; e, se um dia o disco encher, explica o erro (``curso.disco``).

    Args:
        modelos: ``"embutidos"`` (os checkpoints que vêm com o curso) ou ``"hub"``
            (modelos reais, baixados do Hugging Face Hub). A variável de ambiente
            ``CURSO_MODELOS``, quando existe, vence o argumento.

    Raises:
        ValueError: escolha desconhecida.
        ErroDoCurso: falta um pacote, ou ele é antigo demais; a mensagem traz o remédio.
    """
    escolha = os.environ.get("CURSO_MODELOS") or modelos
    if escolha not in ESCOLHAS:
        raise ValueError(f"modelos={escolha!r} não existe; escolha entre {' e '.join(map(repr, ESCOLHAS))}.")
    if no_colab():
        from curso import colab

        colab.completar()
    versoes = conferir_pacotes()
    global _escolha
    _escolha = escolha

    pergunta_ao_hub()
    silenciar(escolha)
    fixar_sementes()
    estilo_dos_graficos()
    avisar_no_notebook()
    tem_rede = hub_responde()
    if not tem_rede:
        ligar_modo_offline()
    print(linha_de_resultado(versoes, escolha, tem_rede))


def usa_hub() -> bool:
    """O leitor escolheu os modelos do Hub em ``preparar()`` ou por ``CURSO_MODELOS``?"""
    return (os.environ.get("CURSO_MODELOS") or _escolha) == "hub"


def no_colab() -> bool:
    return "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ


# ----------------------------------------------------------------- as partes


def conferir_pacotes() -> dict[str, str]:
    """As versões instaladas dos pacotes exigidos, sem importá-los."""
    if sys.version_info < (3, 11):  # noqa: UP036 — um notebook pode abrir em um kernel antigo
        raise ErroDoCurso("Este kernel usa um Python anterior ao 3.11. Abra o curso com: python -m curso abrir")
    versoes = {}
    for pacote, minimo, recusada in EXIGIDOS:
        try:
            versoes[pacote] = importlib.metadata.version(pacote)
        except importlib.metadata.PackageNotFoundError:
            raise ErroDoCurso(f"Falta o pacote {pacote}. {_remedio()}") from None
        numeros = _numeros(versoes[pacote])
        if numeros < minimo or (recusada and numeros >= recusada):
            aceito = f"{'.'.join(map(str, minimo))} ou mais nova" + (f", antes da {recusada[0]}" if recusada else "")
            raise ErroDoCurso(f"O curso usa {pacote} {aceito}; aqui está a {versoes[pacote]}. {_remedio()}")
    return versoes


def _remedio() -> str:
    if no_colab():
        return "No Colab: Ambiente de execução › Desconectar e excluir o ambiente de execução, e execute tudo de novo."
    return "Feche este notebook e abra o curso com: python -m curso abrir (ele instala e conserta o que falta)."


def _numeros(versao: str) -> tuple[int, ...]:
    """``"2.13.0+cpu"`` → ``(2, 13, 0)``."""
    partes = versao.split("+")[0].split(".")
    return tuple(int("".join(c for c in parte if c.isdigit()) or 0) for parte in partes[:3])


def hub_responde() -> bool:
    """O Hub responde? Uma sonda por kernel, de no máximo 1,5 s; respeita ``HF_HUB_OFFLINE`` e ``HF_ENDPOINT``."""
    return pergunta_ao_hub()()


@functools.cache
def pergunta_ao_hub() -> Callable[[], bool]:
    """A sonda, já a caminho: ``preparar()`` a manda primeiro e só espera por ela depois do resto."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        return lambda: False
    return perguntar(os.environ.get("HF_ENDPOINT") or "https://huggingface.co", LIMITE_DA_SONDA_S)


def ligar_modo_offline() -> None:
    """Sem isto, até um modelo que já está no cache espera dezenas de segundos pela rede."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    constantes = sys.modules.get("huggingface_hub.constants")
    if constantes is not None:  # alguém importou transformers antes de preparar()
        constantes.HF_HUB_OFFLINE = True


def silenciar(escolha: str) -> None:
    """Menos ruído: avisos de carregamento, telemetria e, com os modelos embutidos, barras de progresso."""
    padroes = {"TRANSFORMERS_VERBOSITY": "error", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
    if escolha == "embutidos":
        padroes["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    if no_colab():
        # Modelos públicos não pedem senha; sem isto, o Colab consulta o cofre de segredos por até 10 s.
        padroes["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
    for nome, valor in padroes.items():
        os.environ.setdefault(nome, valor)
    if escolha == "hub":  # o download mostra o seu andamento, mesmo depois de um preparar() com os embutidos
        os.environ.pop("HF_HUB_DISABLE_PROGRESS_BARS", None)
        constantes = sys.modules.get("huggingface_hub.constants")
        if constantes is not None:
            constantes.HF_HUB_DISABLE_PROGRESS_BARS = None


def fixar_sementes() -> None:
    """Os mesmos sorteios a cada execução, em Python, NumPy e PyTorch."""
    import numpy

    random.seed(SEMENTE)
    numpy.random.seed(SEMENTE)
    torch = sys.modules.get("torch")
    if torch is not None:
        ajustar_torch(torch)
    elif not any(isinstance(item, AoImportarTorch) for item in sys.meta_path):
        sys.meta_path.insert(0, AoImportarTorch())


def ajustar_torch(torch) -> None:
    """A semente; e, com os modelos embutidos, um núcleo só, salvo se ``OMP_NUM_THREADS`` pedir outro número.

    Em contas tão pequenas, repartir custa mais do que rende; e quando a máquina está ocupada (o navegador, outros
    alunos), as partes esperam umas pelas outras: uma previsão de 15 ms chega a levar 400.
    """
    torch.manual_seed(SEMENTE)
    if "OMP_NUM_THREADS" not in os.environ:
        nucleos = _nucleos_do_torch(torch)
        torch.set_num_threads(nucleos if usa_hub() else 1)


@functools.cache
def _nucleos_do_torch(torch) -> int:
    """Quantos o PyTorch escolheu, lido antes da primeira mudança."""
    return torch.get_num_threads()


class AoImportarTorch(importlib.abc.MetaPathFinder):
    """Ajusta o PyTorch no momento em que ele é importado.

    Importá-lo aqui faria a célula de preparação esperar segundos por algo que talvez nem se use.
    """

    def find_spec(self, nome, caminho, alvo=None):
        if nome != "torch":
            return None
        # Perguntar se o PyTorch existe (a transformers pergunta) não é importá-lo: o ajuste espera pela importação.
        spec = importlib.machinery.PathFinder.find_spec(nome, caminho, alvo)
        if spec is None:
            return None
        importar = spec.loader.exec_module

        def importar_e_ajustar(modulo):
            sys.meta_path.remove(self)
            importar(modulo)
            ajustar_torch(modulo)

        spec.loader.exec_module = importar_e_ajustar
        return spec


def estilo_dos_graficos() -> None:
    """Gráficos legíveis em tema claro e escuro: fundo opaco, letra ≥ 12, e um traço diferente para cada cor."""
    import matplotlib

    from curso.desenho.estilo import OKABE_ITO
    from curso.desenho.graficos import descrever_os_graficos

    matplotlib.rcParams.update(
        {
            "figure.figsize": (7.0, 3.6),
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            # As cores que têm 3:1 com o branco; o traço diz o mesmo que a cor, a quem não a vê.
            "axes.prop_cycle": matplotlib.cycler(
                color=[OKABE_ITO[nome] for nome in ("azul", "laranja", "verde", "rosa")],
                linestyle=["-", "--", "-.", ":"],
            ),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.size": 12,
            "svg.hashsalt": "curso",
        }
    )
    descrever_os_graficos()


def linha_de_resultado(versoes: dict[str, str], escolha: str, tem_rede: bool) -> str:
    aparelho = "GPU NVIDIA" if tem_gpu_nvidia() else "sem GPU"
    rede = "o Hub responde" if tem_rede else "sem acesso ao Hub (modo offline)"
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"Pronto: Python {python} · transformers {versoes['transformers']} · torch {versoes['torch'].split('+')[0]} · "
        f"{aparelho} · {rede} · modelos: {escolha if escolha == 'embutidos' else 'do Hub'}"
    )
