"""Um treino de segundos, com o mesmo código que o notebook 3.2 mostra.

Como programa, treina e para à espera de quem o mate: python -m tests.sistema.treino_pequeno PASTA PASSO
"""

from __future__ import annotations

import sys

from datasets import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from curso import modelo

PASSOS, A_CADA = 12, 4


class Esperar(TrainerCallback):
    """Diz em que passo está e espera: quem o chamou mata o processo ali."""

    def __init__(self, passo: int):
        self.passo = passo

    def on_step_end(self, args, state, control, **_):
        if state.global_step == self.passo:
            print("esperando", flush=True)
            sys.stdin.read()


def montar(pasta: str) -> Trainer:
    tokenizer = AutoTokenizer.from_pretrained(modelo("fill-mask"))
    textos = [f"Frase número {n}, " + "sobre a chuva " * (n % 5) for n in range(40)]
    dados = Dataset.from_list([{**tokenizer(texto), "label": n % 2} for n, texto in enumerate(textos)])
    # dropout: sem guardar o estado dos sorteios, o treino retomado sairia diferente
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        hidden_dropout_prob=0.2,
    )
    set_seed(42)
    args = TrainingArguments(
        pasta,
        max_steps=PASSOS,
        save_steps=A_CADA,
        logging_steps=1,
        per_device_train_batch_size=4,
        learning_rate=0.01,
        warmup_steps=0.1,
        train_sampling_strategy="group_by_length",
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
        seed=42,
    )
    model = AutoModelForSequenceClassification.from_config(config)
    return Trainer(model, args, train_dataset=dados, processing_class=tokenizer)


if __name__ == "__main__":
    pasta, passo = sys.argv[1:]
    trainer = montar(pasta)
    trainer.add_callback(Esperar(int(passo)))
    trainer.train()
