"""As verificações de «Comece aqui»."""

from __future__ import annotations

from curso.exercicios import exercicio
from curso.exercicios.sentimento import classificador, um_resultado

JA_VISTAS = {"Odeio tanto isso!", "Não gostei da aula."}


@exercicio("00.a", erro_tipico='resposta_a = classificador("Odeio tanto isso!")')
def frase_negativa(resposta) -> str | None:
    resultado = um_resultado(resposta)
    if resultado is None:
        return 'a resposta é o que o classificador devolve: classificador("sua frase").'
    if resultado["label"] != "negativo":
        return f"o modelo achou esta frase {resultado['label']}. Experimente uma queixa com uma palavra forte, como «horrível»."
    if resultado["score"] <= 0.9:
        return (
            f"é negativa, mas com {resultado['score']:.2f}. Carregue mais nas palavras de opinião até passar de 0,90."
        )
    if any(abs(classificador()(vista)[0]["score"] - resultado["score"]) < 1e-6 for vista in JA_VISTAS):
        return "esta frase já apareceu no notebook. Invente uma sua."
    return None


@exercicio("00.b", erro_tipico='resposta_b = ("Odeio tanto isso!", "negativo")')
def onde_o_modelo_erra(resposta) -> str | None:
    if not isinstance(resposta, tuple | list) or len(resposta) != 2 or not all(isinstance(p, str) for p in resposta):
        return 'a resposta é um par: ("sua frase", "positivo") ou ("sua frase", "negativo").'
    frase, rotulo = resposta
    if rotulo not in ("positivo", "negativo"):
        return f"o rótulo precisa ser «positivo» ou «negativo», e veio «{rotulo[:30]}»."
    if len(frase.split()) < 2:
        return "escreva uma frase de pelo menos duas palavras, para que uma pessoa possa julgá-la."
    previsto = classificador()(frase, truncation=True)[0]["label"]
    if previsto == rotulo:
        return f"nesta vocês concordam: o modelo também disse {previsto}. Experimente ironia, ou um fato sem palavra de opinião."
    return None
