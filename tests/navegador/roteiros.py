"""O que fazer em cada laboratório, e o que o quadro tem de mostrar depois: só dados.

A figura esperada é sempre a da função pura do laboratório, chamada no kernel do notebook com as peças que ele
tem (``classificador``, ``tokenizer``…) e com os valores que o roteiro diz, nunca com os que o widget guarda.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TECLADO, MOUSE = "teclado", "mouse"


@dataclass(frozen=True)
class Passo:
    """Um gesto e o que ele muda.

    Attributes:
        gesto: o nome de uma função de ``gestos.py``.
        alvo: o rótulo do controle na tela.
        dado: o que se digita, as teclas, a opção ou o lado.
        valores: os controles que mudam, pelo nome que têm na expressão da figura; um texto que começa com
            ``=`` é uma expressão, calculada no kernel com os valores de antes.
    """

    gesto: str
    com: str
    alvo: str
    dado: str
    valores: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Roteiro:
    """Um laboratório em um notebook.

    Attributes:
        controles: nome na expressão → rótulo na tela.
        figura: a expressão do que se espera ver: um SVG, ou uma lista de trechos de HTML.
        inicio: os valores dos controles antes do primeiro passo; sem ele, os que os widgets têm.
    """

    notebook: str
    celula: str
    modulo: str
    classe: str
    controles: dict[str, str]
    figura: str
    passos: tuple[Passo, ...]
    inicio: dict | None = None

    @property
    def caixas(self) -> list[str]:
        """Os nomes dos controles em que se digita: a eles vão os textos hostis."""
        return [nome for nome in self.controles if nome in ("texto", "contexto", "complemento")]


HOSTIS = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</title></svg><b onclick=alert(1)>oi</b>",
    "😀🧑‍🚀 🏳️‍🌈 👩🏽‍🏫",
    "a" * 10_000,
    "",
)


def digitar(alvo: str, dado: str, com: str = TECLADO, nome: str = "texto") -> Passo:
    return Passo("digitar", com, alvo, dado, {nome: dado})


def mover(alvo: str, dado: str, **valores) -> Passo:
    """Uma régua, pelas teclas."""
    return Passo("mover", TECLADO, alvo, dado, valores)


def arrastar(alvo: str, dado: str, **valores) -> Passo:
    """Uma régua, com o mouse, até o ``inicio`` ou o ``fim``."""
    return Passo("arrastar", MOUSE, alvo, dado, valores)


def escolher(alvo: str, dado: str, com: str = TECLADO, **valores) -> Passo:
    """Um dos botões de uma escolha."""
    return Passo("escolher", com, alvo, dado, valores)


def apertar(alvo: str, com: str = TECLADO, vezes: str = "1", **valores) -> Passo:
    """Um botão solto; ``vezes`` é um número, ou uma expressão que o dá."""
    return Passo("apertar", com, alvo, vezes, valores)


def de_texto(chamada: str) -> str:
    """A figura de um laboratório de texto; ``t`` é o texto que ele aceita desenhar."""
    return f"str(quadro_seguro(lambda t: {chamada}, texto))"


FRASE, DO_SYLVAIN = "Sua frase:", "Meu nome é Sylvain e eu trabalho na Hugging Face, no Brooklyn."
SO_TEXTO = (digitar(FRASE, "Que aula boa!"), digitar(FRASE, "Perdi o meu tempo.", MOUSE))
PAGINA_DO_QUESTIONARIO = (
    "[str(quadro(perguntas, dict(escolhas)))] if numero > len(perguntas) else "
    "(lambda p, feitas, fim: [enunciado(p, len(perguntas)), *(opcao_em_html(o, o.letra in feitas) for o in p.opcoes), "
    "*([f'<div style=\"{CAIXA}\">{em_html(fim(p, feitas))}</div>'] if fim(p, feitas) else [])])"
    "(perguntas[numero - 1], dict(escolhas).get(numero, []), desfecho)"
)
SORTEADO = (  # com top_k = 1 só sobra o token mais provável
    "=tokenizer.decode([*tokenizer(texto)['input_ids'], int(distribuicao(tokenizer, decoder, texto, 1.0, 1, 1.0)"
    ".argmax())], skip_special_tokens=True)"
)


def questionario(notebook: str) -> Roteiro:
    return Roteiro(
        notebook,
        "laboratorio",
        "questionario",
        "LaboratorioDoQuestionario",
        {},
        PAGINA_DO_QUESTIONARIO,
        (
            apertar("b", escolhas=[[1, ["b"]]]),
            apertar("a", MOUSE, escolhas=[[1, ["b", "a"]]]),
            apertar("Próxima", numero=2),
            apertar("c", MOUSE, escolhas=[[1, ["b", "a"]], [2, ["c"]]]),
            apertar("Anterior", MOUSE, numero=1),
            apertar("Próxima", vezes="len(perguntas)", numero="=len(perguntas) + 1"),
            apertar("Anterior", numero="=len(perguntas)"),
            apertar("Ver a nota", MOUSE, numero="=len(perguntas) + 1"),
            apertar("Recomeçar", escolhas=[], numero=1),
        ),
        inicio={"numero": 1, "escolhas": []},
    )


def preenchimento(notebook: str, model: str) -> Roteiro:
    return Roteiro(
        notebook,
        "laboratorio",
        "preenchimento",
        "LaboratorioDePreenchimento",
        {"texto": "Suas frases:", "lado": "Preencher à:", "maximo": "Máximo"},
        de_texto(f"quadro(tokenizer, t.splitlines(), lado, maximo, {model})"),
        (
            digitar("Suas frases:", "Oi!\nQue maravilha, a internet caiu.\nAdorei a oficina."),
            escolher("Preencher à:", "direita", lado="direita"),
            mover("Máximo", "Home ArrowRight ArrowRight", maximo=5),
            escolher("Preencher à:", "esquerda", MOUSE, lado="esquerda"),
            arrastar("Máximo", "fim", maximo=40),
            digitar("Suas frases:", "Uma linha só.\nE mais uma, bem maior do que ela.", MOUSE),
        ),
    )


ROTEIROS = (
    Roteiro(
        "00",
        "laboratorio",
        "sentimento",
        "LaboratorioDeSentimento",
        {"texto": FRASE},
        de_texto("quadro(classificador, t)"),
        SO_TEXTO,
    ),
    Roteiro(
        "01-1",
        "laboratorio",
        "tres_passos",
        "LaboratorioDosTresPassos",
        {"texto": FRASE},
        de_texto("quadro(classificador, t)"),
        SO_TEXTO,
    ),
    Roteiro(
        "01-1",
        "explorador",
        "pipelines",
        "LaboratorioDePipelines",
        {"texto": FRASE, "tarefa": "Tarefa:", "complemento": "Complemento:"},
        de_texto("quadro(tarefa, pipes[tarefa], t, complemento)"),
        (
            escolher("Tarefa:", "fill-mask", tarefa="fill-mask", texto="Tomei café com [MASK] e fui trabalhar."),
            escolher(
                "Tarefa:",
                "question-answering",
                MOUSE,
                tarefa="question-answering",
                texto=DO_SYLVAIN,
                complemento="Onde eu trabalho?",
            ),
            digitar("Complemento:", "Qual é o meu nome?", nome="complemento"),
            escolher("Tarefa:", "ner", MOUSE, tarefa="ner"),
            digitar(FRASE, "A Marina mora em Recife.", MOUSE),
            escolher("Tarefa:", "sentiment-analysis", tarefa="sentiment-analysis"),
            digitar(FRASE, "Adorei a oficina, aprendi muito."),
        ),
    ),
    Roteiro(
        "01-2",
        "laboratorio",
        "palavra_escondida",
        "LaboratorioDaPalavraEscondida",
        {"texto": FRASE, "palavra": "Palavra", "lados": "O modelo vê:"},
        de_texto("quadro(preencher, t, palavra, lados)"),
        (
            escolher("O modelo vê:", "os dois lados", lados="os dois lados"),
            digitar(FRASE, "O gato dorme no sofá."),
            mover("Palavra", "Home ArrowRight", palavra=2),
            arrastar("Palavra", "fim", palavra=20),
            escolher("O modelo vê:", "só o que veio antes", MOUSE, lados="só o que veio antes"),
            digitar(FRASE, "Comprei pão na padaria.", MOUSE),
        ),
    ),
    Roteiro(
        "01-3",
        "laboratorio-atencao",
        "atencao",
        "LaboratorioDeAtencao",
        {"texto": FRASE, "camada": "Camada", "cabeca": "Cabeça"},
        de_texto("quadro(tokenizer, encoder, t, camada, cabeca)"),
        (
            digitar(FRASE, "Gostei da aula."),
            mover("Camada", "Home", camada=1),
            mover("Cabeça", "Home ArrowRight", cabeca=2),
            arrastar("Camada", "fim", camada="=encoder.config.num_hidden_layers"),
            arrastar("Cabeça", "fim", cabeca="=encoder.config.num_attention_heads"),
            digitar(FRASE, "A moça leu o livro.", MOUSE),
        ),
    ),
    Roteiro(
        "01-3",
        "laboratorio-mascaras",
        "mascaras",
        "LaboratorioDeMascaras",
        {"texto": FRASE, "mascara": "Máscara:", "palavra": "Palavra"},
        de_texto("quadro(t, mascara, palavra)"),
        (
            escolher("Máscara:", "bidirecional (encoder)", mascara="bidirecional (encoder)"),
            digitar(FRASE, "Esperei a vida inteira"),
            mover("Palavra", "Home", palavra=1),
            escolher("Máscara:", "causal (decoder)", MOUSE, mascara="causal (decoder)"),
            arrastar("Palavra", "fim", palavra=12),
            digitar(FRASE, "Cada palavra olha", MOUSE),
        ),
    ),
    Roteiro(
        "01-4",
        "laboratorio",
        "proximo_token",
        "LaboratorioDoProximoToken",
        {"texto": FRASE, "temperatura": "Temperatura", "top_k": "top_k", "top_p": "top_p"},
        de_texto("quadro(tokenizer, decoder, t, temperatura, top_k, top_p)"),
        (
            mover("Temperatura", "End", temperatura=2.0),
            mover("top_p", "End", top_p=1.0),
            digitar(FRASE, "A menina abriu a"),
            mover("top_k", "Home", top_k=1),
            apertar("Sortear um token", texto=SORTEADO),
            apertar("Sortear um token", MOUSE, texto=SORTEADO),
            arrastar("top_k", "fim", top_k=200),
            arrastar("Temperatura", "inicio", temperatura=0.1),
            digitar(FRASE, "O cachorro correu", MOUSE),
        ),
    ),
    Roteiro(
        "01-5",
        "laboratorio-pares",
        "pares",
        "LaboratorioDePares",
        {"texto": FRASE, "par": "Par:"},
        de_texto("quadro(preencher, t, PARES[par])"),
        (
            escolher("Par:", "Ele / Ela", par="Ele / Ela"),
            digitar(FRASE, "{} gosta de [MASK]."),
            escolher("Par:", "Meu pai / Minha mãe", MOUSE, par="Meu pai / Minha mãe"),
            digitar(FRASE, "{} foi ao [MASK].", MOUSE),
        ),
    ),
    questionario("01-6"),
    Roteiro(
        "02-1",
        "laboratorio-logits",
        "logits_e_softmax",
        "LaboratorioDeLogits",
        {"negativo": "negativo", "neutro": "neutro", "positivo": "positivo", "temperatura": "Temperatura"},
        "str(quadro({'negativo': negativo, 'neutro': neutro, 'positivo': positivo}, temperatura))",
        (
            mover("Temperatura", "Home", temperatura=0.2),
            mover("neutro", "Home ArrowRight", neutro=-5.9),
            arrastar("negativo", "inicio", negativo=-6.0),
            arrastar("Temperatura", "fim", temperatura=5.0),
            arrastar("positivo", "fim", positivo=6.0),
        ),
    ),
    Roteiro(
        "02-1",
        "laboratorio-trecho",
        "trecho_da_resposta",
        "LaboratorioDoTrecho",
        {"texto": "Pergunta:", "contexto": "Contexto:", "maior": "Máximo de tokens"},
        de_texto("quadro(qa_tokenizer, qa_model, t, contexto, maior)"),
        (
            digitar("Pergunta:", "Onde eu trabalho?"),
            mover("Máximo de tokens", "Home", maior=1),
            arrastar("Máximo de tokens", "fim", maior=30),
            digitar("Contexto:", "Meu nome é Ana e eu trabalho em um banco, em Natal.", nome="contexto"),
            digitar("Pergunta:", "Qual é o meu nome?", MOUSE),
        ),
    ),
    Roteiro(
        "02-2",
        "laboratorio",
        "configurador",
        "LaboratorioDeConfiguracoes",
        {"camadas": "Camadas", "largura": "Largura", "cabecas": "Cabeças", "vocabulario": "Vocabulário"},
        "str(quadro(camadas, largura, cabecas, vocabulario))",
        (
            mover("Cabeças", "Home", cabecas=1),
            mover("Largura", "End ArrowLeft", largura=6144),
            mover("Camadas", "Home ArrowRight", camadas=2),
            arrastar("Vocabulário", "inicio", vocabulario=1_000),
            arrastar("Largura", "inicio", largura=64),
            arrastar("Cabeças", "fim", cabecas=64),
            arrastar("Camadas", "fim", camadas=80),
        ),
    ),
    Roteiro(
        "02-3",
        "laboratorio",
        "tokenizadores",
        "LaboratorioDeTokenizers",
        {"texto": FRASE},
        de_texto("quadro(cortar, t)"),
        SO_TEXTO,
    ),
    preenchimento("02-4", "None"),
    preenchimento("02-5", "model"),
    Roteiro(
        "02-6",
        "laboratorio",
        "servico",
        "LaboratorioDoServico",
        {"texto": FRASE, "repetir": "Repetir:"},
        "(lambda enviado: str(quadro(enviado, *enviar(enviado))))((texto * repetir)[:MAXIMO_ENVIADO])",
        (
            digitar(FRASE, "Que aula boa!"),
            mover("Repetir:", "Home ArrowRight", repetir=2),
            arrastar("Repetir:", "fim", repetir=1_000),
            digitar(FRASE, "Ufa.", MOUSE),
        ),
    ),
    questionario("02-7"),
    Roteiro(
        "03-1",
        "laboratorio",
        "lotes",
        "LaboratorioDeLotes",
        {"lote": "Tamanho do lote", "ordem": "Formar os lotes:", "preencher": "Preencher até:"},
        "str(quadro(vizinhos, lote, ordem, preencher))",
        (
            escolher("Preencher até:", "o maior do lote", preencher="o maior do lote"),
            escolher("Formar os lotes:", "por tamanho parecido", ordem="por tamanho parecido"),
            mover("Tamanho do lote", "Home ArrowRight ArrowRight", lote=3),
            escolher("Formar os lotes:", "embaralhados", MOUSE, ordem="embaralhados"),
            arrastar("Tamanho do lote", "fim", lote=24),
            escolher("Preencher até:", "tamanho fixo", MOUSE, preencher="tamanho fixo"),
            escolher("Formar os lotes:", "como vieram", ordem="como vieram"),
        ),
    ),
    Roteiro(
        "03-2",
        "laboratorio",
        "passos",
        "LaboratorioDePassos",
        {
            "lote": "Tamanho do lote",
            "acumulo": "Acúmulo",
            "epocas": "Épocas",
            "aquecimento": "Aquecimento (%)",
            "forma": "Forma:",
        },
        "str(quadro(len(para_treinar), 3e-4, lote, acumulo, epocas, aquecimento, forma))",
        (
            escolher("Forma:", "cosseno", forma="cosseno"),
            mover("Tamanho do lote", "Home ArrowRight", lote=8),
            mover("Acúmulo", "End", acumulo=16),
            arrastar("Aquecimento (%)", "fim", aquecimento=50),
            arrastar("Épocas", "inicio", epocas=1),
            escolher("Forma:", "constante", MOUSE, forma="constante"),
            arrastar("Tamanho do lote", "fim", lote=256),
            mover("Aquecimento (%)", "Home", aquecimento=0),
            escolher("Forma:", "linear", forma="linear"),
        ),
    ),
    Roteiro(
        "03-3",
        "laboratorio",
        "descida",
        "LaboratorioDaDescida",
        {"taxa": "Taxa", "momento": "Momento", "passos": "Passos"},
        "str(quadro(taxa, momento, passos))",
        (
            mover("Taxa", "End", taxa=0.4),
            mover("Momento", "Home", momento=0.0),
            arrastar("Passos", "fim", passos=60),
            mover("Taxa", "Home ArrowRight", taxa=0.02),
            arrastar("Momento", "fim", momento=0.9),
            arrastar("Taxa", "fim", taxa=0.4),
            mover("Passos", "Home", passos=1),
        ),
    ),
    Roteiro(
        "03-4",
        "laboratorio",
        "curvas",
        "LaboratorioDeCurvas",
        {"taxa": "Taxa", "textos": "Textos", "modelo": "Aprende"},
        "str(quadro(taxa, textos, modelo))",
        (
            mover("Taxa", "Home", taxa=1e-5),
            mover("Textos", "End", textos=1200),
            mover("Aprende", "ArrowLeft", modelo="1 camada"),
            arrastar("Taxa", "fim", taxa=1e-2),
            arrastar("Aprende", "inicio", modelo="só a cabeça"),
            mover("Taxa", "ArrowLeft", taxa=2e-3),
            arrastar("Textos", "inicio", textos=30),
            mover("Aprende", "End", modelo="4 camadas"),
        ),
    ),
    Roteiro(
        "03-5",
        "laboratorio",
        "lora",
        "LaboratorioDoLora",
        {"posto": "Posto", "matrizes": "Matrizes:", "modelo": "Modelo:"},
        "str(quadro(posto, matrizes, modelo))",
        (
            escolher("Modelo:", "BERT-base", modelo="BERT-base"),
            mover("Posto", "Home ArrowRight", posto=2),
            escolher("Matrizes:", "atenção inteira", matrizes="atenção inteira"),
            escolher("Modelo:", "Llama de 7 bilhões", MOUSE, modelo="Llama de 7 bilhões"),
            arrastar("Posto", "fim", posto=128),
            escolher("Matrizes:", "todas as das camadas", MOUSE, matrizes="todas as das camadas"),
        ),
    ),
    questionario("03-6"),
    Roteiro(
        "04-1",
        "laboratorio",
        "revisoes",
        "LaboratorioDoCache",
        {"baixadas": "Revisões baixadas", "apagar": "Apagar:"},
        "str(quadro(tamanhos, historico, baixadas, apagar))",
        (
            escolher("Apagar:", "a mais nova", apagar="a mais nova"),
            mover("Revisões baixadas", "Home ArrowRight ArrowRight ArrowRight", baixadas=4),
            escolher("Apagar:", "as soltas", MOUSE, apagar="as soltas"),
            arrastar("Revisões baixadas", "fim", baixadas=6),
            escolher("Apagar:", "tudo", apagar="tudo"),
            mover("Revisões baixadas", "Home", baixadas=1),
            escolher("Apagar:", "a mais antiga", MOUSE, apagar="a mais antiga"),
            arrastar("Revisões baixadas", "fim", baixadas=6),
        ),
    ),
    Roteiro(
        "04-2",
        "laboratorio",
        "envio",
        "LaboratorioDeEnvio",
        {"texto": "Deixar de fora:", "complemento": "Subir só:"},
        "str(quadro(na_pasta, texto, complemento))",
        (
            digitar("Deixar de fora:", "checkpoint-*"),
            digitar("Subir só:", "*.json", nome="complemento"),
            digitar("Deixar de fora:", ".env; *.csv", MOUSE),
            digitar("Subir só:", "*", MOUSE, nome="complemento"),
        ),
    ),
    Roteiro(
        "04-3",
        "laboratorio",
        "corte",
        "LaboratorioDeCorte",
        {"corte": "Linha de corte", "separar": "Separar por:"},
        "str(quadro(notas_mirim, elogio, "
        "{'todos': None, 'jeito de escrever': jeito, 'negação': negacao}[separar], corte))",
        (
            mover("Linha de corte", "Home", corte=0.05),
            escolher("Separar por:", "todos", separar="todos"),
            escolher("Separar por:", "jeito de escrever", separar="jeito de escrever"),
            mover("Linha de corte", "End", corte=0.95),
            escolher("Separar por:", "negação", MOUSE, separar="negação"),
            arrastar("Linha de corte", "inicio", corte=0.05),
            escolher("Separar por:", "todos", MOUSE, separar="todos"),
        ),
    ),
    questionario("04-4"),
)
