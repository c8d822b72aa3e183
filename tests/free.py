"""A port that nobody listens on just now."""

import socket


def port():
    """Return its number."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
