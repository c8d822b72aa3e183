import io
import json
import logging

import pytest
import structlog

from bot.log import REDACTED, Redact, set_up

SECRET = "s3cr3t-token-value"


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up(style="json", level="debug", secrets=[SECRET], stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level


def log():
    return structlog.get_logger("test")


@pytest.mark.parametrize(
    "fields",
    [
        {"access_token": "anything"},
        {"headers": {"Authorization": "OAuth abc", "Accept": "*/*"}},
        {"note": f"the answer was {SECRET}, sorry"},
        {"note": "Bearer abcdef123456"},
        {"url": "https://a.com/cb?code=abc123&state=1"},
        {"dsn": "postgresql://bot:hunter2@db/bot"},
        {"deep": [{"refresh": {"client_secret": "abc"}}]},
        {"raw": b"token s3cr3t-token-value"},
        {"header": 'OAuth oauth_signature="abc%3D", oauth_nonce="x"'},
    ],
)
def test_secrets_never_reach_the_log(lines, fields):
    log().info("event", **fields)
    written = json.dumps(lines())
    for leak in (
        "anything",
        "OAuth abc",
        SECRET,
        "abcdef123456",
        "abc123",
        "hunter2",
        '"abc"',
        "abc%3D",
    ):
        assert leak not in written
    assert REDACTED in written


def test_a_traceback_is_cleaned_too(lines):
    try:
        int(f"could not use {SECRET}")
    except ValueError:
        log().exception("event")
    assert "ValueError" in json.dumps(lines())
    assert SECRET not in json.dumps(lines())


def test_other_libraries_lines_are_cleaned(lines):
    logging.getLogger("some.library").warning("token is %s", SECRET)
    assert SECRET not in json.dumps(lines())
    assert lines()[0]["level"] == "warning"


def test_harmless_words_stay(lines):
    log().info("post.published", post=7, permalink="https://x.com/a/status/1", reason=None, ok=True)
    line = lines()[0]
    assert line["event"] == "post.published"
    assert (line["post"], line["permalink"], line["ok"]) == (7, "https://x.com/a/status/1", True)


def test_an_event_is_one_line_whatever_is_in_it(lines):
    log().info("event", text='two\nlines\r\x1b[31m"}\n{"event":"forged"}')
    assert len(lines()) == 1
    assert lines()[0]["event"] == "event"


def test_talkative_libraries_do_not_write_headers(lines):
    logging.getLogger("tweepy.client").debug("Headers: secret")
    logging.getLogger("oauthlib.oauth1").debug("signature: secret")
    assert lines() == []


def test_a_short_secret_does_not_blank_words():
    assert Redact(["a", ""]).text("a banana") == "a banana"
