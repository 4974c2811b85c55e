"""As verificações do capítulo 1."""

from __future__ import annotations

import functools
import math
import numbers

from curso.exercicios import exercicio
from curso.exercicios.sentimento import classificador

COMENTARIOS = [
    "Adorei a oficina, aprendi muito.",
    "A sala estava quente e o som falhava.",
    "Professora paciente e exemplos claros.",
    "Perdi o meu tempo.",
    "Quero fazer a próxima turma!",
]
FRASE = "Não gostei nem um pouco."


@exercicio("01-1.a", erro_tipico="quantas_positivas = len(classificador(comentarios))")
def quantas_positivas(resposta) -> str | None:
    certa = sum(r["label"] == "positivo" for r in classificador()(COMENTARIOS))
    if isinstance(resposta, bool) or not isinstance(resposta, numbers.Integral):
        return "a resposta é um número inteiro: quantos resultados têm o rótulo «positivo»."
    if resposta == len(COMENTARIOS) != certa:
        return f"{resposta} é o total de comentários. Conte só os resultados cujo `label` é «positivo»."
    if resposta != certa:
        return "o número não bate. Imprima os resultados um a um e confira qual rótulo está sendo contado."
    return None


@exercicio("01-1.b", erro_tipico='probabilidade_positiva = classificador("Não gostei nem um pouco.")[0]["score"]')
def probabilidade_positiva(resposta) -> str | None:
    notas = {r["label"]: r["score"] for r in classificador()(FRASE, top_k=None)}
    if isinstance(resposta, bool) or not isinstance(resposta, numbers.Real):
        return "a resposta é só o número, o `score` do rótulo «positivo»."
    if abs(resposta - notas["positivo"]) <= 1e-3:
        return None
    if abs(resposta - notas["negativo"]) <= 1e-3:
        return "esta é a probabilidade de «negativo». Procure, na lista, o dicionário cujo `label` é «positivo»."
    if abs(resposta - notas["positivo"]) <= 1e-2:
        return "quase: não arredonde, guarde o número inteiro que saiu."
    if 1 < resposta <= 100:
        return "a probabilidade vai de 0 a 1, e não de 0 a 100."
    return f"o número não bate. Confira se a frase é exatamente «{FRASE}»."


FRASE_DO_LIVRO, PALAVRA_DO_LIVRO = "Li um [MASK] inteiro no fim de semana.", "livro"
KWH_DO_TUCANO, KWH_DO_BLOOM, KG_DO_BLOOM = 872, 433_196, 24_700


@functools.cache
def _probabilidade(frase: str, palavra: str) -> float:
    from transformers import pipeline

    from curso.catalogo import modelo

    return pipeline("fill-mask", model=modelo("fill-mask"))(frase, targets=[palavra])[0]["score"]


def _numero(resposta) -> bool:
    return isinstance(resposta, numbers.Real) and not isinstance(resposta, bool)


@exercicio("01-2.a", erro_tipico="perda_do_livro = preencher(frase, targets=[palavra])[0]['score']")
def perda_em_uma_palavra(resposta) -> str | None:
    if not _numero(resposta):
        return "a resposta é um número só: menos o logaritmo natural da probabilidade."
    p = _probabilidade(FRASE_DO_LIVRO, PALAVRA_DO_LIVRO)
    certa = -math.log(p)
    if abs(resposta - certa) <= 0.01:
        return None
    if abs(resposta - p) <= 0.01:
        return "esta é a probabilidade. A perda é menos o logaritmo dela: `-log(p)`."
    if abs(resposta + certa) <= 0.01:
        return "faltou o sinal de menos: o logaritmo de um número menor que 1 é negativo, e a perda não é."
    if abs(resposta + math.log10(p)) <= 0.01 or abs(resposta + math.log2(p)) <= 0.01:
        return "o logaritmo é o natural: `log`, do módulo `math`, sem `log10` nem `log2`."
    return "o número não bate. Confira a frase e a palavra, e se o `score` usado é o de «livro»."


