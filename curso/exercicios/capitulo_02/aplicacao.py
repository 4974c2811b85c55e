"""As verificações de «2.6 Do notebook à sua aplicação»."""

from __future__ import annotations

import functools

from curso.exercicios import exercicio
from curso.exercicios.sentimento import classificador

COMENTARIOS_DO_A = [
    "Odeio tanto isso!",
    "",
    "A reunião é às três.",
    "Adorei a oficina, aprendi muito.",
    "O livro tem duzentas páginas.",
    "🙂🙂🙂",
    "A aula",
    "Que serviço horrível, nunca mais volto aqui.",
]
LIMITE_DO_A = 0.8
CODIGOS_DO_B = [200, 422, 422, 422, 200]
ONDE_DO_C = ["local", "local", "api", "local"]


@functools.cache
def _certezas() -> dict[str, float | None]:
    """A probabilidade do rótulo de cada comentário; None para o que o modelo não lê."""
    ler = classificador()
    especiais = set(ler.tokenizer.all_special_ids)
    return {
        texto: ler(texto)[0]["score"] if set(ler.tokenizer(texto)["input_ids"]) - especiais else None
        for texto in COMENTARIOS_DO_A
    }


@exercicio("02-6.a", erro_tipico="para_revisar = [texto for texto, r in zip(comentarios, resultados) if r.aviso]")
def para_uma_pessoa_ler(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, list | tuple | set):
        return "a resposta é uma lista de textos."
    dados = set(resposta)
    if not dados <= set(COMENTARIOS_DO_A):
        return "há na lista algo que não está em `comentarios`. Guarde os textos, e não os resultados."
    certezas = _certezas()
    sem_rotulo = {texto for texto, certeza in certezas.items() if certeza is None}
    if not sem_rotulo <= dados:
        return "faltam textos sem rótulo: o vazio e o que só tem emoji também precisam de uma pessoa."
    # Perto do limite, a última casa decimal decide: aceita-se dos dois jeitos.
    baixos = {texto for texto, p in certezas.items() if p is not None and p < LIMITE_DO_A - 1e-3}
    podem = {texto for texto, p in certezas.items() if p is not None and p < LIMITE_DO_A + 1e-3}
    if not baixos <= dados:
        return "os sem rótulo estão aí. Faltam os que têm rótulo com probabilidade abaixo de 0,8."
    if not dados <= podem | sem_rotulo:
        return "há textos a mais: os de probabilidade 0,8 ou maior não precisam entrar."
    return None


@exercicio("02-6.b", erro_tipico="codigos = [200, 200, 422, 422, 422]")
def codigos_do_servico(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, list | tuple) or len(resposta) != len(CODIGOS_DO_B):
        return f"a resposta é uma lista de {len(CODIGOS_DO_B)} números, um para cada pedido, na ordem."
    dicas = [
        "o primeiro pedido é comum, e a frase é curta.",
        "o segundo só tem espaços: para a classe, isso é um texto vazio.",
        "no terceiro, o campo `texto` traz um número, e não um texto.",
        "no quarto, o campo se chama `frase`, e o serviço espera `texto`.",
        "o quinto tem 8.000 caracteres, dentro do limite do serviço. O modelo lê o começo e avisa.",
    ]
    for dado, certo, dica in zip(resposta, CODIGOS_DO_B, dicas, strict=True):
        if dado != certo:
            return dica
    return None


@exercicio("02-6.c", erro_tipico='onde = ["local", "local", "api", "api"]')
def local_ou_api(resposta) -> str | None:
    if isinstance(resposta, str) or not isinstance(resposta, list | tuple) or len(resposta) != len(ONDE_DO_C):
        return f'a resposta é uma lista de {len(ONDE_DO_C)} textos, cada um "local" ou "api".'
    dicas = [
        "prontuários são dados pessoais sensíveis. Eles podem sair do computador da clínica?",
        "no barco não há rede.",
        "este modelo não cabe no computador, o uso é raro e não há dados de ninguém.",
        "um modelo pequeno resolve, e o volume é enorme: na API, cada texto custa.",
    ]
    for dado, certo, dica in zip(resposta, ONDE_DO_C, dicas, strict=True):
        if str(dado).strip().lower() != certo:
            return dica
    return None
