"""``python -m oficina perguntas``: ajusta o encoder mirim para achar a resposta dentro do contexto.

Responder é casar as palavras da pergunta com um pedaço do contexto e, ali perto, escolher um trecho do tipo
pedido. Poucas milhares de perguntas escritas não bastam para um modelo deste tamanho aprender a casar; por isso
o treino junta a elas perguntas feitas de frases marcadas: some um nome, um número ou um porquê, e o que
sobra da frase, embaralhado e cortado, pergunta por ele. Contextos ganham frases de outros, que distraem.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers import BertForQuestionAnswering

from curso.projeto import MODELOS
from oficina.ajuste_fino import ENCODER, juntar, partir_do_encoder, sujar
from oficina.corpus import historias
from oficina.dados import Marcado, carregar, entidades_marcadas
from oficina.encoder import segmentos
from oficina.entidades import Trocas
from oficina.textos import sem_acentos
from oficina.treino import Fila, comecar, gravar, treinar

PASTA = MODELOS / "perguntas-mirim"
PASSOS, ESCRITAS_POR_PASSO, FEITAS_POR_PASSO, TAXA, DESCARTE = 6_000, 16, 10, 8e-4, 0.1
PASSOS_SEM_DESCARTE, MAIOR_RESPOSTA = 4_000, 30
MAXIMO_DE_TOKENS = 192
RARAS = re.compile(r"por qu[eê]|\bpq\b|motivo|razão|para que|pra que|\bcomo\b")  # contam em dobro: há menos delas

# (pergunta, contexto, primeiro caractere da resposta, depois do último)
Item = tuple[str, str, int, int]


def fazer() -> None:
    """Treina e grava ``modelos/perguntas-mirim``."""
    ensinar("perguntas", ENCODER, passos=PASSOS, taxa=TAXA, descarte=DESCARTE, feitas=FEITAS_POR_PASSO)
    afinar()


def afinar() -> None:
    """Continua o que se gravou, sem descarte: o modelo é pequeno, e o que lhe falta não é cautela, é leitura."""
    ensinar(
        "perguntas-trechos",
        PASTA,
        passos=PASSOS_SEM_DESCARTE,
        taxa=TAXA * 0.6,
        descarte=0.0,
        feitas=FEITAS_POR_PASSO // 2,
        por_trecho=True,
    )


def ensinar(
    nome: str, de_onde: Path, *, passos: int, taxa: float, descarte: float, feitas: int, por_trecho: bool = False
) -> None:
    """Uma fase do treino, a partir dos pesos de ``de_onde``; ``feitas`` é quantas perguntas feitas há em cada passo."""
    sorteio = comecar()
    escritas = perguntas_escritas("treino")
    frases = frases_com_alvos()
    raras = [item for item in escritas if RARAS.search(item[0].lower())]
    aprendiz, tokenizer = partir_do_encoder(BertForQuestionAnswering, descarte=descarte, pasta=de_onde)
    filas = [Fila(escritas + raras, sorteio), Fila(frases, sorteio)]
    variacoes = Variacoes(escritas, frases, sorteio)

    def perda() -> torch.Tensor:
        itens = [variacoes.de_escrita(item) for item in filas[0].tirar(ESCRITAS_POR_PASSO)]
        itens += [variacoes.de_frase(frase) for frase in filas[1].tirar(feitas)]
        return perda_do_lote(aprendiz, tokenizer.backend_tokenizer, itens, por_trecho)

    treinar(nome, aprendiz, perda, filas=filas, sorteio=sorteio, passos=passos, taxa=taxa)
    gravar(aprendiz.assar(), tokenizer, PASTA)


def perda_do_lote(aprendiz, tokenizer, itens: list[Item], por_trecho: bool = False) -> torch.Tensor:
    """Entropia cruzada do começo e do fim da resposta, entre os tokens do contexto e o [CLS].

    ``por_trecho`` soma a do par (começo, fim) entre todos os trechos possíveis: é a escolha que o pipeline faz.
    """
    codigos = tokenizer.encode_batch([(pergunta, contexto) for pergunta, contexto, _, _ in itens])
    numeros = juntar([codigo.ids[:MAXIMO_DE_TOKENS] for codigo in codigos])
    fora = juntar([[int(lado != 1) for lado in c.sequence_ids[:MAXIMO_DE_TOKENS]] for c in codigos], 1).bool()
    fora[:, 0] = False
    alvos = [tokens_da_resposta(codigo, de, ate) for codigo, (_, _, de, ate) in zip(codigos, itens, strict=True)]
    alvos = torch.tensor(alvos).where(torch.tensor(alvos) < MAXIMO_DE_TOKENS, 0)
    saida = aprendiz(numeros, token_type_ids=segmentos(numeros))
    comecos, fins = (logits.masked_fill(fora, -1e4) for logits in (saida.start_logits, saida.end_logits))
    perda = (F.cross_entropy(comecos, alvos[:, 0]) + F.cross_entropy(fins, alvos[:, 1])) / 2
    return perda + entropia_dos_trechos(comecos, fins, alvos) / 2 if por_trecho else perda


def entropia_dos_trechos(comecos: torch.Tensor, fins: torch.Tensor, alvos: torch.Tensor) -> torch.Tensor:
    """Entropia cruzada do trecho certo entre os de até ``MAIOR_RESPOSTA`` tokens. Logits ``[lote, tokens]``."""
    tamanho = comecos.shape[1]
    trechos = comecos.unsqueeze(2) + fins.unsqueeze(1)
    possiveis = torch.ones(tamanho, tamanho, dtype=torch.bool).triu().tril(MAIOR_RESPOSTA - 1)
    trechos = trechos.masked_fill(~possiveis, -1e4).flatten(1)
    certos = alvos[:, 0] * tamanho + alvos[:, 1]
    cabem = possiveis.flatten()[certos]
    return F.cross_entropy(trechos[cabem], certos[cabem])


def tokens_da_resposta(codigo, de: int, ate: int) -> tuple[int, int]:
    """O primeiro e o último token do contexto que tocam os caracteres ``de:ate``."""
    dentro = [
        i
        for i, ((inicio, fim), lado) in enumerate(zip(codigo.offsets, codigo.sequence_ids, strict=True))
        if lado == 1 and inicio < ate and fim > de
    ]
    return (dentro[0], dentro[-1]) if dentro else (0, 0)


def perguntas_escritas(parte: str) -> list[Item]:
    itens = []
    for item in carregar("perguntas", parte):
        resposta, de = item["answers"]["text"][0], item["answers"]["answer_start"][0]
        itens.append((item["question"], item["context"], de, de + len(resposta)))
    return itens


# ------------------------------------------------- perguntas feitas de frases

NUMERO = r"(?:\d[\d.,]*|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|quinze|vinte|trinta|cem|mil)"
DIA = r"(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|sábado|domingo"
MES = r"janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
# tipo da resposta → como ela aparece em um texto; o primeiro grupo é a resposta
PADROES = {
    "quando": rf"\b((?:{DIA})|ontem|amanhã|hoje|anteontem|(?:em )?(?:{MES})(?: de \d{{4}})?|(?:às|as) \d{{1,2}}h\d*|em \d{{4}})\b",
    "quanto": rf"\b({NUMERO}(?: mil)? (?:reais|quilos?|metros|litros|minutos|horas|dias|meses|anos|pessoas|vezes))\b",
    "quantos": rf"\b({NUMERO})(?= \w+s\b)",
    "por que": r"\bporque ([^,.;!?]{8,60})",
    "para que": r"\bpara ((?:\w+[aei]r) [^,.;!?]{3,40})",
    "onde": r"\b(?:no|na|nos|nas) (\w{4,}(?: d[aeo]s? \w{4,})?)\b",
    "o que": r"\b(?:um|uma|o|a|os|as) (\w{4,}(?: d[aeo]s? \w{4,})?)\b",
}
PERGUNTAS = {
    "PER": ("quem", "quem", "qual é o nome de quem", "de quem", "qual pessoa"),
    "ORG": ("que empresa", "onde", "qual organização", "em que lugar", "que time", "qual empresa", "o que"),
    "LOC": ("onde", "onde", "em que cidade", "em que lugar", "qual lugar", "de onde", "para onde"),
    "quando": ("quando", "quando", "em que dia", "a que horas", "que dia"),
    "quanto": ("quanto", "quantos", "quanto tempo", "quanto custou"),
    "quantos": ("quantos", "quantas", "qual número"),
    "por que": ("por que", "por que", "qual o motivo", "pq"),
    "para que": ("para que", "por que", "pra que"),
    "onde": ("onde", "onde", "em que lugar", "em qual lugar"),
    "o que": ("o que", "o que", "qual", "que coisa"),
}
VAZIAS = frozenset("o a os as um uma de do da dos das e em no na nos nas que para por com ao à se".split())


def frases_com_alvos() -> list[Marcado]:
    """Frases com trechos que uma pergunta pode pedir: entidades marcadas à mão, e números, datas e porquês."""
    textos = [(texto, list(marcas)) for texto, marcas in entidades_marcadas("treino")]
    textos += [(item["texto"], []) for nome in ("frases", "assuntos") for item in carregar(nome, "treino")]
    for texto in historias():
        textos += [(frase, []) for frase in re.findall(r"[^.!?\n]+[.!?]", texto)]
    com_alvos = []
    for texto, marcas in textos:
        texto_limpo = texto.strip()
        desvio = texto.index(texto_limpo[:1]) if texto_limpo else 0
        marcas = [(de - desvio, ate - desvio, tipo) for de, ate, tipo in marcas]
        for tipo, padrao in PADROES.items():
            marcas += [(*achado.span(1), tipo) for achado in re.finditer(padrao, texto_limpo)]
        if marcas and 5 <= len(texto_limpo.split()) <= 40:
            com_alvos.append((texto_limpo, marcas))
    return com_alvos


class Variacoes:
    """As formas que um item toma a cada vez que é sorteado."""

    def __init__(self, escritas: list[Item], frases: list[Marcado], sorteio: random.Random):
        self.escritas, self.frases, self.sorteio = escritas, frases, sorteio
        self.contextos = sorted({(contexto,) for _, contexto, _, _ in escritas})
        self.trocas = Trocas(
            [(t, [m for m in marcas if m[2] in ("PER", "ORG", "LOC")]) for t, marcas in frases], sorteio
        )
        self.pessoas = {n for (tipo, _), lista in self.trocas.por_genero.items() if tipo == "PER" for n in lista}

    def de_escrita(self, item: Item) -> Item:
        """A pergunta escrita, às vezes suja, com nomes trocados ou com uma frase alheia antes ou depois do contexto."""
        pergunta, contexto, de, ate = item
        if self.sorteio.random() < 0.5:
            pergunta, contexto, de, ate = self._trocar_pessoas(pergunta, contexto, de, ate)
        if self.sorteio.random() < 0.35:
            # Uma frase alheia, ou outro contexto inteiro, com respostas do mesmo tipo que não servem.
            de_onde = self.frases if self.sorteio.random() < 0.5 else self.contextos
            distracao = self.sorteio.choice(de_onde)[0]
            if self.sorteio.random() < 0.5:
                contexto = f"{contexto} {distracao}"
            else:
                contexto, de, ate = f"{distracao} {contexto}", de + len(distracao) + 1, ate + len(distracao) + 1
        if self.sorteio.random() < 0.08 and len(contexto.lower()) == len(contexto):
            contexto = contexto.lower()
        return self._sujar(pergunta), contexto, de, ate

    def _sujar(self, pergunta: str) -> str:
        """As duas primeiras palavras ficam: são elas que dizem o que se pergunta."""
        cabeca, resto = pergunta.split()[:2], pergunta.split()[2:]
        if self.sorteio.random() < 0.4:
            resto = [palavra for palavra in resto if self.sorteio.random() > 0.1]
        return sujar(" ".join(cabeca + resto), self.sorteio, tirar=0)

    def _trocar_pessoas(self, pergunta: str, contexto: str, de: int, ate: int) -> Item:
        antes, resposta, depois = contexto[:de], contexto[de:ate], contexto[ate:]
        presentes = {p for p in re.findall(r"\b[A-ZÀ-Ú]\w+", contexto) if p in self.pessoas}
        for nome in sorted(presentes):
            novo = self.trocas.outro(nome, "PER").split()[0]
            padrao = re.compile(rf"\b{re.escape(nome)}\b")
            pergunta, antes, resposta, depois = (padrao.sub(novo, t) for t in (pergunta, antes, resposta, depois))
        return pergunta, antes + resposta + depois, len(antes), len(antes) + len(resposta)

    def de_frase(self, frase: Marcado) -> Item:
        """Uma pergunta pelo que some da frase; o contexto é a frase entre outras."""
        texto, marcas = frase
        tipo = self.sorteio.choice(sorted({tipo for *_, tipo in marcas}))
        de, ate, _ = self.sorteio.choice([marca for marca in marcas if marca[2] == tipo])
        resto = f"{texto[:de]} {texto[ate:]}"
        palavras = [p for p in re.findall(r"\w+", resto)]
        quanto_tirar = self.sorteio.uniform(0, 0.6)
        ficam = [p for p in palavras if self.sorteio.random() > quanto_tirar * (0.5 if p.lower() in VAZIAS else 1)]
        if self.sorteio.random() < 0.25:
            corte = self.sorteio.randrange(len(ficam) + 1)
            ficam = ficam[corte:] + ficam[:corte]
        pergunta = f"{self.sorteio.choice(PERGUNTAS[tipo])} {' '.join(ficam[:14])}?"
        pergunta = pergunta[:1].upper() + pergunta[1:]
        outras = [self.sorteio.choice(self.frases)[0] for _ in range(self.sorteio.choice((1, 2, 2, 3)))]
        antes = " ".join(outras[: self.sorteio.randint(0, len(outras))])
        depois = "" if antes else " ".join(outras)
        desvio = len(antes) + 1 if antes else 0
        contexto = " ".join(parte for parte in (antes, texto, depois) if parte)
        if self.sorteio.random() < 0.1:
            limpa = sem_acentos(pergunta)
            pergunta = limpa.lower()
        return pergunta, contexto, de + desvio, ate + desvio
