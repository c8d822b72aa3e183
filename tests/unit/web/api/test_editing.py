"""What programs change about a post, and that they overwrite nobody unseen."""

import base64
import io
from datetime import timedelta

from PIL import Image

from bot.domain.people import Role
from bot.pipeline import review


def now(place, post):
    return place.app.store.desk.post(post.id)


def patch(caller, post, **more):
    return caller.ask("PATCH", f"/posts/{post.id}", {"content_hash": post.fingerprint, **more})


def test_everything_a_form_changes_at_once(place, program, fresh):
    post, caller = fresh()["x"], program("edit")
    answer = patch(
        caller,
        post,
        text="The harbour has new cranes.",
        parts=["They came by sea."],
        alt_text="A card with the headline of the article.",
        link_policy="thread_reply",
        hashtags=["Harbour", "Cranes"],
    )
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after["text"] == "The harbour has new cranes.\n\n#Harbour #Cranes"
    assert after["hashtags"] == ["Harbour", "Cranes"]
    assert after["parts"][0] == "They came by sea."
    assert after["parts"][1].endswith(after["link"])
    assert after["alt_text"] == "A card with the headline of the article."
    assert (after["link_policy"], after["state"]) == ("thread_reply", "drafted")
    kept = now(place, post)
    assert (kept.fingerprint, kept.content.text) == (after["content_hash"], after["text"])
    other = patch(caller, kept, alt_text="Another card with the headline.").json()
    assert (other["text"], other["parts"]) == (after["text"], after["parts"]), "the rest stays"


def test_whoever_comes_second_is_told_the_difference(place, program, fresh):
    post = fresh()["linkedin"]
    place.user("ravi", Role.EDITOR)
    theirs = post.content.text.replace("Monday", "Sunday")
    mine = post.content.text.replace("Monday", "Saturday")
    assert patch(program("edit", "ravi"), post, text=theirs).status_code == 200
    caller = program("edit")
    answer = patch(caller, post, text=mine)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "problems/changed-meanwhile")
    conflict = problem["conflict"]
    assert (conflict["by"], conflict["text"]) == ("ravi", theirs)

    def changed(runs):
        return [(run["kind"], run["text"].strip()) for run in runs if run["kind"] != "same"]

    assert changed(conflict["since"]) == [("gone", "Monday"), ("new", "Sunday")]
    assert changed(conflict["against"]) == [("gone", "Sunday"), ("new", "Saturday")]
    assert now(place, post).content.text == theirs
    again = {"text": mine, "content_hash": conflict["content_hash"]}
    assert caller.ask("PATCH", f"/posts/{post.id}", again).json()["text"] == mine


def test_words_are_judged_and_kept_as_a_draft_without_being_saved(place, program, fresh):
    post, caller = fresh()["x"], program("edit")
    path = f"/posts/{post.id}"
    found = caller.ask("POST", f"{path}/judge", {"text": "x" * 281}).json()
    assert (found["length"], found["limit"], found["valid"]) == (281, 280, False)
    assert any(one["level"] == "block" for one in found["findings"])
    assert caller.ask("GET", f"{path}/draft").json() is None
    caller.ask("POST", f"{path}/judge", {"text": "Not yet done", "keep": True})
    assert caller.ask("GET", f"{path}/draft").json()["text"] == "Not yet done"
    assert "Not yet done" in place.visitor("asha").get(f"/posts/{post.id}/edit").text
    assert caller.ask("DELETE", f"{path}/draft").status_code == 204
    assert caller.ask("GET", f"{path}/draft").json() is None
    assert now(place, post) == post


def test_judged_is_what_saving_gives(place, program, fresh):
    post, caller = fresh()["linkedin"], program("edit")
    words = {"text": "The cranes are here.", "hashtags": ["Harbour"]}
    judged = caller.ask("POST", f"/posts/{post.id}/judge", words).json()
    saved = patch(caller, post, **words).json()
    same = ("text", "content_hash", "length", "hashtags", "findings", "estimated_cost_usd")
    assert {name: judged[name] for name in same} == {name: saved[name] for name in same}


def test_a_safe_repair_is_one_request(program, fresh):
    post, caller = fresh()["x"], program("edit")
    broken = patch(caller, post, text=post.content.text.replace(" ", "  ", 1)).json()
    fixable = [one["number"] for one in broken["findings"] if one["fix"] is not None]
    assert fixable
    path, seen = f"/posts/{post.id}/fixes", broken["content_hash"]
    mended = caller.ask("POST", path, {"finding": fixable[0], "content_hash": seen}).json()
    assert mended["text"] == post.content.text
    late = caller.ask("POST", path, {"finding": fixable[0], "content_hash": seen})
    assert late.status_code == 409
    none = {"finding": 99, "content_hash": mended["content_hash"]}
    assert caller.ask("POST", path, none).status_code == 422


def test_an_earlier_wording_is_read_and_put_back(program, fresh):
    post, caller = fresh()["x"], program("read edit")
    changed = patch(caller, post, text="Something else entirely.").json()
    found = caller.ask("GET", f"/posts/{post.id}/wordings").json()
    assert [one["now"] for one in found["items"]] == [True, False]
    assert any(run["kind"] == "new" for run in found["items"][0]["changes"])
    assert found["policy"] in found["policies"]
    body = {"wording": found["items"][1]["id"], "content_hash": changed["content_hash"]}
    back = caller.ask("POST", f"/posts/{post.id}/restore", body).json()
    assert back["text"] == post.content.text


