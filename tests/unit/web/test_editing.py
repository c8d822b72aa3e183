"""Changing a post at the desk, without JavaScript: nothing typed is lost, nothing overwritten."""

import html
import io
import re
from itertools import count

import pytest
from PIL import Image

from bot.domain.people import Role
from bot.domain.post import State
from tests.stories import story
from tests.web import served, shown

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("editing")) as place:
        for name, role in (("asha", Role.APPROVER), ("eli", Role.EDITOR), ("vera", Role.VIEWER)):
            place.user(name, role)
        yield place


@pytest.fixture
def posts(place):
    title, dek, body = story(next(_NUMBERS))
    return place.posts(place.article(title, dek=dek, body=body))


@pytest.fixture(scope="module")
def eli(place):
    return place.visitor("eli")


@pytest.fixture(scope="module")
def asha(place):
    return place.visitor("asha")


def sheet(post, **more):
    return {
        "base": post.fingerprint,
        "text": post.content.text,
        "alt_text": post.content.alt_text,
        "do": "save",
        **more,
    }


def now(place, post):
    return place.app.store.desk.post(post.id)


def save(visitor, post, where="edit", **more):
    path = f"/posts/{post.id}/{where}"
    return visitor.post(path, sheet(post, **more), token=visitor.token("/keys"))


