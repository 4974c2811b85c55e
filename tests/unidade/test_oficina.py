"""Os dados e as receitas: nada da avaliação no treino, e o que se grava é o que se treinou."""

from __future__ import annotations

import json
import random

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

from curso.catalogo import catalogo
from curso.projeto import RAIZ
from oficina import ajuste_fino, dados, encoder, entidades, provas, relatorio, treino
from oficina import perguntas as receita_de_perguntas
from oficina.corpus import documentos, explicacoes_do_dicionario
from oficina.parcelas import Parcelas
from oficina.textos import avaliacao, dicionario, livre, palavras, textos_da_prova, trechos_de_avaliacao
from oficina.vocabulario import BALDES, n_gramas, por_numero, treinar_wordpiece

PARTES = ("treino", "validacao")
TAREFAS_DA_AVALIACAO = ("sentimento", "entidades", "perguntas", "assuntos", "mascara", "en-pt", "pt-en", "resumos")
TAREFAS_DA_AVALIACAO += ("continuacao", "conversa")


# ------------------------------------------------------------------- os dados


def _textos(valor) -> list[str]:
    """Todo texto dentro de um item, por mais fundo que esteja."""
    if isinstance(valor, str):
        return [valor]
    if isinstance(valor, dict):
        valor = list(valor.values())
    return [texto for parte in valor for texto in _textos(parte)] if isinstance(valor, list) else []


@pytest.mark.parametrize("nome", dados.CONJUNTOS)
def test_nada_da_avaliacao_ensina(nome):
    """Nem uma frase de prova inteira, nem cinco palavras seguidas de uma, de tarefa nenhuma."""
    for parte in PARTES:
        textos = [t for item in dados.carregar(nome, parte) for t in _textos(item)]
        if nome == "dicionario":  # uma palavra ou expressão pode ser a resposta de uma prova; uma frase, não
            textos = [t for t in textos if len(palavras(t)) >= 5]
        assert not [t for t in textos if not livre(t)]


def test_o_corpus_do_encoder_tambem_nao_a_ve():
    textos = documentos() + explicacoes_do_dicionario(random.Random(0))
    assert len(textos) > 20_000
    assert not [t for t in textos if not livre(t)]


def test_a_peneira_pega_cada_prova():
    """Se uma frase de prova entrasse no treino, a guarda a veria: inteira, com outra pontuação, ou no meio de outra."""
    assert len(trechos_de_avaliacao()) > 10_000
    for tarefa in TAREFAS_DA_AVALIACAO:
        provas_da_tarefa = [t for linha in avaliacao(tarefa) for t in textos_da_prova(tarefa, linha)]
        assert len(avaliacao(tarefa)) >= 120, tarefa
        for texto in provas_da_tarefa:
            assert not livre(texto) and not livre(texto.upper().rstrip(".")), texto
            if len(palavras(texto)) >= 5:
                assert not livre(f"antes de tudo {texto} e depois")
    assert livre("uma frase qualquer que nenhuma prova tem, sobre jabuticabas azuis")


@pytest.mark.parametrize("nome", dados.CONJUNTOS)
def test_os_dados_vem_dos_textos(nome, tmp_path, monkeypatch):
    monkeypatch.setattr(dados, "DADOS", tmp_path)
    dados.fazer(nome)
    for arquivo in (tmp_path / nome).iterdir():
        assert arquivo.read_bytes() == (RAIZ / "dados" / nome / arquivo.name).read_bytes(), arquivo.name


def test_quantidades_e_equilibrio():
    minimos = {"sentimento": 4000, "entidades": 2500, "perguntas": 2000, "assuntos": 3000, "pares": 4000}
    minimos |= {"resumos": 700, "historias": 1200, "conversas": 1000, "dicionario": 6000}
    for nome, minimo in minimos.items():
        assert sum(len(dados.carregar(nome, parte)) for parte in PARTES) >= minimo, nome
    rotulos = [item["rotulo"] for parte in PARTES for item in dados.carregar("sentimento", parte)]
    assert 0.48 < rotulos.count("positivo") / len(rotulos) < 0.52


def test_frases_escritas_para_um_engano_nao_mudam_a_validacao():
    antes = dados.repartir([{"texto": str(n), "autor": "a"} for n in range(120)])
    depois = dados.repartir([{"texto": str(n), "autor": autor} for autor in ("esperas", "a") for n in range(120)])
    assert {item["texto"] for item in depois["validacao"]} == {item["texto"] for item in antes["validacao"]}
    assert not [item for item in depois["validacao"] if item["autor"] == "esperas"]
    assert len(depois["treino"]) + len(depois["validacao"]) == 240


