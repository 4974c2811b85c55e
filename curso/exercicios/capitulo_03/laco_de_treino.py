"""As verificações de «3.3 O laço de treino»: as funções do leitor rodam em um modelo minúsculo, que sabe o que espera."""

from __future__ import annotations

import math
from types import SimpleNamespace

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero

EXEMPLOS, LOTE, ACUMULAR, EPOCAS = 10_000, 16, 4, 3
TAXA = 0.1
ENTRADAS = [[1.0, 2.0], [-3.0, 0.5], [0.5, -1.5]]
# Lotes desiguais, para que a média das notas de cada um não seja a nota de todos.
RESPOSTAS = [[1, 0, 1, 1], [0, 0, 0, 1], [1]]
PREVISTAS = [[1, 0, 0, 1], [1, 0, 1, 1], [0]]


def _pesos_depois(dar_passo) -> list[float]:
    """Os pesos de um modelo linear depois de três chamadas a ``dar_passo(model, optimizer, lote)``."""
    import torch

    class Linear(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.pesos = torch.nn.Parameter(torch.tensor([0.5, -0.25]))

        def forward(self, entrada):
            return SimpleNamespace(loss=((entrada * self.pesos).sum() - 1.0) ** 2 / 10)

    model = Linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=TAXA)
    for entrada in ENTRADAS:
        dar_passo(model, optimizer, {"entrada": torch.tensor(entrada)})
    return model.pesos.tolist()


def _certo(model, optimizer, lote):
    optimizer.zero_grad()
    model(**lote).loss.backward()
    optimizer.step()


def _acumulando(model, optimizer, lote):
    model(**lote).loss.backward()
    optimizer.step()


def _atrasado(model, optimizer, lote):
    loss = model(**lote).loss
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()


@exercicio("03-3.a", erro_tipico="dar_passo = com_defeito")
def passo_consertado(resposta) -> str | None:
    if not callable(resposta):
        return "a resposta é uma função, sem os parênteses: `dar_passo = nome_da_funcao`."
    pesos = _pesos_depois(resposta)

    def iguais(outra) -> bool:
        return all(math.isclose(a, b, abs_tol=1e-5) for a, b in zip(pesos, _pesos_depois(outra), strict=True))

    if iguais(_certo):
        return None
    if iguais(lambda model, optimizer, lote: None):
        return "os pesos não saíram do lugar. Quando `step` é chamado, ainda há gradiente?"
    if iguais(_acumulando):
        return "o primeiro passo está certo, e os outros não: o gradiente de um lote entra no passo do seguinte."
    if iguais(_atrasado):
        return "`step` vem depois de `backward`: assim, cada passo usa o gradiente do lote anterior."
    return "os três lotes não deram os pesos esperados. São três linhas: `backward`, `step` e `zero_grad`, nesta ordem."


def _f1(respostas: list[int], previstas: list[int]) -> float:
    acertos = sum(r and p for r, p in zip(respostas, previstas, strict=True))
    return 2 * acertos / (sum(respostas) + sum(previstas)) if acertos else 0.0


class _Lote(dict):
    """Um lote como o do collator, que também anda de um dispositivo para outro."""

    def to(self, device):
        return _Lote({nome: tensor.to(device) for nome, tensor in self.items()})


def _lotes_e_modelo():
    """Os lotes, e um modelo que responde o que está em PREVISTAS e anota como foi chamado."""
    import torch

    visto = {"treinando": False, "com_gradiente": False}

    class Combinado(torch.nn.Module):
        def forward(self, input_ids, **_):
            visto["treinando"] |= self.training
            visto["com_gradiente"] |= torch.is_grad_enabled()
            return SimpleNamespace(logits=torch.nn.functional.one_hot(input_ids[:, 0], 2).float(), loss=None)

    lotes = [
        _Lote(input_ids=torch.tensor(previstas)[:, None], labels=torch.tensor(respostas))
        for respostas, previstas in zip(RESPOSTAS, PREVISTAS, strict=True)
    ]
    return Combinado().train(), lotes, visto


@exercicio(
    "03-3.b",
    erro_tipico="""\
def f1_do_modelo(model, loader):
    model.eval()
    notas = []
    with torch.inference_mode():
        for lote in loader:
            lote = lote.to(device)
            previstas = model(**lote).logits.argmax(dim=-1)
            notas.append(f1_score(lote["labels"].tolist(), previstas.tolist()))
    return sum(notas) / len(notas)""",
)
def f1_em_lotes(resposta) -> str | None:
    if not callable(resposta):
        return "a resposta é uma função de `model` e `loader`, que devolve um número."
    model, lotes, visto = _lotes_e_modelo()
    nota = resposta(model, lotes)
    if not e_numero(nota):
        return "a função precisa devolver um número: falta o `return`?"
    if visto["treinando"]:
        return "o modelo foi chamado em modo de treino. Antes de medir, `model.eval()`."
    if visto["com_gradiente"]:
        return "a medida guardou o caminho de volta sem precisar. Ponha o laço dentro de `torch.inference_mode()`."
    respostas, previstas = sum(RESPOSTAS, []), sum(PREVISTAS, [])
    if math.isclose(nota, _f1(respostas, previstas), abs_tol=1e-6):
        return None
    por_lote = [_f1(r, p) for r, p in zip(RESPOSTAS, PREVISTAS, strict=True)]
    if math.isclose(nota, sum(por_lote) / len(por_lote), abs_tol=1e-6):
        return (
            "esta é a média dos F1 de cada lote. Junte as respostas de todos os lotes, e calcule o F1 uma vez, no fim."
        )
    if math.isclose(
        nota, sum(r == p for r, p in zip(respostas, previstas, strict=True)) / len(respostas), abs_tol=1e-6
    ):
        return "esta é a acurácia. O F1 é o de `f1_score`, com as respostas certas e as previstas."
    return "junte em duas listas as respostas certas e as previstas de todos os lotes, e só no fim chame `f1_score`."


@exercicio("03-3.c", erro_tipico="passos = 3 * 10_000 // (16 * 4)")
def passos_com_acumulacao(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro. Se a divisão não é exata, o que acontece com o resto?"
    lotes = math.ceil(EXEMPLOS / LOTE)
    if resposta == EPOCAS * math.ceil(lotes / ACUMULAR):
        return None
    if resposta == EPOCAS * lotes:
        return "estes são os lotes. Só há um passo a cada quatro deles."
    if resposta == math.ceil(lotes / ACUMULAR):
        return "esta é a conta de uma volta pelos dados, e são três."
    if resposta in (EPOCAS * (lotes // ACUMULAR), EPOCAS * EXEMPLOS // (LOTE * ACUMULAR)):
        return "em cada volta sobra um lote, que não completa um grupo. O laço dá um passo também com ele."
    if resposta == math.ceil(EPOCAS * lotes / ACUMULAR):
        return "quase: cada volta termina com um passo, e o que sobrou não se junta à volta seguinte."
    return "conte os lotes de uma volta, depois os grupos de quatro lotes, com o que sobra, e multiplique por três."