def said(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


def test_other_words_are_saved_and_void_the_approval(place, posts, eli, asha):
    asha.post("/decide/approve", {"post": shown(posts["x"])}, token=asha.token("/"))
    assert now(place, posts["x"]).state is State.APPROVED
    answer = save(eli, posts["x"], text=posts["x"].content.text.replace("Monday", "Tuesday"))
    assert "Its approval is void" in said(answer)
    post = now(place, posts["x"])
    assert (post.state, "Tuesday" in post.content.text) == (State.DRAFTED, True)


def test_windows_line_ends_do_not_change_a_post(place, posts, eli):
    post = posts["linkedin"]
    save(eli, post, text=post.content.text.replace("\n", "\r\n"))
    assert now(place, post).content.text == post.content.text


def test_while_typing_the_server_counts_and_keeps(place, posts, eli):
    post = posts["x"]
    answer = save(eli, post, where="judge", text="x" * 281)
    assert "<b>281</b> of 280" in answer.text
    assert now(place, post).content == post.content
    again = eli.get(f"/posts/{post.id}/edit")
    assert "x" * 281 in again.text
    assert "did not save" in said(again)
    eli.post(f"/posts/{post.id}/discard", token=eli.token("/keys"))
    assert "did not save" not in said(eli.get(f"/posts/{post.id}/edit"))


def test_what_is_as_the_post_says_is_nothing_unsaved(place, posts, eli):
    post, user = posts["x"], place.app.store.people.find("eli")
    words = post.content.text.replace("Monday", "Sunday")
    assert "not saved yet" in save(eli, post, "judge", text=words).text
    assert "not saved yet" not in save(eli, post, "judge").text, "typed back to what it was"
    assert place.app.store.scratches.find(post.id, user.id) is None
    save(eli, post, text=words)
    save(eli, post, "judge", text=words)  # sent while typing, looked at after the save
    assert place.app.store.scratches.find(post.id, user.id) is None


def test_whoever_saves_second_sees_what_the_first_changed(place, posts, eli, asha):
    post = posts["linkedin"]
    theirs = post.content.text.replace("Monday", "Sunday")
    mine = post.content.text.replace("Monday", "Saturday")
    save(asha, post, text=theirs)
    answer = save(eli, post, text=mine)
    assert answer.status_code == 409
    assert "asha changed this post" in said(answer)
    assert re.search(r"<del>.*?Sunday.*?</del><ins>.*?Saturday", answer.text, re.DOTALL)
    assert now(place, post).content.text == theirs
    assert "Saturday" in eli.get(f"/posts/{post.id}/edit").text, "what was typed is kept"
    base = re.search(r'name="base" value="(\w+)"', answer.text)[1]
    save(eli, post, text=mine, base=base)
    assert now(place, post).content.text == mine


def test_what_is_shown_while_typing_is_what_saving_gives(place, posts, eli):
    post = posts["x"]
    answer = save(eli, post, where="judge", link_policy="card_only")
    assert "does not carry the article" not in said(answer)
    assert (
        "theshiftmaker.com"
        not in re.search(r'<div class="text".*?</div>', answer.text, re.DOTALL)[0]
    )
    eli.post(f"/posts/{post.id}/discard", token=eli.token("/keys"))


@pytest.mark.parametrize("do", ["tags", "link", "fix:0"])
def test_what_is_only_tried_is_not_saved(place, posts, eli, do):
    post = posts["x"]
    text = post.content.text + "  and  so on"
    answer = save(eli, post, tag="AI", link_policy="card_only", do=do, text=text)
    assert answer.status_code in (200, 400)
    assert now(place, post).content == post.content


def test_hashtags_are_put_at_the_end(place, posts, eli):
    answer = save(eli, posts["x"], tag="AI", do="tags")
    assert re.search(r"<textarea[^>]*>[^<]*#AI</textarea>", answer.text)


@pytest.mark.parametrize(
    ("channel", "policy"),
    [("x", "card_only"), ("x", "thread_reply"), ("linkedin", "manual_comment"),
     ("linkedin", "article"), ("linkedin", "first_comment")],
)  # fmt: skip
def test_the_link_goes_elsewhere_and_comes_back(place, posts, eli, channel, policy):
    before = posts[channel]
    link = before.content.link
    save(eli, before, link_policy=policy)
    post = now(place, before)
    assert link not in post.content.text
    assert post.link_policy == policy
    assert (post.content.link is None) == (policy == "card_only")
    assert any(link in part for part in post.content.parts) == (
        policy in ("thread_reply", "first_comment")
    )
    assert bool(post.content.link_title) == (policy == "article")
    assert "policy puts no link" not in eli.get(f"/posts/{post.id}/edit").text
    save(eli, post, link_policy={"x": "in_post", "linkedin": "body"}[channel])
    assert now(place, before).content == before.content


def test_one_press_makes_the_repair_a_finding_offers(place, posts, eli):
    post = posts["x"]
    save(eli, post, text=post.content.text.replace(" ", "  ", 1))
    broken = now(place, post)
    findings = place.app.store.desk.findings(post.id)
    number = next(n for n, f in enumerate(findings) if f.fix == " ")
    page = eli.get(f"/articles/{post.article_key}")
    assert "Fix it" in page.text
    data = {"number": number, "base": broken.fingerprint}
    eli.post(f"/posts/{post.id}/fix", data, token=eli.token("/keys"))
    assert now(place, post).content.text == post.content.text
    answer = eli.post(f"/posts/{post.id}/fix", data, token=eli.token("/keys"))
    assert answer.status_code == 409


def test_another_wording_is_filled_in(place, eli):
    post = place.posts(place.article())["x"]
    variants = place.app.store.desk.variants(post.id)
    page = eli.get(f"/posts/{post.id}/edit?variant=1")
    assert variants
    assert html.escape(variants[0].text, quote=False).split("\n")[0] in page.text


def test_an_earlier_version_is_put_back(place, posts, eli):
    post = posts["linkedin"]
    save(eli, post, text=post.content.text.replace("Monday", "Friday"))
    page = eli.get(f"/posts/{post.id}/wordings")
    assert re.search(r"<ins>.*?Friday", page.text, re.DOTALL)
    first = place.app.store.wordings.of_post(post.id)[-1]
    data = {"wording": first.id, "base": now(place, post).fingerprint}
    eli.post(f"/posts/{post.id}/restore", data, token=eli.token("/keys"))
    assert now(place, post).content == post.content


def test_a_version_whose_card_was_cleared_away_gets_it_drawn_anew(place, posts, eli):
    post = posts["x"]
    data = {"base": post.fingerprint, "layout": "headline", "variant": "light"}
    eli.post(f"/posts/{post.id}/card", data, token=eli.token("/keys"))
    place.app.store.shelf.path(post.content.card).unlink()
    first = place.app.store.wordings.of_post(post.id)[-1]
    data = {"wording": first.id, "base": now(place, post).fingerprint}
    assert eli.post(f"/posts/{post.id}/restore", data, token=eli.token("/keys")).ok
    restored = now(place, post)
    assert restored.content == post.content, "the same house draws the same card"
    assert place.app.store.shelf.read(restored.content.card)


def test_a_light_card_and_an_own_picture(place, posts, eli):
    post = posts["x"]
    data = {"base": post.fingerprint, "layout": "headline", "variant": "light"}
    eli.post(f"/posts/{post.id}/card", data, token=eli.token("/keys"))
    light = now(place, post)
    assert light.content.card != post.content.card
    png = io.BytesIO()
    Image.new("RGB", (1200, 630), "teal").save(png, "PNG")
    data = {"base": light.fingerprint, "picture_alt": "A teal wall without anything on it."}
    files = {"picture": ("wall.png", png.getvalue(), "image/png")}
    eli.post(f"/posts/{post.id}/card", data, token=eli.token("/keys"), files=files)
    own = now(place, post)
    assert own.content.alt_text == "A teal wall without anything on it."
    bad = {"picture": ("page.html", b"<script>", "text/html")}
    data["base"] = own.fingerprint
    answer = eli.post(f"/posts/{post.id}/card", data, token=eli.token("/keys"), files=bad)
    assert (answer.status_code, "not a picture" in said(answer)) == (422, True)
    assert now(place, post).content == own.content


def test_another_time_is_in_the_newsrooms_zone(place, posts, eli, asha):
    post = posts["x"]
    answer = eli.post(
        f"/posts/{post.id}/time", {"at": "2026-11-24T07:30"}, token=eli.token("/keys")
    )
    assert "Tue 24 Nov, 07:30 IST" in said(answer)
    assert now(place, post).due_at.isoformat() == "2026-11-24T02:00:00+00:00"
    asha.post("/decide/approve", {"post": shown(now(place, post))}, token=asha.token("/"))
    asha.post(f"/posts/{post.id}/time", {"at": "2026-11-24T08:00"}, token=asha.token("/"))
    assert now(place, post).state is State.APPROVED
    eli.post(f"/posts/{post.id}/time", {"at": "2026-11-24T09:00"}, token=eli.token("/keys"))
    assert now(place, post).state is State.DRAFTED, "an editor's time needs an approver's yes"
    for bad in ("2020-01-01T07:00", "2030-01-01T07:00", "soon", ""):
        answer = eli.post(f"/posts/{post.id}/time", {"at": bad}, token=eli.token("/keys"))
        assert answer.status_code == 400, bad


def test_viewers_change_nothing(place, posts):
    vera = place.visitor("vera")
    post, token = posts["x"], vera.token("/keys")
    assert vera.get(f"/posts/{post.id}/edit").status_code == 403
    for path in ("edit", "judge", "fix", "card", "time", "restore", "discard"):
        data = sheet(post, number=0, wording=1, at="2026-11-24T07:30")
        assert vera.post(f"/posts/{post.id}/{path}", data, token=token).status_code == 403, path
    assert now(place, post) == post
    page = vera.get(f"/articles/{post.article_key}").text
    assert "Approve" not in page
    assert "/edit" not in page


@pytest.mark.parametrize("number", ["0", "99999", "999999999999", "x"])
def test_no_such_post(eli, number):
    for path in ("edit", "wordings"):
        assert eli.get(f"/posts/{number}/{path}").status_code == 400
