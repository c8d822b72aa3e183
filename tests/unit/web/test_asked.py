"""What editors are asked beside the queue: corrections of posts, and new articles that wait."""

from dataclasses import replace
from itertools import count

import pytest

from bot.domain.article import Article
from bot.domain.correction import Correction, Kind
from bot.domain.delivery import Receipt
from bot.domain.errors import NotEditable, NotSent
from bot.domain.intake import Held
from bot.domain.people import Role
from bot.pipeline import review
from bot.web.areas import inbox
from tests.fakes import FakeAccount
from tests.stories import story
from tests.web import BODY, served

_NUMBERS = count(50)
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"


class Account(FakeAccount):
    """An account whose posts can be changed, as the test says."""

    editable = True
    failing = None
    edited = ""
    deleted = ""

    def amend(self, ticket, receipt, text, *, fingerprint):
        if not self.editable:
            raise NotEditable("X lets only Premium accounts edit.")
        return replace(ticket, text=text, fingerprint=fingerprint, request='{"text":"new"}')

    def edit(self, amended, receipt):
        if self.failing:
            raise self.failing
        self.edited = amended.text
        return Receipt(remote_id="78", permalink="https://x.com/desk/status/78")

    def delete(self, receipt):
        self.deleted = receipt.remote_id


@pytest.fixture
def place(tmp_path):
    with served(tmp_path) as place:
        place.user("ravi", Role.APPROVER)
        place.user("vera", Role.VIEWER)
        yield place


@pytest.fixture
def account(place):
    receipt = Receipt(remote_id="77", permalink="https://x.com/desk/status/77")
    made = Account(answers=[receipt])
    place.app.accounts.publishers["x"] = (0, made)
    return made


@pytest.fixture
def ask(place, account):
    """Publish a post for X and ask about it; say what its article reads like now."""

    def make(after="31,000", *, title="", live=True):
        headline, dek, text = story(next(_NUMBERS))
        article = place.article(title or headline, dek=dek, body=(*text, BODY[2]))
        post = place.posts(article)["x"]
        if live:
            review.approve(post, place.app.store.desk, place.app.clock, by="asha", via="web")
            place.app.publish_due()
        now = place.clock.now()
        body = tuple(p.replace("28,000", after) for p in article.body) if after else ()
        return place.app.store.corrections.ask(
            Correction(
                article_key=article.key,
                post_id=post.id,
                kind=Kind.CHANGED if after else Kind.GONE,
                before=article,
                after=replace(article, body=body) if after else None,
                live=live,
                at=now,
            )
        )

    return make


@pytest.fixture
def wait(place):
    """Hold a new article."""

    def make(title="", **more):
        number = next(_NUMBERS)
        headline, dek, body = story(number)
        values = {
            "key": f"2026-11-23-held-{number}",
            "url": f"https://theshiftmaker.com/articles/2026-11-23-held-{number}",
            "title": title or headline,
            "dek": dek,
            "section": "Economy",
            "published_at": place.clock.now(),
            "body": (*body, *BODY),
            "source": "wire",
            **more,
        }
        article = Article(**values)
        held = Held(
            source="wire <b>",
            article=article,
            whole=True,
            reason=f"A flood of 12 articles. {HOSTILE}",
            at=place.clock.now(),
        )
        place.app.store.sightings.hold([held])
        return held

    return make


def base(place, one):
    return place.app.store.desk.post(one.post_id).fingerprint


def test_needs_you_counts_and_leads_to_both(place, ask, wait):
    vera = place.visitor("vera")
    assert "Nothing needs you." in vera.get("/?list=needs").text
    one, held = ask(), wait()
    page = vera.get("/?list=needs").text
    assert 'Needs you<span class="count">2</span>' in page
    assert f'href="/corrections/{one.id}"' in page
    assert one.before.title in page
    assert "A new article waits" in page
    assert "Nothing else needs you." in page
    assert held.article.title in vera.get("/held").text
    waiting = vera.get("/").text
    assert 'Needs you<span class="count">2</span>' in waiting
    assert f'href="/corrections/{one.id}"' not in waiting


