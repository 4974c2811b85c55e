"""As verificações de «4.1 O Hub»."""

from __future__ import annotations

from curso.exercicios import exercicio
from curso.exercicios.comum import e_inteiro, e_numero
from curso.projeto import MODELOS

SERVEM = {"escola/beta", "escola/sigma"}
# Por que cada um dos outros não serve.
NAO_SERVEM = {
    "escola/alfa": "a licença de `escola/alfa` proíbe o uso comercial.",
    "escola/delta": "`escola/delta` não declara licença: em regra, sem licença não há permissão.",
    "escola/gama": "`escola/gama` faz outra tarefa: confira o `pipeline_tag`.",
    "escola/lambda": "`escola/lambda` é de outra língua: confira o `language`.",
}
TRADUTOR = MODELOS / "pt-en-mirim"
CACHE = {
    "c1": {"pesos-a": 500, "config-a": 2, "cartao-a": 1},
    "c2": {"pesos-a": 500, "config-b": 2, "cartao-a": 1},
    "c3": {"pesos-b": 520, "config-b": 2, "cartao-b": 3},
    "c4": {"pesos-a": 500, "config-b": 2, "cartao-c": 4},
}


@exercicio("04-1.a", erro_tipico='servem = [nome for nome, texto in estante.items() if "apache" in texto]')
def os_que_servem(resposta) -> str | None:
    if not isinstance(resposta, list | tuple | set) or not all(isinstance(nome, str) for nome in resposta):
        return 'a resposta é uma lista com os nomes dos repositórios, como `["escola/alfa"]`.'
    dados = set(resposta)
    if dados == SERVEM:
        return None
    if estranhos := dados - SERVEM - NAO_SERVEM.keys():
        return f"{', '.join(sorted(map(repr, estranhos)))} não está na estante. Copie os nomes como estão lá."
    for nome, motivo in NAO_SERVEM.items():
        if nome in dados:
            return motivo
    if "escola/beta" not in dados:
        return "falta um: `language` pode ser uma lista com mais de uma língua, e MIT também é permissiva."
    return "falta um: procure os que têm as três coisas, licença permissiva, português e a tarefa."


@exercicio(
    "04-1.b",
    erro_tipico="bytes_de_json = sum(a.size for a in api.list_repo_tree('curso-hf-pt/pt-en-mirim'))",
)
def o_custo_do_json(resposta) -> str | None:
    if not e_numero(resposta):
        return "a resposta é um número: a soma dos bytes dos arquivos JSON."
    em_json = sum(arquivo.stat().st_size for arquivo in TRADUTOR.glob("*.json"))
    if resposta == em_json:
        return None
    if resposta >= sum(arquivo.stat().st_size for arquivo in TRADUTOR.iterdir()):
        return 'esta conta incluiu os pesos. Some só os nomes que terminam em ".json".'
    if resposta == (TRADUTOR / "tokenizer.json").stat().st_size:
        return "este é só o `tokenizer.json`; há outros três arquivos JSON."
    if resposta in (em_json / 1e3, em_json / 1e6, round(em_json / 1e3), round(em_json / 1e6, 2)):
        return "a conta está certa, mas o enunciado pede em bytes, sem dividir."
    return "some o `file_size` de cada item do plano que `dry_run=True` devolve, com `allow_patterns`."


@exercicio("04-1.c", erro_tipico='liberados = sum(cache["c1"].values()) + sum(cache["c3"].values())')
def o_que_se_libera(resposta) -> str | None:
    if not e_inteiro(resposta):
        return "a resposta é um número inteiro de MB."
    saem, ficam = CACHE["c1"] | CACHE["c3"], CACHE["c2"] | CACHE["c4"]
    if resposta == sum(mb for blob, mb in saem.items() if blob not in ficam):
        return None
    if resposta == sum(CACHE["c1"].values()) + sum(CACHE["c3"].values()):
        return "esta é a soma das duas revisões. Um blob que `c2` ou `c4` ainda usa não sai do disco."
    if resposta == sum(saem.values()):
        return "você contou cada blob uma vez, o que está certo; falta tirar os que `c2` ou `c4` ainda usam."
    if resposta == sum(ficam.values()):
        return "isto é o que fica no disco. A pergunta é o que sai."
    return "liste os blobs de `c1` e de `c3`, risque os que aparecem em `c2` ou em `c4`, e some os que sobraram."
