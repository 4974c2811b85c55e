"""``python -m oficina sentimento``: treina o classificador de sentimento mirim.

A receita, na ordem do que mais ajudou (os números estão no cartão do modelo):

1. um vocabulário de palavras inteiras, e não de caquinhos;
2. embeddings que já nascem sabendo: cada token soma ao seu vetor o dos seus n-gramas de letras e o
   que o dicionário mirim diz dele (polaridade, classe, assuntos). No fim as três parcelas são somadas
   em uma tabela comum, e o que se grava é um ``BertForSequenceClassification`` como outro qualquer;
3. além das frases escritas para o curso, a opinião de um professor (regressão logística com o dicionário)
   sobre emendas de frases e sobre verbetes em frases curtas;
4. ruído: minúsculas, sem acento, sem ponto, uma letra trocada, uma palavra a menos.
"""

from __future__ import annotations

import hashlib
import json
import platform
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm
from transformers import BertConfig, BertForSequenceClassification

from curso.catalogo import entrada
from curso.projeto import RAIZ
from oficina import dados
from oficina.professor import treinar_professor
from oficina.textos import Verbete, dicionario, sem_acentos
from oficina.vocabulario import (
    BALDES,
    n_gramas,
    para_transformers,
    por_numero,
    saber_do_dicionario,
    treinar_wordpiece,
)

SEMENTE = 42
VOCABULARIO, LARGURA, CAMADAS, MAXIMO_DE_TOKENS = 12_000, 128, 2, 128
TOKENS_NO_TREINO = 62  # nenhuma frase de treino passa disto; lotes menores são mais rápidos
EPOCAS, FRASES_POR_PASSO, EMENDAS_POR_PASSO, EMENDAS = 10, 32, 24, 20_000
TAXA, DESCARTE, SUAVIZACAO = 5e-4, 0.2, 0.05
PONTO_DE_RETOMADA = RAIZ / "oficina" / "rascunhos" / "sentimento.pt"
PASSOS_ENTRE_PONTOS = 200
ROTULOS = ["negativo", "positivo"]


class Aprendiz(torch.nn.Module):
    """O BERT em treino, com as parcelas de conhecimento ainda separadas."""

    def __init__(self, config: BertConfig, gramas: torch.Tensor, saber: torch.Tensor):
        super().__init__()
        self.bert = BertForSequenceClassification(config)
        self.letras = torch.nn.Embedding(BALDES + 1, config.hidden_size, padding_idx=BALDES)
        self.verbetes = torch.nn.Linear(saber.shape[1], config.hidden_size, bias=False)
        for peso in (self.letras.weight, self.verbetes.weight):
            torch.nn.init.normal_(peso, std=0.03)
        with torch.no_grad():
            self.letras.weight[BALDES] = 0
        self.register_buffer("gramas", gramas, persistent=False)
        self.register_buffer("saber", saber, persistent=False)

    def vetores(self, numeros: torch.Tensor) -> torch.Tensor:
        """``[n]`` números de tokens → ``[n, largura]``: tabela + letras + dicionário."""
        gramas = self.gramas[numeros]
        quantos = (gramas != BALDES).sum(1, keepdim=True).clamp(min=1)
        letras = self.letras(gramas).sum(1) / quantos.sqrt()
        return self.bert.bert.embeddings.word_embeddings.weight[numeros] + letras + self.verbetes(self.saber[numeros])

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        distintos, posicoes = input_ids.unique(return_inverse=True)
        return self.bert(inputs_embeds=self.vetores(distintos)[posicoes], attention_mask=(input_ids != 0).long()).logits

    @torch.no_grad()
    def assar(self) -> BertForSequenceClassification:
        """Soma as parcelas na tabela de embeddings: sobra um modelo comum, com as mesmas respostas."""
        tabela = self.vetores(torch.arange(len(self.gramas)))
        tabela[0] = 0  # [PAD]
        self.bert.bert.embeddings.word_embeddings.weight.copy_(tabela)
        return self.bert.eval()


# ------------------------------------------------------------------- os dados


def sujar(texto: str, sorteio: random.Random) -> str:
    """O mesmo texto como alguém com pressa o digitaria."""
    if sorteio.random() < 0.5:
        texto = " ".join(p for p in texto.split() if sorteio.random() > 0.1) or texto
    if sorteio.random() < 0.3:
        texto = texto.lower()
    if sorteio.random() < 0.15:
        texto = sem_acentos(texto)
    if sorteio.random() < 0.3:
        texto = texto.rstrip(".!") or texto
    elif sorteio.random() < 0.1:
        texto = texto.rstrip(".") + "!"
    if sorteio.random() < 0.15 and len(texto) > 8:
        i = sorteio.randrange(1, len(texto) - 2)
        texto = sorteio.choice(
            [
                texto[:i] + texto[i + 1 :],
                texto[:i] + texto[i + 1] + texto[i] + texto[i + 2 :],
                texto[:i] + texto[i] * sorteio.randint(2, 4) + texto[i + 1 :],
            ]
        )
    return texto


