"""Where an API is: an address that keys may be sent to."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def secure(address: str) -> str:
    """Return `address` without a slash at its end, if keys may be sent there.

    Raises:
        ValueError: neither https nor this machine: anybody on the way could read the keys.
    """
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise ValueError("must begin with https:// (http:// only for 127.0.0.1)")
    return address.rstrip("/")


#: A setting that holds such an address.
SecureAddress = Annotated[str, AfterValidator(secure)]
