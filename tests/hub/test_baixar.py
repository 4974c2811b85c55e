"""``python -m curso baixar``: diz antes, não baixa duas vezes, segue depois de uma falha, continua depois de um corte."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from curso import baixar, cache, comandos
from curso import hub as busca
from curso.catalogo import catalogo, entrada
from curso.projeto import RAIZ
from tests.hub.hub_de_mentira import cortar, erro

TRES = ["fill-mask", "ner", "sentiment-analysis"]


def baixados(hub) -> list[str]:
    return [caminho for _, caminho, _ in hub.pedidos if "/resolve/" in caminho]


def tamanho(tarefa: str) -> int:
    return sum(a.stat().st_size for a in entrada(tarefa).pasta.iterdir())


def test_todos_de_uma_vez_e_so_uma_vez(hub, capsys):
    assert baixar.principal([]) == 0
    saida = capsys.readouterr().out
    unicos = {linha.hub for linha in catalogo().values()}
    assert f"Prontos: {len(unicos)} de {len(unicos)}." in saida and str(cache.pasta_do_cache()) in saida
    assert 'preparar(modelos="hub")' in saida and "CURSO_MODELOS=hub" in saida
    for linha in catalogo().values():
        pasta = cache.guardado(linha.hub, linha.revisao)
        assert {a.name for a in pasta.iterdir()} == {a.name for a in linha.pasta.iterdir()}
    hub.zerar()
    assert baixar.principal([]) == 0 and baixados(hub) == []
    saida = capsys.readouterr().out
    assert saida.count("já está aqui") == len(unicos) and "A baixar: 0 MB." in saida


def test_diz_antes_quanto_vai_ocupar_com_os_tamanhos_do_hub(hub, capsys, monkeypatch):
    ditos = []
    monkeypatch.setattr(baixar, "_trazer", lambda *_: ditos.append(capsys.readouterr().out) or True)
    baixar.principal(TRES)
    total = cache.em_mb(sum(map(tamanho, TRES)))
    assert f"A baixar: {total}. Livres no disco: " in ditos[0] and baixados(hub) == []
    assert ditos[0].count(" 5 MB\n") == 3, "cada modelo com o tamanho que o Hub deu, e não o do catálogo"


def test_de_um_espelho_que_nao_repassa_os_tamanhos(hub, capsys):
    hub.espelho = True
    assert baixar.principal(TRES) == 0
    saida = capsys.readouterr().out
    assert f"A baixar: {cache.em_mb(sum(map(tamanho, TRES)))}." in saida, "com os tamanhos, e não os do catálogo"
    for linha in map(entrada, TRES):
        assert {a.name for a in cache.guardado(linha.hub, linha.revisao).iterdir()} == {
            a.name for a in linha.pasta.iterdir()
        }


def test_sem_os_tamanhos_do_hub_valem_os_do_catalogo(hub, capsys):
    hub.falhar("/api/", erro(500))
    busca_espera, busca.ESPERA_ACEITA_S = busca.ESPERA_ACEITA_S, 0
    try:
        assert baixar.principal(["fill-mask"]) == 1
    finally:
        busca.ESPERA_ACEITA_S = busca_espera
    assert f"uns {entrada('fill-mask').mb_hub} MB, pelo catálogo" in capsys.readouterr().out


def test_recusa_se_comecar_se_nao_cabe(hub, capsys, monkeypatch):
    monkeypatch.setattr(cache, "espaco_livre", lambda: int(cache.FOLGA_NO_DISCO) + tamanho("ner"))
    assert baixar.principal(TRES) == 1
    saida = capsys.readouterr().out
    assert "Não cabe no disco" in saida and "HF_HOME" in saida and baixados(hub) == []
    assert not list(cache.pasta_do_cache().glob("*")), "nem uma pasta vazia"
    assert baixar.principal(["ner"]) == 0, "o que cabe, vem"


def test_uma_falha_nao_impede_as_outras(hub, capsys, monkeypatch):
    monkeypatch.delitem(hub.repositorios, entrada("ner").hub)
    assert baixar.principal(TRES) == 1
    saida = capsys.readouterr().out
    assert re.findall("^[✓✗] ([a-z-]+):", saida, re.MULTILINE) == TRES
    assert saida.count("✗") == 1 and f"✗ ner: {entrada('ner').hub} não existe no Hub" in saida
    assert "Prontos: 2 de 3." in saida and "continua de onde parou" in saida


def test_continua_de_onde_parou(hub, capsys):
    hub.falhar("/cdn/", cortar(1_000_000), vezes=1)
    hub.falhar("/cdn/", cortar(0))
    assert baixar.principal(["fill-mask"]) == 1
    hub.zerar()
    capsys.readouterr()
    assert baixar.principal(["fill-mask"]) == 0
    assert "A baixar: 4 MB." in capsys.readouterr().out
    (faixa,) = [faixa for _, caminho, faixa in hub.pedidos if "/cdn/" in caminho]
    assert int(re.search(r"\d+", faixa)[0]) > 900_000 and hub.bytes_mandados < tamanho("fill-mask") - 900_000


def test_sem_rede_diz_o_que_ja_esta_guardado(hub, capsys, sem_rede):
    baixar.principal(["fill-mask"])
    sem_rede()
    assert baixar.principal(["fill-mask"]) == 0
    assert baixar.principal(["fill-mask", "ner"]) == 1
    saida = capsys.readouterr().out
    assert "✗ ner: O Hub não responde daqui" in saida and "Prontos: 1 de 2." in saida


def test_tarefa_desconhecida(hub, capsys):
    assert baixar.principal(["astrologia"]) == 2
    assert "'astrologia'. As tarefas do catálogo são:" in capsys.readouterr().out and hub.pedidos == []


def test_tarefas_com_o_mesmo_checkpoint_contam_uma_vez():
    assert baixar.sem_repetir([entrada("ner"), entrada("token-classification"), entrada("fill-mask")]) == [
        entrada("ner"),
        entrada("fill-mask"),
    ]


# ------------------------------------------------------------------ de fora, como o leitor


def _comando(*tarefas: str) -> list[str]:
    return [sys.executable, "-m", "curso.baixar", *tarefas]


def _variaveis(hub, casa: Path) -> dict[str, str]:
    limpo = {nome: valor for nome, valor in os.environ.items() if not nome.startswith(("HF_", "CURSO_"))}
    caminho = os.pathsep.join([str(RAIZ / "tests" / "sem_rede"), str(RAIZ)])
    novas = {"HF_ENDPOINT": hub.endereco, "HF_HOME": str(casa), "PYTHONPATH": caminho, "HF_HUB_DISABLE_TELEMETRY": "1"}
    return limpo | novas | {"PYTHONIOENCODING": "utf-8"}


@pytest.mark.skipif(os.name == "nt", reason="no Windows não há SIGKILL")
def test_morto_no_meio_recomeca_do_pedaco_e_mostra_o_andamento(hub, tmp_path):
    """Queda de luz: o processo some sem aviso, e o próximo continua do que estava no disco."""
    hub.lentidao_s = 0.02
    primeiro = subprocess.Popen(
        _comando("fill-mask"),
        cwd=RAIZ,
        env=_variaveis(hub, tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        prazo = time.monotonic() + 60
        while not any(p.stat().st_size > 1_000_000 for p in tmp_path.rglob("*.incomplete")):
            assert time.monotonic() < prazo and primeiro.poll() is None
            time.sleep(0.01)
    finally:
        primeiro.send_signal(signal.SIGKILL)
        primeiro.wait()
    hub.lentidao_s = 0
    hub.zerar()
    segundo = subprocess.run(
        _comando("fill-mask"), cwd=RAIZ, env=_variaveis(hub, tmp_path), capture_output=True, text=True, timeout=60
    )
    assert segundo.returncode == 0, segundo.stderr
    (faixa,) = [faixa for _, caminho, faixa in hub.pedidos if "/cdn/" in caminho]
    assert int(re.search(r"\d+", faixa)[0]) >= 1_000_000
    assert "100%" in segundo.stderr and "Traceback" not in segundo.stderr, "a barra de progresso"


def test_o_comando_roda_no_ambiente_do_curso(monkeypatch):
    rodados = []
    monkeypatch.setattr(comandos.instalacao, "garantir", lambda *_: SimpleNamespace(python="python-do-venv"))
    monkeypatch.setattr(
        comandos.subprocess, "run", lambda comando, **_: rodados.append(comando) or SimpleNamespace(returncode=7)
    )
    assert comandos.executar_comando(["baixar", "ner", "fill-mask"]) == 7
    assert rodados == [["python-do-venv", "-m", "curso.baixar", "ner", "fill-mask"]]
