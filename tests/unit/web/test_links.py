"""A link in a message: looking decides nothing, its form decides once, for one person, in time."""

import threading

import pytest

from bot.asking.links import invite
from bot.domain.people import Role
from bot.domain.post import State
from bot.editing import reword
from tests.stories import story
from tests.web import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("links")) as place:
        place.user("asha", Role.APPROVER)
        yield place


@pytest.fixture
def sent(place):
    """Return a link and the posts it is about."""

    def make(**more):
        title, dek, body = story(next(_NUMBERS))
        posts = list(place.posts(place.article(title, dek=dek, body=body, **more)).values())
        user = place.app.store.people.find("asha")
        return f"/links/{invite(place.app, user, posts)}", posts

    return make


_NUMBERS = iter(range(1000))


def state(place, post):
    return place.app.store.desk.post(post.id).state


def approve(visitor, path, posts, **more):
    data = [("action", "approve"), *(("post", post.id) for post in posts)]
    return visitor.session.post(visitor.url + path, data=[*data, *more.items()], timeout=20)


def test_a_link_scanner_decides_nothing(place, sent):
    path, posts = sent()
    scanner = place.visitor()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
        scanner.session.head(scanner.url + path, timeout=20)
    assert [state(place, post) for post in posts] == [State.DRAFTED] * 2
    page = scanner.get(path).text
    assert posts[0].content.text.split()[0] in page
    assert approve(scanner, path, posts).status_code == 200
    assert [state(place, post) for post in posts] == [State.APPROVED] * 2
    approval = place.app.store.desk.approval(place.app.store.desk.post(posts[0].id))
    assert (approval.by, approval.via) == ("asha", "link")


def test_a_link_works_once(place, sent):
    path, posts = sent()
    visitor = place.visitor()
    assert "Approved" in approve(visitor, path, posts[:1]).text
    answer = approve(visitor, path, posts[1:])
    assert answer.status_code == 410
    assert "used already" in visitor.get(path).text
    assert state(place, posts[1]) is State.DRAFTED


def test_of_two_at_once_one_decides(place, sent):
    path, posts = sent()
    answers = []

    def ask():
        answers.append(approve(place.visitor(), path, posts).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 410, 410, 410]


def test_an_expired_link_decides_nothing(place, sent):
    path, posts = sent()
    place.clock.advance(place.app.settings.asking.link_minutes * 60 + 1)
    visitor = place.visitor()
    assert visitor.get(path).status_code == 410
    assert approve(visitor, path, posts).status_code == 410
    assert state(place, posts[0]) is State.DRAFTED


def test_a_guessed_link_decides_nothing(place, sent):
    _, posts = sent()
    assert approve(place.visitor(), "/links/guess", posts).status_code == 410


def test_what_was_changed_since_is_not_approved(place, sent):
    path, posts = sent()
    reword(place.app, posts[0], "Only now: " + posts[0].content.text, by="ravi")
    visitor = place.visitor()
    assert "changed since" in visitor.get(path).text
    answer = approve(visitor, path, posts)
    assert "changed since" in answer.text
    assert state(place, posts[0]) is State.DRAFTED
    assert state(place, posts[1]) is State.APPROVED


def test_it_is_about_its_own_posts_only(place, sent):
    path, _ = sent()
    _, others = sent()
    visitor = place.visitor()
    assert approve(visitor, path, others).status_code == 400
    assert visitor.get(f"{path}/cards/{others[0].content.card}").status_code == 400
    assert state(place, others[0]) is State.DRAFTED


def test_its_cards_are_those_that_will_be_sent(place, sent):
    path, posts = sent()
    visitor = place.visitor()
    answer = visitor.get(f"{path}/cards/{posts[0].content.card}")
    assert answer.content == place.app.store.shelf.read(posts[0].content.card)
    assert f'src="{path}/cards/' in visitor.get(path).text


def test_rejecting_takes_a_reason_and_does_not_use_the_link_up_without(place, sent):
    path, posts = sent()
    visitor = place.visitor()
    data = {"action": "reject", "post": posts[0].id}
    assert visitor.session.post(visitor.url + path, data=data, timeout=20).status_code == 400
    data |= {"reason": "Wrong fact"}
    assert "Rejected" in visitor.session.post(visitor.url + path, data=data, timeout=20).text
    assert place.app.store.desk.post(posts[0].id).reason == "Wrong fact"


def test_who_may_not_approve_any_more_does_not_by_an_old_link(place, sent):
    path, posts = sent()
    user = place.app.store.people.find("asha")
    now = place.clock.now()
    place.app.store.people.change(user, by="test", now=now, role=Role.VIEWER)
    try:
        assert approve(place.visitor(), path, posts).status_code == 403
    finally:
        lower = place.app.store.people.find("asha")
        place.app.store.people.change(lower, by="test", now=now, role=Role.APPROVER)
    assert state(place, posts[0]) is State.DRAFTED
