"""O modelo que o 4.1 carrega em duas revisões: os mesmos pesos, e os nomes dos rótulos só na segunda."""

from __future__ import annotations

import json
from pathlib import Path

from curso.projeto import MODELOS

NOME = "curso-hf-pt/sentimento-mirim"


def test_a_v1_so_difere_na_configuracao_e_no_cartao(api, tmp_path):
    v1, main = (Path(api.snapshot_download(NOME, revision=r, cache_dir=tmp_path)) for r in ("v1", "main"))
    assert {a.name for a in main.iterdir()} - {a.name for a in v1.iterdir()} == {"README.md"}
    diferentes = [a.name for a in v1.iterdir() if a.read_bytes() != (main / a.name).read_bytes()]
    assert diferentes == ["config.json"]
    antiga, nova = (json.loads((pasta / "config.json").read_text(encoding="utf-8")) for pasta in (v1, main))
    assert nova == json.loads((MODELOS / "sentimento-mirim" / "config.json").read_text(encoding="utf-8"))
    assert antiga == {campo: valor for campo, valor in nova.items() if campo not in {"id2label", "label2id"}}
    assert "id2label" in nova


def test_os_outros_modelos_nao_tem_v1(api):
    assert [etiqueta.name for etiqueta in api.list_repo_refs("curso-hf-pt/encoder-mirim").tags] == ["2026.1"]
