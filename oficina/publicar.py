"""``python -m oficina publicar --conta NOME``: leva os modelos e os conjuntos do curso a uma conta do Hub.

Sem ``--enviar``, só mostra o que iria. Cada repositório vai em um commit só: ou chega inteiro, ou não chega. Quem
compara os arquivos com os que já estão lá é a huggingface_hub, e por isso repetir o comando não envia nada de novo,
e um envio cortado continua de onde parou.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curso.projeto import MODELOS, RAIZ, ErroDoCurso, dados_do_projeto
from oficina.cartoes_no_hub import cartao_no_hub, citados

DADOS = RAIZ / "dados"
#: Pesos em safetensors, configurações e dados. O molde da conversa é texto, e sem ele o modelo não conversa.
EXTENSOES, NOMES = {".safetensors", ".json", ".jsonl"}, {"README.md", "chat_template.jinja"}
DE_NOVO = "O que já chegou está lá. Execute o mesmo comando de novo: ele continua de onde parou."
ENTRAR = "No terminal, execute: hf auth login, com um token que possa escrever (write). O token fica fora do projeto."


@dataclass(frozen=True)
class Remessa:
    """Uma pasta do projeto, e o repositório em que ela vai ficar."""

    tipo: str  # "model" ou "dataset", como no Hub
    pasta: Path
    destino: str  # CONTA/nome

    @property
    def arquivos(self) -> list[Path]:
        return [a for a in sorted(self.pasta.iterdir()) if vai(a)]

    @property
    def de_fora(self) -> list[str]:
        return [a.name for a in sorted(self.pasta.iterdir()) if not vai(a)]

    @property
    def mb(self) -> float:
        return sum(a.stat().st_size for a in self.arquivos) / 1e6

    def cartao(self) -> str:
        conta = self.destino.split("/")[0]
        return cartao_no_hub((self.pasta / "README.md").read_text(encoding="utf-8"), self.tipo, self.pasta, conta)


def vai(arquivo: Path) -> bool:
    """Um atalho não vai: apontaria para fora da pasta que se mostrou."""
    return arquivo.is_file() and not arquivo.is_symlink() and (arquivo.suffix in EXTENSOES or arquivo.name in NOMES)


def remessas(conta: str, so: list[str] | None = None) -> list[Remessa]:
    """O que há para enviar: os conjuntos primeiro, porque os cartões dos modelos os citam."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    pastas = [("dataset", a.parent) for a in sorted(DADOS.glob("*/README.md"))]
    pastas += [("model", a.parent) for a in sorted(MODELOS.glob("*/config.json"))]
    nomes = [pasta.name for _, pasta in pastas]
    if errados := [nome for nome in so or [] if nome not in nomes]:
        raise ErroDoCurso(f"Não conheço {', '.join(map(repr, errados))}. Escolha entre:\n  {', '.join(nomes)}")
    try:
        if "/" in conta:
            raise HFValidationError
        validate_repo_id(f"{conta}/nome")
    except HFValidationError:
        raise ErroDoCurso(
            f"{conta!r} não é o nome de uma conta: use o que aparece no endereço da sua página no Hub, "
            "só com letras, números, ponto, hífen ou sublinhado."
        ) from None
    return [Remessa(tipo, pasta, f"{conta}/{pasta.name}") for tipo, pasta in pastas if not so or pasta.name in so]


def fazer(conta: str, so: list[str] | None = None, enviar: bool = False, privado: bool = False) -> None:
    """Mostra o que vai e, com ``enviar``, envia."""
    lista = remessas(conta, so)
    mostrar(lista)
    if not enviar:
        print("Isto foi um ensaio: nada saiu desta máquina. Para enviar, o mesmo comando com --enviar.")
        return
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    feito, erro_de_rede = 0, HfHubHTTPError.__bases__[0]  # da httpx ou da httpx2, conforme a huggingface_hub
    try:
        conferir_conta(conta)
        for remessa in lista:
            print(f"  {remessa.destino}: {enviar_uma(remessa, privado)}", flush=True)
            feito += 1
    except OfflineModeIsEnabled:
        raise ErroDoCurso("O modo offline está ligado. Apague a variável HF_HUB_OFFLINE e tente de novo.") from None
    except HfHubHTTPError as erro:
        raise ErroDoCurso(f"{recusa(erro, conta)}{ate_aqui(feito, lista)}") from None
    except (erro_de_rede, OSError) as erro:
        raise ErroDoCurso(
            f"O Hub não responde, ou a conexão caiu ({type(erro).__name__}). Confira a internet.{ate_aqui(feito, lista)}"
        ) from None
    except KeyboardInterrupt:
        raise ErroDoCurso(f"Interrompido.{ate_aqui(feito, lista)}") from None
    print(f"Pronto: {len(lista)} repositórios em {conta}. Para fixar um deles, use o commit como revision.")