def test_the_difference_the_live_post_and_what_can_be_done_are_shown(place, ask):
    one = ask()
    page = place.visitor("ravi").get(f"/corrections/{one.id}").text
    assert '<del><span class="sr">removed: </span>28,000</del>' in page
    assert '<ins><span class="sr">added: </span>31,000</ins>' in page
    assert 'href="https://x.com/desk/status/77"' in page
    for action in ("edit", "delete", "done"):
        assert f'action="/corrections/{one.id}/{action}"' in page


def test_the_live_post_gets_other_words(place, ask, account):
    one, ravi = ask(), place.visitor("ravi")
    url = f"/corrections/{one.id}"
    data = {"base": base(place, one), "text": "It is 31,000 firms.\r\nNot fewer. "}
    page = ravi.post(f"{url}/edit", data, token=ravi.token(url))
    assert "X: the live post was changed." in page.text
    assert account.edited == "It is 31,000 firms.\nNot fewer."
    assert place.app.store.desk.post(one.post_id).content.text == account.edited
    assert place.app.store.corrections.find(one.id).done_by == "ravi"
    assert place.app.store.corrections.count() == len(place.app.store.corrections.open()) == 0
    assert "ravi answered this" in ravi.get(url).text
    again = ravi.post(f"{url}/done", {"how": "leave"}, token=ravi.token("/pause"))
    assert (again.status_code, "ravi has answered" in again.text) == (400, True)


def test_words_that_cannot_be_sent_are_kept_and_the_question_stays_open(place, ask, account):
    one, ravi = ask(), place.visitor("ravi")
    url = f"/corrections/{one.id}"
    token = ravi.token(url)
    account.failing = NotSent("X cannot be reached.")
    for text, why in (
        (f"Words kept {HOSTILE}", "X cannot be reached."),
        ("Far too long. " * 60, "characters. Nothing was changed."),
        (" ", "The post needs words."),
    ):
        page = ravi.post(f"{url}/edit", {"base": base(place, one), "text": text}, token=token)
        assert page.status_code == 422
        assert why in page.text
        assert "<img" not in page.text.split("<main")[1]
        assert text.split(" <")[0].strip() in page.text
    stale = ravi.post(f"{url}/edit", {"base": "0", "text": "Other"}, token=token)
    assert stale.status_code == 409
    assert account.edited == ""
    assert place.app.store.corrections.count() == 1


def test_a_live_post_is_taken_down_only_when_that_is_ticked(place, ask, account):
    one, ravi = ask(""), place.visitor("ravi")
    url = f"/corrections/{one.id}"
    page = ravi.get(url).text
    assert "The article is gone from the site" in page
    data = {"base": base(place, one)}
    assert ravi.post(f"{url}/delete", data, token=ravi.token(url)).status_code == 400
    assert account.deleted == ""
    ravi.post(f"{url}/delete", {**data, "sure": "yes"}, token=ravi.token(url))
    assert account.deleted == "77"
    assert place.app.store.corrections.find(one.id).outcome == "deleted"


def test_what_the_platform_does_not_allow_is_said_and_not_offered(place, ask, account):
    account.editable = False
    one, ravi = ask(), place.visitor("ravi")
    url = f"/corrections/{one.id}"
    page = ravi.get(url).text
    assert "X lets only Premium accounts edit." in page
    assert f'action="{url}/edit"' not in page
    data = {"how": "post", "note": "https://x.com/desk/status/80"}
    assert "Noted." in ravi.post(f"{url}/done", data, token=ravi.token(url)).text
    kept = place.app.store.corrections.find(one.id)
    assert (kept.outcome, kept.note, kept.done_by) == ("posted", data["note"], "ravi")


def test_a_post_that_was_not_sent_is_decided_at_its_article(place, ask):
    one = ask(live=False)
    page = place.visitor("ravi").get(f"/corrections/{one.id}").text
    assert "Edit, release or reject it" in page
    assert f'action="/corrections/{one.id}' not in page


