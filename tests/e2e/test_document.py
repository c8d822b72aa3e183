"""A document goes from the article to LinkedIn's timeline, page by page, and is read back."""

import re

import requests

from bot.app import SystemClock
from bot.choices import Cards
from bot.demo import run
from bot.demo.run import Demo
from bot.http.sandbox.documents import pages


def test_a_document_is_published_and_shown_page_by_page(tmp_path, monkeypatch):
    plain = run.demo_settings
    cards = Cards(linkedin_document=True)
    monkeypatch.setattr(
        run, "demo_settings", lambda *args: plain(*args).model_copy(update={"cards": cards})
    )
    with Demo(tmp_path, SystemClock(), fresh=True, port=0, say=lambda line: None) as demo:
        played = demo.play()
        x, linkedin = played.receipts
        assert (x["card"]["path"][-4:], linkedin["card"]["path"][-4:]) == (".png", ".pdf")
        assert linkedin["verified"]
        with requests.Session() as session:
            session.trust_env = False
            page = session.get(linkedin["permalink"], timeout=20).text
            leaves = re.findall(r'src="(/_sandbox/media/[^"]+/\d+)"', page)
            sent = (tmp_path / "cards" / linkedin["card"]["path"].split("/")[-1]).read_bytes()
            assert len(leaves) == pages(sent) == 5
            assert "Anthropic accuses Alibaba" in re.findall(r"<figcaption[^>]*>(.*)", page)[0]
            for leaf in leaves:
                shown = session.get(demo.server.url + leaf, timeout=20)
                assert shown.headers["content-type"] == "image/png"
