"""Which machines an address from the outside may make the bot talk to.

A name is resolved once, every address it has is judged, and the connection goes to exactly an
address that was judged. Looking at the peer after connecting would be too late: the socket, and
with it the knock on an inner door, would already have happened.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from bot.domain.errors import SourceError

#: Resolves a host name to its addresses, as text.
Resolve = Callable[[str, int], Sequence[str]]

#: Opens a connection to an address that was judged: address, port, seconds to wait.
Dial = Callable[[str, int, float], socket.socket]

#: Ports of the public web; anything else is rather an inner service.
PORTS = (80, 443)

#: Addresses that wrap an IPv4 address, so that a check of the outer one says nothing:
#: IPv4-mapped and -compatible (RFC 4291 2.5.5), 6to4 (RFC 3056), NAT64 (RFC 6052, RFC 8215),
#: Teredo (RFC 4380).
_WRAPPED = tuple(
    IPv6Network(net)
    for net in (
        "::ffff:0:0/96",
        "::/96",
        "2002::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
    )
)

#: Where clouds hand out their machines' keys. Never to be read, not even with `allow_private`.
_METADATA = tuple(
    ip_network(net)
    for net in ("169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "fd00:ec2::254/128")
)

#: An address written as a number, whole or in parts: 2130706433, 0x7f.1, 0177.0.0.1, 127.1.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Says where a connection may go, and makes it.

    Attributes:
        allow_private: addresses of this machine and its own network are fine, on any port.
        resolve: how names become addresses.
        dial: how a connection is made.
    """

    allow_private: bool = False
    resolve: Resolve = lambda host, port: resolve(host, port)  # noqa: PLW0108 -- defined below
    dial: Dial = lambda address, port, timeout: socket.create_connection((address, port), timeout)

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """Return a connection to `host`, to one of its addresses after all were judged.

        Raises:
            SourceError: the host may not be talked to; nothing was connected.
            OSError: none of its addresses could be reached.
        """
        failure: OSError | None = None
        for address in self.addresses(host, port):
            try:
                return self.dial(address, port, timeout)
            except OSError as exc:
                failure = exc
        raise failure or OSError(f"{host} has no address")

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host, each of them allowed.

        Raises:
            SourceError: the name is a disguised number, one of its addresses is not public, or
                the port is not one of the web.
            OSError: the name cannot be resolved.
        """
        if port not in PORTS and not self.allow_private:
            raise SourceError(
                f"{host}: port {port} is not one of the public web; nothing was fetched. "
                "BOT_FETCH__ALLOW_PRIVATE=true allows it."
            )
        bare = host.strip("[]")
        if _NUMBER.fullmatch(bare) and not _is_plain(bare):
            raise SourceError(
                f"{host}: an address in disguise; nothing was fetched. Write it as a name."
            )
        found = [bare] if _is_plain(bare) else list(self.resolve(bare, port))
        for address in found:
            why = self._refusal(address)
            if why:
                raise SourceError(f"{host} is {why} ({address}); nothing was fetched.")
        return found

    def _refusal(self, address: str) -> str:
        ip = ip_address(address.partition("%")[0])
        if any(ip in net for net in _METADATA if net.version == ip.version):
            return "an address of the machine's own network link"
        if isinstance(ip, IPv6Address) and self.allow_private and ip.is_loopback:
            return ""
        if isinstance(ip, IPv6Address) and any(ip in net for net in _WRAPPED):
            return "another address in disguise"
        if self.allow_private or _is_public(ip):
            return ""
        return (
            "not on the public internet but on this machine or its network; "
            "BOT_FETCH__ALLOW_PRIVATE=true allows that"
        )


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host as the system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _is_plain(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    inner = ip.is_multicast or ip.is_reserved or ip.is_unspecified
    site = isinstance(ip, IPv6Address) and ip.is_site_local
    return ip.is_global and not inner and not site
