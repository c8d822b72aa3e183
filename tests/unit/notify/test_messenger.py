"""Messages over real HTTP, to a service that is a server of the test's own."""

import base64

import pytest

from bot.domain.errors import ConfigError, NotTold
from bot.domain.message import Message, Picture, Urgency
from bot.notify.messenger import connect
from bot.settings import load, secrets
from tests.ears import listening

PNG = b"\x89PNG\r\n\x1a\nnot much of a picture"


@pytest.fixture
def service():
    with listening() as server:
        yield server


@pytest.fixture
def deaf():
    with listening() as server:
        server.status = 503
        yield server


def test_a_message_arrives_whole(service):
    connect([service.address], "X").send(
        Message(
            title="Two posts wait",
            text="₹5,000 crore <b>\nभारत",
            urgency=Urgency.ALARM,
            link="https://desk.example.org/a?b=1&c=2",
            pictures=(Picture(name="x.png", data=PNG),),
        )
    )
    (heard,) = service.heard
    assert heard["title"] == "Two posts wait"
    assert heard["message"] == "₹5,000 crore <b>\nभारत\n\nhttps://desk.example.org/a?b=1&c=2"
    assert heard["type"] == "failure"
    (picture,) = heard["attachments"]
    assert base64.b64decode(picture["base64"]) == PNG
    assert (picture["filename"], picture["mimetype"]) == ("x.png", "image/png")


@pytest.mark.parametrize(
    ("urgency", "kind"),
    [(Urgency.INFO, "info"), (Urgency.GOOD, "success"), (Urgency.WARNING, "warning")],
)
def test_its_urgency_is_the_services(service, urgency, kind):
    connect([service.address], "X").send(Message(title="t", text="b", urgency=urgency))
    assert service.heard[0]["type"] == kind


def test_who_was_not_reached_is_named_and_the_others_are_told_all_the_same(service, deaf, caplog):
    both = connect([service.address, deaf.address], "X")
    with pytest.raises(NotTold, match=r"JSON: .*503.*1 other\(s\) got it") as failure:
        both.send(Message(title="t", text="b"))
    assert failure.value.reached == 1
    assert len(service.heard) == 1
    assert "Geheim" not in str(failure.value) + caplog.text


def test_a_service_that_is_gone_is_said_to_be(service):
    gone = connect([service.address], "X")
    service.server_close()
    with pytest.raises(NotTold, match=r"onnection error.*Nobody got it") as failure:
        gone.send(Message(title="t", text="b"))
    assert failure.value.reached == 0


def test_nobody_to_tell_is_fine():
    connect([], "X").send(Message(title="t", text="b"))


@pytest.mark.parametrize("address", ["gibberish", "nosuch://x/Geheim-12345", "tgram://"])
def test_an_address_that_cannot_be_used_is_counted_not_quoted(address):
    with pytest.raises(ConfigError, match="BOT_X: address 2") as failure:
        connect(["json://127.0.0.1/a", address], "BOT_X")
    assert "Geheim" not in str(failure.value)


def test_addresses_are_secrets_each_of_them(tmp_path):
    given = {"BOT_MESSAGES__EDITORS": "json://a:Geheim-1@h/  json://b:Geheim-2@h/"}
    found = load(tmp_path / ".env", given)
    assert list(secrets(found)) == ["json://a:Geheim-1@h/", "json://b:Geheim-2@h/"]
    assert "Geheim" not in repr(found)