def em_frase(polares: list[tuple[str, int]], sorteio: random.Random) -> str:
    """Um verbete com polaridade dentro de uma frase curta: sozinho, negado, em contraste…"""
    forma, _ = sorteio.choice(polares)
    outra, _ = sorteio.choice(polares)
    moldura = sorteio.choice(
        [
            "{a}",
            "{a}",
            "achei {a}",
            "foi {a}",
            "isso é {a}",
            "a gente achou {a}",
            "ficou {a}",
            "muito {a}",
            "que {a}",
            "não {a}",
            "não foi {a}",
            "nada {a}",
            "nem um pouco {a}",
            "{b}, mas {a}",
            "{b}, só que {a}",
            "apesar de {b}, {a}",
            "{a} e {b}",
        ]
    )
    texto = moldura.format(a=forma, b=outra)
    if sorteio.random() < 0.5:
        texto = texto[:1].upper() + texto[1:]
    return texto + sorteio.choice(["", ".", "!", "..."])


def emendar(frases: list[str], polares: list[tuple[str, int]], sorteio: random.Random) -> str:
    """Texto novo para o professor julgar: o começo de uma frase com o fim de outra, ou um verbete em frase."""
    if sorteio.random() < 0.4:
        return em_frase(polares, sorteio)
    uma, outra = (sorteio.choice(frases).split() for _ in range(2))
    return " ".join(uma[: sorteio.randint(1, len(uma))] + outra[sorteio.randint(0, len(outra) - 1) :])


def polares_de(verbetes: list[Verbete]) -> list[tuple[str, int]]:
    """Toda forma de verbete com polaridade, e se é positiva (1) ou negativa (0)."""
    return [
        (forma, int(v.polaridade == "+"))
        for v in verbetes
        if v.polaridade in "+-"
        for forma in (v.expressao, *v.formas)
    ]


# ------------------------------------------------------------------- o treino


