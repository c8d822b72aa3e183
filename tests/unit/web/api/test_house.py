"""What programs do for the house: answer questions, mind sources and accounts, change settings."""

from dataclasses import replace

import pytest

from bot.domain.correction import Correction, Kind
from bot.domain.delivery import Metrics, Receipt
from bot.domain.intake import Held, Source
from bot.domain.people import Role
from bot.pipeline import review
from tests.fakes import FakeAccount
from tests.unit.web.test_asked import Account


@pytest.fixture
def live(place, fresh):
    """Return a post that was published on X by this account."""

    def make(account, remote_id):
        account.answers = [Receipt(remote_id=remote_id, permalink=f"https://x.com/d/{remote_id}")]
        place.app.accounts.publishers["x"] = (0, account)
        post = fresh()["x"]
        review.approve(post, place.app.store.desk, place.app.clock, by="asha", via="web")
        place.app.publish_due()
        return place.app.store.desk.post(post.id)

    return make


@pytest.fixture
def ask(place):
    """Ask about a post of an article that reads differently now."""

    def make(post):
        before = place.app.store.archive.find(post.article_key)
        return place.app.store.corrections.ask(
            Correction(
                article_key=post.article_key,
                post_id=post.id,
                kind=Kind.CHANGED,
                before=before,
                after=replace(before, body=("It was otherwise.", *before.body[1:])),
                live=True,
                at=place.clock.now(),
            )
        )

    return make


def test_a_correction_is_answered_once_and_about_what_was_seen(place, program, live, ask):
    account, caller = Account(answers=[]), program()
    post = live(account, "1001")
    one = ask(post)
    path = f"/corrections/{one.id}"
    assert one.id in [c["id"] for c in caller.ask("GET", "/corrections").json()["items"]]
    shown = caller.ask("GET", path).json()
    assert shown["changes"][0]["after"] == "It was otherwise."
    assert shown["options"]["edit"] == ""
    stale = {"text": "New words.", "content_hash": "0" * 64}
    assert caller.ask("POST", f"{path}/edit", stale).json()["type"] == "problems/changed-meanwhile"
    body = {"text": "New words.", "content_hash": shown["content_hash"]}
    assert program("read edit").ask("POST", f"{path}/edit", body).status_code == 403
    assert caller.ask("POST", f"{path}/edit", body | {"text": post.content.text}).status_code == 422
    assert caller.ask("POST", f"{path}/edit", body).json()["outcome"] == "edited"
    assert account.edited == "New words."
    assert caller.ask("POST", f"{path}/done", {"how": "leave"}).status_code == 422, "answered"
    assert caller.ask("GET", "/corrections/424242").status_code == 404


def test_a_live_post_is_taken_down_or_left(place, program, live, ask):
    account, caller = Account(answers=[]), program()
    gone, left = live(account, "1002"), live(account, "1003")
    path = f"/corrections/{ask(gone).id}/delete"
    assert caller.ask("POST", path, {}).status_code == 422
    seen = {"content_hash": gone.fingerprint}
    assert caller.ask("POST", path, seen).json()["outcome"] == "deleted"
    assert account.deleted == "1002"
    path = f"/corrections/{ask(left).id}/done"
    done = caller.ask("POST", path, {"how": "leave", "note": "A comma."}).json()
    assert (done["outcome"], done["note"], done["done_by"]) == ("left", "A comma.", "asha")


def test_an_article_that_waits_is_let_in_or_dropped(place, program, fresh):
    caller, now = program(), place.clock.now()
    known = place.app.store.archive.find(fresh()["x"].article_key)
    for name in ("api-in", "api-out"):
        url = f"https://theshiftmaker.com/articles/{name}"
        title = f"Something quite new about {name}"
        article = replace(known, key=name, url=url, title=title)
        held = Held(source="wire", article=article, whole=True, reason="new", at=now)
        place.app.store.sightings.hold([held])
    page = caller.ask("GET", "/held?limit=1").json()
    assert [one["article_id"] for one in page["items"]] == ["api-in"]
    assert caller.ask("GET", f"/held?after={page['next']}").json()["items"][0]["article_id"] == (
        "api-out"
    )
    assert program("read edit").ask("POST", "/held/api-in/post").status_code == 403
    assert caller.ask("POST", "/held/api-out/drop").status_code == 204
    made = caller.ask("POST", "/held/api-in/post").json()["posts"]
    assert {one["article_id"] for one in made} == {"api-in"}
    assert caller.ask("POST", "/held/api-out/post").status_code == 404


def test_sources_are_minded(place, program):
    caller, now = program(), place.clock.now()
    place.app.store.sources.add(
        Source(name="wire", url="https://wire.example/feed", kind="feed"), now=now
    )
    paused = caller.ask("PUT", "/sources/wire/pause", {"reason": "It repeats"}).json()
    assert paused["paused"] == "It repeats"
    assert caller.ask("DELETE", "/sources/wire/pause").json()["paused"] == ""
    assert caller.ask("POST", "/sources/find", {"url": "file:///etc"}).status_code == 422
    assert caller.ask("POST", "/sources/find", {"url": "http://127.0.0.1:1/"}).status_code == 422
    assert caller.ask("DELETE", "/sources/wire").status_code == 204
    assert caller.ask("DELETE", "/sources/wire").status_code == 404
    assert program("read").ask("GET", "/sources").status_code == 403


