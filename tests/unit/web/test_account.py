"""One's own account: a second proof at sign-in, other places signed out, tokens made and killed."""

import html
import re

import pyotp
import pytest
import requests

from bot.domain.people import Role
from tests.web import PASSWORD, served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("account")) as place:
        yield place


def set_up_code(place, name):
    """Turn the code on at the desk, as a person does; return the app."""
    place.user(name, Role.EDITOR)
    person = place.visitor(name)
    person.post("/account/code/begin")
    page = person.get("/account").text
    assert "<svg" in page
    app = pyotp.TOTP(re.search(r'class="secret">([A-Z2-7]{32})<', page)[1])
    person.post("/account/code/on", {"code": code(place, app)})
    assert "your password and a code" in person.get("/account").text
    place.clock.advance(60)
    return person, app


def code(place, app):
    return app.at(place.clock.now())


def with_code(place, name, digits, password=PASSWORD):
    visitor = place.visitor()
    page = visitor.sign_in(name, password)
    proof = re.search(r'name="proof" value="([^"]+)"', page.text)
    if not proof:
        return visitor, page
    data = {"proof": html.unescape(proof[1]), "code": digits, "next": "/"}
    return visitor, visitor.post("/sign-in/code", data)


def is_in(visitor):
    return visitor.get("/", allow_redirects=False).status_code == 200


def test_without_the_code_the_password_opens_nothing(place):
    _, app = set_up_code(place, "asha")
    visitor, answer = with_code(place, "asha", "000000")
    assert answer.status_code == 401
    assert not is_in(visitor)
    visitor, _ = with_code(place, "asha", code(place, app))
    assert is_in(visitor)


def test_the_code_without_the_password_opens_nothing(place):
    _, app = set_up_code(place, "ravi")
    visitor, answer = with_code(place, "ravi", code(place, app), password="wrong password")
    assert answer.status_code == 401
    forged = {"proof": "ravi|99999999999|" + "0" * 64, "code": code(place, app)}
    visitor.post("/sign-in/code", forged)
    assert not is_in(visitor)


def test_a_code_works_once(place):
    _, app = set_up_code(place, "leela")
    digits = code(place, app)
    first, _ = with_code(place, "leela", digits)
    second, answer = with_code(place, "leela", digits)
    assert is_in(first)
    assert not is_in(second)
    assert answer.status_code == 401


def test_guessing_codes_is_braked(place):
    _, app = set_up_code(place, "mohan")
    answers = [with_code(place, "mohan", f"{n:06}")[1].status_code for n in range(7)]
    assert answers[:5] == [401] * 5
    assert answers[-1] == 429
    place.clock.advance(3600)
    assert is_in(with_code(place, "mohan", code(place, app))[0])


def test_the_proof_of_a_password_ages_and_belongs_to_one_browser(place):
    _, app = set_up_code(place, "usha")
    visitor, other = place.visitor(), place.visitor()
    page = visitor.sign_in("usha").text
    proof = html.unescape(re.search(r'name="proof" value="([^"]+)"', page)[1])
    other.post("/sign-in/code", {"proof": proof, "code": code(place, app)})
    assert not is_in(other)
    place.clock.advance(301)
    visitor.post("/sign-in/code", {"proof": proof, "code": code(place, app)})
    assert not is_in(visitor)


def test_a_one_time_link_sets_a_password_and_does_not_get_past_the_code(place):
    from bot.web.links import one_time

    set_up_code(place, "gita")
    path = one_time(place.app, place.app.store.people.find("gita"), "", by="test")
    visitor = place.visitor()
    visitor.post(path, {"password": "another good password"})
    assert not is_in(visitor)


def test_the_secret_of_the_app_is_not_in_the_database(place):
    person, app = set_up_code(place, "kamal")
    kept = b"".join(path.read_bytes() for path in place.app.settings.data_dir.glob("bot.db*"))
    assert app.secret.encode() not in kept
    person.post("/account/code/off", {"code": "000000"})
    assert place.app.store.people.second("kamal"), "turning it off takes a code"
    person.post("/account/code/off", {"code": code(place, app)})
    assert place.app.store.people.second("kamal") == ""


def test_other_places_can_be_signed_out(place):
    place.user("nila", Role.EDITOR)
    here, there = place.visitor("nila"), place.visitor("nila")
    here.post("/account/sign-out-everywhere")
    assert is_in(here)
    assert not is_in(there)


def test_a_token_is_shown_once_works_and_dies(place):
    place.user("vera", Role.VIEWER)
    vera = place.visitor("vera")
    data = {"name": "reader <b>", "scope": "read", "days": "30"}
    page = vera.post("/account/tokens", data)
    secret = re.search(r"smbot_[\w-]+", page.text)[0]
    again = vera.get("/account").text
    assert secret not in again
    assert "reader &lt;b&gt;" in again
    program = requests.Session()
    program.trust_env = False
    program.headers["Authorization"] = f"Bearer {secret}"
    assert program.get(place.url + "/api/v1/me", timeout=20).json()["user"] == "vera"
    token = re.search(r'name="token" value="(\d+)"', again)[1]
    vera.post("/account/tokens/revoke", {"token": token})
    assert program.get(place.url + "/api/v1/me", timeout=20).status_code == 401


def test_nobody_makes_a_token_for_more_than_they_may(place):
    place.user("vera2", Role.VIEWER)
    data = {"name": "more", "scope": "approve", "days": "30"}
    answer = place.visitor("vera2").post("/account/tokens", data)
    assert answer.status_code == 400
    assert "may not approve" in answer.text
