"""Ensaio: um JupyterHub de verdade, só nesta máquina, com alunos simulados. Não serve para uma turma.

A senha é uma só e todos os servidores são do mesmo usuário do sistema. O que é do curso vem de ``tljh_curso.py``.
"""

import os
from pathlib import Path

AQUI = Path(__file__).resolve().parent
ENSAIO = Path(os.environ["CURSO_ENSAIO"])  # pasta temporária: contas, registros e pastas pessoais
PORTAS = os.environ["CURSO_ENSAIO_PORTAS"].split(",")  # a pública, a do hub e a da API do proxy

c = get_config()  # noqa: F821
load_subconfig(str(AQUI / "tljh_curso.py"))  # noqa: F821

c.JupyterHub.bind_url = f"http://127.0.0.1:{PORTAS[0]}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORTAS[1]}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORTAS[2]}"
c.ConfigurableHTTPProxy.command = [str(AQUI.parent / ".venv" / "node_modules" / ".bin" / "configurable-http-proxy")]
c.JupyterHub.db_url = f"sqlite:///{ENSAIO / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(ENSAIO / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(ENSAIO / "proxy.pid")

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["CURSO_ENSAIO_SENHA"]
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(ENSAIO / "{username}")
# Sem rede, e sem deixar rastro na pasta temporária da máquina.
c.Spawner.environment = {"HF_HUB_OFFLINE": "1", "TMPDIR": str(ENSAIO)}
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]