def test_accounts_are_told_without_their_keys(place, program):
    caller = program()
    place.app.accounts.publishers["x"] = (0, FakeAccount())
    found = caller.ask("GET", "/accounts")
    assert [one["channel"] for one in found.json()["items"]] == ["x", "linkedin"]
    assert not {"sealed", "access_token", "token", "key"} & set(found.json()["items"][0])
    tried = {one["channel"]: one for one in caller.ask("POST", "/accounts/check").json()["items"]}
    assert tried["x"]["ok"] is True
    assert "BOT_LINKEDIN__ACCESS_TOKEN" in tried["linkedin"]["said"]


def test_settings_are_changed_all_or_none(place, program):
    caller = program()
    wrong = {"BOT_DESK__UNDO_SECONDS": "20", "BOT_APPROVAL__POLICY": "whatever"}
    before = place.app.settings
    answer = caller.ask("PATCH", "/settings/policies", {"values": wrong})
    assert (answer.status_code, answer.json()["type"]) == (422, "problems/usage")
    assert place.app.settings is before
    for name in ("BOT_DESK__SECRET_KEY", "BOT_X__ACCESS_TOKEN", "BOT_DATA_DIR"):
        body = {"values": {name: "k" * 40}}
        assert caller.ask("PATCH", "/settings/policies", body).status_code == 422, name
    try:
        body = {"values": {"BOT_DESK__UNDO_SECONDS": "20"}}
        found = caller.ask("PATCH", "/settings/policies", body).json()["items"]
        assert {one["name"]: one["value"] for one in found}["BOT_DESK__UNDO_SECONDS"] == "20"
        assert place.app.settings.desk.undo_seconds == 20
    finally:
        place.app.reload(before)
    assert program("read edit approve").ask("GET", "/settings/schedule").status_code == 403


def test_words_are_tried_and_not_kept_without_a_place(program, fresh):
    fresh()
    caller = program()
    assert "x.txt.j2" in caller.ask("GET", "/words").json()["items"]
    file = caller.ask("GET", "/words/x.txt.j2").json()
    body = {"text": "NEWS {{ hook }}\n\n{{ link }}\n"}
    trials = caller.ask("POST", "/words/x.txt.j2/try", body).json()["items"]
    assert next(one for one in trials if one["channel"] == "x")["text"].startswith("NEWS")
    wrong = caller.ask("POST", "/words/x.txt.j2/try", {"text": "{{ hook"})
    assert "line 1" in wrong.json()["detail"]
    kept = caller.ask("PUT", "/words/x.txt.j2", body | {"seen": file["seen"]})
    assert "BOT_TEMPLATES_DIR" in kept.json()["detail"]
    stale = caller.ask("PUT", "/words/x.txt.j2", body | {"seen": "0" * 64})
    assert stale.status_code == 409
    assert caller.ask("GET", "/words/base.html").status_code == 404


def test_people_are_let_in_and_nobody_changes_themselves(place, program):
    caller = program()
    made = caller.ask("POST", "/users", {"name": "leela", "role": "editor"}).json()
    other = caller.ask("POST", "/users/leela/link").json()
    assert "/welcome/" in made["link"]
    assert made["link"] != other["link"]
    secret = made["link"].rsplit("/", 1)[1]
    assert place.visitor().get(f"/welcome/{secret}").status_code == 410, "the earlier one is void"
    assert caller.ask("PATCH", "/users/leela", {"role": "approver"}).json()["role"] == "approver"
    assert caller.ask("DELETE", "/users/leela/code").status_code == 204
    assert caller.ask("PATCH", "/users/asha", {"role": "viewer"}).status_code == 422
    assert place.app.store.people.find("asha").role is Role.ADMIN
    assert caller.ask("POST", "/users/nobody/link").status_code == 404


def test_the_record_and_numbers_come_page_by_page(place, program, live):
    class Counted(FakeAccount):
        def metrics(self, receipts):
            return {one.remote_id: Metrics(impressions=70, reactions=3) for one in receipts}

    account, caller = Counted(), program()
    first, second = live(account, "2001"), live(account, "2002")
    seen, after = [], 0
    while after is not None:
        page = caller.ask("GET", f"/record?limit=1&after={after}").json()
        seen += [one["post_id"] for one in page["receipts"]]
        after = page["next"]
    assert seen[-2:] == [first.id, second.id]
    assert len(seen) == len(set(seen))
    days = caller.ask("GET", "/record/days").json()["items"]
    assert (len(days), days[-1]["channels"]["x"]) == (14, len(seen))
    path = f"/posts/{first.id}/numbers"
    assert caller.ask("GET", path).json()["items"] == []
    assert program("read edit").ask("POST", path).status_code == 403, "it costs money"
    assert caller.ask("POST", path).json()["items"][0]["numbers"]["impressions"] == 70
