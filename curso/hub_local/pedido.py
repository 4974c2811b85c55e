"""Um pedido HTTP ao Hub local: ler o corpo com limites, responder, mandar um arquivo. Não sabe nada de repositórios."""

from __future__ import annotations

import io
import json
import re
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from curso.disco import SEM_ESPACO
from curso.hub_local.acervo import Arquivo, Recusa

LIMITE_DO_JSON = 8_000_000
LIMITE_DA_LINHA = 20_000_000  # um arquivo comum de 10 MB, em base64
PACIENCIA_S = 60


class Corpo(io.RawIOBase):
    """O corpo do pedido, com ``Content-Length`` ou em pedaços (*chunked*), sem nunca ler além dele."""

    def __init__(self, pedido: BaseHTTPRequestHandler):
        self._origem = pedido.rfile
        self._pedacos = "chunked" in pedido.headers.get("Transfer-Encoding", "").lower()
        tamanho = pedido.headers.get("Content-Length") or "0"
        if not tamanho.isdecimal() or len(tamanho) > 15:
            pedido.close_connection = True
            raise Recusa(400, "Content-Length não é um número.")
        self._resta = 0 if self._pedacos else int(tamanho)

    def readable(self) -> bool:
        return True

    def readinto(self, destino) -> int:
        if not self._resta and self._pedacos:
            self._resta = self._proximo_pedaco()
        if not self._resta:
            return 0
        dados = self._origem.read(min(len(destino), self._resta))
        if not dados:
            raise Recusa(400, "O pedido parou no meio.")
        destino[: len(dados)] = dados
        self._resta -= len(dados)
        if not self._resta and self._pedacos:
            self._origem.readline(4)
        return len(dados)

    def _proximo_pedaco(self) -> int:
        linha = self._origem.readline(100).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", linha):
            raise Recusa(400, "O pedido veio mal dividido.")
        tamanho = int(linha, 16)
        if not tamanho:
            self._pedacos = False
            while self._origem.readline(1000).strip():
                pass
        return tamanho


def esvaziar(corpo: io.BufferedReader | None, ate: int = 1 << 26) -> bool:
    """Joga fora o que não foi lido, para que a resposta chegue a quem ainda está mandando; falso se é demais."""
    try:
        while corpo and ate > 0 and (dados := corpo.read(1 << 16)):
            ate -= len(dados)
    except (Recusa, OSError):
        return False
    return ate > 0


class Pedido(BaseHTTPRequestHandler):
    """O que todo servidor de arquivos precisa. Quem herda escreve ``atender``."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # sem isto, cada resposta espera 40 ms por uma confirmação
    timeout = PACIENCIA_S

    def do_GET(self) -> None:
        partes = urlsplit(self.path)
        self.caminho, self.pergunta = partes.path, parse_qs(partes.query, keep_blank_values=True)
        self.corpo = None
        try:
            self.corpo = io.BufferedReader(Corpo(self), 1 << 16)
            self.atender()
        except Recusa as recusa:
            self.recusar(recusa)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except OSError as erro:
            cheio = erro.errno in SEM_ESPACO
            self.recusar(
                Recusa(507, "O disco desta máquina está cheio.") if cheio else Recusa(500, "O Hub local falhou.")
            )
        except Exception as erro:  # um defeito nosso: quem pediu recebe um erro do Hub, e o servidor continua de pé
            self.recusar(Recusa(500, f"O Hub local falhou: {type(erro).__name__}."))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def atender(self) -> None:
        raise NotImplementedError

    def log_message(self, *_) -> None:
        pass

    # ------------------------------------------------------------------ o corpo

    def json(self) -> dict:
        dados = self.corpo.read(LIMITE_DO_JSON + 1)
        if len(dados) > LIMITE_DO_JSON:
            raise Recusa(413, "O pedido é grande demais.")
        try:
            valor = json.loads(dados)
        except (ValueError, RecursionError):
            raise Recusa(400, "O corpo do pedido não é JSON.") from None
        if not isinstance(valor, dict):
            raise Recusa(400, "O corpo do pedido não é um objeto JSON.")
        return valor

    def linhas_json(self):
        """Um objeto em cada linha (*ndjson*), lidas uma a uma."""
        while linha := self.corpo.readline(LIMITE_DA_LINHA):
            if len(linha) == LIMITE_DA_LINHA:
                raise Recusa(413, "Um arquivo com mais de 10 MB precisa ir pelo caminho dos grandes.")
            try:
                valor = json.loads(linha)
                yield valor["key"], dict(valor["value"])
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Recusa(400, "Uma linha do commit não é o que se espera.") from None

    # -------------------------------------------------------------- as respostas

    def responder(self, corpo: bytes = b"", codigo: int = 200, cabecalhos: dict[str, str] | None = None) -> None:
        self._abrir(codigo, len(corpo), cabecalhos)
        if self.command != "HEAD":
            self.wfile.write(corpo)

    def responder_json(self, dados: object, codigo: int = 200) -> None:
        texto = json.dumps(dados, ensure_ascii=False, default=str)
        self.responder(texto.encode(), codigo, {"Content-Type": "application/json; charset=utf-8"})

    def recusar(self, recusa: Recusa) -> None:
        # A frase vai também em um cabeçalho, onde só cabem letras da Europa ocidental, sem quebra de linha.
        frase = " ".join(recusa.frase.split()).encode("latin-1", "replace").decode("latin-1")
        cabecalhos = {"X-Error-Message": frase, "Content-Type": "application/json; charset=utf-8"}
        cabecalhos |= {"X-Error-Code": recusa.nome} if recusa.nome else {}
        self.responder(json.dumps({"error": recusa.frase}, ensure_ascii=False).encode(), recusa.codigo, cabecalhos)

    def mandar(self, arquivo: Arquivo, cabecalhos: dict[str, str]) -> None:
        """O arquivo, ou a faixa pedida por ``Range``, do disco para a rede."""
        de, ate, codigo = 0, arquivo.tamanho - 1, 200
        cabecalhos = {"ETag": f'"{arquivo.etiqueta}"', "Accept-Ranges": "bytes"} | cabecalhos
        if faixa := re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", self.headers.get("Range", "")):
            if faixa[1]:
                de, ate = int(faixa[1]), min(ate, int(faixa[2] or ate))
            elif faixa[2]:
                de = max(0, arquivo.tamanho - int(faixa[2]))
            if de > ate:
                return self.responder(b"", 416, {"Content-Range": f"bytes */{arquivo.tamanho}"})
            codigo, cabecalhos["Content-Range"] = 206, f"bytes {de}-{ate}/{arquivo.tamanho}"
        self._abrir(codigo, resta := ate - de + 1, cabecalhos)
        if self.command == "HEAD":
            return
        with open(arquivo.lugar, "rb") as origem:
            origem.seek(de)
            while resta and (pedaco := origem.read(min(resta, 1 << 18))):
                self.wfile.write(pedaco)
                resta -= len(pedaco)

    def _abrir(self, codigo: int, tamanho: int, cabecalhos: dict[str, str] | None) -> None:
        if not esvaziar(self.corpo):
            self.close_connection = True
        self.send_response(codigo)
        for nome, valor in (cabecalhos or {}).items():
            self.send_header(nome, valor)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(tamanho))
        self.end_headers()
