"""``python -m oficina assuntos``: ajusta o encoder mirim para dizer se um texto «é sobre» algo (zero-shot).

É inferência textual (*natural language inference*) de uma só espécie: dado um texto e a hipótese «Este texto é
sobre X.», o modelo diz se ela decorre do texto. Ele treina como será usado: vários rótulos disputam o mesmo
texto, e a nota do certo deve ser a maior. Os rótulos vêm em muitas palavras (esportes, futebol, jogo, time), e
também do dicionário, para que ele aproxime rótulo e texto pelo sentido e não decore uma lista.
"""

from __future__ import annotations

import random
import re

import torch
import torch.nn.functional as F
from transformers import BertForSequenceClassification

from curso.projeto import MODELOS
from oficina.ajuste_fino import codificar, juntar, partir_do_encoder, sujar
from oficina.dados import carregar
from oficina.encoder import segmentos
from oficina.textos import TEXTOS, dicionario, ler_tsv
from oficina.treino import Fila, comecar, gravar, treinar

PASTA = MODELOS / "assuntos-mirim"
ROTULOS = ["contradiction", "entailment"]
PASSOS, RIVAIS, TAXA, DESCARTE, PESO_DO_ASSUNTO = 4_000, 4, 5e-4, 0.1, 0.5
MAXIMO_DE_TOKENS = 80
HIPOTESES = (
    "Este texto é sobre {}.",
    "Este texto é sobre {}.",
    "Este exemplo é {}.",
    "Este exemplo é sobre {}.",
    "This example is {}.",
    "O assunto é {}.",
    "Isto fala de {}.",
    "{}",
)
HIPOTESES_DE_OPINIAO = (
    "Este texto é {}.",
    "Este exemplo é {}.",
    "This example is {}.",
    "O sentimento é {}.",
    "A opinião é {}.",
)
OPINIOES = {
    "positivo": ("positivo", "positiva", "bom", "favorável", "feliz", "satisfeito", "elogio", "alegria"),
    "negativo": ("negativo", "negativa", "ruim", "desfavorável", "triste", "insatisfeito", "reclamação", "tristeza"),
}

# (texto, rótulos certos, rótulos errados, moldes da hipótese, número do assunto ou -100)
Item = tuple[str, list[str], list[str], tuple[str, ...], int]


def fazer() -> None:
    """Treina e grava ``modelos/assuntos-mirim``."""
    sorteio = comecar()
    aprendiz, tokenizer = partir_do_encoder(
        BertForSequenceClassification,
        descarte=DESCARTE,
        id2label=dict(enumerate(ROTULOS)),
        label2id={nome: i for i, nome in enumerate(ROTULOS)},
    )
    partes = [
        (itens_escritos("treino"), 8),
        (itens_do_dicionario(), 4),
        (itens_de_palavras(sorteio), 2),
        (itens_livres(), 2),
        (itens_de_opiniao(), 1),
    ]
    # Só para treinar: o [CLS] também deve dizer o assunto do texto, seja qual for o rótulo da hipótese.
    aprendiz.auxiliar = torch.nn.Linear(aprendiz.modelo.config.hidden_size, len(rotulos_de()))
    filas = [(Fila(itens, sorteio), quantos) for itens, quantos in partes]

    def perda() -> torch.Tensor:
        itens = [item for fila, quantos in filas for item in fila.tirar(quantos)]
        return perda_do_lote(aprendiz, tokenizer.backend_tokenizer, itens, sorteio)

    treinar(
        "assuntos",
        aprendiz,
        perda,
        filas=[fila for fila, _ in filas],
        sorteio=sorteio,
        passos=PASSOS,
        taxa=TAXA,
    )
    gravar(aprendiz.assar(), tokenizer, PASTA)


