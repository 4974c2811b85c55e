"""Laboratório: o lote que as suas frases formam, com o preenchimento à vista."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from curso.desenho.estilo import (
    CINZA,
    FIO,
    OKABE_ITO,
    TINTA,
    Figura,
    decimal,
    encurtar,
    limpar,
    moldura,
    plural,
    retangulo,
    texto,
)
from curso.laboratorios.base import Laboratorio, escolha, quadro_seguro, regua

DIREITA, ESQUERDA = "direita", "esquerda"
LADOS = {DIREITA: "right", ESQUERDA: "left"}
MENOR_MAXIMO, MAXIMO_DE_COLUNAS, MAXIMO_DE_LINHAS = 3, 40, 12
LARGURA, MARGEM, COLUNA_DO_NUMERO, COLUNA_DA_CONTA = 700, 16, 24, 124
ALTURA, MAIOR_CASA = 30, 62
DO_TEXTO, ESPECIAL, VAZIO = "token do texto", "token especial", "preenchimento"
TONS = {  # fundo e borda; o que está escrito na casa diz o mesmo que a cor
    DO_TEXTO: ("#e8f1f8", OKABE_ITO["azul"]),
    ESPECIAL: ("#fdf3e1", OKABE_ITO["amarelo"]),
    VAZIO: ("#ededed", FIO),
}


def quadro(
    tokenizer, frases: Sequence[str], lado: str = DIREITA, maximo: int = MAXIMO_DE_COLUNAS, model=None
) -> Figura:
    """O lote em uma grade: uma linha para cada frase, uma casa para cada token, × no preenchimento.

    Args:
        tokenizer: um tokenizer da biblioteca, com token de preenchimento.
        frases: os textos, um para cada linha do lote.
        lado: ``DIREITA`` ou ``ESQUERDA``, onde se preenche.
        maximo: quantos tokens uma linha pode ter; o que passa é cortado.
        model: um classificador de sequências; se vier, a resposta dele aparece ao lado de cada linha.
    """
    frases = [limpar(frase) for frase in frases if frase.strip()]
    if not frases:
        raise ValueError("é preciso ao menos uma frase")
    maximo = min(max(maximo, MENOR_MAXIMO), MAXIMO_DE_COLUNAS)
    inteiros = [len(ids) for ids in tokenizer(frases)["input_ids"]]
    lote = tokenizer(
        frases, padding=True, padding_side=LADOS[lado], truncation=True, max_length=maximo, return_tensors="pt"
    )
    especiais = set(tokenizer.all_special_ids) - {tokenizer.pad_token_id, tokenizer.unk_token_id}
    respostas = _responder(model, lote) if model is not None else [""] * len(frases)
    linhas, colunas = lote["input_ids"].shape
    casas = linhas * colunas
    vazias = casas - int(lote["attention_mask"].sum())
    cortados = sum(max(antes - maximo, 0) for antes in inteiros)
    conta = (
        f"{plural(linhas, 'linha')} × {plural(colunas, 'coluna')} = {plural(casas, 'casa')}; "
        f"{vazias} de preenchimento, {100 * vazias / casas:.0f}%; "
        + (f"{plural(cortados, 'token')} de fora." if cortados else "nenhum token de fora.")
    )
    partes = [texto(MARGEM, 30, f"O lote: {linhas} × {colunas}", peso="bold", tamanho=15)]
    y = _legenda(partes, 40)
    lado_da_casa = min((LARGURA - 2 * MARGEM - COLUNA_DO_NUMERO - COLUNA_DA_CONTA) / colunas, MAIOR_CASA)
    lidas = []
    for indice, (ids, mascara) in enumerate(
        zip(lote["input_ids"].tolist(), lote["attention_mask"].tolist(), strict=True)
    ):
        de_verdade = sum(mascara)
        fora = max(inteiros[indice] - maximo, 0)
        frase_lida = f"Linha {indice + 1}: {plural(de_verdade, 'token')}"
        frase_lida += f" e {colunas - de_verdade} de preenchimento à {lado}" if de_verdade < colunas else ""
        frase_lida += f", {fora} de fora" if fora else ""
        lidas.append(frase_lida + (f"; {respostas[indice]}." if respostas[indice] else "."))
        if indice >= MAXIMO_DE_LINHAS:
            continue
        partes.append(texto(MARGEM + COLUNA_DO_NUMERO - 8, y + 20, str(indice + 1), ancora="end", cor=CINZA))
        for coluna, (numero, conta_na_mascara) in enumerate(zip(ids, mascara, strict=True)):
            tipo = VAZIO if not conta_na_mascara else ESPECIAL if numero in especiais else DO_TEXTO
            token = "×" if tipo == VAZIO else tokenizer.convert_ids_to_tokens(numero)
            x = MARGEM + COLUNA_DO_NUMERO + coluna * lado_da_casa
            partes.append(_casa(x, y, lado_da_casa, tipo, token))
        x = MARGEM + COLUNA_DO_NUMERO + colunas * lado_da_casa + 8
        resumo = f"{de_verdade} + {colunas - de_verdade} ×" + (f", −{fora}" if fora else "")
        if respostas[indice]:
            partes.append(texto(x, y + 13, encurtar(respostas[indice], 16), tamanho=13, peso="bold"))
            partes.append(texto(x, y + 28, resumo, tamanho=12, cor=CINZA))
        else:
            partes.append(texto(x, y + 20, resumo, tamanho=13, cor=CINZA))
        y += ALTURA + 6
    y += 14
    if linhas > MAXIMO_DE_LINHAS:
        sobra = f"… e mais {plural(linhas - MAXIMO_DE_LINHAS, 'linha')}."
        partes.append(texto(MARGEM, y, sobra, cor=CINZA, tamanho=13))
        y += 22
    partes.append(texto(MARGEM, y, conta, tamanho=14))
    titulo = f"O lote de {plural(linhas, 'frase')}, com preenchimento à {lado}"
    return moldura(LARGURA, int(y + 18), titulo, " ".join([conta, *lidas]), "".join(partes))


def _responder(model, lote) -> list[str]:
    """O rótulo vencedor de cada linha e a probabilidade dele."""
    import torch

    with torch.inference_mode():
        probabilidades = model(**lote.to(model.device)).logits.float().softmax(dim=-1).cpu()
    return [f"{model.config.id2label[int(p.argmax())]} {decimal(float(p.max()))}" for p in probabilidades]


def _casa(x: float, y: float, largura: float, tipo: str, token: str) -> str:
    """Uma casa da grade, com o que couber do token; as estreitas ficam só com a marca do tipo."""
    fundo, borda = TONS[tipo]
    cabem = int((largura - 2) / 8.2)
    curto = (token.removeprefix("##").removeprefix("▁") or token) if cabem < 5 else token
    if len(curto) <= cabem:
        dentro = curto
    elif tipo == DO_TEXTO and cabem >= 3:
        dentro = curto[: cabem - 1] + "…"
    else:
        dentro = _marca(tipo)
    cor = CINZA if tipo == VAZIO else TINTA
    return retangulo(x, y, largura - 1.5, ALTURA, fundo, borda=borda) + texto(
        x + (largura - 1.5) / 2, y + 20, dentro, ancora="middle", tamanho=12, cor=cor
    )


def _marca(tipo: str) -> str:
    return {DO_TEXTO: "•", ESPECIAL: "[", VAZIO: "×"}[tipo]


def _legenda(partes: list[str], y: float) -> float:
    x = float(MARGEM)
    for tipo, largura in ((DO_TEXTO, 150), (ESPECIAL, 150), (VAZIO, 240)):
        fundo, borda = TONS[tipo]
        dito = tipo if tipo != VAZIO else f"{tipo} (máscara 0)"
        partes += [
            retangulo(x, y, 20, 20, fundo, borda=borda),
            texto(x + 10, y + 15, _marca(tipo), ancora="middle", tamanho=12, cor=CINZA if tipo == VAZIO else TINTA),
            texto(x + 27, y + 15, dito, tamanho=13, cor=CINZA),
        ]
        x += largura
    return y + 34


class LaboratorioDePreenchimento(Laboratorio):
    """Uma caixa com uma frase por linha, o lado do preenchimento, o tamanho máximo e a grade.

    Attributes:
        texto: a caixa onde se digita, uma frase por linha (``texto.value`` muda o quadro também por código).
        lado: os botões. maximo: a régua.
    """

    nome = "Laboratório de preenchimento"

    def __init__(self, tokenizer, frases: Sequence[str], model=None, maximo: int = 24):
        self._tokenizer, self._model = tokenizer, model
        self.texto = widgets.Textarea(
            value="\n".join(frases),
            description="Suas frases:",
            placeholder="Escreva uma frase em cada linha",
            rows=4,
            layout=widgets.Layout(width="98%", max_width="700px"),
            style={"description_width": "initial"},
        )
        self.lado = escolha("Preencher à:", list(LADOS))
        self.maximo = regua("Máximo", maximo, MENOR_MAXIMO, MAXIMO_DE_COLUNAS)
        super().__init__([self.texto, self.lado, self.maximo])

    def _figura(self) -> Figura:
        def desenhar(digitado: str) -> Figura:
            return quadro(self._tokenizer, digitado.splitlines(), self.lado.value, self.maximo.value, self._model)

        return quadro_seguro(desenhar, self.texto.value)
