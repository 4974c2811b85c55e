"""As verificações do capítulo 1."""

from __future__ import annotations

import math
from pathlib import Path

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero, pipeline_de, tokenizer_de
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
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: quantos resultados têm o rótulo «positivo»."
    if resposta == len(COMENTARIOS) != certa:
        return f"{resposta} é o total de comentários. Conte só os resultados cujo `label` é «positivo»."
    if resposta != certa:
        return "o número não bate. Imprima os resultados um a um e confira qual rótulo está sendo contado."
    return None


@exercicio("01-1.b", erro_tipico='probabilidade_positiva = classificador("Não gostei nem um pouco.")[0]["score"]')
def probabilidade_positiva(resposta) -> str | None:
    notas = {r["label"]: r["score"] for r in classificador()(FRASE, top_k=None)}
    if not e_numero(resposta):
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


FRASE_DOS_NOMES = "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."
FESTA = "A festa começou às seis porque choveu até as quatro. Dona Lurdes vendeu duzentos pastéis."


@exercicio("01-1.c", erro_tipico="tokens_da_organizacao = 2")
def tokens_de_um_nome(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: quantos tokens receberam um rótulo terminado em ORG."
    rotulos = [token["entity"] for token in pipeline_de("ner")(FRASE_DOS_NOMES)]
    if resposta == sum(rotulo.endswith("ORG") for rotulo in rotulos):
        return None
    if resposta == 1:
        return 'juntas, as palavras dão uma entidade só. Peça os tokens soltos, com `aggregation_strategy="none"`.'
    if resposta == 2:
        return "são duas palavras, e cada uma se quebrou em vários tokens. Conte os tokens, um a um."
    if resposta == len(rotulos):
        return "este é o total dos três nomes. Conte só os que terminam em ORG."
    return "o número não bate. Imprima os tokens soltos com os seus rótulos e conte os que terminam em ORG."


@exercicio("01-1.d", erro_tipico='pergunta = "Quantos pastéis foram vendidos?"')
def pergunta_certa(resposta) -> str | None:
    if not isinstance(resposta, str) or len(resposta.split()) < 2:
        return "a resposta é um texto: a sua pergunta, com pelo menos duas palavras."
    if resposta.strip().lower().rstrip("?") == "quantos pastéis foram vendidos":
        return "esta é a do notebook. Invente outra que tenha a mesma resposta."
    dada = pipeline_de("question-answering")(question=resposta, context=FESTA)["answer"]
    if "duzentos" not in dada:
        return f"o modelo respondeu «{dada}». Use palavras do texto perto da resposta que você quer."
    return None


FRASE_DO_LIVRO, PALAVRA_DO_LIVRO = "Li um [MASK] inteiro no fim de semana.", "livro"
KWH_DO_TUCANO, KWH_DO_BLOOM, KG_DO_BLOOM = 872, 433_196, 24_700


def _probabilidade(frase: str, palavra: str) -> float:
    return pipeline_de("fill-mask")(frase, targets=[palavra])[0]["score"]


@exercicio("01-2.a", erro_tipico="perda_do_livro = preencher(frase, targets=[palavra])[0]['score']")
def perda_em_uma_palavra(resposta) -> str | None:
    if not e_numero(resposta):
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
    if not e_numero(resposta):
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
    if not e_numero(resposta):
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


NOTAS, TEMPERATURA, P = [4.0, 2.5, 2.0, 0.5, -1.0], 2.0, 0.9
CONVERSA = [
    {"role": "system", "content": "Responda com uma palavra."},
    {"role": "user", "content": "Oi!"},
    {"role": "assistant", "content": "Olá!"},
    {"role": "user", "content": "Qual é a cor do céu?"},
]
CAMADAS, CABECAS_DE_CONSULTA, CABECAS_KV, DIMENSAO, JANELA, BYTES = 24, 14, 2, 64, 32_768, 2


def _quantos(temperatura: float) -> int:
    import torch
    from transformers import TopPLogitsWarper

    filtrados = TopPLogitsWarper(P)(None, torch.tensor([NOTAS]) / temperatura)
    return int(filtrados.isfinite().sum())


@exercicio("01-4.a", erro_tipico="quantos = int((top_p(notas, 0.9).softmax(dim=-1) > 0).sum())")
def quantos_podem_sair(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: quantos candidatos sobram."
    if resposta == _quantos(TEMPERATURA):
        return None
    if resposta == _quantos(1.0):
        return "este é o número sem a temperatura. Divida os logits por 2 antes de aplicar o top-p."
    if resposta == _quantos(1 / TEMPERATURA):
        return "a temperatura divide os logits, não multiplica."
    return "o número não bate. Imprima as chances de `notas / 2` e some da maior para a menor até alcançar 0,9."


def _no_molde(mensagens: list[dict], vez: bool = True) -> str:
    return tokenizer_de("conversa").apply_chat_template(mensagens, tokenize=False, add_generation_prompt=vez)


@exercicio(
    "01-4.b",
    erro_tipico=(
        'pronto = conversa_tokenizer.apply_chat_template([{"role": "system", "content": "Responda com uma palavra."},'
        ' {"role": "user", "content": "Oi!"}, {"role": "assistant", "content": "Olá!"},'
        ' {"role": "user", "content": "Qual é a cor do céu?"}], tokenize=False)'
    ),
)
def texto_do_molde(resposta) -> str | None:
    if isinstance(resposta, list):
        return "esta é a lista de mensagens. Passe-a por `apply_chat_template`."
    if not isinstance(resposta, str):
        return "a resposta é um texto. Peça `tokenize=False`, para receber o texto, e não os números."
    if resposta == _no_molde(CONVERSA):
        return None
    if resposta == _no_molde(CONVERSA, vez=False):
        return "falta abrir a vez do assistente no fim: `add_generation_prompt=True`."
    if not resposta.startswith(_no_molde(CONVERSA[:1], vez=False)):
        return "o texto deve começar pela instrução de sistema, uma mensagem de papel `system`."
    if resposta == _no_molde([*CONVERSA[:2], CONVERSA[3]]):
        return "faltou a fala do assistente, «Olá!», entre as duas da pessoa."
    return "o texto não bate. Confira os quatro papéis, a ordem e as frases, letra por letra."


@exercicio("01-4.c", erro_tipico="cache_mb = 24 * 2 * 64 * 32_768 * 2 / 1e6")
def tamanho_do_cache(resposta) -> str | None:
    certa = 2 * CAMADAS * CABECAS_KV * DIMENSAO * JANELA * BYTES / 1e6
    if not e_numero(resposta):
        return "a resposta é um número: o tamanho em MB."
    if abs(resposta - certa) <= 0.01 * certa:
        return None
    if abs(resposta - certa / 2) <= 0.01 * certa:
        return "esta é a metade: cada token guarda dois vetores por cabeça, a chave e o valor."
    if abs(resposta - certa * CABECAS_DE_CONSULTA / CABECAS_KV) <= 0.1 * certa:
        return "você usou as 14 cabeças de consulta. O cache guarda só chaves e valores, e aqui eles têm 2 cabeças."
    if abs(resposta - certa * 1e6) <= 0.01 * certa * 1e6:
        return "estes são bytes. Divida por um milhão para ter MB."
    if abs(resposta - certa * 1e6 / 2**20) <= 0.005 * certa:
        return "quase: você dividiu por 1.048.576. Aqui 1 MB é um milhão de bytes."
    return "o número não bate. A conta é 2 × camadas × cabeças × dimensão × tokens × bytes por número."


OUTRAS = ["atleta", "ciclista", "detetive", "estudante", "fisioterapeuta", "florista", "manicure"]


@exercicio(
    "01-5.a",
    erro_tipico='quantas_com_a = sum(parte("o", "a", f"Hoje [MASK] {p} chegou cedo.") > 0.5 for p in outras)',
)
def quantas_com_a(resposta) -> str | None:
    certa = 0
    for palavra in OUTRAS:
        frase = f"Hoje [MASK] {palavra} chegou cedo."
        certa += _probabilidade(frase, "a") > _probabilidade(frase, "o")
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: para quantas palavras «a» ganha de «o»."
    if resposta == certa:
        return None
    if resposta == len(OUTRAS) - certa:
        return "este é o número das que preferem «o». A função `parte` devolve a parte da primeira palavra que recebe."
    return "o número não bate. Imprima o resultado de `parte` para cada palavra e confira a frase, letra por letra."


@exercicio(
    "01-5.b",
    erro_tipico=(
        'razao = preencher("Ela trabalha como [MASK].", targets=["professora"])[0]["score"]'
        ' / preencher("Ela trabalha como [MASK].", targets=["professor"])[0]["score"]'
    ),
)
def razao(resposta) -> str | None:
    ele, ela = "Ele trabalha como [MASK].", "Ela trabalha como [MASK]."
    certa = _probabilidade(ela, "professora") / _probabilidade(ele, "professor")
    if not e_numero(resposta):
        return "a resposta é um número só, o resultado da divisão."
    if abs(resposta - certa) <= 1e-3 * certa:
        return None
    if abs(resposta - 1 / certa) <= 1e-3 / certa:
        return "a divisão está ao contrário: «professora» em cima, «professor» embaixo."
    if abs(resposta - certa) <= 2e-2 * certa:
        return "quase: não arredonde, guarde o número inteiro que saiu."
    mesma = _probabilidade(ela, "professora") / _probabilidade(ela, "professor")
    if abs(resposta - mesma) <= 2e-2 * mesma:
        return "a mesma frase nas duas formas mede concordância. Use «Ela» com uma e «Ele» com a outra."
    return "o número não bate. Confira as duas frases e a palavra que cada uma pede em `targets`."


@exercicio("01-5.c", erro_tipico="quantos_conjuntos = len(cartao.data.datasets)")
def quantos_conjuntos(resposta) -> str | None:
    from huggingface_hub import ModelCard

    from curso.catalogo import modelo

    certa = len(ModelCard.load(Path(modelo("fill-mask")) / "README.md").data.datasets)
    do_sentimento = len(ModelCard.load(Path(modelo("sentiment-analysis")) / "README.md").data.datasets)
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro: o tamanho da lista `datasets` do cabeçalho."
    if resposta == certa:
        return None
    if resposta == do_sentimento:
        return 'este é o número do cartão do sentimento. Abra o de `modelo("fill-mask")`.'
    return "o número não bate. Imprima `.data.datasets` do cartão do encoder e conte os nomes."
