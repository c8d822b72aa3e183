"""Passkeys: what a device has signed opens the desk once, here, and for its owner only."""

import hashlib
import json
import os
import re
import socket
from itertools import count

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes as unpacked
from webauthn.helpers import bytes_to_base64url as packed

from bot.app import build
from bot.domain.access import Passkey
from bot.domain.people import Role
from bot.settings import model
from bot.web import passkeys, second
from bot.web.links import one_time
from bot.web.server import DeskServer
from tests.web import PASSWORD, served

USER_PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """A device with one key (ES256), as W3C WebAuthn Level 3 describes it."""

    def __init__(self, origin, host="localhost"):
        self.origin, self.host, self.count = origin, host, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.handle = os.urandom(32), b""

    def make(self, options):
        self.handle = unpacked(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(cose)
        data = self.data(ATTESTED) + credential
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self.client("webauthn.create", options)
        response = {"attestationObject": packed(made), "clientDataJSON": packed(client)}
        return self.answer(response)

    def sign(self, options, flags=VERIFIED):
        data, client = self.data(flags), self.client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": packed(data),
            "clientDataJSON": packed(client),
            "signature": packed(signed),
            "userHandle": packed(self.handle),
        }
        return self.answer(response)

    def data(self, flags):
        self.count += 1
        extra = VERIFIED if flags == ATTESTED else 0
        digest = hashlib.sha256(self.host.encode()).digest()
        return digest + bytes([USER_PRESENT | flags | extra]) + self.count.to_bytes(4)

    def client(self, kind, options):
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def answer(self, response):
        name = packed(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


_NUMBERS = count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    folder = tmp_path_factory.mktemp("passkeys")
    with served(folder, desk={"port": port, "url": url}) as place:
        place.user("admin", Role.ADMIN)
        place.user("other", Role.EDITOR)
        yield place


@pytest.fixture(scope="module")
def ravi(place):
    return place.visitor("other")


@pytest.fixture
def name(place):
    """Return the name of somebody new."""
    return place.user(f"asha{next(_NUMBERS)}", Role.EDITOR).name


@pytest.fixture
def asha(place, name):
    return place.visitor(name)


@pytest.fixture
def device(place):
    return Device(place.app.settings.desk.url)


def asked(visitor, path, token=None):
    answer = visitor.post(path, token=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def add(visitor, device, name="My phone"):
    options = asked(visitor, "/account/passkeys/begin", visitor.token("/account"))
    data = {"answer": device.make(options), "name": name}
    return visitor.post("/account/passkeys/add", data, token=visitor.token("/account"))


def sign_in(visitor, device, flags=VERIFIED):
    options = asked(visitor, "/sign-in/passkey/begin")
    return visitor.post("/sign-in/passkey", {"answer": device.sign(options, flags)})


def is_in(visitor):
    return visitor.get("/", allow_redirects=False).status_code == 200


def keys(place, name):
    return place.app.store.passkeys.of(place.app.store.people.find(name))


def test_a_passkey_is_added_named_used_and_removed(place, asha, name, device):
    assert "My phone" in add(asha, device).text
    (key,) = keys(place, name)
    token = asha.token("/account")
    renamed = {"passkey": key.id, "name": "Office <b>key</b>"}
    assert "Office &lt;b&gt;key" in asha.post("/account/passkeys/rename", renamed, token=token).text
    phone = place.visitor()
    assert sign_in(phone, device).status_code == 200
    assert is_in(phone)
    asha.post("/account/passkeys/remove", {"passkey": key.id}, token=token)
    other = place.visitor()
    sign_in(other, device)
    assert not is_in(other)
    wanted = ["added", "named", "used", "removed"]
    done = [e["name"] for e in place.app.store.audit.export() if e["who"] == name]
    assert [e for e in done if "passkey" in e] == [f"user.passkey_{w}" for w in wanted]


def test_it_stands_for_password_and_code(place, asha, name, device):
    app = place.app
    add(asha, device)
    user = app.store.people.find(name)
    app.store.people.set_second(user, "on:00:1", was="", by="test", now=place.clock.now())
    assert second.of(app.store, app.keys, user).on
    phone = place.visitor()
    assert "Code from your app" in phone.sign_in(name).text
    assert not is_in(phone)
    sign_in(phone, device)
    assert is_in(phone)


def test_a_challenge_is_signed_once(place, asha, device):
    add(asha, device)
    phone = place.visitor()
    answer = device.sign(asked(phone, "/sign-in/passkey/begin"))
    phone.post("/sign-in/passkey", {"answer": answer})
    assert is_in(phone)
    phone.post("/sign-out", token=phone.token("/"))
    assert "does not know" in phone.post("/sign-in/passkey", {"answer": answer}).text
    assert not is_in(phone)


def test_a_challenge_belongs_to_one_browser_and_ends(place, asha, device):
    add(asha, device)
    one, other = place.visitor(), place.visitor()
    asked(other, "/sign-in/passkey/begin")
    answer = device.sign(asked(one, "/sign-in/passkey/begin"))
    other.post("/sign-in/passkey", {"answer": answer})
    assert not is_in(other)
    late = device.sign(asked(one, "/sign-in/passkey/begin"))
    place.clock.advance(301)
    one.post("/sign-in/passkey", {"answer": late})
    assert not is_in(one)


@pytest.mark.parametrize("wrong", ["origin", "host", "unverified", "copied", "owner", "key"])
def test_nothing_else_opens_the_desk(place, asha, device, wrong):
    add(asha, device)
    flags = VERIFIED
    match wrong:
        case "origin":
            device.origin = "https://desk.evil.example"
        case "host":
            device.host = "evil.example"
        case "unverified":
            flags = 0
        case "copied":
            device.count = -1  # an older copy of it
        case "owner":
            device.handle = b"somebody else"
        case "key":
            device.key = ec.generate_private_key(ec.SECP256R1())
    visitor = place.visitor()
    assert "does not know that passkey" in sign_in(visitor, device, flags).text
    assert not is_in(visitor)


def test_only_what_was_asked_for_is_added(place, asha, name, ravi, device):
    options = asked(asha, "/account/passkeys/begin", asha.token("/account"))
    data = {"answer": device.make(options), "name": "stolen"}
    assert ravi.post("/account/passkeys/add", data, token=ravi.token("/account")).status_code == 400
    far = Device("https://desk.evil.example")
    assert add(asha, far).status_code == 400
    assert keys(place, name) == []
    token = asha.token("/account")
    for answer in ("", "[]", "{" * 3000, json.dumps({"id": 1, "response": []})):
        asked(asha, "/account/passkeys/begin", token)
        wrong = asha.post("/account/passkeys/add", {"answer": answer}, token=token)
        assert wrong.status_code == 400, answer
        asked(asha, "/sign-in/passkey/begin", token)
        assert asha.post("/sign-in/passkey", {"answer": answer}, token=token).status_code == 200


def test_nobody_touches_the_passkeys_of_others(place, asha, name, ravi, device):
    add(asha, device)
    (key,) = keys(place, name)
    for path in ("rename", "remove"):
        data = {"passkey": key.id, "name": "mine"}
        answer = ravi.post(f"/account/passkeys/{path}", data, token=ravi.token("/account"))
        assert answer.status_code == 400
    assert place.app.store.passkeys.find(key.credential) == key


def test_an_admin_takes_the_passkeys_of_a_lost_device_away(place, asha, name, device):
    add(asha, device)
    admin = place.visitor("admin")
    assert f"{name}</strong>" in admin.get("/settings/people").text
    data = {"name": name}
    token = admin.token("/settings/people")
    assert (
        "no passkeys any more" in admin.post("/settings/people/no-passkeys", data, token=token).text
    )
    assert keys(place, name) == []
    visitor = place.visitor()
    sign_in(visitor, device)
    assert not is_in(visitor)


def test_a_closed_account_and_an_erased_one_are_out(place, asha, name, device):
    add(asha, device)
    people, now = place.app.store.people, place.clock.now()
    people.change(people.find(name), by="admin", now=now, disabled=True)
    visitor = place.visitor()
    sign_in(visitor, device)
    assert not is_in(visitor)
    gone = place.app.store.retention.erase(people.find(name), by="admin", now=now)
    assert gone["passkeys"] == 1


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:8700", "http://desk.example.org"])
def test_without_a_host_name_or_tls_there_are_none(url):
    assert passkeys.relying(build(model()(desk={"url": url}))).id == ""


def test_where_there_are_none_nobody_is_offered_one(tmp_path):
    with served(tmp_path) as place:
        place.user("asha", Role.ADMIN)
        asha = place.visitor("asha")
        assert "BOT_DESK__URL" in asha.get("/account").text
        assert asha.post("/account/passkeys/begin", token=asha.token("/account")).status_code == 400
        assert "passkey" not in place.visitor().get("/sign-in").text


def off(visitor):
    return visitor.post("/account/password/off", token=visitor.token("/account"))


def test_passkeys_can_be_the_only_way_in(place, asha, name, device):
    add(asha, device)
    assert "takes two passkeys" in off(asha).text
    assert is_in(place.visitor(name)), "the password still does"
    spare = Device(device.origin)
    add(asha, spare, "Security key")
    invited = one_time(place.app, place.app.store.people.find(name), "", by="admin")
    assert "Only your passkeys open the desk now" in off(asha).text
    visitor = place.visitor()
    assert "do not belong together" in visitor.sign_in(name).text
    assert "Set your password" not in visitor.get(invited).text, "an earlier link is void"
    for key in (device, spare):
        phone = place.visitor()
        sign_in(phone, key)
        assert is_in(phone)
    assert "Turn your password off" not in asha.get("/account").text


def test_the_last_passkey_stays_where_there_is_no_password(place, asha, name, device):
    add(asha, device)
    add(asha, Device(device.origin), "Lost phone")
    off(asha)
    kept, lost = keys(place, name)
    token = asha.token("/account")
    asha.post("/account/passkeys/remove", {"passkey": lost.id}, token=token)
    refused = asha.post("/account/passkeys/remove", {"passkey": kept.id}, token=token)
    assert refused.status_code == 400
    assert keys(place, name) == [kept]


def test_a_one_time_link_gives_a_password_again(place, asha, name, device):
    add(asha, device)
    add(asha, Device(device.origin), "Spare")
    off(asha)
    admin = place.visitor("admin")
    token = admin.token("/settings/people")
    told = admin.post("/settings/people/no-passkeys", {"name": name}, token=token).text
    assert "To come in, they need a link" in told
    answer = admin.post("/settings/people/link", {"name": name}, token=token).text
    link = re.search(r"/welcome/[\w-]+", answer)[0]
    place.visitor().post(link, {"password": PASSWORD})
    assert is_in(place.visitor(name))
    done = [e["name"] for e in place.app.store.audit.export() if e["who"] == name]
    assert done.index("user.password_off") < done.index("user.password_set")


def test_an_admin_with_passkeys_alone_is_no_first_run(tmp_path):
    desk = {"port": 0, "url": "http://localhost:8700"}
    with served(tmp_path, desk=desk) as place:
        server = DeskServer(place.app, port=0)
        with server:
            assert "/welcome/" in server.first_link()
            user = place.user("asha", Role.ADMIN)
            for number in range(2):
                key = Passkey(
                    id=0, user=user, credential=f"c{number}", public_key="", count=0, name=str(number),
                    created_at=place.clock.now(),
                )  # fmt: skip
                place.app.store.passkeys.add(key, now=place.clock.now())
            place.app.store.passkeys.alone(user, now=place.clock.now())
            assert place.app.store.people.password("asha") == ""
            assert server.first_link() == ""
