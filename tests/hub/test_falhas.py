"""``modelo(tarefa)`` no modo hub: o caminho feliz, e cada jeito de falhar, com o tempo medido."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import huggingface_hub
import pytest

from curso import cache
from curso import hub as busca
from curso.catalogo import entrada
from tests.hub.hub_de_mentira import cortar, emudecer, erro, pagina_de_entrada, trocar

FIXA, MOVEL = "fill-mask", "sentiment-analysis"  # uma revisão presa a um commit, e uma que segue o ramo main
PESOS = "model.safetensors"
# Na máquina de um leitor, os testes dividem os núcleos com o que mais estiver aberto.
FOLGA = 1 if os.environ.get("CI") == "true" else 2
RAPIDO, MUDO = 2.0 * FOLGA, 4.0 * FOLGA


def e_embutido(pasta: str, tarefa: str) -> bool:
    return Path(pasta) == entrada(tarefa).pasta


def do_hub(pasta: str, tarefa: str) -> bool:
    """A pasta é a do cache, com todos os arquivos do Hub (do mirim, aqui), byte por byte."""
    origem = entrada(tarefa).pasta
    nomes = {a.name for a in origem.iterdir()}
    return (
        Path(pasta).parent.name == "snapshots"
        and {a.name for a in Path(pasta).iterdir()} == nomes
        and all((Path(pasta) / n).read_bytes() == (origem / n).read_bytes() for n in nomes)
    )


def baixados(hub) -> list[str]:
    return [caminho for _, caminho, _ in hub.pedidos if "/resolve/" in caminho]


def desiste(resultado, tarefa: str, trecho: str, limite_s: float) -> None:
    """Caiu no embutido, disse por quê, e a tempo."""
    pasta, saida, segundos = resultado
    assert e_embutido(pasta, tarefa), saida
    assert trecho in saida and saida.rstrip().endswith("A lição continua com o modelo embutido."), saida
    assert "Traceback" not in saida
    assert segundos < limite_s


# ----------------------------------------------------------------- o que deve dar certo


def test_baixa_so_o_que_e_seguro_e_so_uma_vez(hub, pedir, tmp_path, monkeypatch):
    estranhos = tmp_path / "repositorio"
    estranhos.mkdir()
    for arquivo in entrada(FIXA).pasta.iterdir():
        shutil.copy(arquivo, estranhos)
    for nome in ("pytorch_model.bin", "modeling_estranho.py", "flax_model.msgpack"):
        (estranhos / nome).write_bytes(b"nada")
    monkeypatch.setattr(hub.repositorios[entrada(FIXA).hub], "pasta", estranhos)
    pasta, saida, _ = pedir(FIXA)
    assert do_hub(pasta, FIXA), saida
    assert f'No seu código: "{entrada(FIXA).hub}"' in saida
    assert len(baixados(hub)) == len(list(entrada(FIXA).pasta.iterdir()))
    hub.zerar()
    assert pedir(FIXA)[0] == pasta and hub.pedidos == []


def test_de_um_ramo_pergunta_se_ha_coisa_nova_e_nao_baixa_de_novo(hub, pedir):
    pasta, *_ = pedir(MOVEL)
    hub.zerar()
    assert pedir(MOVEL)[0] == pasta and len(hub.pedidos) == 1 and baixados(hub) == []


def test_o_cache_e_o_mesmo_da_biblioteca(hub, pedir, sem_rede):
    pasta, *_ = pedir(FIXA)
    sem_rede()
    guardada = huggingface_hub.snapshot_download(
        entrada(FIXA).hub, revision=entrada(FIXA).revisao, local_files_only=True, cache_dir=cache.pasta_do_cache()
    )
    assert guardada == pasta
    assert not huggingface_hub.scan_cache_dir(cache.pasta_do_cache()).warnings


def test_aproveita_o_que_a_biblioteca_baixou(hub, pedir, sem_rede):
    linha = entrada(FIXA)
    opcoes = {"revision": linha.revisao, "cache_dir": cache.pasta_do_cache(), "endpoint": hub.endereco}
    guardada = huggingface_hub.snapshot_download(linha.hub, **opcoes)
    hub.zerar()
    assert pedir(FIXA)[0] == guardada and baixados(hub) == []


@pytest.mark.parametrize("completo", [True, False])
def test_sem_rede_usa_o_que_a_biblioteca_baixou_se_esta_inteiro(hub, pedir, sem_rede, completo):
    linha = entrada(FIXA)
    opcoes = {"revision": linha.revisao, "cache_dir": cache.pasta_do_cache(), "endpoint": hub.endereco}
    fora = [] if completo else ["tokenizer*"]
    guardada = huggingface_hub.snapshot_download(linha.hub, ignore_patterns=fora, **opcoes)
    sem_rede()
    pasta, saida, segundos = pedir(FIXA)
    if completo:
        assert pasta == guardada and segundos < RAPIDO
    else:
        desiste((pasta, saida, segundos), FIXA, "incompleto ou estragado", RAPIDO)


@pytest.mark.parametrize("tarefa", [FIXA, MOVEL])
def test_sem_rede_e_com_o_cache_completo_usa_o_cache(hub, pedir, sem_rede, tarefa):
    guardada, *_ = pedir(tarefa)
    sem_rede()
    hub.zerar()
    pasta, saida, segundos = pedir(tarefa)
    assert pasta == guardada and "embutido" not in saida and segundos < RAPIDO and hub.pedidos == []


def test_sem_rede_e_sem_cache(hub, pedir, sem_rede):
    sem_rede()
    desiste(pedir(FIXA), FIXA, "O Hub não responde daqui", RAPIDO)


def test_ramo_guardado_serve_quando_o_hub_falha(hub, pedir):
    guardada, *_ = pedir(MOVEL)
    hub.falhar("/api/", erro(403))
    pasta, saida, segundos = pedir(MOVEL)
    assert pasta == guardada and "Vale o que já está no cache." in saida and segundos < RAPIDO


def test_dois_ao_mesmo_tempo_baixam_uma_vez(hub, pedir):
    from concurrent.futures import ThreadPoolExecutor

    from curso import modelo

    hub.lentidao_s = 0.01
    with ThreadPoolExecutor(2) as dupla:
        pastas = list(dupla.map(modelo, [FIXA, FIXA]))
    assert pastas[0] == pastas[1] and do_hub(pastas[0], FIXA)
    assert len(baixados(hub)) == len(set(baixados(hub)))


# --------------------------------------------------------------------- recusas do Hub


def test_repositorio_que_nao_existe(hub, pedir, monkeypatch):
    monkeypatch.delitem(hub.repositorios, entrada(FIXA).hub)
    desiste(pedir(FIXA), FIXA, f"{entrada(FIXA).hub} não existe no Hub", RAPIDO)


@pytest.mark.parametrize(
    ("falha", "trecho"),
    [
        (erro(403, "GatedRepo"), "tem acesso restrito"),
        (erro(401, "GatedRepo"), "tem acesso restrito"),
        (erro(401), "recusou o acesso"),
        (erro(403), "recusou o acesso"),
    ],
)
@pytest.mark.parametrize("onde", ["/api/", "resolve"])
def test_acesso_restrito(hub, pedir, falha, trecho, onde):
    hub.falhar(onde, falha)
    desiste(pedir(FIXA), FIXA, trecho, RAPIDO)


def test_revisao_sumida(hub, pedir, monkeypatch):
    monkeypatch.setattr(hub.repositorios[entrada(FIXA).hub], "commit", "f" * 40)
    desiste(pedir(FIXA), FIXA, f"A revisão {entrada(FIXA).revisao} de", RAPIDO)


def test_sem_safetensors(hub, pedir, monkeypatch, tmp_path):
    (tmp_path / "so-bin").mkdir()
    (tmp_path / "so-bin" / "pytorch_model.bin").write_bytes(b"pickle")
    monkeypatch.setattr(hub.repositorios[entrada(FIXA).hub], "pasta", tmp_path / "so-bin")
    desiste(pedir(FIXA), FIXA, "não oferece pesos em safetensors", RAPIDO)
    assert baixados(hub) == []


def test_pagina_de_entrada_do_wifi(hub, pedir):
    hub.falhar(".", pagina_de_entrada)
    desiste(pedir(FIXA), FIXA, "Entre na rede pelo navegador", RAPIDO)


@pytest.mark.parametrize(
    ("onde", "falha"),
    [
        ("/api/", erro(429, Retry_After="1")),
        ("/api/", erro(429, ratelimit='"api";r=0;t=1')),
        ("resolve.*safetensors", erro(429, Retry_After="1")),
        ("/cdn/", erro(503)),
    ],
)
def test_hub_ocupado_por_um_instante(hub, pedir, onde, falha):
    hub.falhar(onde, falha, vezes=1)
    pasta, saida, segundos = pedir(FIXA)
    assert do_hub(pasta, FIXA) and "O Hub está ocupado; espero 1 s" in saida
    assert 1 <= segundos < 1 + RAPIDO


@pytest.mark.parametrize("onde", ["/api/", "resolve.*safetensors"])
def test_429_com_espera_longa(hub, pedir, onde):
    hub.falhar(onde, erro(429, Retry_After="3600"))
    desiste(pedir(FIXA), FIXA, "Tente daqui a 60 min.", RAPIDO)


def test_hub_ocupado_o_tempo_todo(hub, pedir, monkeypatch):
    monkeypatch.setattr(busca, "ESPERA_ACEITA_S", 1)
    hub.falhar("/api/", erro(503, Retry_After="0"))
    desiste(pedir(FIXA), FIXA, "O Hub está com problemas (erro 503)", 1 + RAPIDO)
    assert 2 <= len(hub.pedidos) < 6


# --------------------------------------------------------------------- rede e silêncio


@pytest.mark.parametrize("onde", [".", "/api/", "/cdn/"])
def test_servidor_mudo(hub, pedir, onde):
    hub.falhar(onde, emudecer())
    desiste(pedir(FIXA), FIXA, "não respond", MUDO)


def test_conexao_cortada_no_meio_retoma_e_termina(hub, pedir):
    tamanho = (entrada(FIXA).pasta / PESOS).stat().st_size
    hub.falhar("/cdn/", cortar(tamanho // 3), vezes=2)
    pasta, saida, segundos = pedir(FIXA)
    assert do_hub(pasta, FIXA) and "embutido" not in saida and segundos < 1 + RAPIDO
    faixas = [int(re.search(r"\d+", faixa)[0]) for _, caminho, faixa in hub.pedidos if "/cdn/" in caminho]
    assert faixas[0] == 0 and tamanho // 4 < faixas[1] < faixas[2] < tamanho
    assert hub.bytes_mandados < 1.3 * sum(a.stat().st_size for a in entrada(FIXA).pasta.iterdir())


def test_conexao_cortada_sempre(hub, pedir):
    hub.falhar("/cdn/", cortar(0))
    desiste(pedir(FIXA), FIXA, "A conexão caiu no meio de", RAPIDO)


def test_servidor_que_engasga_no_meio(hub, pedir, monkeypatch):
    """Manda um pedaço e emudece, e continua mudo: poucas tentativas, e o pedaço fica para a próxima vez."""
    monkeypatch.setattr(busca, "PRAZO_S", 0.3)
    hub.falhar("/cdn/", cortar(1_000_000, calado_s=20), vezes=1)
    hub.falhar("/cdn/", emudecer())
    desiste(pedir(FIXA), FIXA, "não respond", 4 * (0.3 + 0.5) + RAPIDO)
    hub.zerar()
    assert do_hub(pedir(FIXA)[0], FIXA) and hub.bytes_mandados < 4_500_000


def test_servidor_que_nao_sabe_continuar_nao_vira_laco_sem_fim(hub, pedir, monkeypatch):
    def do_zero(pedido):
        pedido.headers.replace_header("Range", "")
        pedido.cortar_em = 1_000_000
        pedido.atender()

    hub.falhar("/cdn/", do_zero)
    desiste(pedir(FIXA), FIXA, "A conexão caiu no meio de", 2 + RAPIDO)


def test_retoma_na_tentativa_seguinte(hub, pedir):
    """Uma máquina desligada no meio: o pedaço fica no disco, e o próximo pedido começa dele."""
    hub.falhar("/cdn/", cortar(1_000_000), vezes=1)
    hub.falhar("/cdn/", cortar(0))
    pasta, saida, _ = pedir(FIXA)
    assert e_embutido(pasta, FIXA) and "repita e ele continua daí" in saida
    hub.zerar()
    pasta, *_ = pedir(FIXA)
    faixas = [faixa for _, caminho, faixa in hub.pedidos if "/cdn/" in caminho]
    assert do_hub(pasta, FIXA) and len(faixas) == 1 and int(re.search(r"\d+", faixas[0])[0]) > 900_000


# --------------------------------------------------------------------- pesos estragados


def virar_um_bit(dados: bytes) -> bytes:
    meio = len(dados) // 2
    return dados[:meio] + bytes([dados[meio] ^ 1]) + dados[meio + 1 :]


ESTRAGOS = {"truncados": lambda dados: dados[:-1000], "trocados": virar_um_bit, "vazios": lambda dados: b""}


@pytest.mark.parametrize("estrago", ESTRAGOS)
def test_pesos_estragados_no_cache_sao_buscados_de_novo(hub, pedir, estrago):
    guardada, *_ = pedir(FIXA)
    pesos = Path(guardada) / PESOS
    pesos.write_bytes(ESTRAGOS[estrago](pesos.read_bytes()))
    hub.zerar()
    pasta, saida, segundos = pedir(FIXA)
    assert do_hub(pasta, FIXA) and "Havia arquivos estragados" in saida and segundos < RAPIDO
    assert len(baixados(hub)) == 1 and baixados(hub)[0].endswith(PESOS)


@pytest.mark.parametrize("estrago", ESTRAGOS)
@pytest.mark.parametrize("quem", ["curso", "biblioteca"])
def test_pesos_estragados_no_cache_e_sem_rede(hub, pedir, sem_rede, estrago, quem):
    if (estrago, quem, os.name) == ("trocados", "biblioteca", "nt"):
        pytest.skip("sem atalhos e sem a lista do curso, só o tamanho se confere")
    linha = entrada(FIXA)
    opcoes = {"revision": linha.revisao, "cache_dir": cache.pasta_do_cache(), "endpoint": hub.endereco}
    guardada = pedir(FIXA)[0] if quem == "curso" else huggingface_hub.snapshot_download(linha.hub, **opcoes)
    pesos = Path(guardada) / PESOS
    pesos.write_bytes(ESTRAGOS[estrago](pesos.read_bytes()))
    sem_rede()
    desiste(pedir(FIXA), FIXA, "incompleto ou estragado", RAPIDO)


def test_cabecalho_dos_pesos_denuncia_o_corte_onde_nao_ha_atalhos(tmp_path):
    """No Windows sem atalhos, o nome no cache não diz o sha: resta o cabeçalho."""
    dados = (entrada(FIXA).pasta / PESOS).read_bytes()
    for conteudo, inteiro in [
        (dados, True),
        (dados[:-1], False),
        (dados[:100], False),
        (b"", False),
        (b"x" * 99, False),
    ]:
        (tmp_path / PESOS).write_bytes(conteudo)
        assert cache._pesos_inteiros(tmp_path / PESOS) is inteiro


@pytest.mark.parametrize("estrago", ["trocados", "truncados"])
def test_pesos_que_chegam_estragados(hub, pedir, estrago):
    hub.falhar("/cdn/", trocar(ESTRAGOS[estrago]))
    desiste(pedir(FIXA), FIXA, "chegou estragado duas vezes", RAPIDO)
    assert not list(cache.pasta_do_cache().rglob(PESOS)), "pesos errados ficaram à vista"
    hub.zerar()
    assert do_hub(pedir(FIXA)[0], FIXA)


def test_pesos_que_chegam_estragados_uma_vez(hub, pedir):
    hub.falhar("/cdn/", trocar(virar_um_bit), vezes=1)
    pasta, saida, segundos = pedir(FIXA)
    assert do_hub(pasta, FIXA) and "embutido" not in saida and segundos < RAPIDO


# --------------------------------------------------------------------- disco


def test_nao_cabe_no_disco(hub, pedir, monkeypatch):
    monkeypatch.setattr(cache, "espaco_livre", lambda: 52_000_000)
    desiste(pedir(FIXA), FIXA, "Não cabe no disco: faltam 5 MB e há 52 MB livres", RAPIDO)
    assert baixados(hub) == []


def test_disco_enche_no_meio(hub, pedir, monkeypatch):
    """O sistema recusa a escrita no meio dos pesos; nada meio escrito fica, e com espaço de novo tudo funciona."""
    original = open

    def abrir(caminho, modo="r", *resto, **opcoes):
        arquivo = original(caminho, modo, *resto, **opcoes)
        if "+" in modo and len(Path(caminho).stem) == 64:
            escrever = arquivo.write

            def pouco(dados):
                if arquivo.tell() > 1_000_000:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return escrever(dados)

            return _Envolto(arquivo, pouco)
        return arquivo

    with monkeypatch.context() as enquanto:
        enquanto.setattr(busca, "open", abrir, raising=False)
        desiste(pedir(FIXA), FIXA, "O disco encheu ao guardar", RAPIDO)
    assert not list(cache.pasta_do_cache().rglob(PESOS)) and not list(cache.pasta_do_cache().rglob("*.incomplete"))
    assert do_hub(pedir(FIXA)[0], FIXA)


class _Envolto:
    """Um arquivo aberto cuja escrita é outra."""

    def __init__(self, arquivo, write):
        self._arquivo, self.write = arquivo, write

    def __getattr__(self, nome):
        return getattr(self._arquivo, nome)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._arquivo.close()


def test_cache_sem_permissao(hub, pedir, monkeypatch, tmp_path):
    from huggingface_hub import constants

    (tmp_path / "ocupado").write_text("um arquivo onde devia haver uma pasta")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "ocupado" / "hub"))
    desiste(pedir(FIXA), FIXA, "Não consegui guardar", RAPIDO)


def test_sem_atalhos_no_sistema(hub, pedir, sem_rede, monkeypatch):
    """Como no Windows fora do modo de desenvolvedor."""

    def recusar(*_, **__):
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", recusar)
    pasta, *_ = pedir(FIXA)
    assert do_hub(pasta, FIXA) and not (Path(pasta) / PESOS).is_symlink()
    sem_rede()
    assert pedir(FIXA)[0] == pasta


@pytest.mark.parametrize("funcao", ["planejar", "guardado"])
def test_defeito_nosso_tambem_nao_para_a_aula(hub, pedir, monkeypatch, funcao):
    monkeypatch.setattr(busca, funcao, lambda *_: 1 / 0)
    desiste(pedir(FIXA), FIXA, "ZeroDivisionError", RAPIDO)
