"""Acurácia e F1, uma medida da biblioteca Evaluate que carrega sem internet.

``evaluate.load("accuracy")`` baixa do Hub um programa como este, e o executa. Este vem com o curso::

    medida = evaluate.load("../curso/medidas/acuracia_e_f1")
    medida.compute(predictions=[0, 1, 1], references=[0, 1, 0])  # {'acuracia': 0.666…, 'f1': 0.666…}
"""

import datasets
import evaluate
from sklearn.metrics import accuracy_score, f1_score


class AcuraciaEF1(evaluate.Metric):
    """Duas notas de um classificador de duas classes, 0 e 1. O F1 é o da classe 1."""

    def _info(self):
        return evaluate.MetricInfo(
            description="A fração de respostas certas, e o F1 da classe 1, de um classificador de duas classes.",
            citation="",
            inputs_description="predictions, references: listas de 0 e 1, do mesmo tamanho.",
            features=datasets.Features({"predictions": datasets.Value("int64"), "references": datasets.Value("int64")}),
        )

    def _compute(self, predictions, references):
        return {
            "acuracia": float(accuracy_score(references, predictions)),
            "f1": float(f1_score(references, predictions, zero_division=0)),
        }
