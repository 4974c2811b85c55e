"""PDF das páginas de uma aula, pelo Chromium (ou parente) que houver na máquina, sem janela."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PRAZO_S = 120
NOMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome")
FORA_DO_PATH = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    ),
}
SEM_NAVEGADOR = "Sem PDF: não achei o Chromium, o Chrome nem o Edge nesta máquina. Para ter um, abra o HTML e imprima pelo navegador."
# Um Chromium que não usa a placa de vídeo nem procura a rede por conta própria.
QUIETO = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OPCOES = ("--headless", *QUIETO, "--no-pdf-header-footer")


def navegador() -> str | None:
    """O programa que faz PDF, ou ``None``."""
    caminhos = [os.path.expandvars(c) for c in FORA_DO_PATH.get(sys.platform, ())]
    return next(filter(None, map(shutil.which, (*NOMES, *caminhos))), None)


def comando(programa: str, pagina: Path, destino: Path, perfil: str) -> list[str]:
    # O Chromium se recusa a isolar processos quando quem o chama é root (um contêiner, por exemplo).
    isolar = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [programa, *OPCOES, *isolar, f"--user-data-dir={perfil}", f"--print-to-pdf={destino}", pagina.as_uri()]


def fazer_pdf(programa: str, pagina: Path) -> Path | None:
    """O PDF ao lado do HTML; ``None`` se o navegador não o fez."""
    destino = pagina.with_suffix(".pdf")
    destino.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as perfil:
        try:
            subprocess.run(
                comando(programa, pagina.resolve(), destino.resolve(), perfil), capture_output=True, timeout=PRAZO_S
            )
        except (OSError, subprocess.TimeoutExpired):
            pass
    return destino if destino.exists() else None
