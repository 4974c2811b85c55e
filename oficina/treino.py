"""O laço de treino de todas as receitas: sorteio, ritmo, barra de progresso, rascunho para retomar."""

from __future__ import annotations

import hashlib
import json
import platform
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from curso.carimbo import gravar_inteiro
from curso.projeto import RAIZ

SEMENTE = 42
RASCUNHOS = RAIZ / "oficina" / "rascunhos"
MEDIDAS = RAIZ / "oficina" / "medidas"
SEGUNDOS_ENTRE_RASCUNHOS = 60


class Fila:
    """Tira itens sem repetir até acabarem, embaralha de novo e continua, sem fim."""

    def __init__(self, itens: Sequence, sorteio: random.Random):
        self.itens, self.sorteio, self.ordem = itens, sorteio, []

    def tirar(self, quantos: int) -> list:
        tirados = []
        while len(tirados) < quantos:
            if not self.ordem:
                self.ordem = self.sorteio.sample(range(len(self.itens)), len(self.itens))
            tirados.append(self.itens[self.ordem.pop()])
        return tirados

    def estado(self):
        return self.ordem

    def voltar(self, estado) -> None:
        self.ordem = estado


def comecar(semente: int = SEMENTE) -> random.Random:
    """Semente e uma só linha de execução: a mesma máquina dá os mesmos pesos."""
    torch.set_num_threads(1)
    torch.manual_seed(semente)
    return random.Random(semente)


def treinar(
    nome: str,
    aprendiz: torch.nn.Module,
    perda_do_lote: Callable[[], torch.Tensor],
    *,
    filas: Sequence[Fila],
    sorteio: random.Random,
    passos: int,
    taxa: float,
    aquecimento: int = 100,
    decaimento: float = 0.01,
) -> None:
    """AdamW com aquecimento e descida linear até 5% da taxa; retoma de onde parou se foi interrompido.

    No fim, anota em ``oficina/medidas`` o tempo (o de todas as partes, se houve interrupção) e a máquina.

    Args:
        nome: o da receita; dá nome ao rascunho em ``oficina/rascunhos``.
        perda_do_lote: sorteia um lote das filas e devolve a perda (um número, com gradiente).
        filas, sorteio: o que se sorteia, para que a retomada continue o mesmo sorteio.
        taxa: a maior taxa de aprendizado, no fim do aquecimento.
    """
    otimizador = torch.optim.AdamW(aprendiz.parameters(), lr=taxa, weight_decay=decaimento, fused=True)
    ritmo = torch.optim.lr_scheduler.LambdaLR(
        otimizador, lambda p: min(1, (p + 1) / aquecimento) * max(0.05, 1 - p / passos)
    )
    rascunho = Rascunho(nome, {"aprendiz": aprendiz, "otimizador": otimizador, "ritmo": ritmo}, filas, sorteio, passos)
    feitos, de_antes = rascunho.retomar()
    media, inicio = None, time.monotonic()
    guardado = inicio
    aprendiz.train()
    with tqdm(total=passos, initial=feitos, desc=nome, unit="passo", mininterval=5) as barra:
        for passo in range(feitos, passos):
            perda = perda_do_lote()
            perda.backward()
            torch.nn.utils.clip_grad_norm_(aprendiz.parameters(), 1.0)
            otimizador.step()
            ritmo.step()
            otimizador.zero_grad()
            media = perda.item() if media is None else 0.98 * media + 0.02 * perda.item()
            barra.set_postfix(perda=f"{media:.3f}", refresh=False)
            barra.update()
            if time.monotonic() - guardado > SEGUNDOS_ENTRE_RASCUNHOS:
                guardado = time.monotonic()
                rascunho.guardar(passo + 1, de_antes + guardado - inicio)
    anotar_tempo(nome, de_antes + time.monotonic() - inicio)
    rascunho.arquivo.unlink(missing_ok=True)
    aprendiz.eval()


def anotar_tempo(nome: str, segundos: float) -> None:
    """Guarda em ``oficina/medidas`` quanto durou o treino e onde, para o cartão."""
    anotado = {"segundos": round(segundos), "maquina": f"1 núcleo de CPU {platform.machine()}", "semente": SEMENTE}
    MEDIDAS.mkdir(parents=True, exist_ok=True)
    gravar_inteiro(MEDIDAS / f"{nome}-treino.json", json.dumps(anotado, indent=1, ensure_ascii=False) + "\n")


class Rascunho:
    """O estado inteiro de um treino no meio do caminho. Fica fora do repositório; não é um checkpoint."""

    def __init__(self, nome: str, partes: dict, filas: Sequence[Fila], sorteio: random.Random, passos: int):
        self.arquivo = RASCUNHOS / f"{nome}.pt"
        self.partes, self.filas, self.sorteio, self.passos = partes, filas, sorteio, passos
        formas = [(n, tuple(p.shape)) for n, p in partes["aprendiz"].named_parameters()]
        conteudo = repr((formas, passos, [fila.itens for fila in filas]))
        self.resumo = hashlib.sha256(conteudo.encode()).hexdigest()

    def guardar(self, feitos: int, segundos: float) -> None:
        estado = {nome: parte.state_dict() for nome, parte in self.partes.items()}
        estado |= {
            "resumo": self.resumo,
            "feitos": feitos,
            "segundos": segundos,
            "filas": [fila.estado() for fila in self.filas],
            "sorteio": self.sorteio.getstate(),
            "torch": torch.get_rng_state(),
        }
        self.arquivo.parent.mkdir(parents=True, exist_ok=True)
        provisorio = self.arquivo.with_suffix(".novo")
        torch.save(estado, provisorio)
        provisorio.replace(self.arquivo)

    def retomar(self) -> tuple[int, float]:
        """Os passos já feitos e os segundos que levaram (zeros, se não há rascunho desta receita com estes dados)."""
        if not self.arquivo.exists():
            return 0, 0.0
        estado = torch.load(self.arquivo, weights_only=True)
        if estado.get("resumo") != self.resumo:
            print("O rascunho guardado é de outra receita ou de outros dados: começando do zero.")
            return 0, 0.0
        for nome, parte in self.partes.items():
            parte.load_state_dict(estado[nome])
        for fila, de_antes in zip(self.filas, estado["filas"], strict=True):
            fila.voltar(de_antes)
        versao, interno, gauss = estado["sorteio"]
        self.sorteio.setstate((versao, tuple(interno), gauss))
        torch.set_rng_state(estado["torch"])
        print(f"Retomando do passo {estado['feitos']}.")
        return estado["feitos"], estado["segundos"]


def gravar(modelo, tokenizer, pasta: Path) -> None:
    """Grava o checkpoint em meia precisão, que carrega como ``float32``: metade do tamanho, as mesmas respostas."""
    modelo.half().save_pretrained(pasta)
    configuracao = pasta / "config.json"
    campos = json.loads(configuracao.read_text(encoding="utf-8")) | {"dtype": "float32"}
    texto = json.dumps(campos, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    gravar_inteiro(configuracao, texto)
    tokenizer.save_pretrained(pasta)
