"""Um Hugging Face Hub inteiro nesta máquina, sem conta e sem internet: ``from curso.hub_local import abrir_hub``.

As bibliotecas e o comando ``hf`` falam com ele como falam com o de verdade. Nada sobrevive ao kernel.
"""

from curso.hub_local.abrir import Hub, abrir_hub
from curso.hub_local.servidor import HubLocal

__all__ = ["Hub", "HubLocal", "abrir_hub"]
