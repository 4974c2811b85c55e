"""``python -m oficina NOME``: faz de novo, a partir da receita, um conjunto de dados ou um checkpoint."""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from curso.projeto import ErroDoCurso

CONJUNTOS = (
    "sentimento",
    "entidades",
    "perguntas",
    "assuntos",
    "rotulos",
    "pares",
    "resumos",
    "historias",
    "conversas",
    "frases",
    "dicionario",
)

# nome → (módulo, argumentos da sua função fazer(), o que faz)
RECEITAS = {
    **{
        f"dados-{nome}": ("oficina.dados", (nome,), f"dados/{nome}, dos textos escritos (segundos)")
        for nome in CONJUNTOS
    },
    "encoder": ("oficina.encoder", (), "modelos/encoder-mirim, pré-treinado em todo o português (uma hora)"),
    "sentimento": ("oficina.sentimento", (), "modelos/sentimento-mirim, do encoder (menos de uma hora)"),
    "entidades": ("oficina.entidades", (), "modelos/entidades-mirim, do encoder (minutos)"),
    "perguntas": ("oficina.perguntas", (), "modelos/perguntas-mirim, do encoder (mais de uma hora)"),
    "assuntos": ("oficina.assuntos", (), "modelos/assuntos-mirim (NLI para zero-shot), do encoder (menos de uma hora)"),
    "en-pt": ("oficina.seq2seq", ("en-pt",), "modelos/en-pt-mirim, tradutor do zero (horas)"),
    "pt-en": ("oficina.seq2seq", ("pt-en",), "modelos/pt-en-mirim, tradutor do zero (horas)"),
    "resumos": ("oficina.seq2seq", ("resumos",), "modelos/resumos-mirim, do zero (uma hora)"),
    "decoder": ("oficina.decoder", ("decoder",), "modelos/decoder-mirim, que continua textos, do zero (horas)"),
    "conversa": ("oficina.decoder", ("conversa",), "modelos/conversa-mirim, do decoder (minutos)"),
    **{
        f"julgar-{prova}": (
            "oficina.julgamento",
            (prova,),
            f"o que o modelo escreve em cada {prova}, para um leitor julgar",
        )
        for prova in ("continuacao", "conversa")
    },
    "transferencia": ("oficina.transferencia", (), "a curva do 1.2, com e sem pré-treinamento (20 min)"),
    "curvas": ("oficina.curvas", (), "as curvas do laboratório do 3.4 (15 min)"),
    "medir": ("oficina.medicao.tabela", (), "todas as medidas abaixo, e a tabela oficina/MEDIDAS.md (uma hora)"),
    "medir-primeira": ("oficina.medicao.primeira", (), "do git clone à primeira previsão (minutos; instala tudo)"),
    "medir-notebooks": ("oficina.medicao.notebooks", (), "tempo e memória de cada notebook (minutos)"),
    "medir-checkpoints": ("oficina.medicao.checkpoints", (), "tempo e memória de cada checkpoint (minutos)"),
    "medir-comparacao": ("oficina.medicao.comparacao", (), "cada mirim e um modelo do tamanho original (minutos)"),
    "medir-navegador": ("oficina.medicao.navegador", (), "da tecla ao desenho, em cada laboratório (minutos)"),
    "medir-kernels": ("oficina.medicao.kernels", (), "quantos alunos rodam o 1.1 ao mesmo tempo (minutos)"),
    "medir-turma": ("oficina.medicao.turma", (), "N alunos em um JupyterHub desta máquina: medir-turma 20 (minutos)"),
    "publicar": ("oficina.publicar", (), "os modelos e os dados, em uma conta do Hub: publicar --conta NOME (ensaia)"),
    "relatorio": ("oficina.relatorio", (), "mede os checkpoints e as referências; atualiza cartões e catálogo"),
}

# As medidas que se podem refazer para alguns notebooks, deixando as dos outros como estão.
POR_NOTEBOOK = {"medir-notebooks", "medir-navegador"}


def principal() -> int:
    leitor = argparse.ArgumentParser(prog="python -m oficina", description="A oficina: de onde vêm dados e modelos.")
    leitor.add_argument("nome", nargs="?", choices=sorted(RECEITAS), help="o que fazer")
    leitor.add_argument("quantos", nargs="?", type=int, help="de medir-turma: quantos alunos (20)")
    leitor.add_argument("--conta", help="de publicar: a conta do Hub, sua ou de uma organização")
    leitor.add_argument(
        "--so",
        nargs="+",
        metavar="NOME",
        help="de publicar: só estes modelos ou conjuntos; das medidas: só estes notebooks",
    )
    leitor.add_argument("--enviar", action="store_true", help="de publicar: envia (sem isto, é um ensaio)")
    leitor.add_argument("--privado", action="store_true", help="de publicar: os repositórios novos ficam privados")
    leitor.add_argument("--lista", action="store_true", help="mostra o que se pode fazer")
    opcoes = leitor.parse_args()
    if opcoes.lista or opcoes.nome is None:
        for nome, (_, _, descricao) in RECEITAS.items():
            print(f"  {nome:18} {descricao}")
        return 0
    inicio = time.perf_counter()
    modulo, argumentos, _ = RECEITAS[opcoes.nome]
    if opcoes.quantos is not None:
        if opcoes.nome != "medir-turma" or opcoes.quantos < 1:
            leitor.error("só medir-turma recebe um número, e ele é de 1 em diante")
        argumentos = (opcoes.quantos,)
    if opcoes.nome == "publicar":
        if not opcoes.conta:
            leitor.error("publicar precisa de --conta NOME")
        argumentos = (opcoes.conta, opcoes.so, opcoes.enviar, opcoes.privado)
    elif opcoes.conta or opcoes.enviar or opcoes.privado:
        leitor.error("--conta, --enviar e --privado são só de publicar")
    elif opcoes.so:
        if opcoes.nome not in POR_NOTEBOOK:
            leitor.error(f"--so é de publicar, {' e '.join(sorted(POR_NOTEBOOK))}")
        argumentos = (opcoes.so,)
    try:
        importlib.import_module(modulo).fazer(*argumentos)
    except ErroDoCurso as erro:
        print(erro, file=sys.stderr)
        return 1
    print(f"{opcoes.nome}: feito em {time.perf_counter() - inicio:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
