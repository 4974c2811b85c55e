"""Um serviço web que classifica textos. Da pasta que contém ``aplicacao/``:

    uvicorn aplicacao.servico:app

O modelo é o da variável de ambiente ``MODELO`` (e ``REVISAO``, se ele é do Hub).
"""

import os
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from aplicacao.classificador import MAXIMO_DE_CARACTERES, Classificador, Resultado

MODELO = "modelos/sentimento-mirim"
MAXIMO_DE_TEXTOS = 100
Texto = Annotated[str, Field(max_length=MAXIMO_DE_CARACTERES)]


class Pedido(BaseModel):
    texto: Texto


class PedidoDeLote(BaseModel):
    textos: Annotated[list[Texto], Field(max_length=MAXIMO_DE_TEXTOS)]


@asynccontextmanager
async def ligar(app: FastAPI):
    """O modelo é carregado antes do primeiro pedido; se falhar, o serviço nem liga."""
    app.state.classificador = Classificador(os.environ.get("MODELO", MODELO), os.environ.get("REVISAO"))
    yield


app = FastAPI(title="Classificador de textos", lifespan=ligar)


@app.exception_handler(RequestValidationError)
def pedido_malfeito(request: Request, erro: RequestValidationError) -> JSONResponse:
    """A explicação, sem repetir o que foi enviado: pode ser enorme, ou particular."""
    campos = sorted({".".join(str(parte) for parte in item["loc"]) for item in erro.errors()})
    return JSONResponse({"detail": "Pedido malfeito. Confira o tipo e o tamanho de cada campo.", "campos": campos}, 422)


@app.get("/saude")
def saude() -> dict[str, str]:
    return {"situacao": "pronto"}


@app.post("/classificar")
def classificar(pedido: Pedido) -> Resultado:
    resultado = app.state.classificador.classificar(pedido.texto)
    if resultado.rotulo is None:
        raise HTTPException(422, resultado.aviso)
    return resultado


@app.post("/classificar-lote")
def classificar_lote(pedido: PedidoDeLote) -> list[Resultado]:
    return app.state.classificador.classificar_lote(pedido.textos)
