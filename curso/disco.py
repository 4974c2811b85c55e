"""O disco encheu: o que as bibliotecas dizem em inglês, ou nem dizem, em uma frase com remédio."""

from __future__ import annotations

import errno
import json
import os
import shutil
import traceback
from pathlib import Path

SEM_ESPACO = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
# O que dizem, sem código de erro: o safetensors, e o PyTorch quando torch.save não consegue escrever até o fim.
FRASES = ("os error 28", "No space left on device", "unexpected pos", "iostream error", "file write failed")


def e_de_disco_cheio(erro: BaseException | None) -> bool:
    """O erro, ou um dos que o causaram, é de quem não pôde gravar por falta de espaço?"""
    vistos = set()
    while erro is not None and id(erro) not in vistos:
        if isinstance(erro, OSError) and erro.errno in SEM_ESPACO:
            return True
        if any(frase in str(erro) for frase in FRASES):
            return True
        vistos.add(id(erro))
        erro = erro.__cause__ or erro.__context__
    return False


def checkpoints(pasta: str | Path) -> tuple[list[Path], list[Path]]:
    """Os checkpoints de um treino: os inteiros e os gravados pela metade, cada lista do mais velho ao mais novo.

    O último arquivo que o Trainer grava é trainer_state.json: se ele se lê até o fim, os outros estão lá.
    """
    achados = [c for c in Path(pasta).glob("checkpoint-*") if c.name.removeprefix("checkpoint-").isdigit()]
    inteiros, pela_metade = [], []
    for checkpoint in sorted(achados, key=lambda c: int(c.name.removeprefix("checkpoint-"))):
        try:
            json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            pela_metade.append(checkpoint)
        else:
            inteiros.append(checkpoint)
    return inteiros, pela_metade


def explicacao(erro: BaseException) -> str:
    """O que houve, o que se salvou e o que fazer."""
    pasta = _pasta_do_treino(erro)
    livres = shutil.disk_usage(pasta or os.getcwd()).free // 1_000_000
    frases = [f"⚠️ O disco encheu no meio de uma gravação: há {livres} MB livres."]
    if pasta is None:
        frases.append("O arquivo que estava sendo gravado ficou pela metade; os outros continuam como estavam.")
        frases.append(
            "Apague o que não usa (no terminal, «hf cache ls» diz quanto ocupa cada modelo baixado), e execute de novo."
        )
        return " ".join(frases)
    inteiros, pela_metade = checkpoints(pasta)
    if pela_metade:
        nomes = ", ".join(c.name for c in pela_metade)
        frases.append(f"Ficou pela metade, e pode ser apagado: {nomes}.")
    if inteiros:
        frases.append(f"O checkpoint anterior, {inteiros[-1].name}, está inteiro.")
        frases.append(f'Libere espaço e retome dele: trainer.train(resume_from_checkpoint="{inteiros[-1].as_posix()}")')
    else:
        frases.append("Não há checkpoint anterior. Libere espaço e treine de novo.")
    return " ".join(frases)


def _pasta_do_treino(erro: BaseException) -> str | None:
    """O ``output_dir`` do Trainer que estava gravando, achado entre as funções por onde o erro passou."""
    for quadro, _ in traceback.walk_tb(erro.__traceback__):
        pasta = getattr(getattr(quadro.f_locals.get("self"), "args", None), "output_dir", None)
        if isinstance(pasta, str) and os.path.isdir(pasta):
            return pasta
    return None


def avisar_no_notebook() -> None:
    """Faz o IPython escrever a explicação abaixo de um erro de disco cheio. Fora dele, não faz nada."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and _depois_da_celula not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _depois_da_celula)


def _depois_da_celula(resultado) -> None:
    if e_de_disco_cheio(resultado.error_in_exec):
        print(explicacao(resultado.error_in_exec))