def mostrar(lista: list[Remessa]) -> None:
    print(f"{'o que':9}{'para onde':36}{'arquivos':>8}{'MB':>8}")
    for remessa in lista:
        tipo = "conjunto" if remessa.tipo == "dataset" else "modelo"
        print(f"{tipo:9}{remessa.destino:36}{len(remessa.arquivos):8}{_mb(remessa.mb)}")
        if remessa.de_fora:
            print(f"{'':9}não vai: {', '.join(remessa.de_fora)}")
    total = sum(remessa.mb for remessa in lista)
    print(f"{'total':45}{sum(len(r.arquivos) for r in lista):8}{_mb(total)}")
    enviados = {remessa.destino for remessa in lista}
    soltos = sorted({nome for remessa in lista for nome in citados(remessa.cartao())} - enviados)
    if soltos:
        print(f"Os cartões também citam, e não estão nesta lista: {', '.join(soltos)}.")


def _mb(quantos: float) -> str:
    return f"{quantos:8.1f}".replace(".", ",")


def conferir_conta(conta: str) -> None:
    """Antes do primeiro byte: há um token, e ele é de quem pode escrever nesta conta."""
    from huggingface_hub import HfApi, get_token

    if not get_token():
        raise ErroDoCurso(f"Falta entrar na sua conta do Hub. {ENTRAR}")
    quem = HfApi().whoami()
    contas = [quem["name"], *(org["name"] for org in quem.get("orgs", []))]
    if conta not in contas:
        raise ErroDoCurso(
            f"O seu token é de {quem['name']}, que não escreve em {conta}. Pode escrever em: {', '.join(contas)}."
        )


def enviar_uma(remessa: Remessa, privado: bool) -> str:
    """Cria o repositório, se falta, e envia o que mudou. Devolve o que aconteceu, com o commit."""
    from huggingface_hub import CommitOperationAdd, HfApi
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import logging

    logging.set_verbosity_error()  # «nada mudou» é aviso da biblioteca; aqui é o esperado
    api = HfApi()
    api.create_repo(remessa.destino, repo_type=remessa.tipo, private=privado, exist_ok=True)
    antes = api.repo_info(remessa.destino, repo_type=remessa.tipo).sha
    conteudo = {a.name: remessa.cartao().encode() if a.name == "README.md" else a for a in remessa.arquivos}
    try:
        feito = api.create_commit(
            remessa.destino,
            [CommitOperationAdd(nome, arquivo) for nome, arquivo in conteudo.items()],
            commit_message=f"Edição {dados_do_projeto()['edicao']} do curso",
            repo_type=remessa.tipo,
        )
    except HfHubHTTPError:
        raise
    except ValueError as erro:  # o Hub recusou o YAML do cartão
        raise ErroDoCurso(f"O Hub recusou o cartão de {remessa.pasta.name}: {erro}") from None
    return f"{'nada de novo' if feito.oid == antes else 'enviado'}, commit {feito.oid}"


def recusa(erro, conta: str) -> str:
    codigo = erro.response.status_code
    if codigo == 401:
        return f"O Hub não aceitou o seu token: ele foi revogado ou venceu. {ENTRAR}"
    if codigo == 403:
        return f"O seu token não pode escrever em {conta}. {ENTRAR}"
    if codigo == 429:
        return "O Hub pediu para esperar: foram pedidos demais em pouco tempo. Tente daqui a alguns minutos."
    return f"O Hub respondeu com o erro {codigo}."


def ate_aqui(feito: int, lista: list[Remessa]) -> str:
    return f" Foram {feito} de {len(lista)} repositórios. {DE_NOVO}" if feito else ""