def test_validacao_sem_contextos_do_treino():
    de = {parte: {item["context"] for item in dados.carregar("perguntas", parte)} for parte in PARTES}
    assert not de["treino"] & de["validacao"]


@pytest.mark.parametrize("nome", dados.CONJUNTOS)
def test_load_dataset_le_os_dados(nome, tmp_path):
    from datasets import load_dataset

    lidos = load_dataset(str(RAIZ / "dados" / nome), cache_dir=str(tmp_path))
    assert set(lidos) == {"train", "validation"}
    assert lidos["train"].num_rows == len(dados.carregar(nome, "treino"))
    assert set(lidos["train"].column_names) == set(dados.carregar(nome, "treino")[0])


def test_load_dataset_percebe_que_o_curso_mudou(tmp_path, monkeypatch):
    """A biblioteca guarda o que leu de uma pasta; é a versão no cartão que a faz ler de novo."""
    from datasets import load_dataset

    monkeypatch.setattr(dados, "DADOS", tmp_path)
    for quantas in (240, 360):
        itens = [{"texto": str(i), "autor": "prova"} for i in range(quantas)]
        monkeypatch.setitem(dados.CONJUNTOS, "frases", lambda itens=itens: itens)
        dados.fazer("frases")
        lidos = load_dataset(str(tmp_path / "frases"), cache_dir=str(tmp_path / "cache"))
        assert sum(parte.num_rows for parte in lidos.values()) == quantas


def test_respostas_e_entidades_apontam_para_o_texto():
    for parte in PARTES:
        for item in dados.carregar("perguntas", parte):
            resposta, inicio = item["answers"]["text"][0], item["answers"]["answer_start"][0]
            assert item["context"][inicio : inicio + len(resposta)] == resposta
        for item in dados.carregar("entidades", parte):
            assert len(item["tokens"]) == len(item["ner_tags"])
            assert sum(r.startswith("B-") for r in item["ner_tags"]) == len(item["entidades"])


# ---------------------------------------------------------------- as receitas


def _bert_minimo(vocabulario: int, classe=BertForSequenceClassification):
    torch.manual_seed(0)
    return classe(
        BertConfig(
            vocab_size=vocabulario,
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
            pad_token_id=0,
        )
    )


def _parcelas(vocabulario: int, acaso: float) -> Parcelas:
    torch.manual_seed(1)
    gramas = torch.randint(0, BALDES, (vocabulario, 4))
    gramas[0] = BALDES  # [PAD] não tem letras
    gramas[3, 2:] = BALDES
    return Parcelas(_bert_minimo(vocabulario), gramas, torch.rand(vocabulario, 5).round(), acaso).eval()


def test_assar_nao_muda_as_respostas():
    aprendiz = _parcelas(9, acaso=0.5)
    numeros = torch.tensor([[2, 5, 6, 3], [2, 7, 3, 0]])
    with torch.inference_mode():
        antes = aprendiz(numeros).logits
        depois = aprendiz.assar()(input_ids=numeros, attention_mask=(numeros != 0).long()).logits
    torch.testing.assert_close(antes, depois)


def test_sem_acaso_as_parcelas_comecam_em_nada():
    aprendiz = _parcelas(9, acaso=0.0)
    torch.testing.assert_close(aprendiz.tabela(), aprendiz.modelo.get_input_embeddings().weight)


def test_a_tabela_soma_os_pedacos_de_cada_token():
    aprendiz = _parcelas(9, acaso=0.5)
    modelo, letras, verbetes = aprendiz.modelo.get_input_embeddings().weight, aprendiz.letras.weight, aprendiz.verbetes
    torch.manual_seed(1)
    gramas = torch.randint(0, BALDES, (9, 4))
    esperado = modelo[3] + letras[gramas[3, :2]].sum(0) / 2**0.5 + verbetes(aprendiz.saber[3])
    torch.testing.assert_close(aprendiz.tabela()[3], esperado)
    torch.testing.assert_close(aprendiz.tabela()[0], modelo[0] + verbetes(aprendiz.saber[0]))


