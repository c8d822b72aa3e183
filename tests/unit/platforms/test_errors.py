"""Every documented error, over real HTTP: its one meaning, and the words an editor reads."""

import json

import pytest
import stamina

from bot import platforms
from bot.domain.delivery import Receipt
from bot.domain.errors import DeliveryError
from bot.domain.post import Content
from bot.platforms.linkedin.versions import SUNSETS
from bot.platforms.x.reading import id_at
from tests.errors import NOW, ROWS
from tests.unit.platforms.linkedin.test_publisher import PAGE, TOKEN
from tests.unit.platforms.linkedin.test_publisher import TICKET as LINKEDIN_TICKET
from tests.unit.platforms.x.test_publisher import BARE, CARD, SECRETS
from tests.wire import Says, platform

KEYS = {
    "x": SECRETS,
    "linkedin": {"access_token": TOKEN, "author": PAGE, "version": max(SUNSETS)},
}
TICKETS = {"x": BARE, "linkedin": LINKEDIN_TICKET}
LIVE = {
    "x": Receipt(remote_id=str(id_at(NOW) + 1), permalink="p"),
    "linkedin": Receipt(remote_id="urn:li:share:99", permalink="p"),
}


def does(account, row):
    ticket, live = TICKETS[row.platform], LIVE[row.platform]
    match row.doing:
        case "post":
            account.send(ticket)
        case "card":
            account.prepare(Content(text="Hi"), CARD, fingerprint="f")
        case "look":
            account.find(ticket, since=NOW)
        case "edit":
            account.edit(account.amend(ticket, live, "Other.", fingerprint="g"), live)
        case "delete":
            account.delete(live)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_has_one_meaning_and_says_what_to_do(row, clock):
    body = row.body if isinstance(row.body, str) else json.dumps(row.body)
    says = Says(row.status, body, row.headers)
    with stamina.set_testing(True, attempts=3, cap=True), platform(*[says] * 3) as there:
        where = {"base_url": there.url, "web_url": there.url, "read_timeout": 2}
        settings = platforms.settings_class(row.platform)(**KEYS[row.platform], **where)
        account = platforms.connect(row.platform, settings, clock)
        with pytest.raises(DeliveryError) as raised:
            does(account, row)
    error = raised.value
    assert type(error) is row.outcome
    assert str(error) == row.sees()
    assert "\n" not in str(error)
    assert str(error).endswith(".")
    assert error.status == row.status
    assert row.cue == "outage" or error.raw
