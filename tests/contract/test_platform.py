"""What every platform promises, tried on its own stand-in. A new folder is tested unasked."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import stamina
from PIL import Image

from bot import platforms
from bot.domain.errors import Blocked, ConfigError, NotSent, Rejected, Unclear
from bot.domain.post import Content
from bot.http.sandbox import Fault, Kind, Server

TEXT = (
    "Rates held (again) at 6.5 % & “unchanged”: भारत waits. #AI\n"
    "https://theshiftmaker.com/articles/a?utm_source=s&utm_content=k3f9"
)


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(params=platforms.names())
def name(request):
    return request.param


@pytest.fixture
def server(name, clock):
    with Server([platforms.sandbox(name)()], clock=clock) as running:
        yield running


@pytest.fixture
def settings(name, server):
    values = {**server.credentials(name), "read_timeout": 0.5}
    return platforms.settings_class(name)(**values)


@pytest.fixture
def account(name, settings, clock):
    return platforms.connect(name, settings, clock)


@pytest.fixture
def card(name, settings):
    picture = io.BytesIO()
    Image.new("RGB", platforms.dialect(name, settings).card_size, "navy").save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture
def ticket(account, card):
    content = Content(text=TEXT, card="c", alt_text="Rates held")
    return account.prepare(content, card, fingerprint="f")


def test_without_keys_it_says_which_are_missing(name, clock):
    with pytest.raises(ConfigError, match=f"BOT_{name.upper()}__"):
        platforms.connect(name, platforms.settings_class(name)(), clock)


def test_every_setting_is_described(name):
    fields = platforms.settings_class(name).model_fields
    assert [field for field, info in fields.items() if not info.description] == []


def test_the_account_answers(account):
    assert account.check().id


def test_a_post_is_made_found_and_verified(name, server, account, ticket, clock):
    before = clock.now()
    receipt = account.send(ticket)
    assert len(server.state.posts(name)) == 1
    assert not receipt.found
    assert receipt.permalink.startswith(server.web_url(name))
    clock.advance(30)
    assert account.find(ticket, since=before) == replace(receipt, found=True)
    seen = account.verify(ticket, receipt)
    assert (seen.readable, seen.differences) == (True, ())


def test_the_words_alone_are_found_and_verified(account, clock):
    ticket = account.prepare(Content(text=TEXT), None, fingerprint="f")
    receipt = account.send(ticket)
    assert account.find(ticket, since=clock.now()) == replace(receipt, found=True)
    assert account.verify(ticket, receipt).differences == ()


def test_followers_read_what_was_approved(name, server, account, ticket, clock):
    account.send(ticket)
    (shown,) = platforms.sandbox(name)().shown(server.state, clock.now())
    words = "".join(segment.text for segment in shown.segments)
    assert words.startswith("Rates held (again) at 6.5 % & “unchanged”: भारत waits. #AI")
    assert shown.pictures[0].alt == "Rates held"


def test_what_is_not_there_is_not_found(account, ticket, clock):
    assert account.find(ticket, since=clock.now()) is None


def test_another_post_is_not_taken_for_ours(account, ticket, clock):
    account.send(account.prepare(Content(text="Another story."), None, fingerprint="g"))
    assert account.find(ticket, since=clock.now()) is None


def test_a_deleted_post_is_missed(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    post = server.state.get(f"{name}.posts", receipt.remote_id)
    server.state.put(f"{name}.posts", receipt.remote_id, post | {"deleted": True})
    clock.advance(3600)
    assert account.verify(ticket, receipt).differences


@pytest.mark.parametrize(
    "kind",
    [Kind.ACCEPT_THEN_DROP, Kind.ACCEPT_THEN_HANG, Kind.ACCEPT_THEN_500, Kind.EMPTY_201],
)
def test_a_post_that_was_taken_is_unclear_and_then_found(
    name, server, account, ticket, clock, kind
):
    server.state.fault(f"{name}.create", Fault(kind=kind))
    with pytest.raises(Unclear):
        account.send(ticket)
    assert account.find(ticket, since=clock.now()).found
    assert len(server.state.posts(name)) == 1


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.HANG_BEFORE])
def test_a_post_that_was_not_taken_is_unclear_and_then_absent(
    name, server, account, ticket, clock, kind
):
    server.state.fault(f"{name}.create", Fault(kind=kind))
    with pytest.raises(Unclear):
        account.send(ticket)
    assert account.find(ticket, since=clock.now()) is None
    assert account.send(ticket).remote_id
    assert len(server.state.posts(name)) == 1


def test_the_same_ticket_again_never_makes_a_second_post(name, server, account, ticket, clock):
    first = account.send(ticket)
    clock.advance(5)
    try:
        again = account.send(ticket)
    except Unclear:
        again = account.find(ticket, since=clock.now() - timedelta(seconds=60))
    assert again == replace(first, found=True)
    assert len(server.state.posts(name)) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Rejected), (401, Blocked), (429, NotSent), (500, Unclear), (503, Unclear)],
)
def test_an_error_answer_has_one_meaning(name, server, account, ticket, status, error):
    server.state.fault(f"{name}.create", Fault(kind=Kind.STATUS, status=status, body={}))
    with pytest.raises(error):
        account.send(ticket)
    assert server.state.posts(name) == []


def test_a_server_that_is_gone_got_nothing(account, ticket, server):
    server.close()
    with pytest.raises(NotSent):
        account.send(ticket)


def test_what_follows_a_post_is_made_found_and_verified(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    clock.advance(10)
    content = Content(text=TEXT, card="c", alt_text="Rates held", parts=("2/ More (on that).",))
    before = clock.now()
    following = account.follow(content, [receipt], fingerprint="f")
    assert following.part == 1
    assert account.find(following, since=before) is None
    reply = account.send(following)
    assert reply.remote_id != receipt.remote_id
    assert account.find(following, since=before).remote_id == reply.remote_id
    assert account.verify(following, reply).differences == ()
    assert account.verify(ticket, receipt).differences == ()


@pytest.mark.parametrize("kind", [Kind.ACCEPT_THEN_DROP, Kind.DROP_BEFORE])
def test_what_follows_a_post_is_unclear_after_a_dead_line(
    name, server, account, ticket, clock, kind
):
    receipt = account.send(ticket)
    content = Content(text=TEXT, card="c", alt_text="Rates held", parts=("2/ More (on that).",))
    following = account.follow(content, [receipt], fingerprint="f")
    sandbox = platforms.sandbox(name)
    server.state.fault(f"{name}.{sandbox.follows}", Fault(kind=kind))
    with pytest.raises(Unclear):
        account.send(following)
    found = account.find(following, since=clock.now())
    assert (found is not None) == (kind is Kind.ACCEPT_THEN_DROP)