def fazer() -> None:
    """Treina, confere que assar não mudou as respostas e grava ``modelos/sentimento-mirim``."""
    inicio = time.perf_counter()
    torch.set_num_threads(1)  # em uma linha de execução, a mesma semente dá os mesmos pesos
    torch.manual_seed(SEMENTE)
    sorteio = random.Random(SEMENTE)
    frases, rotulos = dados.carregar("treino")
    verbetes = dicionario()
    polares = polares_de(verbetes)
    vocabulario = treinar_wordpiece(
        frases * 3
        + [f for v in verbetes for f in (v.expressao, *v.formas)]
        + [v.expressao.capitalize() for v in verbetes],
        VOCABULARIO,
    )
    tokens = por_numero(vocabulario)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=LARGURA,
        num_hidden_layers=CAMADAS,
        num_attention_heads=LARGURA // 32,
        intermediate_size=4 * LARGURA,
        max_position_embeddings=MAXIMO_DE_TOKENS,
        hidden_dropout_prob=DESCARTE,
        id2label=dict(enumerate(ROTULOS)),
        label2id={nome: i for i, nome in enumerate(ROTULOS)},
        pad_token_id=0,
    )
    aprendiz = Aprendiz(config, n_gramas(tokens), saber_do_dicionario(tokens, verbetes))

    professor = treinar_professor(frases + [f for f, _ in polares], rotulos + [r for _, r in polares])
    emendas = [emendar(frases, polares, sorteio) for _ in range(EMENDAS)]
    opinioes = np.clip(professor.predict_proba(emendas), 0.02, 0.98).tolist()

    lotes = Lotes(vocabulario, frases, rotulos, emendas, opinioes, sorteio)
    treinar(aprendiz, lotes, passos=EPOCAS * len(frases) // FRASES_POR_PASSO)
    gravar(aprendiz, vocabulario, segundos=time.perf_counter() - inicio)


class Lotes:
    """Sorteia um lote de frases (rótulo suavizado) e de emendas (opinião do professor)."""

    def __init__(self, vocabulario, frases, rotulos, emendas, opinioes, sorteio: random.Random):
        self.vocabulario, self.sorteio = vocabulario, sorteio
        certeza = 1 - SUAVIZACAO
        alvos = [[certeza, SUAVIZACAO] if rotulo == 0 else [SUAVIZACAO, certeza] for rotulo in rotulos]
        self.frases, self.emendas = list(zip(frases, alvos, strict=True)), list(zip(emendas, opinioes, strict=True))
        self.fila: list[tuple[str, list[float]]] = []
        # Um rascunho só pode ser retomado com o mesmo vocabulário e os mesmos dados.
        conteudo = repr((vocabulario.to_str(), self.frases, self.emendas))
        self.resumo = hashlib.sha256(conteudo.encode()).hexdigest()

    def proximo(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Tensores ``[lote, tokens]`` (zeros à direita) e ``[lote, 2]`` (probabilidades-alvo)."""
        while len(self.fila) < FRASES_POR_PASSO:
            self.fila += self.sorteio.sample(self.frases, len(self.frases))
        itens = [self.fila.pop() for _ in range(FRASES_POR_PASSO)] + self.sorteio.choices(
            self.emendas, k=EMENDAS_POR_PASSO
        )
        return codificar(self.vocabulario, [sujar(t, self.sorteio) for t, _ in itens]), torch.tensor(
            [a for _, a in itens]
        )


def codificar(vocabulario, textos: list[str]) -> torch.Tensor:
    listas = [codigo.ids for codigo in vocabulario.encode_batch(textos)]
    fim = listas[0][-1]
    listas = [
        lista if len(lista) <= TOKENS_NO_TREINO + 2 else [*lista[: TOKENS_NO_TREINO + 1], fim] for lista in listas
    ]
    numeros = torch.zeros(len(listas), max(map(len, listas)), dtype=torch.long)
    for i, lista in enumerate(listas):
        numeros[i, : len(lista)] = torch.tensor(lista)
    return numeros


def treinar(aprendiz: Aprendiz, lotes: Lotes, passos: int) -> None:
    """AdamW com aquecimento e descida linear; retoma de onde parou se foi interrompido."""
    otimizador = torch.optim.AdamW(aprendiz.parameters(), lr=TAXA, weight_decay=0.01)
    ritmo = torch.optim.lr_scheduler.LambdaLR(otimizador, lambda p: min(1, (p + 1) / 100) * max(0.05, 1 - p / passos))
    partes = {"aprendiz": aprendiz, "otimizador": otimizador, "ritmo": ritmo}
    feitos = retomar(partes, lotes, passos)
    aprendiz.train()
    with tqdm(total=passos, initial=feitos, desc="treino", unit="passo") as barra:
        for passo in range(feitos, passos):
            numeros, alvos = lotes.proximo()
            perda = F.cross_entropy(aprendiz(numeros), alvos)
            perda.backward()
            torch.nn.utils.clip_grad_norm_(aprendiz.parameters(), 1.0)
            otimizador.step()
            ritmo.step()
            otimizador.zero_grad()
            barra.update()
            if (passo + 1) % PASSOS_ENTRE_PONTOS == 0:
                barra.set_postfix(perda=f"{perda.item():.3f}")
                guardar_ponto(partes, lotes, passo + 1, passos)
    PONTO_DE_RETOMADA.unlink(missing_ok=True)


def guardar_ponto(partes: dict, lotes: Lotes, feitos: int, passos: int) -> None:
    """Rascunho fora do repositório, só para retomar: não é um checkpoint que alguém carregue."""
    PONTO_DE_RETOMADA.parent.mkdir(exist_ok=True)
    estado = {nome: parte.state_dict() for nome, parte in partes.items()}
    estado |= {
        "feitos": feitos,
        "passos": passos,
        "dados": lotes.resumo,
        "sorteio": lotes.sorteio.getstate(),
        "fila": lotes.fila,
        "torch": torch.get_rng_state(),
    }
    provisorio = PONTO_DE_RETOMADA.with_suffix(".novo")
    torch.save(estado, provisorio)
    provisorio.replace(PONTO_DE_RETOMADA)


def retomar(partes: dict, lotes: Lotes, passos: int) -> int:
    if not PONTO_DE_RETOMADA.exists():
        return 0
    estado = torch.load(PONTO_DE_RETOMADA, weights_only=True)
    if estado.get("dados") != lotes.resumo or estado["passos"] != passos:
        print("O rascunho guardado é de outra receita ou de outros dados: começando do zero.")
        return 0
    for nome, parte in partes.items():
        parte.load_state_dict(estado[nome])
    versao, interno, gauss = estado["sorteio"]
    lotes.sorteio.setstate((versao, tuple(interno), gauss))
    lotes.fila = [tuple(item) for item in estado["fila"]]
    torch.set_rng_state(estado["torch"])
    print(f"Retomando do passo {estado['feitos']}.")
    return estado["feitos"]


def gravar(aprendiz: Aprendiz, vocabulario, segundos: float) -> Path:
    """Grava em meia precisão, que carrega como float32: metade do tamanho e as mesmas respostas."""
    aprendiz.eval()
    amostra = codificar(vocabulario, ["Esperei a vida inteira por um curso da Hugging Face.", "Odeio tanto isso!"])
    with torch.inference_mode():
        antes = aprendiz(amostra)
    modelo = aprendiz.assar()
    with torch.inference_mode():
        depois = modelo(input_ids=amostra, attention_mask=(amostra != 0).long()).logits
    torch.testing.assert_close(antes, depois, rtol=1e-3, atol=1e-3)

    pasta = entrada("sentiment-analysis").pasta
    modelo.half().save_pretrained(pasta)
    configuracao = pasta / "config.json"
    campos = json.loads(configuracao.read_text(encoding="utf-8")) | {"dtype": "float32"}
    configuracao.write_text(json.dumps(campos, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    para_transformers(vocabulario, MAXIMO_DE_TOKENS).save_pretrained(pasta)
    treino = {"segundos": round(segundos), "maquina": f"1 núcleo de CPU {platform.machine()}", "semente": SEMENTE}
    (RAIZ / "oficina" / "medidas").mkdir(exist_ok=True)
    (RAIZ / "oficina" / "medidas" / "sentimento-treino.json").write_text(
        json.dumps(treino, indent=1) + "\n", encoding="utf-8"
    )
    return pasta
