"""What programs can do, and that they cannot do more than the person they stand for."""

import threading

import pytest

from bot.domain.people import Role
from bot.domain.post import State
from tests.unit.web.api.conftest import Program


def decide(program, post, action, **more):
    body = {"action": action, "content_hash": post.fingerprint, **more}
    return program.ask("POST", f"/posts/{post.id}/decisions", body)


def test_without_a_good_token_nothing_is_answered(place, program):
    expired = program(days=1)
    revoked = program()
    token = place.app.store.tokens.all()[-1]
    place.app.store.tokens.revoke(token.id, by="test", now=place.clock.now())
    place.clock.advance(2 * 86_400)
    for stranger in (Program(place.url, ""), Program(place.url, "smbot_guess"), expired, revoked):
        answer = stranger.ask("GET", "/posts")
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_session_of_the_desk_is_no_token(place):
    browser = place.visitor("asha")
    assert browser.get("/api/v1/posts").status_code == 401


def test_a_closed_account_closes_its_tokens(place, program):
    user = place.user("mohan", Role.EDITOR)
    mohan = program("read edit", user="mohan")
    assert mohan.ask("GET", "/me").json()["user"] == "mohan"
    place.app.store.people.change(user, by="test", now=place.clock.now(), disabled=True)
    assert mohan.ask("GET", "/me").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "user", "action"),
    [("read", "asha", "approve"), ("read edit", "asha", "approve"), ("read", "vera", "hold")],
)
def test_a_token_does_what_its_scopes_and_its_owner_may(
    place, program, fresh, scopes, user, action
):
    post = fresh()["x"]
    answer = decide(program(scopes, user), post, action, reason="because")
    assert answer.status_code == 403
    assert place.app.store.desk.post(post.id).state is State.DRAFTED


def test_a_lower_role_takes_the_token_down_with_it(place, program, fresh):
    user = place.user("rani", Role.APPROVER)
    rani = program("read approve", user="rani")
    place.app.store.people.change(user, by="test", now=place.clock.now(), role=Role.VIEWER)
    assert decide(rani, fresh()["x"], "approve").status_code == 403


def test_approving_is_for_what_was_seen(place, program, fresh):
    post, caller = fresh()["x"], program()
    seen = caller.ask("GET", f"/posts/{post.id}").json()
    edited = caller.ask(
        "PATCH",
        f"/posts/{post.id}",
        {
            "text": "Only now: " + post.content.text,
            "content_hash": seen["content_hash"],
        },
    )
    assert edited.status_code == 200, edited.text
    stale = decide(caller, post, "approve")
    assert (stale.status_code, stale.json()["type"]) == (409, "problems/changed-meanwhile")
    unseen = caller.ask("POST", f"/posts/{post.id}/decisions", {"action": "approve"})
    assert unseen.status_code == 422
    good = caller.ask(
        "POST",
        f"/posts/{post.id}/decisions",
        {"action": "approve", "content_hash": edited.json()["content_hash"]},
    )
    assert good.json()["state"] == "approved"
    assert good.json()["approval"] | {"by": "asha", "via": "api"} == good.json()["approval"]
    assert good.json()["undo_until"], "the same time to undo as at the desk"
    back = caller.ask("POST", f"/posts/{post.id}/decisions", {"action": "undo"})
    assert back.json()["state"] == "drafted"


def test_what_the_page_refuses_the_api_refuses_too(place, program, fresh):
    post, caller = fresh()["x"], program()
    assert decide(caller, post, "reject").status_code == 422, "a reason is needed"
    assert decide(caller, post, "release").status_code == 409
    assert decide(caller, post, "undo").status_code == 409
    assert decide(caller, post, "reject", reason="Wrong fact").json()["state"] == "rejected"
    again = decide(caller, post, "approve")
    assert again.status_code == 409
    assert "nothing to approve" in again.json()["detail"]


def test_a_bulk_decision_answers_for_each_post(program, fresh):
    one, other = fresh().values()
    body = {
        "action": "hold",
        "reason": "Timing",
        "posts": [{"id": one.id}, {"id": 2**31 - 1}, {"id": other.id}],
    }
    results = program().ask("POST", "/decisions", body).json()["results"]
    assert [r["ok"] for r in results] == [True, False, True]
    assert "no post" in results[1]["problem"]


