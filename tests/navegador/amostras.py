"""Tudo o que o curso desenha: as figuras fixas, as guardadas nos notebooks, e os laboratórios nos extremos."""

from __future__ import annotations

import json

from curso.desenho.barras import aviso, barras
from curso.desenho.grade import grade
from curso.desenho.lado_a_lado import lado_a_lado
from curso.desenho.marcado import marcado
from curso.desenho.passos import passos
from curso.exercicios.questionario import LETRAS, carregar
from curso.laboratorios import (
    configurador,
    corte,
    curvas,
    descida,
    envio,
    logits_e_softmax,
    lora,
    lotes,
    mascaras,
    preenchimento,
    questionario,
    revisoes,
    servico,
    tokenizadores,
    trecho_da_resposta,
)
from curso.laboratorios import passos as passos_do_treino
from curso.projeto import RAIZ, lista_de_notebooks

FRASE = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."


def figuras_fixas() -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in sorted((RAIZ / "images").glob("*.svg"))}


def figuras_guardadas() -> dict[str, str]:
    achadas = {}
    for caminho in lista_de_notebooks():
        for celula in json.loads(caminho.read_text(encoding="utf-8"))["cells"]:
            for saida in celula.get("outputs", []):
                if "image/svg+xml" in saida.get("data", {}):
                    achadas[f"{caminho.stem}:{celula['id']}"] = "".join(saida["data"]["image/svg+xml"])
    return achadas


def desenhos_nos_extremos() -> dict[str, str]:
    """Cada função de desenho com o mais, o menos e o que não é número."""
    nomes = [f"palavra{i}" for i in range(12)]
    subida = [i / 11 for i in range(12)]
    figuras = {
        "barras": barras([*nomes, "?"], [*subida, float("nan")], titulo=FRASE, nota="Uma nota."),
        "aviso": aviso("Nada para ler", "Escreva uma frase na caixa acima."),
        "passos": passos(FRASE, nomes * 3, list(range(36)), ["a", "b"], [-9.0, 9.0], [0.0, 1.0]),
        "lado a lado": lado_a_lado(
            ("Ele", "Ela"), ([("médico", 1.0), ("rei", 0.0)], [("rei", 0.5)]), titulo=FRASE, nota="Uma nota."
        ),
        "marcado": marcado(
            FRASE, [(i * 8, i * 8 + 6, f"rótulo {i}") for i in range(7)], titulo="Entidades", nota="Uma nota."
        ),
        "servico 200": servico.quadro(FRASE, 200, {"rotulo": "negativo", "nota": 0.9}),
        "envio tudo": envio.quadro({nome: 10**i for i, nome in enumerate([".env", "a.csv", "b.pt", "optimizer.pt"])}),
        "envio nada": envio.quadro({"x" * 60: 0, "runs/treino.log": 10**10}, "*"),
        "servico 500": servico.quadro("", 500, "quebrou"),
        "tokenizadores": tokenizadores.quadro({"letras": list, "palavras": str.split}, FRASE),
        "logits": logits_e_softmax.quadro({n: 6.0 if i else -6.0 for i, n in enumerate(nomes[:8])}, 0.2),
        "lotes de 1": lotes.quadro(range(1, 25), 1, lotes.EMBARALHADOS, lotes.FIXO),
        "lotes de 24": lotes.quadro([1, 5_000, 64] * 8, 24, lotes.PARECIDOS),
        "passos de um treino curto": passos_do_treino.quadro(1, epocas=10, aquecimento=50, forma="cosseno"),
        "passos de um treino longo": passos_do_treino.quadro(10_000_000, 3e-4, 1, 1, 10, 0, "constante"),
        "descida que chega": descida.quadro(0.1, 0.9, 60),
        "descida que diverge": descida.quadro(0.23, 0.0, 60),
        "revisoes 1": revisoes.quadro({"a" * 40: 0}, [(FRASE, "A", FRASE)], 1, revisoes.TUDO),
        "revisoes 8": revisoes.quadro({n: 10**12 for n in nomes[:4]}, [(FRASE, f"ABC{i}") for i in range(8)], 8),
        "revisoes soltas": revisoes.quadro(
            {n: 999 for n in nomes[:4]}, [("x", f"ABC{i}") for i in range(8)], 8, revisoes.SOLTAS
        ),
        "curvas que se cruzam": curvas.quadro(5e-4, 1200, "4 camadas"),
        "curvas fora do quadro": curvas.quadro(1e-2, 30, "1 camada"),
        "curvas no sorteio": curvas.quadro(1e-2, 1200, "4 camadas"),
        "corte": corte.quadro([0.9, 0.2, 0.7, 0.4], [True, False, False, True], ["a", "a", FRASE, FRASE], 0.5),
        "corte de um lado": corte.quadro([0.9] * 6, [True] * 6, list("abcdef"), 0.95),
        "configurador 1": configurador.quadro(1, 64, 1, 1_000),
        "configurador 2": configurador.quadro(80, 8192, 64, 250_000),
        "lora 1": lora.quadro(1),
        "lora 2": lora.quadro(128, lora.TODAS, "Llama de 7 bilhões"),
    }
    # Todas as fatias de 0 a 1, de centésimo em centésimo: cada tom de fundo que uma casa pode ter.
    for primeira in range(0, 101, 12):
        valores = [[min(primeira + coluna, 100) / 100 for coluna in range(12)]]
        figuras[f"grade de {primeira}"] = grade(["a"], nomes, valores, titulo="Pesos", nota="Uma nota.", destaque=0)
    for mascara in (mascaras.BIDIRECIONAL, mascaras.CAUSAL):
        figuras[f"mascaras {mascara}"] = mascaras.quadro("a b c d e f g h i j k l", mascara, 12)
    return {nome: str(figura) for nome, figura in figuras.items()}


def quadros_com_modelo(monkeypatch) -> dict[str, str]:
    """Os que pedem um tokenizer, ou notas de um modelo: o preenchimento, e o trecho com notas extremas."""
    from transformers import AutoTokenizer

    from curso import modelo

    tokenizer = AutoTokenizer.from_pretrained(modelo("sentiment-analysis"))
    frases = ["Odeio tanto isso!", FRASE]
    figuras = {
        f"preenchimento {lado} {maximo}": preenchimento.quadro(tokenizer, frases, lado, maximo)
        for lado in preenchimento.LADOS
        for maximo in (3, 40)
    }
    posicoes = [(i, i + 1) for i in range(8)]
    for nome, nota in (("cheio", 1.0), ("meio", 0.3), ("vazio", 0.0)):
        lida = trecho_da_resposta.Leitura(posicoes, [nota] * 8, [nota] * 8)
        monkeypatch.setattr(trecho_da_resposta, "ler", lambda *_, lida=lida: lida)
        figuras[f"trecho {nome}"] = trecho_da_resposta.quadro(None, None, "Onde?", "abcdefgh", 4)
    return {nome: str(figura) for nome, figura in figuras.items()}


def paginas_do_questionario() -> dict[str, str]:
    """A primeira pergunta com as opções fechadas e abertas, e a página da nota com erros."""
    perguntas = carregar("01")
    uma = perguntas[0]
    paginas = {"enunciado": questionario.enunciado(uma, len(perguntas))}
    for aberta in (False, True):
        paginas |= {
            f"opção {o.letra} {'aberta' if aberta else 'fechada'}": questionario.opcao_em_html(o, aberta)
            for o in uma.opcoes
        }
    erradas = {p.numero: [LETRAS[0]] for p in perguntas}
    return paginas | {"nota": str(questionario.quadro(perguntas, erradas))}