@exercicio("01-2.b", erro_tipico="bilhoes = 15 / 2")
def maior_modelo_que_cabe(resposta) -> str | None:
    if not _numero(resposta):
        return "a resposta é um número: quantos bilhões de parâmetros."
    if abs(resposta - 6) <= 0.01:
        return None
    if abs(resposta - 7.5) <= 0.01:
        return "os 15 GB não são todos para os pesos: desconte os 3 GB do resto antes de dividir."
    if abs(resposta - 24) <= 0.01 or abs(resposta - 30) <= 0.01:
        return "cada parâmetro ocupa 2 bytes: é para dividir por 2, e não para multiplicar."
    if abs(resposta - 3) <= 0.01 or abs(resposta - 3.75) <= 0.01:
        return "essa conta é a de 4 bytes por parâmetro (float32). Aqui são 2."
    if abs(resposta - 6e9) <= 1e7:
        return "é isso, mas em bilhões: 6e9 parâmetros são 6 bilhões."
    return "primeiro veja quantos GB sobram para os pesos; depois divida pelos bytes de cada parâmetro."


@exercicio("01-2.c", erro_tipico="emissao_kg = 872 * 57")
def emissao_em_outra_rede(resposta) -> str | None:
    if not _numero(resposta):
        return "a resposta é um número: quantos quilos de CO2 equivalente."
    certa = KWH_DO_TUCANO * KG_DO_BLOOM / KWH_DO_BLOOM
    if abs(resposta - certa) <= 0.02 * certa:
        return None
    if abs(resposta - 1000 * certa) <= 20 * certa:
        return "isto está em gramas. Divida por mil para ter quilos."
    if abs(resposta - 332) <= 5:
        return "esta é a emissão na Alemanha. Use os gramas por kWh da França, da linha do BLOOM."
    if abs(resposta - certa / 1000) <= 0.01:
        return "isto está em toneladas. Uma tonelada são mil quilos."
    return "multiplique os kWh do Tucano pelos gramas por kWh da França e passe de gramas para quilos."


@exercicio("01-3.a", erro_tipico="par = (6, 15)")
def quem_ve_quem(resposta) -> str | None:
    if not isinstance(resposta, tuple | list) or len(resposta) != 2:
        return "a resposta é um par de números: (quantos_ve, proibidas)."
    ve, proibidas = resposta
    if ve == 3:
        return "faltou contar o próprio token: cada um vê a si mesmo e os anteriores."
    if ve != 4:
        return "na máscara causal, um token vê a si mesmo e os anteriores, e nenhum dos que vêm depois."
    if proibidas == 36 - 15:
        return "21 é o número de casas permitidas. As proibidas são as outras."
    if proibidas != 15:
        return "conte as casas acima da diagonal: 5 na primeira linha, 4 na segunda, e assim por diante."
    return None


@exercicio("01-3.b", erro_tipico="saida_do_ponto = V[3]")
def saida_de_um_token(resposta) -> str | None:
    import torch

    torch.manual_seed(42)
    X = torch.randn(4, 6)
    Q, K, V = (X @ W for W in torch.randn(3, 6, 6) / 6**0.5)
    certa = ((Q @ K.T / 6**0.5).softmax(dim=-1) @ V)[3]
    if not isinstance(resposta, torch.Tensor) or resposta.shape != (6,):
        return "a resposta é um tensor de seis números, a soma das linhas de V, cada uma vezes o seu peso."
    if torch.allclose(resposta, V[3], atol=1e-4):
        return "este é o valor do próprio «!», sem mistura. Some as quatro linhas de V, cada uma vezes o seu peso."
    if not torch.allclose(resposta, certa, atol=1e-4):
        return "os números não batem. Os pesos são os da linha 3 (a última), e são quatro: um para cada linha de V."
    return None


@exercicio("01-3.c", erro_tipico='escolhas = ["decoder", "decoder", "decoder"]')
def que_arquitetura(resposta) -> str | None:
    certas = ["encoder", "decoder", "encoder-decoder"]
    if not isinstance(resposta, tuple | list) or len(resposta) != 3:
        return "a resposta é uma lista de três textos, na ordem dos trabalhos."
    dadas = [str(dada).strip().lower().replace("–", "-").replace(" ", "") for dada in resposta]
    dicas = (
        "o primeiro trabalho dá um rótulo a um texto pronto: quem lê melhor um texto pronto?",
        "o segundo escreve texto novo a partir de um começo.",
        "no terceiro, um texto inteiro entra e outro, que diz o mesmo, sai: quem lê e quem escreve?",
    )
    return next((dica for dada, certa, dica in zip(dadas, certas, dicas, strict=True) if dada != certa), None)
