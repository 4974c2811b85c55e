"""O curso no The Littlest JupyterHub: o README desta pasta diz como ligar este arquivo.

O TLJH o lê depois da configuração dele, e ``c`` já existe. O ensaio (``jupyterhub_config.py``) lê este mesmo arquivo.
"""

from pathlib import Path

CURSO = Path(__file__).resolve().parent.parent
HUB_DA_TURMA = Path("/srv/hf")  # onde o professor rodou: HF_HOME=/srv/hf python -m curso baixar

c = get_config()  # noqa: F821

# O Python do curso, com as versões testadas, em vez do ambiente do TLJH.
c.Spawner.cmd = [str(CURSO / ".venv" / "bin" / "python"), str(CURSO / "turma" / "entrar.py")]
c.Spawner.default_url = "/lab/tree/curso/notebooks/00-comece-aqui.ipynb"

# Dois ou três notebooks abertos por aluno. Nesta classe, e não em Spawner, porque o TLJH escreve nela um «sem limite».
c.SystemdSpawner.mem_limit = "2G"

# A turma entra toda no mesmo minuto, e os servidores dividem o processador para abrir.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

if (HUB_DA_TURMA / "hub").is_dir():
    # Só o cache dos modelos é de todos, e só para ler. HF_HOME continua pessoal: a biblioteca Datasets escreve nela,
    # e nela ficaria o token de quem tem um.
    c.Spawner.environment = {"HF_HUB_CACHE": str(HUB_DA_TURMA / "hub"), "HF_HUB_OFFLINE": "1"}
