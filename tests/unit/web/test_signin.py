"""Who gets in, and who does not."""

import re

import pytest

from bot.domain.errors import ConfigError
from bot.domain.people import Role
from bot.web.server import DeskServer
from tests.web import PASSWORD, served

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what must be refused


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("desk")) as place:
        place.user("asha", Role.APPROVER)
        yield place


@pytest.fixture(autouse=True)
def _earlier_failures_are_forgotten(place):
    place.clock.advance(2 * 3600)


def test_nothing_but_the_door_is_open_to_strangers(place):
    stranger = place.visitor()
    for path in ("/", "/?list=published", "/articles/some", "/cards/" + "a" * 64):
        answer = stranger.get(path, allow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path


def test_signing_in_opens_and_signing_out_closes_on_the_server(place):
    asha = place.visitor("asha")
    assert asha.get("/").status_code == 200
    kept = asha.session.cookies["desk"]
    asha.post("/sign-out", token=asha.token("/"))
    asha.session.cookies.set("desk", kept)  # a thief's copy
    assert asha.get("/", allow_redirects=False).status_code == 303


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(place):
    answers = [
        place.visitor().sign_in(name, "not the password") for name in ("asha", "nobody.at.all")
    ]
    said = [re.findall(r'role="alert">([^<]+)', answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert said[0] == said[1] != []


def test_the_session_is_new_at_every_sign_in(place):
    asha = place.visitor("asha")
    first = asha.session.cookies["desk"]
    asha.sign_in("asha")
    assert asha.session.cookies["desk"] != first
    asha.session.cookies.set("desk", first)
    assert asha.get("/", allow_redirects=False).status_code == 303


def test_a_session_ends_unused_and_after_a_week(place):
    asha = place.visitor("asha")
    place.clock.advance(11 * 3600)
    assert asha.get("/", allow_redirects=False).status_code == 200
    place.clock.advance(13 * 3600)
    assert asha.get("/", allow_redirects=False).status_code == 303
    asha.sign_in("asha")
    for _ in range(13):
        place.clock.advance(12 * 3600 - 1)
        assert asha.get("/", allow_redirects=False).status_code == 200
    place.clock.advance(12 * 3600)
    assert asha.get("/", allow_redirects=False).status_code == 303


def test_guessing_is_braked_and_the_editor_on_a_known_device_is_not(place):
    editor = place.visitor("asha")
    editor.post("/sign-out", token=editor.token("/"))
    guesser = place.visitor()
    answers = [guesser.sign_in("asha", f"guess {n}").status_code for n in range(6)]
    assert answers == [401] * 5 + [429]
    assert guesser.sign_in("asha", PASSWORD).status_code == 429, "even the right one waits"
    assert editor.sign_in("asha").status_code == 200
    place.clock.advance(31)
    assert guesser.sign_in("asha", PASSWORD).status_code == 200


def test_a_one_time_link_opens_once_and_only_by_its_form(place):
    place.app.store.people.add("ravi", Role.EDITOR, by="test", now=place.clock.now())
    from bot.web.links import one_time

    user = place.app.store.people.find("ravi")
    path = one_time(place.app, user, "", by="test")
    scanner = place.visitor()
    assert [scanner.get(path).status_code for _ in range(3)] == [200] * 3, "looking uses nothing up"
    ravi = place.visitor()
    assert ravi.post(path, {"password": "short"}).status_code == 422
    assert ravi.post(path, {"password": PASSWORD}).status_code == 200
    assert ravi.get("/").status_code == 200
    assert place.visitor().get(path).status_code == 410
    assert place.visitor().post(path, {"password": PASSWORD}).status_code == 410
    assert place.visitor("ravi").get("/").status_code == 200


def test_a_link_ends_after_two_days(place):
    from bot.web.links import one_time

    path = one_time(place.app, place.user("leela", Role.VIEWER), "", by="test")
    place.clock.advance(48 * 3600 + 1)
    assert place.visitor().get(path).status_code == 410


def test_a_disabled_account_is_out_at_once(place):
    user = place.user("mohan", Role.EDITOR)
    mohan = place.visitor("mohan")
    place.app.store.people.change(user, by="test", now=place.clock.now(), disabled=True)
    assert mohan.get("/", allow_redirects=False).status_code == 303
    assert mohan.sign_in("mohan").status_code == 401


def test_secrets_are_not_in_the_database(place):
    asha = place.visitor("asha")
    kept = b"".join(path.read_bytes() for path in place.app.settings.data_dir.glob("bot.db*"))
    for secret in (asha.session.cookies["desk"], asha.session.cookies["device"], PASSWORD):
        assert secret.encode() not in kept
    assert b"$argon2id$" in kept


def test_a_change_needs_the_form_of_this_very_visit(place):
    asha, other = place.visitor("asha"), place.visitor("asha")
    foreign = other.token("/")
    for token in ("", "0" * 64, foreign):
        assert asha.post("/sign-out", token=token).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert asha.post("/sign-out", token=asha.token("/"), headers=headers).status_code == 403
    assert asha.get("/", allow_redirects=False).status_code == 200


def test_another_host_name_is_refused(place):
    answer = place.visitor().get("/sign-in", headers={"Host": "rebound.example"})
    assert answer.status_code == 421


def test_cookies_and_headers(place):
    answer = place.visitor().sign_in("asha", allow_redirects=False)
    cookies = [c for c in answer.raw.headers.getlist("set-cookie") if c.startswith(("desk", "dev"))]
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    page = place.visitor("asha").get("/")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


def test_over_tls_cookies_are_bound_to_the_host(tmp_path):
    with served(tmp_path, desk={"url": "https://desk.example.org"}) as place:
        place.user("asha")
        visitor = place.visitor()
        visitor.session.headers["Host"] = "desk.example.org"
        token = visitor.token("/sign-in")
        guest = visitor.session.cookies["guest"]
        answer = visitor.session.post(
            place.url + "/sign-in",
            data={"csrf": token, "name": "asha", "password": PASSWORD},
            headers={"Cookie": f"guest={guest}"},  # a browser would send it over TLS
            allow_redirects=False,
            timeout=20,
        )
        cookies = [c for c in answer.raw.headers.getlist("set-cookie") if "__Host-" in c]
        assert len(cookies) == 2
        assert all("Secure" in cookie for cookie in cookies)
        assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    "settings",
    [
        {"host": EVERYWHERE},
        {"host": EVERYWHERE, "secret_key": "k" * 32},
        {"host": EVERYWHERE, "url": "https://desk.example.org"},
    ],
)
def test_it_listens_wider_only_with_a_key_and_tls(tmp_path, settings, monkeypatch):
    from bot.app import build
    from bot.settings import model

    opened = []
    monkeypatch.setattr("bot.web.server._listen", lambda *args: opened.append(args))
    app = build(model()(data_dir=tmp_path, desk=settings))
    with pytest.raises(ConfigError, match="TLS"):
        DeskServer(app)
    assert opened == []
