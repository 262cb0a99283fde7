"""TCP between machines of the lab: "serve PORT..." echoes, "ask ADDRESS PORT" wants its line back within a second."""

import socket
import sys
import threading


def serve(port):
    with socket.create_server(("", port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(2)
                try:
                    connection.sendall(connection.recv(100))
                except OSError:
                    pass


def ask(address, port):
    with socket.create_connection((address, port), timeout=1) as connection:
        connection.sendall(b"fabric\n")
        return connection.recv(100) == b"fabric\n"


if sys.argv[1] == "serve":
    for number in sys.argv[2:]:
        threading.Thread(target=serve, args=(int(number),)).start()
else:
    try:
        sys.exit(0 if ask(sys.argv[2], int(sys.argv[3])) else 1)
    except OSError as error:
        sys.exit(str(error))