def test_a_card_is_drawn_anew_or_brought_along(place, program, fresh):
    post, caller = fresh()["x"], program("read edit")
    body = {"variant": "light", "content_hash": post.fingerprint}
    light = caller.ask("PUT", f"/posts/{post.id}/card", body).json()
    assert light["card_sha256"] not in (None, post.content.card)
    nothing = {"layout": "mosaic", "content_hash": light["content_hash"]}
    assert caller.ask("PUT", f"/posts/{post.id}/card", nothing).status_code == 422
    out = io.BytesIO()
    Image.new("RGB", (1200, 700), "teal").save(out, "JPEG")
    picture = {
        "picture": base64.b64encode(out.getvalue()).decode(),
        "alt_text": "A picture that is teal all over.",
        "content_hash": light["content_hash"],
    }
    own = caller.ask("PUT", f"/posts/{post.id}/picture", picture).json()
    assert own["alt_text"] == "A picture that is teal all over."
    bytes_ = caller.ask("GET", f"/cards/{own['card_sha256']}")
    assert bytes_.headers["content-type"] == "image/png"
    assert bytes_.content == place.app.store.shelf.read(own["card_sha256"])
    assert caller.ask("GET", f"/cards/{'0' * 64}").status_code == 404
    wrong = picture | {"picture": base64.b64encode(b"<svg/>").decode()}
    wrong["content_hash"] = own["content_hash"]
    assert caller.ask("PUT", f"/posts/{post.id}/picture", wrong).json()["type"] == (
        "problems/content"
    )


def test_a_time_keeps_its_approval_only_by_a_token_that_may_approve(place, program, fresh):
    posts = fresh()
    at = (place.clock.now() + timedelta(hours=3)).isoformat()
    for channel, scopes, state in (
        ("x", "edit", "drafted"),
        ("linkedin", "edit approve", "approved"),
    ):
        post = posts[channel]
        review.approve(post, place.app.store.desk, place.app.clock, by="asha", via="web")
        answer = program(scopes).ask("PUT", f"/posts/{post.id}/time", {"at": at})
        assert answer.json()["state"] == state
        assert now(place, post).due_at.isoformat() == at
    zoneless = program("edit").ask("PUT", f"/posts/{post.id}/time", {"at": "2026-11-24T07:00"})
    assert zoneless.status_code == 422, "a time without a zone is not guessed"


def test_the_bot_is_told_what_became_of_a_post(place, program, fresh):
    post, caller = fresh()["x"], program()
    answer = caller.ask("POST", f"/posts/{post.id}/answer", {"answer": "absent"})
    assert answer.status_code == 409, "nothing about it is unclear"
    assert (
        program("edit").ask("POST", f"/posts/{post.id}/answer", {"answer": "done"}).status_code
        == 403
    )


def test_a_first_step_is_an_editors(place, program, fresh):
    place.user("eli", Role.EDITOR)
    settings = place.app.settings
    steps = settings.approval.model_copy(update={"steps": "any editor, any approver"})
    place.app.settings = settings.model_copy(update={"approval": steps})
    try:
        post = fresh()["x"]
        body = {"action": "approve", "content_hash": post.fingerprint}
        first = program("read edit", "eli").ask("POST", f"/posts/{post.id}/decisions", body).json()
        assert (first["state"], len(first["missing"])) == ("drafted", 1)
        assert [one["by"] for one in first["agreed"]] == ["eli"]
        second = program("read approve").ask("POST", f"/posts/{post.id}/decisions", body).json()
        assert (second["state"], second["missing"]) == ("approved", [])
    finally:
        place.app.settings = settings


def test_lists_are_those_of_the_desk(place, program, fresh):
    caller = program()
    waiting = fresh()["x"]
    later = fresh()["x"]
    until = (place.clock.now() + timedelta(minutes=30)).isoformat()
    body = {"action": "snooze", "until": until}
    assert caller.ask("POST", f"/posts/{later.id}/decisions", body).status_code == 200

    def ids(query):
        return {one["id"] for one in caller.ask("GET", f"/posts?limit=200&{query}").json()["items"]}

    assert waiting.id in ids("list=waiting")
    assert later.id not in ids("list=waiting")
    assert later.id in ids("list=held")
    counts = caller.ask("GET", "/lists").json()["counts"]
    assert counts["waiting"] == len(ids("list=waiting"))
    title = place.app.store.archive.find(waiting.article_key).title
    assert ids(f"q={title}") == {
        one.id for one in place.app.store.desk.of_article(waiting.article_key)
    }
    assert ids("due_before=2000-01-01T00:00:00Z") == set()


def test_people_talk_beside_a_post(place, program, fresh):
    place.user("ravi", Role.EDITOR)
    post, ravi = fresh()["x"], program("read", "ravi")
    path = f"/articles/{post.article_key}/comments"
    before = ravi.ask("GET", "/lists").json()["mentions"]
    said = program("edit").ask("POST", path, {"text": "@ravi is the figure right?"}).json()
    assert (said["named"], said["items"][-1]["by"]) == (["ravi"], "asha")
    assert ravi.ask("GET", "/lists").json()["mentions"] == before + 1
    assert ravi.ask("GET", "/mentions").json()["items"][0]["text"] == "@ravi is the figure right?"
    ravi.ask("GET", path)
    assert ravi.ask("GET", "/lists").json()["mentions"] == 0
    assert ravi.ask("POST", path, {"text": "yes"}).status_code == 403, "that token only reads"
    assert program().ask("GET", "/articles/none/comments").status_code == 404


def test_the_calendar_has_what_is_due(place, program, fresh):
    post = fresh()["x"]
    day = post.due_at.astimezone(place.app.house.zone).date().isoformat()
    found = program("read").ask("GET", f"/calendar?first={day}&days=2").json()
    assert len(found["days"]) == 2
    assert found["days"][0]["day"] == day
    assert post.id in {one["id"] for one in found["days"][0]["posts"]}
