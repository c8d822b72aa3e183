"""What editors decide, without JavaScript: each post by itself, with a reason, and undone in time."""

import html
import re
from datetime import timedelta
from itertools import count

import pytest

from bot.deciding.rounds import decide as decide_by_clock
from bot.domain.errors import IllegalMove
from bot.domain.people import Role
from bot.domain.post import State
from bot.web.acts import Decision, take
from tests.stories import story
from tests.web import served, shown

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("deciding")) as place:
        place.user("asha", Role.APPROVER)
        place.user("eli", Role.EDITOR)
        yield place


@pytest.fixture(scope="module")
def visitors(place):
    return {name: place.visitor(name) for name in ("asha", "eli")}


@pytest.fixture
def posts(place):
    title, dek, body = story(next(_NUMBERS))
    return place.posts(place.article(title, dek=dek, body=body))


@pytest.fixture
def decide(visitors):
    def act(name, action, *posts, **more):
        visitor = visitors[name]
        data = [*(("post", shown(post)) for post in posts), *more.items()]
        return visitor.post(f"/decide/{action}", data, token=visitor.token("/keys"))

    return act


def state(place, post):
    return place.app.store.desk.post(post.id).state


def said(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


def test_one_is_approved_and_the_other_held(place, posts, decide):
    decide("asha", "approve", posts["linkedin"])
    decide("eli", "hold", posts["x"], why="Wrong fact", reason="it was 1,200")
    assert state(place, posts["linkedin"]) is State.APPROVED
    held = place.app.store.desk.post(posts["x"].id)
    assert (held.state, held.reason) == (State.ON_HOLD, "Wrong fact. it was 1,200")


def test_an_approval_is_undone(place, posts, decide):
    answer = decide("asha", "approve", *posts.values())
    assert "Approved: X and LinkedIn" in said(answer)
    assert "Undo" in answer.text
    post = place.app.store.desk.post(posts["x"].id)
    assert post.grace_until == place.clock.now() + timedelta(seconds=30)
    due = {"now": place.clock.now(), "uptime": 1e9, "boot": place.clock.boot()}
    assert post.id not in [p.id for p in place.app.store.ledger.due(**due)]
    decide("asha", "undo", *posts.values())
    assert {state(place, post) for post in posts.values()} == {State.DRAFTED}


def test_pressed_twice_is_approved_once_and_still_undone(place, posts, decide):
    for _ in range(2):  # a slow line, a second tap
        answer = decide("asha", "approve", *posts.values())
        assert "Approved: X and LinkedIn" in said(answer)
        assert "Undo" in answer.text
    for _ in range(2):
        assert "Approved: X." in said(decide("asha", "approve", posts["x"]))
    yes = place.app.store.desk.approvals(place.app.store.desk.post(posts["x"].id))
    assert [one.by for one in yes] == ["asha"]


def test_whoever_approves_second_is_told_who_was_first(place, posts, decide):
    place.user("ravi", Role.APPROVER)
    asha, ravi = (
        Decision(app=place.app, user=place.app.store.people.find(name), via="web")
        for name in ("asha", "ravi")
    )
    take("approve", posts["x"], asha)
    with pytest.raises(IllegalMove, match="X is approved already, by asha"):
        take("approve", posts["x"], ravi)  # as it was when both looked
    assert state(place, posts["x"]) is State.APPROVED


def test_what_is_not_approved_is_not_called_too_late_to_undo(posts, decide):
    answer = decide("asha", "undo", posts["x"])
    assert answer.status_code == 409
    assert "X is waiting; there is no approval to take back." in said(answer)


@pytest.mark.parametrize("action", ["reject", "hold", "change"])
def test_no_without_a_reason(place, posts, decide, action):
    answer = decide("asha", action, posts["x"])
    assert answer.status_code == 400
    assert "Say why" in said(answer)
    assert decide("asha", action, posts["x"], why="<b>invented</b>").status_code == 400
    assert state(place, posts["x"]) is State.DRAFTED


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("{desk}/articles/one?list=x&y=<b>", "/articles/one?list=x&amp;y=&lt;b&gt;"),
        ("https://evil.example/articles/one", "/"),
        ("{desk}//evil.example/", "/evil.example/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_leads_back_to_where_somebody_was(place, posts, visitors, came_from, leads_to):
    visitor = visitors["asha"]
    headers = {"referer": came_from.format(desk=place.url)}
    data, token = {"post": shown(posts["x"])}, visitor.token("/keys")
    answer = visitor.post("/decide/hold", data, token=token, headers=headers)
    assert answer.status_code == 400
    (link,) = re.findall(r'<a href="([^"]*)" class="back">', answer.text)
    assert link == leads_to


def test_a_change_is_asked_for_and_made(place, posts, decide, visitors):
    decide("asha", "change", posts["x"], reason="Say who received them, @eli")
    assert "asha asks for a change: Say who" in said(visitors["eli"].get("/?list=needs"))
    page = said(visitors["eli"].get(f"/articles/{posts['x'].article_key}"))
    assert "Change wanted (x): Say who received them" in page
    data = {"base": posts["x"].fingerprint, "text": posts["x"].content.text + " "}
    eli = visitors["eli"]
    eli.post(f"/posts/{posts['x'].id}/edit", data, token=eli.token("/keys"))
    assert state(place, posts["x"]) is State.DRAFTED
    assert "asks for a change: Say who" not in said(eli.get("/?list=needs"))


def test_what_was_changed_since_it_was_seen_is_not_approved(place, posts, decide):
    from bot.editing import reword

    reword(place.app, posts["x"], "Other words.", by="eli")
    answer = decide("asha", "approve", posts["x"])
    assert answer.status_code == 409
    assert state(place, posts["x"]) is State.DRAFTED


def test_what_is_blocked_is_not_approved(place, posts, decide):
    from bot.editing import reword

    post = reword(place.app, posts["x"], "It cost 99,999 crowns.", by="eli")
    answer = decide("asha", "approve", post)
    assert answer.status_code == 422
    assert "Edit it first; nothing was changed." in said(answer), "no command of the terminal"


def test_of_many_each_gets_its_own_answer(place, decide, posts):
    from bot.editing import reword

    title, dek, body = story(next(_NUMBERS))
    others = place.posts(place.article(title, dek=dek, body=body))
    bad = reword(place.app, others["x"], "It cost 99,999 crowns.", by="eli")
    answer = decide("asha", "approve", posts["x"], posts["linkedin"], bad)
    assert "What became of each" in answer.text
    assert said(answer).count("not done") == 1
    assert [state(place, p) for p in (*posts.values(), bad)] == [
        State.APPROVED, State.APPROVED, State.DRAFTED,
    ]  # fmt: skip


def test_later_is_out_of_sight_until_then(place, posts, decide, visitors):
    title = place.app.store.archive.find(posts["x"].article_key).title
    answer = decide("eli", "snooze", *posts.values(), minutes="30")
    assert "Back at" in said(answer)
    assert title not in said(visitors["eli"].get("/"))
    assert title in said(visitors["eli"].get("/?list=held"))
    decide("eli", "wake", posts["x"])
    assert title in said(visitors["eli"].get("/"))
    for bad in ({"minutes": "7"}, {"until": "2020-01-01T00:00"}, {}):
        assert decide("eli", "snooze", posts["x"], **bad).status_code == 400


def test_now_is_after_the_time_to_undo(place, posts, decide):
    place.app.store.agenda.schedule(
        posts["x"], place.clock.now() + timedelta(hours=5), place.clock.now() + timedelta(hours=9),
        by="test", now=place.clock.now(),
    )  # fmt: skip
    decide("asha", "now", posts["x"])
    post = place.app.store.desk.post(posts["x"].id)
    assert (post.state, post.due_at) == (State.APPROVED, place.clock.now())
    assert post.grace_until > place.clock.now()


def test_an_editor_neither_approves_nor_rejects_nor_pauses(place, posts, decide, visitors):
    for action in ("approve", "reject", "now", "undo"):
        answer = decide("eli", action, posts["x"], reason="no")
        assert answer.status_code == 403, action
    eli = visitors["eli"]
    data = {"channel": "*", "reason": "no"}
    assert eli.post("/pause", data, token=eli.token("/keys")).status_code == 403
    assert state(place, posts["x"]) is State.DRAFTED
    assert place.app.store.pauses.all() == {}


def test_everything_is_paused_and_every_page_says_why(place, visitors, posts):
    asha = visitors["asha"]
    assert asha.post("/pause", {"channel": "*"}, token=asha.token("/keys")).status_code == 400
    asha.post("/pause", {"channel": "*", "reason": "Wrong rate"}, token=asha.token("/keys"))
    for path in ("/", "/calendar", f"/articles/{posts['x'].article_key}", "/keys"):
        page = said(visitors["eli"].get(path))
        assert re.search(r"Everything is paused\.\s+Wrong rate \(asha\)", page), path
    asha.post("/resume", {"channel": "*"}, token=asha.token("/keys"))
    assert "is paused" not in said(visitors["eli"].get("/"))
    bad = asha.post("/pause", {"channel": "myspace", "reason": "x"}, token=asha.token("/keys"))
    assert bad.status_code == 400


def test_who_is_named_sees_it_at_the_top_of_every_page(place, posts, visitors):
    asha, eli = visitors["asha"], visitors["eli"]
    talk, user = place.app.store.talk, place.app.store.people.find("eli")
    for comment in talk.naming(user):  # by other tests
        talk.seen(comment.article_key, user, now=place.clock.now())
    key = posts["x"].article_key
    eli.get(f"/articles/{key}")
    asha.post(
        f"/articles/{key}/comments", {"text": "@eli <b>who</b> says so?"}, token=asha.token("/keys")
    )
    assert "names you" in eli.get("/calendar").text
    assert "&lt;b&gt;who&lt;/b&gt;" in eli.get("/mentions").text
    assert '<b class="named">@eli</b>' in eli.get(f"/articles/{key}").text
    assert "names you" not in eli.get("/calendar").text


def test_who_names_a_stranger_is_told(place, posts, visitors):
    key = posts["x"].article_key
    page = visitors["asha"].post(
        f"/articles/{key}/comments",
        {"text": "@bob.k, look"},
        token=visitors["asha"].token("/keys"),
    )
    assert "Said. Nobody here is called bob.k." in page.text


def unclear(place, post):
    """Let a post be sent with nobody knowing how that ended."""
    from bot.domain.delivery import Outcome, Ticket
    from bot.domain.ledger import Settlement

    store, clock = place.app.store, place.clock
    store.desk.approve(post, by="asha", via="test", now=clock.now())
    ticket = Ticket(platform=post.platform, request="{}", text="t", fingerprint=post.fingerprint)
    store.ledger.save_ticket(post, ticket, now=clock.now())
    attempt = store.ledger.claim(store.desk.post(post.id), ticket, now=clock.now())
    settlement = Settlement(outcome=Outcome.UNCLEAR, reason="cut off", asks="Is it there?")
    return store.ledger.settle(attempt, settlement, now=clock.now())


@pytest.mark.parametrize(("do", "state"), [("live", State.PUBLISHED), ("absent", State.APPROVED)])
def test_what_nobody_could_look_up_is_answered_at_the_desk(place, posts, visitors, do, state):
    post = unclear(place, posts["linkedin"])
    asha, eli = visitors["asha"], visitors["eli"]
    page = f"/articles/{post.article_key}"
    assert "Is it there?" in said(asha.get("/?list=needs"))
    assert "It is there" in said(asha.get(page))
    path = f"/posts/{post.id}/answer"
    data = {"do": do, "address": "https://www.linkedin.com/feed/update/urn:li:share:7"}
    assert eli.post(path, data, token=eli.token("/keys")).status_code == 403
    for bad in ({"do": "live", "address": "javascript:alert(1)"}, {"do": "x"}, {"do": "live"}):
        assert asha.post(path, bad, token=asha.token("/keys")).status_code == 400
    asha.post(path, data, token=asha.token("/keys"))
    assert place.app.store.desk.post(post.id).state is state
    assert ("feed/update" in asha.get(page).text) == (do == "live")


def test_a_paused_account_is_among_what_needs_somebody(place, visitors):
    place.app.store.pauses.pause("x", "The token has expired.", now=place.clock.now())
    page = visitors["asha"].get("/?list=needs")
    assert "/settings/accounts" in page.text
    assert "The token has expired." in said(page)
    place.app.store.pauses.resume("x", by="test", now=place.clock.now())
    assert "The token has expired." not in said(visitors["asha"].get("/?list=needs"))


def test_two_steps_take_two_people(tmp_path):
    settings = {"approval": {"steps": "any editor, any approver", "not_own": True}}
    with served(tmp_path, **settings) as place:
        for name, role in (("asha", Role.APPROVER), ("amit", Role.APPROVER), ("eli", Role.EDITOR)):
            place.user(name, role)
        visitors = {name: place.visitor(name) for name in ("asha", "amit", "eli")}
        post = place.posts(place.article())["x"]

        def approve(name, post=post):
            visitor = visitors[name]
            return visitor.post(
                "/decide/approve",
                {"post": shown(post), "back": f"/articles/{post.article_key}"},
                token=visitor.token("/keys"),
            )

        assert "still missing: an approver" in said(approve("eli"))
        assert approve("eli").status_code == 409, "nobody counts twice"
        assert "an approver" in said(visitors["asha"].get(f"/articles/{post.article_key}"))
        approve("asha")
        assert state(place, post) is State.APPROVED
        from bot.editing import reword

        changed = reword(place.app, place.app.store.desk.post(post.id), "Other words.", by="asha")
        page = said(visitors["asha"].get(f"/articles/{post.article_key}"))
        assert "Yes from" not in page, "what was said about other words does not count"
        assert approve("asha", changed).status_code in (403, 422)


def test_nobody_approves_their_own_words(tmp_path):
    from bot.editing import reword

    with served(tmp_path, approval={"not_own": True}) as place:
        place.user("asha", Role.ADMIN)
        place.user("amit", Role.APPROVER)
        post = place.posts(place.article())["linkedin"]
        text = post.content.text.replace("28,000 small firms", "28,000 firms")
        mine = reword(place.app, post, text, by="asha")
        asha, amit = place.visitor("asha"), place.visitor("amit")
        answer = asha.post("/decide/approve", {"post": shown(mine)}, token=asha.token("/keys"))
        assert (answer.status_code, "has your words" in said(answer)) == (403, True)
        amit.post("/decide/approve", {"post": shown(mine)}, token=amit.token("/keys"))
        assert state(place, mine) is State.APPROVED


def test_every_list_says_what_happens_if_nobody_answers(place, posts, visitors):
    asha, key = visitors["asha"], posts["x"].article_key
    until = (place.clock.now() + timedelta(hours=1)).astimezone(place.app.house.zone)
    day = f"{place.clock.now().astimezone(place.app.house.zone):%Y-%m-%d}"
    for page in ("/", f"/articles/{key}", f"/calendar?day={day}"):
        assert f"Held at {until:%H:%M} if nobody answers." in said(asha.get(page)), page


def test_what_the_clock_has_held_is_approved_with_one_press(place, posts, decide, visitors):
    post = posts["x"]
    place.clock.advance(3600)
    decide_by_clock(place.app)
    assert state(place, post) is State.ON_HOLD
    page = visitors["asha"].get(f"/articles/{post.article_key}").text
    assert "Approve X" in page
    assert "Approve ticked" in visitors["asha"].get("/?list=held").text
    decide("asha", "approve", place.app.store.desk.post(post.id))
    assert state(place, post) is State.APPROVED
