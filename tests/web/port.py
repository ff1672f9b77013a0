"""Where a test's server listens."""

from __future__ import annotations

import errno
import socket

_usual = 0


def listening(port: int = 0) -> socket.socket:
    """A listener on this port. For 0: on the one that this process served at before, because a browser then has what it
    fetched and compiled for the last test; on a free one, while another server has that."""
    global _usual
    for at in (port,) if port or not _usual else (_usual, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", at))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE or at in (port, 0):
                raise
            continue
        _usual = _usual or listener.getsockname()[1]
        return listener
    raise AssertionError("a free port was asked for last")