def test_the_same_key_is_done_once(place, program, fresh):
    post, caller = fresh()["x"], program()
    body = {"action": "hold", "reason": "Timing"}
    path, headers = f"/posts/{post.id}/decisions", {"Idempotency-Key": "k-1"}
    first = caller.ask("POST", path, body, headers=headers)
    place.app.store.desk.decide(post, "drafted", by="x", reason="", now=place.clock.now())
    second = caller.ask("POST", path, body, headers=headers)
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert place.app.store.desk.post(post.id).state is State.DRAFTED, "it was not held again"
    other = caller.ask("POST", path, {"action": "hold", "reason": "Tone"}, headers=headers)
    assert other.status_code == 422
    stranger = program().ask("POST", path, body, headers=headers)
    assert "idempotent-replayed" not in stranger.headers, "a key belongs to its token"


def test_what_was_refused_may_be_tried_again_with_its_key(program, fresh):
    post, caller, headers = fresh()["x"], program(), {"Idempotency-Key": "k-2"}
    path = f"/posts/{post.id}/decisions"
    release = {"action": "release"}
    assert caller.ask("POST", path, release, headers=headers).status_code == 409
    caller.ask("POST", path, {"action": "hold", "reason": "Timing"})
    assert caller.ask("POST", path, release, headers=headers).status_code == 200


def test_one_key_at_once_is_done_once(place, program):
    caller, key = program(), "k-3"
    before = len(place.app.store.people.all())
    answers = []

    def ask():
        body = {"name": "together", "role": "viewer"}
        answers.append(caller.ask("POST", "/users", body, headers={"Idempotency-Key": key}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sum(answer.status_code == 200 for answer in answers) >= 1
    assert len(place.app.store.people.all()) == before + 1


def test_pages_hold_every_post_once(program, fresh):
    for _ in range(3):
        fresh()
    caller, seen, after = program("read"), [], 0
    while after is not None:
        page = caller.ask("GET", f"/posts?limit=4&after={after}").json()
        seen += [post["id"] for post in page["items"]]
        after = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) >= 6
    only = caller.ask("GET", "/posts?list=waiting&channel=x").json()["items"]
    assert {(post["state"], post["channel"]) for post in only} == {("drafted", "x")}
    keys, after = [], ""
    while after is not None:
        page = caller.ask("GET", f"/articles?limit=2&after={after}").json()
        keys += [article["id"] for article in page["items"]]
        after = page["next"]
    assert len(keys) == len(set(keys)) >= 3


def test_a_file_of_this_machine_is_no_article(program):
    for url in ("file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:1/"):
        answer = program().ask("POST", "/articles", {"url": url})
        assert answer.status_code == 422, url


def test_mistakes_are_named(program):
    caller = program()
    answer = caller.ask("GET", "/posts?limit=9999")
    assert (answer.status_code, answer.json()["errors"][0]["where"][-1]) == (422, "limit")
    assert caller.ask("GET", "/posts/424242").json()["type"] == "problems/not-there"
    assert caller.ask("GET", "/nowhere").status_code == 404
    assert caller.ask("DELETE", "/posts").status_code == 405


def test_refusals_before_the_api_are_problems_too(place, program):
    caller = program()
    for headers, status in (({"Host": "evil.example"}, 421), ({"Content-Length": "9" * 9}, 413)):
        answer = caller.ask("GET", "/me", headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_a_pause_is_seen_everywhere(place, program):
    caller = program()
    caller.ask("PUT", "/channels/x/pause", {"reason": "The account is hacked"})
    assert "hacked (asha)" in place.visitor("vera").get("/").text
    assert caller.ask("DELETE", "/channels/x/pause").json()["paused"] == ""
    assert caller.ask("PUT", "/channels/none/pause", {"reason": "no"}).status_code == 404


def test_tokens_can_be_listed_and_revoked_by_their_owner_only(place, program):
    own, others = program("read", user="vera"), program("read", user="vera")
    admin = program()
    ids = [t["id"] for t in own.ask("GET", "/tokens").json()["items"]]
    assert {t["user"] for t in own.ask("GET", "/tokens").json()["items"]} == {"vera"}
    foreign = [t["id"] for t in admin.ask("GET", "/tokens").json()["items"] if t["id"] not in ids]
    assert own.ask("DELETE", f"/tokens/{foreign[0]}").status_code == 404
    assert own.ask("DELETE", f"/tokens/{max(ids)}").status_code == 204
    assert others.ask("GET", "/me").status_code == 401


def test_a_token_is_kept_as_a_digest(place, program):
    secret = program().session.headers["Authorization"].split()[1]
    kept = b"".join(path.read_bytes() for path in place.app.settings.data_dir.glob("bot.db*"))
    assert secret.encode() not in kept
