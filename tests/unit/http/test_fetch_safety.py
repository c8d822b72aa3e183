"""What a stranger's server or address can try, and that no socket is opened for it."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from bot.domain.errors import SourceError
from bot.http.fetch import Fetcher, Limits, Refused
from bot.http.guard import Guard
from bot.markup.charset import decode
from tests.site import serving

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PUBLIC = "93.184.216.34"

#: Every way to write an inner address (facts of CVEs and of the cloud providers' pages).
INSIDE = [
    "http://127.0.0.1/", "http://127.8.8.8/", "http://localhost/", "http://localhost./",
    "http://[::1]/", "http://0.0.0.0/", "http://0/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://017700000001/", "http://0177.0.0.1/", "http://127.1/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/",
    "http://[fe80::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://10.0.0.1/",
    "http://172.16.0.1/", "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://198.18.0.1/", "http://224.0.0.1/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://metadata.google.internal/",
    "http://news.example.com:22/", "http://news.example.com:6379/", "https://news.example.com:8443/",
    "http://inner.example.com/", "http://half.example.com/", "http://u:p@news.example.com/",
    "file:///etc/passwd", "gopher://127.0.0.1/_", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/", "data:text/html,x", "javascript:1", "//127.0.0.1/", "http:///x",
    "http://127.0.0.1#@news.example.com/", "http://[::1%25lo]/", "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/", "http://news.example.com\\@127.0.0.1/", "http://127.0.0.1\t/",
]  # fmt: skip

NAMES = {
    "news.example.com": [PUBLIC],
    "localhost": ["127.0.0.1"], "localhost.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "inner.example.com": ["10.0.0.7"],
    "half.example.com": [PUBLIC, "192.168.0.1"],
}  # fmt: skip


class Net:
    """Answers names from a table, and opens nothing but the site under its public address."""

    def __init__(self, site=None):
        self.site, self.dialled, self.turns = site, [], {}

    def resolve(self, host, port):
        turns = self.turns.get(host)
        if turns:
            return turns.pop(0)
        if host in NAMES:
            return NAMES[host]
        # As a system resolver does: any way to write a number is an address.
        try:
            return [socket.inet_ntoa(socket.inet_aton(host))]
        except OSError:
            raise OSError(f"{host}: no such name") from None

    def dial(self, address, port, timeout):
        self.dialled.append(address)
        assert (address, self.site is not None) == (PUBLIC, True), address
        return socket.create_connection(("127.0.0.1", self.site.server_port), timeout)

    def fetcher(self, **limits):
        return Fetcher(guard=Guard(resolve=self.resolve, dial=self.dial), limits=Limits(**limits))


@pytest.fixture
def opened(monkeypatch):
    """Remember every connection that anybody tries to open, and open none."""
    tried = []

    def connect(self, address):
        tried.append(address)
        raise AssertionError(f"a socket was opened to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return tried


@pytest.fixture
def site():
    with serving() as server:
        yield server


@pytest.mark.parametrize("url", INSIDE)
def test_no_socket_is_opened_to_the_inside(opened, url):
    net = Net()
    with pytest.raises(SourceError, match=r"nothing was (?:fetched|read)"):
        net.fetcher().get(url, now=NOW)
    assert (opened, net.dialled) == ([], [])


@pytest.mark.parametrize("url", INSIDE)
def test_no_socket_is_opened_by_a_redirect_to_the_inside(site, url):
    target = url.encode("utf-8").decode("latin-1") if url.isascii() else "http://127.0.0.1/"
    site.routes["/"] = lambda h: h.answer(302, location=target.replace("\t", "%09"))
    net = Net(site)
    with pytest.raises(SourceError):
        net.fetcher().get("http://news.example.com/", now=NOW)
    # The site under its public address, and perhaps again where the redirect leads to itself.
    assert set(net.dialled) <= {PUBLIC}


def test_a_name_that_changes_between_two_looks_leads_nowhere(site):
    site.routes["/"] = lambda h: h.answer(
        302, location="http://rebind.example.com/b", connection="close"
    )
    net = Net(site)
    net.turns["rebind.example.com"] = [["127.0.0.1"], [PUBLIC]]
    with pytest.raises(SourceError, match="not on the public internet"):
        net.fetcher().get("http://news.example.com/", now=NOW)
    assert net.dialled == [PUBLIC]


def test_a_proxy_of_the_environment_is_not_asked(site, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.routes["/"] = "<p>Hi</p>"
    net = Net(site)
    assert net.fetcher().get("http://news.example.com/", now=NOW).document.content == b"<p>Hi</p>"


@pytest.fixture
def fetch(site):
    def get(path="/", **limits):
        values = {"size": 100_000, "seconds": 5, **limits}
        inside = Fetcher(guard=Guard(allow_private=True), limits=Limits(**values))
        return inside.get(site.url + path, now=NOW)

    return get


def test_a_brotli_bomb_is_not_unpacked(site, fetch):
    bomb = brotli.compress(bytes(30_000_000), quality=5)
    site.routes["/"] = lambda h: h.answer(200, bomb, content_encoding="br")
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        fetch()


def test_a_bomb_that_is_a_file_is_not_unpacked(site, fetch):
    import gzip

    site.routes["/map.xml.gz"] = gzip.compress(bytes(30_000_000))
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        fetch("/map.xml.gz")
    site.routes["/map.xml.gz"] = gzip.compress(b"<urlset/>")[:-9]
    assert fetch("/map.xml.gz").document.content in (b"<urlset/>", b"<urlset", b"")
    site.routes["/map.xml.gz"] = b"\x1f\x8b\x08 broken"
    with pytest.raises(SourceError, match="broken gzip"):
        fetch("/map.xml.gz")


def test_ten_gigabytes_that_are_announced_are_cut(site, fetch):
    sent = []

    def stream(h):
        h.send_response(200)
        h.send_header("content-length", str(10 * 2**30))
        h.end_headers()
        try:
            while True:
                h.wfile.write(b"x" * 10_000)
                sent.append(1)
        except OSError:
            return

    site.routes["/"] = stream
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        fetch()
    assert len(sent) < 2000


def test_headers_that_drip_do_not_hold_the_bot(site, fetch):
    gone = threading.Event()

    def drip(h):
        try:
            h.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not gone.wait(0.02):
                h.wfile.write(b"X-A: b\r\n")
        except OSError:
            return

    site.routes["/"] = drip
    try:
        with pytest.raises(SourceError, match="nothing was read"):
            fetch(seconds=0.3)
    finally:
        gone.set()


@pytest.mark.parametrize(("steps", "moved"), [((301, 308, 301), True), ((301, 302, 301), False)])
def test_a_chain_is_remembered_where_all_of_it_is_permanent(site, fetch, steps, moved):
    for number, status in enumerate(steps):
        site.routes[f"/{number}"] = lambda h, n=number, s=status: h.answer(s, location=f"/{n + 1}")
    site.routes[f"/{len(steps)}"] = "<p>Hi</p>"
    got = fetch("/0")
    assert got.moved == (f"{site.url}/3" if moved else "")
    assert got.document.url == f"{site.url}/3"


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("Mon, 23 Nov 2026 01:32:00 GMT", timedelta(minutes=2)),
        ("999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("Mon, 23 Nov 2020 01:32:00 GMT", None),
    ],
)
def test_when_a_server_wants_to_be_asked_again(site, fetch, value, after):
    site.routes["/"] = lambda h: h.answer(503, retry_after=value)
    with pytest.raises(Refused) as caught:
        fetch()
    assert caught.value.retry_at == (NOW + after if after else None)


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("text/html; charset=utf-8", "Café – “so”".encode("cp1252")),
        ("text/html; charset=iso-8859-1", "Café – “so”".encode("cp1252")),
        ("text/html; charset=nonsense", "Café – “so”".encode()),
        ("text/html; charset=utf-16", "Café – “so”".encode()),
        ("text/html", "Café – “so”".encode("utf-16")),
    ],
)
def test_a_wrong_charset_is_seen_through(site, fetch, said, content):
    site.routes["/"] = lambda h: h.answer(200, content, content_type=said)
    got = fetch().document
    assert decode(got.content, got.content_type) == "Café – “so”"


def certificate(folder):
    """Make a certificate that nobody vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with serving() as site:
        site.handle_error = lambda *args: None
        site.socket = context.wrap_socket(site.socket, server_side=True)
        url = site.url.replace("http:", "https:")
        with pytest.raises(SourceError, match="no secure connection; nothing was read"):
            Fetcher(guard=Guard(allow_private=True)).get(url, now=NOW)
        assert site.asked == []


def test_a_server_without_tls_is_refused(site):
    site.handle_error = lambda *args: None
    with pytest.raises(SourceError, match="nothing was read"):
        Fetcher(guard=Guard(allow_private=True)).get(site.url.replace("http:", "https:"), now=NOW)
    assert site.asked == []
