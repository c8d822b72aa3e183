"""What every platform promises, tried on its own stand-in. A new folder is tested unasked."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import stamina
from PIL import Image

from bot import platforms
from bot.domain.delivery import Deed
from bot.domain.errors import Blocked, ConfigError, NotEditable, NotSent, Rejected, Unclear
from bot.domain.post import Content
from bot.http.sandbox import Fault, Kind, Server
from tests.fakes import FakeClock

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


def test_a_clock_that_is_days_ahead_does_not_hide_a_post(name, server, settings, ticket, clock):
    """The machine's; by the platform's own, the post is of just now."""
    fast = FakeClock(at=clock.now() + timedelta(days=3))
    account = platforms.connect(name, settings, fast)
    receipt = account.send(ticket)
    assert account.find(ticket, since=fast.now()) == replace(receipt, found=True)


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


OTHER = TEXT.replace("waits", "does not wait")


def test_a_live_post_is_given_other_words(name, server, account, ticket, clock):
    before = account.send(ticket)
    clock.advance(60)
    amended = account.amend(ticket, before, OTHER, fingerprint="g")
    assert (amended.text, amended.fingerprint, amended.media) == (OTHER, "g", ticket.media)
    after = account.edit(amended, before)
    assert account.verify(amended, after).differences == ()
    assert account.verify(ticket, after).differences
    (shown,) = platforms.sandbox(name)().shown(server.state, clock.now())
    words = "".join(segment.text for segment in shown.segments)
    assert "does not wait" in words
    assert shown.pictures[0].alt == "Rates held"
    assert len(server.state.posts(name)) == 1


def test_an_edit_on_a_dead_line_may_have_been_made(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    amended = account.amend(ticket, receipt, OTHER, fingerprint="g")
    sandbox = platforms.sandbox(name)
    fault = Fault(kind=Kind.ACCEPT_THEN_DROP)
    server.state.fault(f"{name}.{sandbox.edits}", fault, times=3)
    with pytest.raises(Unclear):
        account.edit(amended, receipt)
    assert len(server.state.posts(name)) == 1


def test_a_post_that_is_gone_cannot_be_edited(account, ticket):
    receipt = account.send(ticket)
    amended = account.amend(ticket, receipt, OTHER, fingerprint="g")
    account.delete(receipt)
    with pytest.raises(NotEditable):
        account.edit(amended, receipt)


def test_half_a_character_is_refused_before_anything_is_asked(name, server, account, ticket):
    receipt = account.send(ticket)
    asked = len(server.state.calls())
    with pytest.raises(Rejected):
        account.amend(ticket, receipt, "half \ud83d", fingerprint="g")
    assert len(server.state.calls()) == asked


def test_a_post_is_taken_down_once_and_for_all(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    account.delete(receipt)
    account.delete(receipt)
    assert server.state.posts(name) == []
    assert account.find(ticket, since=clock.now()) is None
    with pytest.raises(Rejected):
        account.delete(replace(receipt, remote_id="https://example.org/1"))


@pytest.mark.parametrize("kind", [Kind.ACCEPT_THEN_DROP, Kind.DROP_BEFORE])
def test_a_deletion_is_tried_again(name, server, account, ticket, kind):
    receipt = account.send(ticket)
    server.state.fault(f"{name}.delete", Fault(kind=kind))
    account.delete(receipt)
    assert server.state.posts(name) == []


def test_a_refused_deletion_says_so(name, server, account, ticket):
    receipt = account.send(ticket)
    server.state.fault(f"{name}.delete", Fault(kind=Kind.STATUS, status=403, body={}))
    with pytest.raises(Rejected, match="still there"):
        account.delete(receipt)


def test_what_follows_is_taken_down_too(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    clock.advance(10)
    content = Content(text=TEXT, card="c", alt_text="Rates held", parts=("2/ More (on that).",))
    following = account.follow(content, [receipt], fingerprint="f")
    reply = account.send(following)
    account.delete(reply)
    assert account.find(following, since=clock.now()) is None
    assert len(server.state.posts(name)) == 1


def test_numbers_are_read_and_cost_what_was_said(name, server, account, ticket, clock):
    receipt = account.send(ticket)
    clock.advance(60)
    charges = len(server.state.all(f"{name}.charges"))
    found = account.metrics([receipt, replace(receipt, remote_id="999")])
    assert set(found) == {receipt.remote_id}
    numbers = found[receipt.remote_id]
    assert numbers.reactions is not None
    assert numbers.comments is not None
    billed = sum(account.bill(Deed.METRICS, count=1).values())
    assert len(server.state.all(f"{name}.charges")) - charges == billed


@pytest.mark.parametrize("deed", list(Deed))
def test_what_a_deed_costs_is_known_before(name, account, ticket, deed):
    assert all(count > 0 for count in account.bill(deed, ticket).values())


def test_several_pictures_in_one_post(name, server, account, card, clock):
    content = Content(
        text="Two charts.", card="a", alt_text="Rates", pictures=(("b", "Prices"), ("c", ""))
    )
    ticket = account.prepare(content, card, fingerprint="f", pictures=[card, card])
    receipt = account.send(ticket)
    (shown,) = platforms.sandbox(name)().shown(server.state, clock.now())
    assert [picture.alt for picture in shown.pictures] == ["Rates", "Prices", ""]
    assert account.find(ticket, since=clock.now()) == replace(receipt, found=True)
    assert account.verify(ticket, receipt).differences == ()
