"""A document goes to the stand-in LinkedIn and is shown page by page."""

import requests
import typst

from bot.domain.post import Content
from bot.http.sandbox import Server
from bot.platforms.linkedin.publisher import connect
from bot.platforms.linkedin.sandbox import Sandbox
from bot.platforms.linkedin.settings import Settings


def test_its_pages_are_shown_under_its_title(tmp_path, clock):
    (tmp_path / "d.typ").write_text("#set page(width: 80pt, height: 100pt)\nOne\n#pagebreak()\nTwo")
    pdf = typst.compile(str(tmp_path / "d.typ"))
    with Server([Sandbox()], clock=clock) as server:
        account = connect(Settings(**server.credentials("linkedin")), clock)
        content = Content(text="Read on.", card="c", document_title="Rates held")
        ticket = account.prepare(content, pdf, fingerprint="f")
        receipt = account.send(ticket)
        assert account.verify(ticket, receipt).differences == ()
        assert account.find(ticket, since=clock.now()).remote_id == receipt.remote_id
        (shown,) = Sandbox().shown(server.state, clock.now())
        assert shown.document == "Rates held"
        assert len(shown.pictures) == 2
        for picture in shown.pictures:
            address = f"{server.url}/_sandbox/media/{picture.blob}"
            assert requests.get(address, timeout=10).headers["content-type"] == "image/png"