def test_o_treino_retoma_de_onde_parou(tmp_path, monkeypatch):
    """Interrompido e retomado, o treino chega aos mesmos pesos de um treino inteiro."""
    monkeypatch.setattr(treino, "RASCUNHOS", tmp_path)
    monkeypatch.setattr(treino, "MEDIDAS", tmp_path / "medidas")
    monkeypatch.setattr(treino, "SEGUNDOS_ENTRE_RASCUNHOS", 0)
    vocabulario = treinar_wordpiece(["que bom", "que ruim", "gostei muito", "detestei tudo", "foi assim e pronto"], 60)
    tokens = por_numero(vocabulario)
    blocos = encoder.em_blocos(vocabulario, ["que bom que gostei", "foi assim", "detestei tudo e pronto"] * 4)

    def treinar(cair_em: int | None = None):
        sorteio = treino.comecar(7)
        aprendiz = Parcelas(
            _bert_minimo(len(tokens), BertForMaskedLM), n_gramas(tokens), torch.zeros(len(tokens), 3), 0.02
        )
        lotes = encoder.Lotes(blocos, tokens, sorteio)
        feitos = 0

        def perda():
            nonlocal feitos
            if feitos == cair_em:
                raise KeyboardInterrupt
            feitos += 1
            return encoder.perda_de_mlm(aprendiz, *lotes.proximo())

        monkeypatch.setattr(encoder, "TOKENS_POR_LOTE", 30)
        monkeypatch.setattr(encoder, "LOTES_POR_SACO", 2)
        treino.treinar("prova", aprendiz, perda, filas=[lotes], sorteio=sorteio, passos=7, taxa=1e-2, aquecimento=2)
        return aprendiz

    inteiro = treinar()
    with pytest.raises(KeyboardInterrupt):
        treinar(cair_em=4)
    retomado = treinar()
    for nome, peso in inteiro.state_dict().items():
        torch.testing.assert_close(peso, retomado.state_dict()[nome], msg=nome)
    assert not list(tmp_path.glob("*.pt"))


def test_rascunho_de_outros_dados_nao_serve(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(treino, "RASCUNHOS", tmp_path)
    modelo = torch.nn.Linear(2, 1)
    partes = {"aprendiz": modelo, "otimizador": torch.optim.AdamW(modelo.parameters())}
    sorteio = random.Random(0)
    treino.Rascunho("x", partes, [treino.Fila([1, 2], sorteio)], sorteio, 10).guardar(5, 0)
    assert treino.Rascunho("x", partes, [treino.Fila([1, 3], sorteio)], sorteio, 10).retomar() == (0, 0.0)
    assert "começando do zero" in capsys.readouterr().out
    assert treino.Rascunho("x", partes, [treino.Fila([1, 2], sorteio)], sorteio, 10).retomar() == (5, 0)


def test_a_fila_nao_repete_antes_de_acabar():
    fila = treino.Fila(list("abcd"), random.Random(3))
    assert sorted(fila.tirar(4)) == sorted(fila.tirar(4)) == list("abcd")


def test_esconder_palavras_inteiras():
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "capi", "##vara", "dorme"]
    lotes = encoder.Lotes([[2, 5, 6, 7, 3]], tokens, random.Random(0))
    for _ in range(40):
        entrada_, alvos = lotes._esconder([2, 5, 6, 7, 3])
        assert alvos[0] == alvos[4] == -100 and entrada_[0] == 2 and entrada_[4] == 3
        assert (alvos[1] == -100) == (alvos[2] == -100), "os dois pedaços de capivara somem juntos"


def test_segmentos_de_pares():
    entradas = torch.tensor([[2, 9, 3, 8, 7, 3, 0], [2, 9, 9, 3, 0, 0, 0]])
    assert encoder.segmentos(entradas).tolist() == [[0, 0, 0, 1, 1, 1, 0], [0] * 7]


def test_rotulos_das_entidades_seguem_os_tokens():
    vocabulario = treinar_wordpiece(["Ana Paula mora em Belém"], 200)
    texto, marcas = dados.desmarcar("[Ana Paula|PER] mora em [Belém|LOC].")
    assert texto == "Ana Paula mora em Belém." and marcas == [(0, 9, "PER"), (18, 23, "LOC")]
    codigo = vocabulario.encode(texto)
    nomes = [entidades.ROTULOS[r] if r >= 0 else "-" for r in entidades.rotular(codigo, marcas)]
    assert nomes[0] == nomes[-1] == "-" and nomes[1] == "B-PER" and "I-PER" in nomes and "B-LOC" in nomes
    assert nomes.count("B-PER") == nomes.count("B-LOC") == 1


