"""Guardas sobre o texto dos notebooks: anatomia, saídas guardadas, figuras, construções proibidas."""

from __future__ import annotations

import re
import statistics

import nbformat
import pytest

from curso.carimbo import celula_de_preparacao, endereco_no_colab
from curso.desenho.estilo import descricao_de, titulo_de
from curso.exercicios import achar
from curso.exercicios.questionario import e_questionario
from curso.projeto import NOTEBOOKS, RAIZ, lista_de_notebooks

LINHA_DE_FATOS = re.compile(
    r"\*\*Tempo:\*\* \d+ min · \*\*Downloads:\*\* .*MB.* · \*\*GPU:\*\* .+ · \*\*Verificado\*\* .+transformers 5\.\d+.+ em \d\d/\d\d/\d{4}"
)
PROIBIDOS = {
    r"\binteract\b|\binteractive_output\b": "não se compara no nbval; use observe → HTML.value",
    r"\bOutput\(|clear_output|update_display": "o nbval não compara",
    r"\bFileUpload\b|\bDropdown\b|\bRadioButtons\b|\bSelect\(": "teclas vão para o notebook, ou muda entre ipywidgets 7 e 8",
    r"enable_custom_widget_manager": "quebra abas no Colab",
    r"trust_remote_code": "código de terceiros",
    r"\bpickle\b|torch\.load\(": "pesos em pickle",
    r"\bhf_[A-Za-z0-9]{20,}": "senha do Hub em arquivo",
    r"drive\.mount": "pede acesso ao Drive inteiro",
    r"%matplotlib widget": "não funciona no Colab",
    r"pip install (?!.*(--help))": "instala no notebook: o lugar é requirements.txt ou colab/",
}
# As células que mostram por que o pickle é perigoso, com bytes feitos ali mesmo e nenhum peso.
SOBRE_PICKLE = {"pickle-criar", "pickle-abrir", "torch-load"}
REMOVIDOS = [
    "grouped_entities",
    "evaluation_strategy",
    "no_cuda",
    "use_auth_token",
    "torch_dtype",
    "encode_plus",
    "TFAutoModel",
    "huggingface-cli",
    "TRANSFORMERS_CACHE",
    "pytorch_model.bin",
    "load_metric",
    "return_all_scores",
]
CAIXA_ANTIGA = "No Transformers 4 era assim"


def prosa(notebook):
    return "\n\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")


def celulas_de_codigo(notebook):
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def fonte(celula):
    return "".join(celula["source"])


def do_leitor(notebook):
    """As células de código, menos a de preparação."""
    return [c for c in celulas_de_codigo(notebook) if c["id"] != "preparacao"]


def test_ha_notebooks():
    assert lista_de_notebooks()[0].name == "00-comece-aqui.ipynb"


def test_nome_e_formato(caminho, notebook):
    assert re.fullmatch(r"\d\d(-\d+)?-[a-z0-9-]+\.ipynb", caminho.name)
    nbformat.validate(nbformat.from_dict(notebook))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert caminho.stat().st_size < 500_000
    identidades = [c["id"] for c in notebook["cells"]]
    assert len(set(identidades)) == len(identidades)


def test_metadados(notebook):
    metadados = notebook["metadata"]
    assert set(metadados) <= {"kernelspec", "language_info", "colab", "accelerator"}
    assert metadados["kernelspec"]["name"] == "python3"
    assert metadados["colab"]["toc_visible"] is True


def test_o_colab_so_reserva_gpu_onde_ela_ajuda(notebook):
    metadados, ajuda = notebook["metadata"], "**GPU:** ajuda" in prosa(notebook)
    assert metadados.get("accelerator") == ("GPU" if ajuda else None)
    assert metadados["colab"].get("gpuType") == ("T4" if ajuda else None)
    usa = any("cuda.get_device_name" in fonte(c) for c in celulas_de_codigo(notebook))
    assert ajuda == usa, "diz que a GPU ajuda quem mede nela"


