"""Buttons in chats: only real presses count, only of people the house knows, and once."""

import hashlib
import hmac
import json
import threading
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
import requests

from bot.asking import chats
from bot.domain.people import Role
from bot.domain.post import State
from bot.editing import reword
from bot.notify import buttons
from tests.stories import story
from tests.web import served

SECRET, HOOK = "8f742231b10e8888abcd99yyyzzz85a5", "telegrams-own-secret"
_NUMBERS = iter(range(1000))


def read_body(headers, body):
    """Return what was sent, as JSON or as a form with a file."""
    if headers.get_content_type() == "application/json":
        return json.loads(body)
    head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + body).get_payload()
    found = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        found[name] = data if part.get_filename() else data.decode()
    return found


class Service:
    """Slack and Telegram: keeps what it is told."""

    def __init__(self):
        service = self
        self.heard = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                service.heard.append((self.path, read_body(self.headers, body)))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"ok": true}')

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture(scope="module")
def service():
    service = Service()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture(scope="module")
def place(tmp_path_factory, service):
    chat = {
        "slack_token": "xoxb-1",
        "slack_channel": "C1",
        "slack_secret": SECRET,
        "slack_users": {"U1": "asha", "U2": "vera", "U3": "gone"},
        "slack_url": service.url,
        "telegram_token": "1:abc",
        "telegram_chat": "77",
        "telegram_secret": HOOK,
        "telegram_users": {"501": "asha"},
        "telegram_url": service.url,
    }
    with served(tmp_path_factory.mktemp("chats"), chat=chat) as place:
        place.user("asha", Role.APPROVER)
        place.user("vera", Role.VIEWER)
        yield place


@pytest.fixture
def post(place):
    title, dek, body = story(next(_NUMBERS))
    return place.posts(place.article(title, dek=dek, body=body))["x"]


def ask_of(post):
    return buttons.Ask(
        post_id=post.id, fingerprint=post.fingerprint, heading="h", text=post.content.text
    )


def press_slack(place, post, *, user="U1", age=0, secret=SECRET, action="approve", url="", at=None):
    message = buttons.slack_message("t", [ask_of(post)])
    payload = {
        "user": {"id": user},
        "response_url": url,
        "message": message,
        "actions": [{"value": ask_of(post).value(action), "block_id": f"post-{post.id}"}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = at or str(int(place.clock.now().timestamp()) - age)
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return requests.post(place.url + "/hooks/slack", data=body, headers=headers, timeout=20)


def press_telegram(place, post, *, user=501, secret=HOOK):
    update = {
        "callback_query": {
            "id": "9",
            "from": {"id": user},
            "data": ask_of(post).value("approve"),
            "message": {"message_id": 5, "chat": {"id": 77}, "text": "The post"},
        }
    }
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return requests.post(place.url + "/hooks/telegram", json=update, headers=headers, timeout=20)


def state(place, post):
    return place.app.store.desk.post(post.id).state


def test_the_signature_is_slacks():
    # The example of Slack's own documentation.
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    from datetime import UTC, datetime

    assert buttons.slack_signed(
        "8f742231b10e8888abcd99yyyzzz85a5",
        timestamp="1531420618",
        signature="v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        body=body,
        now=datetime.fromtimestamp(1531420618 + 10, UTC),
    )


def test_a_press_by_somebody_known_decides_and_the_message_says_so(place, service, post):
    answer = press_slack(place, post, url=f"{service.url}/answer")
    assert answer.status_code == 200
    assert state(place, post) is State.APPROVED
    approval = place.app.store.desk.approval(place.app.store.desk.post(post.id))
    assert (approval.by, approval.via) == ("asha", "slack")
    path, said = service.heard[-1]
    assert path == "/answer"
    assert "Approved by asha" in json.dumps(said["blocks"])
    assert "actions" not in {block["type"] for block in said["blocks"]}, "no button is left"


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"},
        {"age": 301},
        {"age": -301},
        {"user": "U999"},
        {"user": "U2"},
        {"user": "U3"},
        {"at": "yesterday"},
    ],
)
def test_no_other_press_decides(place, post, wrong):
    press_slack(place, post, **wrong)
    assert state(place, post) is State.DRAFTED


def test_a_press_that_was_overheard_is_of_no_use(place, post):
    press_slack(place, post, action="hold")
    assert state(place, post) is State.ON_HOLD
    now = place.clock.now()
    place.app.store.desk.decide(post, "drafted", by="asha", reason="", now=now)
    assert press_slack(place, post, action="hold").status_code == 401
    assert state(place, post) is State.DRAFTED


def test_what_was_changed_since_is_not_decided(place, post):
    reword(place.app, post, "Only now: " + post.content.text, by="ravi")
    press_slack(place, post)
    press_telegram(place, post)
    assert state(place, post) is State.DRAFTED


def test_telegram_presses_need_the_secret_and_a_known_person(place, post):
    assert press_telegram(place, post, secret="guess").status_code == 401
    stranger = press_telegram(place, post, user=666).json()
    assert stranger["method"] == "answerCallbackQuery"
    assert state(place, post) is State.DRAFTED
    known = press_telegram(place, post).json()
    assert known["method"] == "editMessageText"
    assert "Approved by asha" in known["text"]
    assert state(place, post) is State.APPROVED


def test_an_answer_goes_to_slack_only(place, service, post):
    before = len(service.heard)
    elsewhere = service.url.replace("127.0.0.1", "localhost")
    press_slack(place, post, url=f"{elsewhere}/steal")
    assert len(service.heard) == before


def test_both_chats_get_text_and_buttons(place, service, post):
    entries = place.app.store.inbox.entries("waiting", now=place.clock.now(), limit=100)
    mine = [(entry, "Held at 08:00.") for entry in entries if entry.post.id == post.id]
    assert chats.tell(place.app, "1 article waits for you", mine) == 2
    (slack_path, slack), (telegram_path, telegram) = service.heard[-2:]
    assert slack_path == "/chat.postMessage"
    assert telegram_path == "/bot1:abc/sendPhoto"
    assert telegram["photo"] == place.app.store.shelf.read(post.content.card)
    assert "Held at 08:00." in telegram["caption"]
    assert len(telegram["caption"]) <= buttons.CAPTION
    assert post.content.text in json.dumps(slack, ensure_ascii=False).replace("\\n", "\n")
    buttons_there = json.loads(telegram["reply_markup"])["inline_keyboard"][0]
    assert [len(one["callback_data"]) <= 64 for one in buttons_there] == [True, True]


def test_nothing_is_taken_where_no_secret_is_set(tmp_path):
    with served(tmp_path) as bare:
        assert requests.post(bare.url + "/hooks/slack", data=b"", timeout=20).status_code == 401
        empty = {"X-Telegram-Bot-Api-Secret-Token": ""}
        answer = requests.post(bare.url + "/hooks/telegram", json={}, headers=empty, timeout=20)
        assert answer.status_code == 401
