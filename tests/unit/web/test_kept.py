"""What is kept of a page is never older than the database, and is made once for all who ask."""

import threading
from datetime import timedelta

import pytest

from bot.app import build
from bot.domain.people import Role
from bot.web.kept import MOST, SECONDS, Kept
from tests.stories import story
from tests.web import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("kept")) as place:
        place.user("asha", Role.ADMIN)
        place.user("leela", Role.ADMIN)
        yield place


@pytest.fixture
def kept(place):
    return Kept(place.app)


def test_the_same_is_made_once_until_something_is_written(place, kept):
    made = iter(range(10))

    def ask():
        return kept.get("key", lambda: next(made))

    assert [ask(), ask()] == [0, 0]
    place.user("ravi", Role.EDITOR)
    assert [ask(), ask()] == [1, 1]
    place.app.reload()
    assert [ask(), ask()] == [2, 2], "templates were read anew"
    place.app.settings = place.app.settings.model_copy()
    assert [ask(), ask()] == [3, 3], "other settings, too"


def test_another_process_is_believed_at_once(place):
    title, dek, body = story(1)
    article = place.article(title, dek=dek, body=body)
    asha = place.visitor("asha")
    page = f"/articles/{article.key}"
    assert "It is a hoax" not in asha.get(page).text
    assert title in asha.get("/").text
    other = build(place.app.settings, place.clock)
    try:
        for post in other.store.desk.of_article(article.key):
            other.store.desk.decide(
                post, "rejected", by="ravi", reason="It is a hoax", now=place.clock.now()
            )
        assert title not in asha.get("/").text
        assert "It is a hoax" in asha.get(page).text
        user = other.store.people.find("asha")
        other.store.people.change(user, by="leela", now=place.clock.now(), disabled=True)
        assert asha.get("/", allow_redirects=False).status_code == 303, "out at once"
        other.store.people.change(user, by="leela", now=place.clock.now(), disabled=False)
    finally:
        other.close()


def test_what_depends_on_the_time_is_some_seconds_old_at_most(place):
    title, dek, body = story(2)
    article = place.article(title, dek=dek, body=body)
    asha = place.visitor("asha")
    post = place.posts(article)["x"]
    until = place.clock.now() + timedelta(minutes=5)
    place.app.store.agenda.snooze(post, until, by="asha", now=place.clock.now())
    assert f'value="{post.id}:' not in asha.get("/").text
    place.clock.advance(5 * 60 + SECONDS)
    assert f'value="{post.id}:' in asha.get("/").text, "it comes back without a write"


def test_many_at_once_wait_for_one(kept):
    made, answers, go = [], [], threading.Event()

    def make():
        made.append(1)
        go.wait(20)
        return "made"

    threads = [
        threading.Thread(target=lambda: answers.append(kept.get("key", make))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert (len(made), answers) == (1, ["made"] * 5)


def test_a_failure_is_not_kept(kept):
    def fail():
        raise ValueError("this time")

    with pytest.raises(ValueError, match="this time"):
        kept.get("key", fail)
    assert kept.get("key", lambda: "good") == "good"


def test_it_does_not_grow_without_end(kept):
    for number in range(3 * MOST):
        kept.get(number, lambda: "x" * 10)
    assert len(kept._things) <= MOST
