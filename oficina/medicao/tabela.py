"""``python -m oficina medir``: faz todas as medidas e escreve ``oficina/MEDIDAS.md``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from curso.carimbo import gravar_inteiro
from curso.desenho.estilo import decimal
from curso.projeto import RAIZ
from oficina.medicao.maquina import ler
from oficina.medicao.turma import em_texto

TABELA = RAIZ / "oficina" / "MEDIDAS.md"
MEDIDAS = ("primeira", "notebooks", "checkpoints", "comparacao", "navegador", "kernels", "turma")


def fazer() -> None:
    for nome in MEDIDAS:
        print(f"\n— {nome} —", flush=True)
        importlib.import_module(f"oficina.medicao.{nome}").fazer()
    escrever()
    print(TABELA.read_text(encoding="utf-8"))


def escrever() -> None:
    gravar_inteiro(TABELA, texto())


def texto() -> str:
    """O documento inteiro, do que estiver medido."""
    partes = [
        "# Medidas\n\nQuanto tempo e quanta memória o curso pede. Esta página sai de `python -m oficina medir`, que faz "
        "todas as medidas de novo; cada parte diz a máquina em que foi feita."
    ]
    for nome, titulo, escrever_parte in PARTES:
        medidas = ler(nome)
        if medidas:
            partes.append(f"## {titulo}\n\n{escrever_parte(medidas)}\n\nMáquina: `{medidas['maquina']}`.")
    return "\n\n".join(partes) + "\n"


def quadro(cabecalho: Iterable[str], linhas: Iterable[Iterable]) -> str:
    """Uma tabela em Markdown; a primeira coluna à esquerda, as outras à direita."""
    cabecalho = list(cabecalho)
    separador = ["---", *["--:"] * (len(cabecalho) - 1)]
    return "\n".join("| " + " | ".join(map(str, linha)) + " |" for linha in (cabecalho, separador, *linhas))


def _primeira(m: dict) -> str:
    nomes = {
        "clonar_s": "`git clone` (de uma cópia neste disco)",
        "instalar_s": "instalação, da rede",
        "primeira_previsao_s": "primeira previsão, com as bibliotecas carregadas do disco",
        "ate_a_primeira_s": "**ao todo, até a primeira previsão**",
        "segunda_vez_s": "a mesma previsão, outro dia",
    }
    return quadro(("passo", "segundos"), ((nome, decimal(m[chave], 1)) for chave, nome in nomes.items()))


def _notebooks(m: dict) -> str:
    linhas = [
        (f"`{nome}`", decimal(n["segundos"], 1), decimal(n["preparacao_s"], 1), n["pico_mb"])
        for nome, n in m["notebooks"].items()
    ]
    linhas.append(("**todos**", decimal(sum(n["segundos"] for n in m["notebooks"].values()), 0), "", ""))
    return quadro(("notebook", "segundos", "preparação (s)", "pico de memória (MB)"), linhas)


def _checkpoints(m: dict) -> str:
    return "Um núcleo; memória acima da que as bibliotecas já ocupam.\n\n" + quadro(
        ("tarefa", "carregar (s)", "responder (ms)", "memória (MB)"),
        (
            (f"`{nome}`", decimal(t["carregar_s"]), decimal(t["responder_ms"], 1), decimal(t["memoria_mb"], 0))
            for nome, t in m["tarefas"].items()
        ),
    )


def _comparacao(m: dict) -> str:
    def par(tarefa: dict, chave: str, casas: int, por: float = 1) -> tuple[str, str, str]:
        lados = (tarefa[lado][chave] / por for lado in ("mirim", "original"))
        return (*(decimal(v, casas) for v in lados), f"{decimal(tarefa['vezes'][chave], 0)}×")

    return (
        "A mesma chamada, com o modelo embutido e com um da mesma arquitetura no tamanho original e pesos sorteados (que "
        "não sabem nada, mas custam o mesmo). Quem escreve, escreve 40 tokens.\n\n"
        + quadro(
            ("tarefa", "parâmetros", "ms: mirim", "original", "", "MB na memória: mirim", "original", "")
            + ("MB no disco: mirim", "original", ""),
            (
                (f"`{nome}`", f"{t['milhoes_de_parametros']} M")
                + par(t, "responder_ms", 1)
                + par(t, "memoria_mb", 0)
                + par(t, "disco_mb", 0)
                for nome, t in m["tarefas"].items()
            ),
        )
    )


def _navegador(m: dict) -> str:
    return (
        "Da tecla apertada ao desenho trocado na tela, no JupyterLab com o Chromium sem janela. A coluna do Python é o "
        "que o laboratório calcula; o resto é o caminho de ida e volta.\n\n"
        + quadro(
            ("laboratório", "mediana (ms)", "9 em cada 10 até (ms)", "só o Python (ms)"),
            (
                (f"`{nome}`", decimal(t["mediana_ms"], 0), decimal(t["p90_ms"], 0), decimal(t["python_ms"], 1))
                for nome, t in m["laboratorios"].items()
            ),
        )
    )


def _kernels(m: dict) -> str:
    return f"Kernels que executam o notebook {m['notebook']} ao mesmo tempo.\n\n" + quadro(
        ("kernels", "mediana (s)", "o mais lento (s)", "memória, todos juntos (GB)"),
        (
            (n, decimal(k["mediana_s"], 0), decimal(k["mais_lento_s"], 0), decimal(k["memoria_gb"], 1))
            for n, k in m["alunos"].items()
        ),
    )


PARTES = (
    ("primeira", "Do clone à primeira previsão", _primeira),
    ("notebooks", "Cada notebook", _notebooks),
    ("velocidade", "Cada modelo embutido", _checkpoints),
    ("comparacao", "O mirim e o tamanho original", _comparacao),
    ("navegador", "Laboratórios no navegador", _navegador),
    ("kernels", "Quantos alunos cabem", _kernels),
    ("turma", "Uma turma no JupyterHub", em_texto),
)
