"""The LinkedIn account against somebody else's stand-in (PyPI profile_wrap), not our own.

It wants a version on /v2/userinfo, which LinkedIn refuses, and names upload addresses that are not
LinkedIn's; both are answered by a script here. Everything else is its own judgement.
"""

import pytest
import stamina
from profile_wrap.demo.fake_linkedin import FakeLinkedIn

from bot import platforms
from bot.domain.errors import Blocked, NotReadable, NotSent, Rejected, Unclear
from bot.domain.post import Content
from tests.unit.platforms.linkedin.test_publisher import CARD, PERSON

PDF = b"%PDF-1.7"


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def peer():
    with FakeLinkedIn(inactive_versions=["202609"]) as running:
        yield running


@pytest.fixture
def account(peer, clock):
    def at(**others):
        where = {"base_url": peer.base_url, "web_url": peer.base_url, "read_timeout": 1}
        keys = {"access_token": "fake-access-token", "author": PERSON, "version": "202610"}
        settings = platforms.settings_class("linkedin")(
            **{**keys, **where, "image_wait": 0, **others}
        )
        return platforms.connect("linkedin", settings, clock)

    return at


def slots(peer, kind, count=1):
    """Name addresses on the stand-in's own host."""
    for number in range(count):
        value = {
            "uploadUrl": f"{peer.base_url}/mp/{number}",
            kind: f"urn:li:{kind}:P{number}",
        }
        peer.script(f"init_{kind}", {"status": 200, "body": {"value": value}})


def test_words_alone(account, peer):
    at = account()
    receipt = at.send(at.prepare(Content(text="Rates (held) #AI"), None, fingerprint="f"))
    (post,) = peer.posts
    assert receipt.remote_id == post["urn"]
    assert post["body"]["commentary"] == r"Rates \(held\) {hashtag|\#|AI}"
    (asked,) = peer.calls("POST", "/rest/posts")
    assert asked["headers"]["linkedin-version"] == "202610"
    assert asked["headers"]["x-restli-protocol-version"] == "2.0.0"


@pytest.mark.parametrize(
    ("content", "files", "kind", "shape"),
    [
        (Content(text="a", card="s", alt_text="b"), [CARD], "image", "media"),
        (Content(text="a", card="s", pictures=(("p", "c"),)), [CARD, CARD], "image", "multiImage"),
        (Content(text="a", card="s", document_title="t"), [PDF], "document", "media"),
        (
            Content(text="a", card="s", link="https://a.b/c", link_title="t"),
            [CARD],
            "image",
            "article",
        ),
    ],
)
def test_everything_a_post_carries(account, peer, content, files, kind, shape):
    slots(peer, kind, len(files))
    at = account()
    at.send(at.prepare(content, files[0], fingerprint="f", pictures=files[1:]))
    assert [upload["token"] for upload in peer.uploads] == ["Bearer fake-access-token"] * len(files)
    assert list(peer.posts[0]["body"]["content"]) == [shape]


def test_an_upload_address_that_is_not_linkedins_gets_no_token(account, peer):
    with pytest.raises(NotSent, match="not its own"):
        account().prepare(Content(text="a", card="s"), CARD, fingerprint="f")
    assert peer.uploads == []


def test_a_dropped_line_is_unclear_and_nothing_is_sent_twice(account, peer):
    peer.script("posts", {"drop": True})
    at = account()
    ticket = at.prepare(Content(text="a"), None, fingerprint="f")
    with pytest.raises(Unclear):
        at.send(ticket)
    assert len(peer.calls("POST", "/rest/posts")) == 1
    with pytest.raises(NotReadable):
        at.find(ticket, since=at.clock.now())


def test_an_ended_version_is_replaced(account, peer):
    at = account(version="202609")
    at.send(at.prepare(Content(text="a"), None, fingerprint="f"))
    versions = [c["headers"]["linkedin-version"] for c in peer.calls("POST", "/rest/posts")]
    assert versions == ["202609", "202610"]


@pytest.mark.parametrize(
    ("status", "error"), [(400, Rejected), (401, Blocked), (429, NotSent), (500, Unclear)]
)
def test_refusals(account, peer, status, error):
    peer.script("posts", {"status": status, "body": {"message": "scripted"}})
    at = account()
    with pytest.raises(error):
        at.send(at.prepare(Content(text="a"), None, fingerprint="f"))
    assert peer.posts == []


def test_its_token_endpoint(peer, clock):
    keys = {"client_id": "c", "client_secret": "s", "base_url": peer.base_url}
    settings = platforms.settings_class("linkedin")(**keys, web_url=peer.base_url)
    how = platforms.sign_in("linkedin", settings, clock, "member")
    token = how.redeem(
        "http://127.0.0.1/callback?code=c&state=s", "http://127.0.0.1/callback", "s", "v"
    )
    assert token.access_token == "fake-access-token"
    assert "w_member_social" in token.scopes
    assert (token.expires_at - clock.now()).days == 60
