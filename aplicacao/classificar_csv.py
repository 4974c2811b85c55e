"""Lê um CSV, classifica uma coluna e escreve outro CSV, com três colunas a mais.

Da pasta que contém ``aplicacao/``:

    python aplicacao/classificar_csv.py aplicacao/exemplos.csv saida.csv
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

MODELO = "modelos/sentimento-mirim"
COLUNAS_NOVAS = ["rotulo", "probabilidade", "aviso"]
CODIFICACAO = "utf-8-sig"  # UTF-8, com ou sem a marca que o Excel põe no começo do arquivo
csv.field_size_limit(10_000_000)  # o padrão recusa um campo com mais de 131.072 caracteres


class ErroDoArquivo(Exception):
    """O arquivo de entrada não serve. A mensagem diz onde e por quê."""


def ler(caminho: str, coluna: str) -> tuple[str, list[str], list[list[str]]]:
    """O separador, o cabeçalho e as linhas de um CSV, já conferidos. Linhas em branco ficam de fora."""
    nome = Path(caminho).name
    try:
        with open(caminho, encoding=CODIFICACAO, newline="") as arquivo:
            primeira = arquivo.readline()
            arquivo.seek(0)
            separador = ";" if primeira.count(";") > primeira.count(",") else ","
            leitor = csv.reader(arquivo, delimiter=separador, strict=True)
            lidas = [(leitor.line_num, linha) for linha in leitor if linha]
    except OSError:
        raise ErroDoArquivo(f"Não consegui abrir {nome}. Confira o nome e a pasta.") from None
    except UnicodeDecodeError:
        raise ErroDoArquivo(f"{nome} não está em UTF-8. No Excel, salve como «CSV UTF-8».") from None
    except csv.Error:
        raise ErroDoArquivo(
            f"{nome}: não entendi o que há perto da linha {leitor.line_num}. Confira se há aspas sem par."
        ) from None
    if not lidas:
        raise ErroDoArquivo(f"{nome} está vazio.")
    (_, cabecalho), *linhas = lidas
    if coluna not in cabecalho:
        raise ErroDoArquivo(f"{nome} não tem a coluna «{coluna}». Há: {', '.join(cabecalho)}. Use --coluna.")
    if repetidas := [nova for nova in COLUNAS_NOVAS if nova in cabecalho]:
        raise ErroDoArquivo(f"{nome} já tem a coluna «{repetidas[0]}», que eu escreveria. Mude o nome dela.")
    for numero, linha in linhas:
        if len(linha) != len(cabecalho):
            raise ErroDoArquivo(
                f"{nome}, linha {numero}: os campos são {len(linha)}, e as colunas do cabeçalho, {len(cabecalho)}. "
                f"Um texto que tem «{separador}» precisa de aspas."
            )
    return separador, cabecalho, [linha for _, linha in linhas]


def escrever(caminho: str, separador: str, cabecalho: list[str], linhas: list[list[str]], resultados: list) -> None:
    """As linhas que entraram, cada uma com o seu resultado no fim."""
    with open(caminho, "w", encoding=CODIFICACAO, newline="") as arquivo:
        escritor = csv.writer(arquivo, delimiter=separador)
        escritor.writerow(cabecalho + COLUNAS_NOVAS)
        for linha, r in zip(linhas, resultados, strict=True):
            probabilidade = "" if r.probabilidade is None else f"{r.probabilidade:.3f}"
            if separador == ";":  # as planilhas em português escrevem 0,853
                probabilidade = probabilidade.replace(".", ",")
            escritor.writerow([*linha, r.rotulo or "", probabilidade, r.aviso])


def main() -> None:
    opcoes = argparse.ArgumentParser(description="Classifica uma coluna de um CSV.")
    opcoes.add_argument("entrada", help="o CSV a ler")
    opcoes.add_argument("saida", help="o CSV a escrever")
    opcoes.add_argument("--coluna", default="texto", help="a coluna a classificar (padrão: %(default)s)")
    opcoes.add_argument("--modelo", default=MODELO, help="pasta ou nome no Hub (padrão: %(default)s)")
    opcoes.add_argument("--revisao", help="o commit, se o modelo é do Hub")
    pedido = opcoes.parse_args()
    if Path(pedido.entrada).resolve() == Path(pedido.saida).resolve():
        sys.exit("Erro: a saída tem de ser outro arquivo.")
    try:
        separador, cabecalho, linhas = ler(pedido.entrada, pedido.coluna)
    except ErroDoArquivo as erro:
        sys.exit(f"Erro: {erro}")

    # Só agora, porque importar a biblioteca leva segundos: um nome errado é acusado na hora.
    from classificador import Classificador, ErroDoClassificador

    try:
        classificador = Classificador(pedido.modelo, pedido.revisao)
        onde = cabecalho.index(pedido.coluna)
        resultados = classificador.classificar_lote(linha[onde] for linha in linhas)
        escrever(pedido.saida, separador, cabecalho, linhas, resultados)
    except ErroDoClassificador as erro:
        sys.exit(f"Erro: {erro}")
    except OSError:
        sys.exit(f"Erro: não consegui escrever {Path(pedido.saida).name}. O arquivo está aberto em outro programa?")
    com_aviso = sum(bool(r.aviso) for r in resultados)
    print(f"Linhas: {len(linhas)}. Com aviso: {com_aviso}.")


if __name__ == "__main__":
    main()