def test_anatomia(caminho, notebook):
    celulas = notebook["cells"]
    assert celulas[0]["id"] == "selo"
    assert re.search(r"\((https://colab[^)]*)\)", fonte(celulas[0]))[1] == endereco_no_colab(caminho)
    texto = prosa(notebook)
    assert len(re.findall(r"^# ", texto, re.MULTILINE)) == 1, "um título só"
    assert LINHA_DE_FATOS.search(texto), "falta a linha de fatos"
    vai, viu = (
        re.search(rf"{inicio}[^\n]*\n((?:\s*- .+\n?)+)", texto)
        for inicio in (r"\*\*Neste notebook você vai\*\*", r"## Neste notebook você viu")
    )
    assert vai and viu
    objetivos, resumo = (bloco[1].strip().count("\n") + 1 for bloco in (vai, viu))
    assert 3 <= objetivos <= 5 and objetivos == resumo, "o fecho espelha os objetivos, um a um"
    for parte in ("**Antes:**", "**Termos:**", "**Para ir além**"):
        assert parte in texto, parte
    ultimo = lista_de_notebooks()[-1] == caminho
    assert ultimo or "**Próximo notebook:**" in texto


def test_celula_de_preparacao(notebook):
    preparacao = [c for c in celulas_de_codigo(notebook) if c["id"] == "preparacao"]
    assert len(preparacao) == 1 and celulas_de_codigo(notebook)[0]["id"] == "preparacao"
    assert fonte(preparacao[0]) == celula_de_preparacao()
    assert len(fonte(preparacao[0]).splitlines()) <= 15
    assert preparacao[0]["metadata"] == {"cellView": "form", "tags": ["nbval-ignore-output"]}


def test_preparacao_nao_toca_no_que_o_colab_ja_tem():
    texto = (RAIZ / "colab" / "preparacao.py").read_text(encoding="utf-8")
    instalacoes = [linha for linha in texto.splitlines() if "pip" in linha]
    assert not any(re.search(r"\b(torch|numpy|pandas|matplotlib|transformers)\b", linha) for linha in instalacoes)


def test_celulas_executadas_e_com_saidas(notebook):
    """Uma célula sem número de execução passa no nbval sem ser comparada: aqui ela falha."""
    codigo = celulas_de_codigo(notebook)
    assert [c["execution_count"] for c in codigo] == list(range(1, len(codigo) + 1)), (
        "execute de cima a baixo: python -m curso executar"
    )
    assert sum(bool(c["outputs"]) for c in codigo) >= 0.6 * len(codigo)


