"""``python -m oficina curvas``: as curvas do laboratório do 3.4, uma para cada taxa, quantidade de textos e modelo.

Dizer o assunto de um texto, entre seis. Todos os treinos têm o mesmo número de passos, e a taxa não muda durante o
treino: o que separa duas curvas é o que o leitor escolheu. Ao terminar, ``curvas.json`` vai dentro de ``curso``, porque
um notebook não lê o que é da oficina.
"""

from __future__ import annotations

import json
import math
import tempfile

from tqdm import tqdm

from curso.carimbo import gravar_inteiro
from curso.laboratorios.curvas import ARQUIVO
from curso.projeto import MODELOS, RAIZ

ENCODER = MODELOS / "encoder-mirim"
TREINO = RAIZ / "dados" / "assuntos" / "treino.jsonl"
ASSUNTOS = ("culinária", "economia", "esportes", "música", "saúde", "tecnologia")
TAXAS = (1e-5, 1e-4, 5e-4, 2e-3, 1e-2)
TAMANHOS = (30, 120, 480, 1200)
VALIDACAO, PASSOS, LOTE, AVALIACOES, SEMENTE = 300, 240, 16, 12, 42
# nome → quantas camadas do encoder ficam, e se ele aprende ou só a cabeça
MODELOS_DA_GRADE = {"só a cabeça": (4, False), "1 camada": (1, True), "4 camadas": (4, True)}
COMO = (
    f"Classificar {len(ASSUNTOS)} assuntos de dados/assuntos. Cada treino: {PASSOS} passos com lotes de {LOTE}, "
    f"AdamW com taxa constante, semente {SEMENTE}, um núcleo; {AVALIACOES} avaliações em {VALIDACAO} textos. "
    "A perda de treino é a média dos lotes desde a avaliação anterior. Feito por python -m oficina curvas."
)


def fazer() -> None:
    """Grava ``curso/laboratorios/curvas.json``; interrompido, recomeça da primeira curva que falta."""
    completar(medir=treinar_e_medir)


def cabecalho() -> dict:
    """O que diz como as curvas foram feitas, e os valores das réguas do laboratório."""
    return {
        "como": COMO,
        "assuntos": list(ASSUNTOS),
        "passos": [PASSOS // AVALIACOES * k for k in range(1, AVALIACOES + 1)],
        "lote": LOTE,
        "validacao": VALIDACAO,
        "taxas": list(TAXAS),
        "textos": list(TAMANHOS),
        "modelos": list(MODELOS_DA_GRADE),
    }


def completar(medir) -> None:
    """``medir(taxa, textos, modelo)`` devolve as três listas de uma curva."""
    receita, curvas = cabecalho(), []
    if ARQUIVO.exists():
        antigo = json.loads(ARQUIVO.read_text(encoding="utf-8"))
        feitas_antes = antigo.pop("curvas")
        curvas = feitas_antes if antigo == receita else []  # outra receita não se mistura com esta
    feitas = {(c["taxa"], c["textos"], c["modelo"]) for c in curvas}
    faltam = [
        chave for chave in ((t, n, m) for m in MODELOS_DA_GRADE for n in TAMANHOS for t in TAXAS) if chave not in feitas
    ]
    for taxa, textos, modelo in tqdm(faltam, unit="curva"):
        treino, validacao, acuracia = medir(taxa, textos, modelo)
        curvas.append(
            {"taxa": taxa, "textos": textos, "modelo": modelo}
            | {"treino": arredondar(treino), "validacao": arredondar(validacao), "acuracia": arredondar(acuracia)}
        )
        linhas = ",\n".join(json.dumps(curva, ensure_ascii=False) for curva in curvas)
        resto = json.dumps(receita, ensure_ascii=False, indent=1)[:-2]
        gravar_inteiro(ARQUIVO, f'{resto},\n "curvas": [\n{linhas}\n]}}\n')


def arredondar(valores) -> list[float | None]:
    """Três casas bastam para o desenho; o que não é número (uma perda que estourou) vira ``None``."""
    return [round(float(v), 3) if math.isfinite(v) else None for v in valores]


def treinar_e_medir(taxa: float, textos: int, modelo: str) -> tuple[list[float], list[float], list[float]]:
    """Um treino com o ``Trainer``: a perda de treino, a de validação e a acurácia, em cada avaliação."""
    import torch
    from transformers import PrinterCallback, ProgressCallback, Trainer, TrainingArguments, set_seed

    torch.set_num_threads(1)
    tokenizer, partes = _dados()
    set_seed(SEMENTE)
    de_quantos = PASSOS // AVALIACOES
    with tempfile.TemporaryDirectory() as pasta:
        argumentos = TrainingArguments(
            pasta,
            max_steps=PASSOS,
            learning_rate=taxa,
            lr_scheduler_type="constant",
            per_device_train_batch_size=LOTE,
            per_device_eval_batch_size=64,
            eval_strategy="steps",
            eval_steps=de_quantos,
            logging_steps=de_quantos,
            save_strategy="no",
            seed=SEMENTE,
            use_cpu=True,
            report_to="none",
            dataloader_pin_memory=False,
        )
        treinador = Trainer(
            _modelo_novo(modelo),
            argumentos,
            train_dataset=partes["train"].select(range(textos)),
            eval_dataset=partes["test"],
            processing_class=tokenizer,
            compute_metrics=lambda p: {"accuracy": float((p.predictions.argmax(-1) == p.label_ids).mean())},
        )
        for mensageiro in (PrinterCallback, ProgressCallback):
            treinador.remove_callback(mensageiro)
        treinador.train()
    historico = treinador.state.log_history
    return tuple([linha[k] for linha in historico if k in linha] for k in ("loss", "eval_loss", "eval_accuracy"))


def _modelo_novo(nome: str):
    from transformers import AutoModelForSequenceClassification

    camadas, aprende = MODELOS_DA_GRADE[nome]
    modelo = AutoModelForSequenceClassification.from_pretrained(
        ENCODER, num_labels=len(ASSUNTOS), num_hidden_layers=camadas
    )
    modelo.base_model.requires_grad_(aprende)
    return modelo


def _dados():
    """Os textos de um assunto só, entre os seis, codificados e divididos como no notebook."""
    from datasets import ClassLabel, load_dataset
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(ENCODER)
    dados = load_dataset("json", data_files=str(TREINO), split="train")
    dados = dados.filter(lambda linha: len(linha["assuntos"]) == 1 and linha["assuntos"][0] in ASSUNTOS)
    dados = dados.map(
        lambda linhas: {
            "label": [ASSUNTOS.index(a[0]) for a in linhas["assuntos"]],
            **tokenizer(linhas["texto"], truncation=True),
        },
        batched=True,
        remove_columns=dados.column_names,
    ).cast_column("label", ClassLabel(names=list(ASSUNTOS)))
    return tokenizer, dados.train_test_split(test_size=VALIDACAO, seed=SEMENTE, stratify_by_column="label")
