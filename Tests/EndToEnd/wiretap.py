"""All that a browser sends to a site, byte for byte: a way there that listens."""

import socket
import threading


class Wiretap:
    """Passes connections on to 127.0.0.1:`port`, and keeps what goes there in `sent`."""

    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._pieces = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def sent(self):
        return b"".join(self._pieces)

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            site = socket.create_connection(("127.0.0.1", self._port))
            threading.Thread(target=self._pass_on, args=(browser, site, self._pieces.append), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(site, browser, lambda _: None), daemon=True).start()

    @staticmethod
    def _pass_on(source, target, note):
        try:
            while piece := source.recv(65536):
                note(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass    # the other direction has ended it
