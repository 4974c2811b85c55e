"""Disco cheio: reconhecer o erro, separar os checkpoints inteiros, e dizer o remédio certo."""

from __future__ import annotations

import errno
import types

import pytest

from curso.disco import checkpoints, e_de_disco_cheio, explicacao


def com_causa(erro: Exception, causa: Exception) -> Exception:
    erro.__cause__ = causa
    return erro


@pytest.mark.parametrize(
    "erro",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        # o que o safetensors e o PyTorch dizem, medido em um disco de 4 MB
        Exception("Error while serializing: I/O error: No space left on device (os error 28)"),
        RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 134272 vs 134160"),
        RuntimeError("basic_ios::clear: iostream error"),
        com_causa(ValueError("não gravou"), OSError(errno.ENOSPC, "")),
    ],
)
def test_reconhece(erro):
    assert e_de_disco_cheio(erro)


@pytest.mark.parametrize(
    "erro",
    [None, OSError(errno.ENOENT, "não há"), FileNotFoundError("x"), RuntimeError("CUDA out of memory"), KeyError("a")]
    + [RuntimeError("PytorchStreamReader failed reading zip archive: failed finding central directory")],
)
def test_nao_confunde(erro):
    assert not e_de_disco_cheio(erro)


def test_um_erro_que_causa_a_si_mesmo_nao_prende():
    primeiro, segundo = ValueError("a"), ValueError("b")
    primeiro.__cause__, segundo.__cause__ = segundo, primeiro
    assert not e_de_disco_cheio(primeiro)


def test_separa_os_inteiros(tmp_path):
    for nome, estado in {"2": "{}", "10": "{}", "12": '{"step', "14": None}.items():
        pasta = tmp_path / f"checkpoint-{nome}"
        pasta.mkdir()
        if estado is not None:
            (pasta / "trainer_state.json").write_text(estado)
    (tmp_path / "checkpoint-final").mkdir()
    inteiros, pela_metade = checkpoints(tmp_path)
    assert [c.name for c in inteiros] == ["checkpoint-2", "checkpoint-10"]
    assert [c.name for c in pela_metade] == ["checkpoint-12", "checkpoint-14"]
    assert checkpoints(tmp_path / "não existe") == ([], [])


class Treinador:
    """Como o Trainer, guarda em ``self.args.output_dir`` onde grava."""

    def __init__(self, pasta):
        self.args = types.SimpleNamespace(output_dir=str(pasta))

    def gravar(self):
        raise OSError(errno.ENOSPC, "No space left on device")


def erro_de(treinador) -> OSError:
    with pytest.raises(OSError) as pego:
        treinador.gravar()
    return pego.value


def test_sem_checkpoint_anterior_nao_promete_um(tmp_path):
    (tmp_path / "checkpoint-4").mkdir()
    dito = explicacao(erro_de(Treinador(tmp_path)))
    assert "pode ser apagado: checkpoint-4." in dito and "Não há checkpoint anterior." in dito
    assert "resume_from_checkpoint" not in dito


def test_fora_de_um_treino_fala_do_arquivo():
    dito = explicacao(OSError(errno.ENOSPC, ""))
    assert "O arquivo que estava sendo gravado ficou pela metade" in dito and "checkpoint" not in dito