def test_a_waiting_article_is_posted_or_dropped_once(place, wait):
    first, second = wait(), wait()
    ravi = place.visitor("ravi")
    token = ravi.token("/held")
    page = ravi.post("/held/post", {"article": first.article.key}, token=token)
    assert "2 posts made." in page.text
    assert set(place.posts(first.article)) == {"x", "linkedin"}
    again = ravi.post("/held/post", {"article": first.article.key}, token=token)
    assert again.status_code == 400
    page = ravi.post("/held/drop", {"article": second.article.key}, token=token)
    assert "Let go, it gets no posts" in page.text
    assert "No new article waits." in page.text
    assert place.posts(second.article) == {}
    assert place.app.store.sightings.waiting() == 0


def test_a_viewer_sees_and_cannot_act(place, ask, wait):
    one, held = ask(), wait()
    vera = place.visitor("vera")
    for path in (f"/corrections/{one.id}", "/held"):
        main = vera.get(path).text.split("<main")[1]
        assert "<form" not in main
    token = vera.token("/")
    for path, data in (
        (f"/corrections/{one.id}/edit", {"base": base(place, one), "text": "Other"}),
        (f"/corrections/{one.id}/delete", {"base": base(place, one), "sure": "yes"}),
        (f"/corrections/{one.id}/done", {"how": "leave"}),
        ("/held/post", {"article": held.article.key}),
        ("/held/drop", {"article": held.article.key}),
    ):
        assert vera.post(path, data, token=token).status_code == 403
    assert place.app.store.corrections.count() == 1
    assert place.app.store.sightings.waiting() == 1


def test_hostile_words_stay_words(place, ask, wait):
    one = ask(f"31,000 {HOSTILE}", title=f"Ruritania pays 7 million crowns {HOSTILE}")
    wait(f"Ruritania pays 9 million crowns {HOSTILE}", dek=HOSTILE, url="javascript:alert(1)")
    ravi = place.visitor("ravi")
    for path in ("/?list=needs", f"/corrections/{one.id}", "/held"):
        page = ravi.get(path)
        assert page.status_code == 200
        main = page.text.split("<main")[1]
        assert "&lt;img" in main, path
        assert "<img" not in main, path
        assert "<script" not in main, path
        assert "javascript:" not in main, path


@pytest.mark.parametrize("number", ["0", "99999", "99999999999999999999"])
def test_what_is_not_asked_is_said(place, number):
    page = place.visitor("ravi").get(f"/corrections/{number}")
    assert page.status_code == 400
    assert "There is no" in page.text


def test_an_article_leads_to_what_is_asked_about_its_post(place, ask):
    one = ask()
    vera = place.visitor("vera")
    assert f'href="/corrections/{one.id}"' in vera.get(f"/articles/{one.article_key}").text
    place.app.store.corrections.done(one, "left", by="ravi", note="", now=place.clock.now())
    assert "/corrections/" not in vera.get(f"/articles/{one.article_key}").text


def test_how_many_more_corrections_wait_is_said(place, ask, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 1)
    ask()
    vera = place.visitor("vera")
    assert "more correction" not in vera.get("/?list=needs").text
    ask()
    ask()
    assert "2 more corrections wait" in vera.get("/?list=needs").text


def test_what_became_of_a_waiting_article_is_in_the_audit_log(place, wait):
    dropped, let_in = wait(), wait()
    ravi = place.visitor("ravi")
    ravi.post("/held/drop", {"article": dropped.article.key})
    ravi.post("/held/post", {"article": let_in.article.key})
    kept = [e for e in place.app.store.audit.export() if e["name"].startswith("article.")]
    assert ("article.dropped", "ravi", dropped.article.key) in [
        (e["name"], e["who"], e["article_key"]) for e in kept
    ]
    assert ("article.let_in", "ravi", let_in.article.key) in [
        (e["name"], e["who"], e["article_key"]) for e in kept
    ]
