"""Every address of the desk at once: what is new is held to the same rules without a new test."""

import re

import pytest

from bot.domain.people import Role
from bot.web.acts import ACTS
from bot.web.shield import HEADERS
from bot.web.site import AREAS
from tests.web import served

#: Open to everybody: the way in, links that carry their own proof, and what pages are made of.
OPEN = re.compile(r"/(sign-in|sign-in/.*|welcome/.*|static/.*|links/.*|hooks/.*)")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("doors")) as place:
        place.user("asha", Role.ADMIN)
        place.user("vera", Role.VIEWER)
        yield place


@pytest.fixture(scope="module")
def doors():
    """Return method and path of everything the desk answers."""
    return [
        (method, re.sub(r"\{[^}]*\}", "1", route.path.replace("{action}", action)))
        for area in AREAS
        for route in area.router.routes
        for method in route.methods
        for action in (ACTS if "{action}" in route.path else [""])
        if method != "HEAD"
    ]


def test_there_are_doors(doors):
    assert ("POST", "/decide/approve") in doors
    assert len(doors) > 20


def test_nothing_is_shown_to_strangers(place, doors):
    stranger = place.visitor()
    shut = [path for method, path in doors if method == "GET" and not OPEN.fullmatch(path)]
    for path in shut:
        answer = stranger.get(path, allow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path


def test_every_change_needs_the_form_of_this_visit(place, doors):
    asha = place.visitor("asha")
    changes = [(m, p) for m, p in doors if m != "GET" and not p.startswith(("/links/", "/hooks/"))]
    assert changes
    for method, path in changes:
        for token in ("", "0" * 64):
            answer = asha.session.request(
                method, place.url + path, data={"csrf": token}, timeout=20, allow_redirects=False
            )
            assert answer.status_code == 403, (method, path)


def test_a_decision_is_never_made_by_looking(doors):
    for method, path in doors:
        if method == "GET":
            assert not path.startswith("/decide"), path
    assert {method for method, _ in doors} <= {"GET", "POST"}


def test_a_viewer_changes_nothing(place, doors):
    post = place.posts(place.article())["x"]
    vera = place.visitor("vera")
    own = re.compile(r"/(sign-in|sign-in/.*|sign-out|welcome/.*|account/.*|links/.*|hooks/.*)")
    token = vera.token("/")
    before = place.app.store.audit.verify().rows
    for method, path in doors:
        if method == "POST" and not own.fullmatch(path):
            data = {"post": f"{post.id}:{post.fingerprint}", "reason": "x", "why": "Tone"}
            answer = vera.post(path, data, token=token, allow_redirects=False)
            assert answer.status_code in (400, 403), (path, answer.status_code)
    assert place.app.store.audit.verify().rows == before
    assert place.app.store.desk.post(post.id) == post


def test_every_answer_has_the_security_headers(place, doors):
    asha = place.visitor("asha")
    for path in ["/", "/api/v1/me", "/nowhere", "/static/desk.css", "/sign-in"]:
        answer = asha.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (path, name)
