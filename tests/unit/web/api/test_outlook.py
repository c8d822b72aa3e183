"""A program is told what happens next to a post, as the pages and the command line tell people."""

from datetime import datetime

from sqlalchemy import event

from bot.deciding.outlook import Outlooks
from bot.web.words import platform


def told(place, post):
    return Outlooks(place.app, place.clock.now(), platform).of_post(post)


def decide(program, post, action, **more):
    body = {"action": action, "content_hash": post.fingerprint, **more}
    return program.ask("POST", f"/posts/{post.id}/decisions", body).json()


def test_what_the_clock_will_do_is_said_and_when(place, program, fresh):
    post = fresh()["x"]
    seen = program().ask("GET", f"/posts/{post.id}").json()
    expected = told(place, post)
    assert seen["outlook"] == expected.text
    assert seen["outlook"].startswith("Held at ")
    assert datetime.fromisoformat(seen["outlook_at"]) == expected.at
    assert seen["by_itself"]["to"] == "on_hold"
    assert seen["by_itself"]["by"] == expected.prospect.by
    assert datetime.fromisoformat(seen["by_itself"]["at"]) == expected.prospect.at


def test_a_decision_answers_with_what_comes_of_it(program, fresh):
    posts, caller = fresh(), program()
    approved = decide(caller, posts["x"], "approve")
    assert approved["outlook"] == "Approved; can still be undone."
    assert approved["outlook_at"]
    assert approved["by_itself"] is None
    rejected = decide(caller, posts["linkedin"], "reject", reason="Wrong fact")
    assert (rejected["outlook"], rejected["outlook_at"]) == ("Wrong fact", None)


def test_a_pause_is_said_by_the_name_people_know(place, program, fresh):
    post, caller = fresh()["linkedin"], program()
    decide(caller, post, "approve")
    place.clock.advance(60)  # it can no longer be undone
    caller.ask("PUT", "/channels/linkedin/pause", {"reason": "Breaking news"})
    try:
        seen = caller.ask("GET", f"/posts/{post.id}").json()
        assert seen["outlook"] == "Approved; goes out once LinkedIn is not paused any more."
    finally:
        caller.ask("DELETE", "/channels/linkedin/pause")


def test_a_list_costs_no_more_reads_than_one_post(place, program, fresh):
    caller, asked, last = program(), [], fresh()["linkedin"].id
    event.listen(
        place.app.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )

    def reads(limit):
        asked.clear()
        found = caller.ask("GET", f"/posts?after={last}&limit={limit}").json()["items"]
        assert len(found) == limit
        assert all(one["outlook"] for one in found)
        return len(asked)

    for _ in range(4):
        fresh()
    reads(1)  # the token's first use is written down
    assert reads(8) == reads(1)