def perda_do_lote(aprendiz, tokenizer, itens: list[Item], sorteio: random.Random) -> torch.Tensor:
    """Três perdas somadas: o rótulo certo acima dos rivais; cada par certo ou errado por si; o assunto do texto."""
    pares, certos, assuntos = [], [], []
    for texto, bons, ruins, moldes, assunto in itens:
        molde, sujo = sorteio.choice(moldes), sujar(texto, sorteio)
        rivais = sorteio.sample(ruins, RIVAIS) if len(ruins) >= RIVAIS else sorteio.choices(ruins, k=RIVAIS)
        disputa = [sorteio.choice(bons), *rivais]
        pares += [(sujo, molde.format(rotulo)) for rotulo in disputa]
        certos += [1] + [0] * RIVAIS
        assuntos += [assunto] * (RIVAIS + 1)
    numeros = juntar(codificar(tokenizer, pares, MAXIMO_DE_TOKENS))
    saida = aprendiz(numeros, token_type_ids=segmentos(numeros), output_hidden_states=True)
    disputas = saida.logits[:, 1].view(len(itens), RIVAIS + 1)
    do_certo = F.cross_entropy(disputas, torch.zeros(len(itens), dtype=torch.long), label_smoothing=0.05)
    pesos = torch.tensor([1.0, RIVAIS / 2])  # há mais pares errados do que certos
    por_par = F.cross_entropy(saida.logits, torch.tensor(certos), weight=pesos, label_smoothing=0.05)
    do_texto = F.cross_entropy(aprendiz.auxiliar(saida.hidden_states[-1][:, 0]), torch.tensor(assuntos))
    return do_certo + por_par + PESO_DO_ASSUNTO * do_texto


def rotulos_de() -> dict[str, list[str]]:
    """Assunto → as palavras que o nomeiam, a primeira sendo ele mesmo (``oficina/textos/rotulos.tsv``)."""
    return {colunas[0]: [colunas[0], *colunas[1].split("|")] for colunas in ler_tsv(TEXTOS / "rotulos.tsv")}


def itens_escritos(parte: str) -> list[Item]:
    nomes = rotulos_de()
    return [_item(item["texto"], item["assuntos"], nomes) for item in carregar("assuntos", parte)]


def itens_do_dicionario() -> list[Item]:
    """Verbetes com assunto, sozinhos ou em frase curta: o que liga milhares de palavras aos rótulos."""
    nomes = rotulos_de()
    itens = []
    for verbete in dicionario():
        assuntos = [a for a in verbete.assuntos if a in nomes]
        for forma in (verbete.expressao, *verbete.formas[:1]) if assuntos else ():
            itens.append(_item(forma[:1].upper() + forma[1:], assuntos, nomes))
    return itens


def itens_de_palavras(sorteio: random.Random) -> list[Item]:
    """Frases e uma palavra delas (ou um sinônimo, ou o assunto dela): casar palavras iguais é por onde se começa.

    Sem estes itens, o treino passa milhares de passos sem descobrir que deve comparar o rótulo com o texto.
    """
    por_forma = {}
    for verbete in dicionario():
        if verbete.classe in ("subst", "lugar") and len(verbete.expressao) > 3:
            for forma in (verbete.expressao, *verbete.formas):
                por_forma.setdefault(forma.lower(), verbete)
    nomes = sorted({verbete.expressao for verbete in por_forma.values()})
    itens = []
    for item in carregar("frases", "treino"):
        presentes = [por_forma[p] for p in re.findall(r"\w+", item["texto"].lower()) if p in por_forma]
        if presentes:
            verbete = sorteio.choice(presentes)
            bons = [verbete.expressao, verbete.expressao, *verbete.sinonimos]
            ausentes = [
                nome for nome in sorteio.sample(nomes, 3 * RIVAIS) if nome not in {v.expressao for v in presentes}
            ]
            itens.append((item["texto"], bons, ausentes, HIPOTESES, -100))
    return itens


def itens_livres() -> list[Item]:
    """Textos com rótulos livres: três que servem e três que não servem, escritos junto com o texto."""
    return [
        (item["texto"], item["servem"], item["nao_servem"], HIPOTESES, -100) for item in carregar("rotulos", "treino")
    ]


def itens_de_opiniao() -> list[Item]:
    itens = []
    for item in carregar("sentimento", "treino"):
        outro = "negativo" if item["rotulo"] == "positivo" else "positivo"
        itens.append((item["texto"], list(OPINIOES[item["rotulo"]]), list(OPINIOES[outro]), HIPOTESES_DE_OPINIAO, -100))
    return itens


def _item(texto: str, assuntos: list[str], nomes: dict[str, list[str]]) -> Item:
    # O nome principal vale por todos os outros juntos: é o que mais se usa.
    bons = [nome for assunto in assuntos[:1] for nome in [assunto] * 3 + nomes[assunto]]
    ruins = [
        nome
        for outro, lista in nomes.items()
        if outro not in assuntos
        for nome in [outro] * 2 + lista
        if nome not in bons
    ]
    return texto, bons, ruins, HIPOTESES, list(nomes).index(assuntos[0])