def test_variar_mantem_as_marcas_no_lugar():
    sorteio = random.Random(5)
    marcados = [
        dados.desmarcar("Hoje [Ana|PER] foi a [Belém|LOC] pela [Vale|ORG]."),
        dados.desmarcar("Oi, [José Silva|PER]!"),
    ]
    fila, trocas = treino.Fila(marcados, sorteio), entidades.Trocas(marcados, sorteio)
    for _ in range(300):
        texto, marcas = entidades.variar(marcados[0], fila, trocas, sorteio)
        assert [tipo for *_, tipo in marcas][:3] == ["PER", "LOC", "ORG"]
        for de, ate, _ in marcas:
            nome = texto[de:ate]
            assert nome.strip() == nome and nome
            assert not texto[de - 1 : de].isalnum() and not texto[ate : ate + 1].isalnum(), (texto, nome)


def test_perguntas_feitas_e_variadas_apontam_para_a_resposta():
    sorteio = random.Random(11)
    escritas = receita_de_perguntas.perguntas_escritas("validacao")[:200]
    frases = receita_de_perguntas.frases_com_alvos()[:400]
    variacoes = receita_de_perguntas.Variacoes(escritas, frases, sorteio)
    for item in escritas:
        pergunta, contexto, de, ate = variacoes.de_escrita(item)
        assert pergunta.strip() and 0 <= de < ate <= len(contexto)
        assert contexto[de:ate].strip() == contexto[de:ate]
    for frase in frases:
        pergunta, contexto, de, ate = variacoes.de_frase(frase)
        assert contexto[de:ate] in [frase[0][a:b] for a, b, _ in frase[1]]


def test_o_pooler_comeca_como_identidade():
    modelo = _bert_minimo(9)
    ajuste_fino._continuar_a_transformacao(modelo)
    assert torch.equal(modelo.bert.pooler.dense.weight, torch.eye(32))


# ----------------------------------------------------------------- o relatório


def test_as_medidas_das_provas():
    assert provas.nucleo("No quintal da avó.") == provas.nucleo("quintal da avó") == ("quintal", "da", "avo")
    assert provas.nucleo("o") == ("o",)
    certas = [("A [x] b", [(0, 1, "PER"), (2, 5, "LOC")])]
    assert provas.f1_de_entidades(lambda _: {(0, 1, "PER"), (2, 5, "ORG")}, certas) == 0.5
    assert provas.procurar("Fui ao Rio de Janeiro ontem", {"Rio": "LOC", "Rio de Janeiro": "LOC"}) == {(7, 21, "LOC")}
    assert (
        provas.frase_mais_parecida("A Ana saiu. O Beto ficou em casa.", "Quem ficou em casa?").strip()
        == "O Beto ficou em casa."
    )


@pytest.mark.parametrize("ficha", relatorio.fichas_medidas(), ids=lambda f: f.pasta)
def test_cada_cartao_sai_da_ficha_e_das_medidas(ficha):
    from oficina.cartoes import cartao

    esperado = cartao(ficha, {tarefa: relatorio.medidas_de(tarefa) for tarefa in ficha.tarefas})
    assert (RAIZ / "modelos" / ficha.pasta / "README.md").read_text(encoding="utf-8") == esperado


def test_todo_modelo_vence_a_referencia_mais_simples():
    for tarefa in relatorio.tarefas_medidas():
        medidas = relatorio.medidas_de(tarefa)
        for mais_simples in list(medidas["referencias"].values())[-1:]:
            for chave, valor in mais_simples.items():
                assert medidas["modelo"][chave] > valor, (tarefa, chave)


def test_o_conjunto_dos_modelos_e_pequeno_e_sem_pickle():
    arquivos = [a for a in (RAIZ / "modelos").rglob("*") if a.is_file()]
    assert sum(a.stat().st_size for a in arquivos) <= 60e6
    assert {a.suffix for a in arquivos} <= {".safetensors", ".json", ".md", ".toml", ".jinja"}
    for linha in catalogo().values():
        configuracao = json.loads((linha.pasta / "config.json").read_text(encoding="utf-8"))
        assert configuracao["dtype"] == "float32"
        assert linha.mb == pytest.approx(sum(a.stat().st_size for a in linha.pasta.iterdir()) / 1e6, abs=0.06)


def test_o_dicionario_tem_volume():
    assert len(dicionario()) >= 6000
