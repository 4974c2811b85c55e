"""As verificações de «4.3 O cartão do modelo»."""

from __future__ import annotations

import math

from curso.exercicios import exercicio
from curso.exercicios.comum import e_numero

CERTAS = ["queixa", "queixa", "elogio", "queixa", "elogio", "queixa", "queixa", "elogio"]
PREVISTAS = ["elogio", "queixa", "elogio", "elogio", "queixa", "queixa", "elogio", "elogio"]
APRESSADAS = [True, False, True, True, False, False, True, True]

COM_DADOS_PESSOAIS = {1, 3, 4}
SO_DE_OLHAR = {1, 4}
SEM_DADOS = {
    0: "não diz de quem se fala: «o professor» de uma escola qualquer pode ser qualquer um.",
    2: "é uma opinião sobre uma comida, e não leva a ninguém.",
    5: "o nome da cidade, sozinho, não identifica uma pessoa.",
}


@exercicio("04-3.a", erro_tipico="taxa = sum(c != p for c, p in zip(certas, previstas)) / len(certas)")
def taxa_do_grupo(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número entre 0 e 1."
    trios = list(zip(CERTAS, PREVISTAS, APRESSADAS, strict=True))
    queixas = [(certa, prevista) for certa, prevista, apressada in trios if apressada and certa == "queixa"]
    erradas = sum(prevista == "elogio" for _, prevista in queixas)
    igual = lambda valor: math.isclose(resposta, valor, abs_tol=0.005)  # noqa: E731  — a mesma conta, seis vezes
    if igual(erradas / len(queixas)):
        return None
    if igual(100 * erradas / len(queixas)):
        return "a conta está certa; dê a fração, entre 0 e 1."
    todas = [(certa, prevista) for certa, prevista, _ in trios if certa == "queixa"]
    if igual(sum(prevista == "elogio" for _, prevista in todas) / len(todas)):
        return "são as queixas de todo mundo. Fique só com as apressadas."
    if igual(erradas / sum(APRESSADAS)):
        return "você dividiu por todos os textos apressados. Divida só pelas queixas que há entre eles."
    if igual(sum(c != p for c, p, _ in trios) / len(trios)):
        return "são os erros de todos os tipos, em todos os textos. Separe o grupo, e depois as queixas."
    return "conte as queixas apressadas; depois, quantas delas o modelo chamou de elogio; e divida."


@exercicio("04-3.c", erro_tipico="retirar = {1, 4}")
def linhas_com_dados_pessoais(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, (set, frozenset, list, tuple)):
        return "a resposta é um conjunto com os números das linhas, como `{0, 5}`."
    dadas = set(resposta)
    if dadas == COM_DADOS_PESSOAIS:
        return None
    for linha in sorted(dadas - COM_DADOS_PESSOAIS, key=str):
        return f"a linha {linha} {SEM_DADOS.get(linha, 'não existe: elas vão de 0 a 5.')}"
    if dadas == SO_DE_OLHAR:
        return "falta uma, sem nome nem número: quem mora no prédio sabe de quem se trata, e o assunto é a saúde dela."
    return "falta alguma: procure nome completo, contato, e o que deixa reconhecer alguém sem dizer o nome."


@exercicio("04-3.b", erro_tipico="consertado = ModelCard(rascunho)")
def cartao_consertado(resposta) -> str | None:
    from huggingface_hub import ModelCard

    from curso.hub_local.metadados import conferir_cartao

    if not isinstance(resposta, ModelCard):
        return "a resposta é um `ModelCard`: comece por `ModelCard(rascunho)`, e mude o `.data` dele."
    erros, _ = conferir_cartao(str(resposta), "model")
    if erros:
        return f"o Hub ainda recusa: {'; '.join(erros)}"
    dados = resposta.data
    if dados.license != "mit":
        return "o rascunho diz que a licença é a do MIT. Consertar é escrevê-la como o Hub a escreve, e não trocá-la."
    if dados.language not in ("pt", ["pt"]):
        return "a língua do rascunho é o português: o código dela tem duas letras."
    if dados.pipeline_tag != "text-classification":
        return "a tarefa mudou, e ela estava certa."
    if "Classifica recados" not in resposta.text:
        return "o texto do cartão se perdeu. Mude só o cabeçalho, em `.data`."
    return None
