"""A conferência do YAML de um cartão, como a que o Hub faz antes de aceitar um README.md."""

from __future__ import annotations

import re

import yaml

from curso.hub_local.fichas import cabecalho_do_cartao, em_lista, ler_yaml

LICENCAS = set(
    "afl-3.0 agpl-3.0 apache-2.0 apple-amlr apple-ascl artistic-2.0 bigcode-openrail-m bigscience-bloom-rail-1.0 "
    "bigscience-openrail-m bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 "
    "cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 "
    "cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 "
    "cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 "
    "eupl-1.1 eupl-1.2 gemma gfdl gpl gpl-2.0 gpl-3.0 h-research intel-research isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr "
    "llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 lppl-1.3c mit mpl-2.0 ms-pl mulanpsl-2.0 ncsa odbl odc-by ofl-1.1 "
    "open-mdw openmdw-1.0 openrail openrail++ osl-3.0 other pddl postgresql unknown unlicense wtfpl zlib".split()
)


def conferir_cartao(texto: object, tipo: str) -> tuple[list[str], list[str]]:
    """Os erros, que impedem o envio, e os avisos."""
    if not isinstance(texto, str):
        return ["O cartão não é texto."], []
    cabecalho = cabecalho_do_cartao(texto)
    if cabecalho is None or not cabecalho.strip():
        return [], ["empty or missing yaml metadata in repo card"]
    try:
        dados = ler_yaml(cabecalho)
    except yaml.YAMLError as erro:
        marca = getattr(erro, "problem_mark", None)
        return [f"O YAML do cartão tem um erro{f' na linha {marca.line + 2}' if marca else ''}."], []
    if not isinstance(dados, dict):
        return ["O YAML do cartão tem de ser uma lista de «campo: valor»."], []
    erros = []
    for licenca in em_lista(dados.get("license")):
        if licenca not in LICENCAS:
            erros.append(
                f'"license": {licenca!r} não é uma das licenças que o Hub conhece (apache-2.0, mit, cc-by-4.0, …)'
            )
    if "license_name" in dados and dados.get("license") != "other":
        erros.append('"license_name" só acompanha "license: other"')
    for lingua in em_lista(dados.get("language")):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*|multilingual|code", lingua):
            erros.append(f'"language": {lingua!r} não é um código de língua (pt, en, …)')
    for campo in ("tags", "datasets", "metrics", "base_model", "library_name", "pipeline_tag"):
        if any(
            isinstance(v, (dict, list))
            for v in (dados[campo] if isinstance(dados.get(campo), list) else [dados.get(campo)])
        ):
            erros.append(f'"{campo}" tem de ser um texto ou uma lista de textos')
    indice = dados.get("model-index")
    if indice is not None and not (
        isinstance(indice, list)
        and all(isinstance(m, dict) and m.get("name") and isinstance(m.get("results"), list) for m in indice)
    ):
        erros.append('"model-index" tem de ser uma lista, cada item com "name" e "results"')
    return erros, []
