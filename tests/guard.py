"""Notices every connection and every look-up of a name beyond loopback, whoever swallows it.

`pytest-socket` refuses them; code under test that catches everything could hide that. Python
tells an audit hook of each before it happens (PEP 578), in every thread.
"""

import ipaddress
import os
import sys

#: What was tried, in order.
BEYOND: list[str] = []

#: Names that are this machine's, and names that never leave it (RFC 6761).
_OURS = ("localhost", "invalid", "test", "example")


def is_loopback(host):
    """Return whether an address or name stays on this machine, or on none."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not host:
        return True
    try:
        address = ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] in _OURS
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified


def judge(event, arguments):
    """Return what an audit event tries beyond loopback; "" for nothing."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_loopback(address[0]):
            return f"{event} {address[0]}:{address[1]}"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not is_loopback(arguments[0]):
        return f"{event} {arguments[0]}"
    return ""


def watch():
    """Begin to notice. An audit hook cannot be taken away again."""
    sys.addaudithook(_hook)


def _hook(event, arguments):
    if event.startswith("socket."):
        beyond = judge(event, arguments)
        if beyond:
            BEYOND.append(beyond)


def forbid():
    """End this process at the first try: for a `bot` that a test has started."""
    sys.addaudithook(_end)


def _end(event, arguments):
    if event.startswith("socket."):
        beyond = judge(event, arguments)
        if beyond:
            sys.stderr.write(f"Beyond loopback: {beyond}\n")
            sys.stderr.flush()
            os._exit(97)
