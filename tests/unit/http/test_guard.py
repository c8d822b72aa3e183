"""Where the bot may not go, proven by what was never dialled. No test leaves this machine."""

import pytest

from bot.domain.errors import SourceError
from bot.http.guard import Guard

FORBIDDEN = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 -- an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:1::",
]
DISGUISED = ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "0"]


class Net:
    """A resolver and a dialler that only remember."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked, self.dialled = [], []

    def resolve(self, host, port):
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def dial(self, address, port, timeout):
        self.dialled.append((address, port))
        return object()

    def guard(self, **options):
        return Guard(resolve=self.resolve, dial=self.dial, **options)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_leads_inside_is_not_dialled(address):
    net = Net([address])
    with pytest.raises(SourceError, match="nothing was fetched"):
        net.guard().connect("news.example.com", 443, 5)
    assert net.dialled == []


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_inner_address_itself_is_not_dialled(address):
    net = Net([])
    with pytest.raises(SourceError):
        net.guard().connect(address, 80, 5)
    assert (net.asked, net.dialled) == ([], [])


@pytest.mark.parametrize("host", DISGUISED)
def test_an_address_in_disguise_is_neither_resolved_nor_dialled(host):
    net = Net(["127.0.0.1"])
    with pytest.raises(SourceError):
        net.guard().connect(host, 80, 5)
    assert net.dialled == []


def test_one_inner_address_among_public_ones_is_enough():
    net = Net(["93.184.216.34", "10.0.0.1"])
    with pytest.raises(SourceError):
        net.guard().connect("news.example.com", 443, 5)
    assert net.dialled == []


def test_exactly_the_judged_address_is_dialled():
    net = Net(["93.184.216.34"], ["127.0.0.1"])  # the second look-up would give another answer
    net.guard().connect("rebinding.example.com", 443, 5)
    assert net.dialled == [("93.184.216.34", 443)]
    assert net.asked == ["rebinding.example.com"]


def test_a_port_that_is_not_of_the_web():
    net = Net(["93.184.216.34"])
    with pytest.raises(SourceError, match="port 6379"):
        net.guard().connect("news.example.com", 6379, 5)
    assert net.dialled == []


def test_inner_addresses_by_choice_but_never_the_clouds_keys():
    net = Net(["192.168.1.1"])
    net.guard(allow_private=True).connect("intranet", 8080, 5)
    assert net.dialled == [("192.168.1.1", 8080)]
    keys = Net(["169.254.169.254"])
    with pytest.raises(SourceError):
        keys.guard(allow_private=True).connect("intranet", 80, 5)
    assert keys.dialled == []


def test_the_next_address_is_tried():
    net = Net(["93.184.216.34", "93.184.216.35"])

    def dial(address, port, timeout):
        net.dialled.append(address)
        if address.endswith("34"):
            raise ConnectionRefusedError
        return object()

    Guard(resolve=net.resolve, dial=dial).connect("news.example.com", 443, 5)
    assert net.dialled == ["93.184.216.34", "93.184.216.35"]
