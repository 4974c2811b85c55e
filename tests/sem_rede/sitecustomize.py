"""Nega a rede a todo Python que nasce com esta pasta no PYTHONPATH (os testes e os kernels deles).

Um gancho de auditoria não pode ser desfeito nem contornado por código Python: qualquer conexão
ou consulta de nome que não seja desta máquina falha na hora, como num lugar sem internet.
"""

import sys

LOCAIS = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""}


def _negar(evento, argumentos):
    if evento in ("socket.getaddrinfo", "socket.gethostbyname"):
        destino = argumentos[0]
    elif evento in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        endereco = argumentos[1]
        if not isinstance(endereco, tuple):  # soquetes de arquivo, dentro da máquina
            return
        destino = endereco[0]
    else:
        return
    if isinstance(destino, bytes):
        destino = destino.decode("ascii", "replace")
    if destino is not None and destino not in LOCAIS:
        raise OSError(101, f"rede negada pelos testes do curso: {destino}")


sys.addaudithook(_negar)
