"""De que células de um notebook outras dependem: um treino de minutos não se repete para conferir uma conta de lápis."""

from __future__ import annotations

import ast
import symtable


def necessarias(notebook, codigos: dict[str, str]) -> set[str]:
    """As células de código de que dependem algumas, dadas pelo id e pelo código que vai rodar nelas.

    Anda de trás para a frente: entra a célula que dá valor a um nome de que se precisa, e com ela os nomes que ela lê.
    Faltar uma faria falhar quem depende dela, e não passar. A de preparação e as que o Python sozinho não lê entram sempre;
    com o Hub local, entram todas, porque o que há nele depende do que cada célula enviou.
    """
    precisa, entram = set(), set()
    de_codigo = [c for c in notebook.cells if c.cell_type == "code"]
    if any("abrir_hub()" in c.source for c in de_codigo):
        return {c.id for c in de_codigo}
    for celula in reversed(de_codigo):
        try:
            lidos, escritos = nomes(codigos.get(celula.id, celula.source))
        except SyntaxError:
            lidos, escritos = set(), None
        if celula.id in codigos or escritos is None or escritos & precisa:
            entram.add(celula.id)
            precisa |= lidos
    return entram


def nomes(codigo: str) -> tuple[set[str], set[str]]:
    """Os nomes globais que um código lê, e os que ele define ou muda (``x = …``, ``x[0] = …``, ``x.append(…)``)."""
    arvore, topo = ast.parse(codigo), symtable.symtable(codigo, "célula", "exec")
    lidos, escritos, escopos = set(), set(), [topo]
    for simbolo in topo.get_symbols():
        if simbolo.is_assigned() or simbolo.is_imported() or simbolo.is_namespace():
            escritos.add(simbolo.get_name())
        if simbolo.is_referenced():
            lidos.add(simbolo.get_name())
    while escopos:
        escopo = escopos.pop()
        escopos += escopo.get_children()
        lidos |= {s.get_name() for s in escopo.get_symbols() if escopo.get_type() == "function" and s.is_global()}
    lidos -= {s.get_name() for s in topo.get_symbols() if s.is_imported()}  # importados ali mesmo, não vêm de outra
    for no in ast.walk(arvore):
        if isinstance(no, ast.For):  # a variável de um laço da própria célula não vem de outra
            lidos -= {n.id for n in ast.walk(no.target) if isinstance(n, ast.Name)}
        mudados = []
        if isinstance(no, (ast.Attribute, ast.Subscript)) and not isinstance(no.ctx, ast.Load):
            mudados = ast.walk(no.value)
        elif isinstance(no, ast.Expr) and isinstance(no.value, ast.Call) and isinstance(no.value.func, ast.Attribute):
            mudados = ast.walk(no.value.func)  # ``lista.append(…)`` sozinho em uma linha muda a lista
        escritos |= {n.id for n in mudados if isinstance(n, ast.Name)} & lidos
    return lidos, escritos
