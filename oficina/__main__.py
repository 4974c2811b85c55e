"""``python -m oficina NOME``: faz de novo, a partir da receita, um conjunto de dados ou um checkpoint."""

from __future__ import annotations

import argparse
import importlib
import sys
import time

# nome → (módulo, o que faz). Cada módulo tem uma função fazer().
RECEITAS = {
    "dados-sentimento": ("oficina.dados", "dados/sentimento, dos textos escritos para o curso (segundos)"),
    "sentimento": ("oficina.sentimento", "modelos/sentimento-mirim, de dados/sentimento (minutos, em CPU)"),
    "relatorio": ("oficina.relatorio", "mede os checkpoints e as referências simples; atualiza cartões e catálogo"),
}


def principal() -> int:
    leitor = argparse.ArgumentParser(prog="python -m oficina", description="A oficina: de onde vêm dados e modelos.")
    leitor.add_argument("nome", nargs="?", choices=sorted(RECEITAS), help="o que fazer")
    leitor.add_argument("--lista", action="store_true", help="mostra o que se pode fazer")
    opcoes = leitor.parse_args()
    if opcoes.lista or opcoes.nome is None:
        for nome, (_, descricao) in RECEITAS.items():
            print(f"  {nome:18} {descricao}")
        return 0
    inicio = time.perf_counter()
    importlib.import_module(RECEITAS[opcoes.nome][0]).fazer()
    print(f"{opcoes.nome}: feito em {time.perf_counter() - inicio:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
