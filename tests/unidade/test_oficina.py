"""Os dados e a receita: nada da avaliação no treino, e o que se grava é o que se treinou."""

from __future__ import annotations

import json
import random

import pytest
import torch

from curso.projeto import RAIZ
from oficina import dados, sentimento
from oficina.textos import avaliacao, dicionario, palavras, sequencias, trechos_de_avaliacao

PARTES = ("treino", "validacao")


@pytest.mark.parametrize("parte", PARTES)
def test_nenhuma_frase_de_avaliacao_ensina(parte):
    """Nem uma frase inteira, nem cinco palavras seguidas de uma."""
    textos, _ = dados.carregar(parte)
    proibidas = {tuple(palavras(linha[-1])) for linha in avaliacao("sentimento")}
    trechos = trechos_de_avaliacao("sentimento")
    assert len(proibidas) >= 120 and len(trechos) > 500
    assert not [t for t in textos if tuple(palavras(t)) in proibidas or sequencias(t) & trechos]


def test_o_dicionario_tambem_nao_ensina_a_avaliacao():
    trechos = trechos_de_avaliacao("sentimento")
    formas = {f for v in dicionario() for f in (v.expressao, *v.formas)}
    assert not [f for f in formas if sequencias(f) & trechos]


def test_os_dados_vem_dos_textos(tmp_path, monkeypatch):
    monkeypatch.setattr(dados, "PASTA", tmp_path)
    dados.fazer()
    for parte in PARTES:
        assert (tmp_path / f"{parte}.jsonl").read_bytes() == (RAIZ / "dados/sentimento" / f"{parte}.jsonl").read_bytes()


def test_dados_equilibrados_e_sem_repeticao():
    juntos = [dados.carregar(parte) for parte in PARTES]
    textos = [t for frases, _ in juntos for t in frases]
    rotulos = [r for _, notas in juntos for r in notas]
    assert len(textos) >= 4000 and 0.48 < sum(rotulos) / len(rotulos) < 0.52
    assert len({tuple(palavras(t)) or t for t in textos}) == len(textos)


def test_load_dataset_le_os_dados(tmp_path):
    from datasets import load_dataset

    lidos = load_dataset(str(RAIZ / "dados" / "sentimento"), cache_dir=str(tmp_path))
    assert set(lidos) == {"train", "validation"}
    assert set(lidos["train"].column_names) == {"texto", "rotulo", "autor"}
    assert lidos["train"].num_rows == len(dados.carregar("treino")[0])


def _bert_minimo(vocabulario: int) -> sentimento.BertConfig:
    return sentimento.BertConfig(
        vocab_size=vocabulario,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
        pad_token_id=0,
    )


def test_assar_nao_muda_as_respostas():
    torch.manual_seed(0)
    config = _bert_minimo(vocabulario=9)
    gramas = torch.randint(0, sentimento.BALDES, (9, 4))
    aprendiz = sentimento.Aprendiz(config, gramas, torch.rand(9, 5).round()).eval()
    numeros = torch.tensor([[2, 5, 6, 3], [2, 7, 3, 0]])
    with torch.inference_mode():
        antes = aprendiz(numeros)
        depois = aprendiz.assar()(input_ids=numeros, attention_mask=(numeros != 0).long()).logits
    torch.testing.assert_close(antes, depois)


def test_o_treino_retoma_de_onde_parou(tmp_path, monkeypatch):
    """Interrompido e retomado, o treino chega aos mesmos pesos de um treino inteiro."""
    monkeypatch.setattr(sentimento, "PONTO_DE_RETOMADA", tmp_path / "ponto.pt")
    monkeypatch.setattr(sentimento, "PASSOS_ENTRE_PONTOS", 2)
    frases, rotulos = ["que bom", "que ruim", "gostei muito", "detestei tudo"], [1, 0, 1, 0]
    vocabulario = sentimento.treinar_wordpiece(frases, 60)

    def novo():
        torch.manual_seed(7)
        config = _bert_minimo(vocabulario.get_vocab_size())
        tokens = sentimento.por_numero(vocabulario)
        aprendiz = sentimento.Aprendiz(config, sentimento.n_gramas(tokens), torch.zeros(len(tokens), 3))
        emendas = [("bom", [0.1, 0.9])] * 3
        lotes = sentimento.Lotes(
            vocabulario, frases, rotulos, [t for t, _ in emendas], [o for _, o in emendas], random.Random(7)
        )
        return aprendiz, lotes

    inteiro, lotes = novo()
    sentimento.treinar(inteiro, lotes, passos=5)

    interrompido, lotes = novo()
    original = sentimento.guardar_ponto

    def guardar_e_cair(partes, lotes, feitos, passos):
        original(partes, lotes, feitos, passos)
        raise KeyboardInterrupt

    monkeypatch.setattr(sentimento, "guardar_ponto", guardar_e_cair)
    with pytest.raises(KeyboardInterrupt):
        sentimento.treinar(interrompido, lotes, passos=5)
    monkeypatch.setattr(sentimento, "guardar_ponto", original)
    retomado, lotes = novo()
    sentimento.treinar(retomado, lotes, passos=5)
    for nome, peso in inteiro.state_dict().items():
        torch.testing.assert_close(peso, retomado.state_dict()[nome], msg=nome)


def test_cartao_e_catalogo_dizem_o_que_foi_medido():
    medidas = json.loads((RAIZ / "oficina/medidas/sentimento.json").read_text(encoding="utf-8"))
    from curso.catalogo import entrada
    from oficina.relatorio import _porcento, frases_livres, prever_com_modelo

    textos, certos = frases_livres()
    previstos = prever_com_modelo(textos)
    medido = sum(p == c for p, c in zip(previstos, certos, strict=True)) / len(certos)
    assert medidas["modelo"]["livres"] == pytest.approx(medido, abs=1e-3)
    cartao = (entrada("sentiment-analysis").pasta / "README.md").read_text(encoding="utf-8")
    assert (
        _porcento(medidas["modelo"]["livres"]) in cartao
        and _porcento(medidas["modelo"]["livres"]) in entrada("sentiment-analysis").medida
    )


def test_o_modelo_e_melhor_que_o_acaso_e_o_cartao_o_compara():
    medidas = json.loads((RAIZ / "oficina/medidas/sentimento.json").read_text(encoding="utf-8"))
    assert medidas["modelo"]["livres"] >= 0.82 > medidas["maioria"]["livres"]
    from curso.catalogo import entrada

    cartao = (entrada("sentiment-analysis").pasta / "README.md").read_text(encoding="utf-8")
    assert all(f"regressão logística {nome}" in cartao for nome in ("(TF-IDF)", "com o dicionário"))