def test_pouca_coisa_fica_sem_comparar(notebook):
    soltas = [
        c["id"]
        for c in do_leitor(notebook)
        if set(c["metadata"].get("tags", [])) & {"nbval-ignore-output", "nbval-skip"}
    ]
    assert len(soltas) <= max(1, len(do_leitor(notebook)) // 8), soltas


def test_saidas_sem_erro_nem_coisas_desta_maquina(notebook):
    for celula in celulas_de_codigo(notebook):
        for saida in celula["outputs"]:
            assert saida["output_type"] != "error" or "raises-exception" in celula["metadata"].get("tags", [])
            assert saida.get("name") != "stderr", f"aviso guardado na célula {celula['id']}"
            assert "application/vnd.jupyter.widget-view+json" not in saida.get("data", {})
            texto = str(saida.get("text", "")) + str(saida.get("data", ""))
            achado = re.search(
                r"/home/|/work/|/tmp/|/root/|/Users/|C:\\\\|\bat 0x[0-9a-f]{6,}|\.venv|site-packages|127\.0\.0\.1",
                texto,
            )
            assert not achado, f"{achado[0]} na saída da célula {celula['id']}"


def test_tamanho_das_celulas(notebook):
    linhas = [len(fonte(c).strip().splitlines()) for c in do_leitor(notebook)]
    assert statistics.median(linhas) <= 5
    assert max(linhas) <= 40


@pytest.mark.parametrize("padrao", PROIBIDOS)
def test_construcoes_proibidas(caminho, notebook, padrao):
    mostram = SOBRE_PICKLE if "pickle" in padrao and caminho.stem.startswith("02-2") else ()
    for celula in do_leitor(notebook):
        if celula["id"] in mostram:
            continue
        achado = re.search(padrao, fonte(celula))
        assert not achado, f"{achado[0]}: {PROIBIDOS[padrao]}"


def test_api_removida_so_na_caixa(notebook):
    for celula in notebook["cells"]:
        if CAIXA_ANTIGA not in fonte(celula):
            assert not [nome for nome in REMOVIDOS if nome in fonte(celula)], celula["id"]


def test_no_texto_so_a_imagem_do_selo(notebook):
    """As demais são saídas de célula: uma imagem relativa some na cópia que o leitor guarda no Colab."""
    texto = prosa(notebook)
    assert "<img" not in texto
    assert re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", texto) == [("Abrir no Colab", "../images/abrir-no-colab.svg")]


def test_figuras_descritas_no_texto(notebook):
    """Cada saída com desenho ou gráfico tem nome e descrição, e um texto vizinho que fala dela."""
    celulas = notebook["cells"]
    for indice, celula in enumerate(celulas):
        for saida in celula.get("outputs", []):
            dados = saida.get("data", {})
            if "image/svg+xml" in dados:
                svg = "".join(dados["image/svg+xml"])
                # O leitor de tela lê os dois de uma vez: juntos é que precisam dizer o que se vê.
                assert len(descricao_de(svg)) > 15 and len(titulo_de(svg)) > 5, celula["id"]
                assert len(f"{titulo_de(svg)} {descricao_de(svg)}") > 40, celula["id"]
                assert re.match(r'<svg [^>]*role="img"[^>]* aria-label(ledby)?="[^"]+', svg), celula["id"]
            elif "image/png" in dados:
                assert len(saida["metadata"].get("image/png", {}).get("alt", "")) > 40, celula["id"]
            else:
                continue
            vizinhos = [fonte(c) for c in celulas[max(indice - 1, 0) : indice + 2] if c["cell_type"] == "markdown"]
            assert re.search(r"\b(figura|quadro|gráfico)\b", " ".join(vizinhos).lower()), celula["id"]


def test_ha_laboratorio_com_quadro_estatico_antes_e_prova_depois(notebook):
    codigo = celulas_de_codigo(notebook)
    bancadas = [i for i, c in enumerate(codigo) if re.search(r"\bLaboratorio\w+\(", fonte(c))]
    assert bancadas, "todo notebook de aula tem um laboratório"
    for i in bancadas:
        assert any("image/svg+xml" in s.get("data", {}) for s in codigo[i - 1]["outputs"]), (
            "falta o primeiro quadro, estático"
        )
        assert ".value = " in fonte(codigo[i + 1]) and codigo[i + 1]["outputs"], "falta mover o laboratório por código"


def test_exercicios_tem_enunciado_esboco_e_solucao(caminho, notebook):
    if e_questionario(caminho):
        pytest.skip("o questionário tem perguntas no lugar de exercícios")
    celulas = {c["id"]: c for c in notebook["cells"]}
    letras = sorted(i.removeprefix("exercicio-") for i in celulas if i.startswith("exercicio-"))
    assert len(letras) >= 2
    for letra in letras:
        chave = f"{re.match(r'[0-9-]*[0-9]', caminho.stem)[0]}.{letra}"
        assert achar(chave).chave == chave
        esboco, solucao = celulas[f"exercicio-{letra}"], fonte(celulas[f"solucao-{letra}"])
        assert f'verificar("{chave}"' in fonte(esboco) and "..." in fonte(esboco)
        assert "ainda não respondido" in str(esboco["outputs"])
        assert re.search(r"<details>\s*<summary>.+</summary>\s*\n\n.*```python\n.+```.*</details>", solucao, re.DOTALL)


def test_aviso_de_titulos_em_ordem(notebook):
    niveis = [
        len(m) for m in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", prosa(notebook), flags=re.DOTALL), re.MULTILINE)
    ]
    assert all(b - a <= 1 for a, b in zip(niveis, niveis[1:], strict=False)), "um nível de título foi pulado"


def test_links_para_dentro_do_repositorio_existem(notebook):
    for alvo in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", prosa(notebook)):
        if not re.match(r"https?:|#|mailto:", alvo):
            assert (NOTEBOOKS / alvo.split("#")[0]).resolve().exists(), alvo
