"""What an admin can change at the desk, and that nothing wrong is ever kept."""

import re
import stat

import pytest

from bot.app import build
from bot.domain.errors import ConfigError
from bot.domain.people import Role
from bot.settings import load
from bot.steering import Follower
from tests.stories import story
from tests.web import served


@pytest.fixture
def place(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    with served(tmp_path / "data", templates_dir=own, fetch={"allow_private": True}) as place:
        place.user("asha", Role.ADMIN)
        yield place


@pytest.fixture
def asha(place):
    return place.visitor("asha")


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def article(place, number=1):
    title, dek, body = story(number)
    return place.article(title, dek=dek, body=body)


def test_settings_are_for_admins(place):
    place.user("ravi", Role.APPROVER)
    ravi = place.visitor("ravi")
    for page in ("people", "sources", "accounts", "schedule", "policies", "words"):
        assert ravi.get(f"/settings/{page}").status_code == 403, page


def test_somebody_is_let_in_by_a_link_shown_once(place, asha):
    page = asha.post("/settings/people/add", {"name": "leela", "role": "approver"}).text
    path = re.search(r"/welcome/[\w-]+", page)[0]
    assert path not in asha.get("/settings/people").text
    leela = place.visitor()
    leela.post(path, {"password": "correct horse battery"})
    assert leela.get("/", allow_redirects=False).status_code == 200
    asha.post("/settings/people/change", {"name": "leela", "disabled": "true"})
    assert leela.get("/", allow_redirects=False).status_code == 303
    own = asha.post("/settings/people/change", {"name": "asha", "role": "viewer"})
    assert own.status_code == 400
    assert place.app.store.people.find("asha").role is Role.ADMIN


def test_a_schedule_is_kept_used_at_once_and_read_at_the_next_start(place, asha):
    field = {"BOT_SCHEDULE__EDITION": "06:30", "BOT_X_TIMES__QUIET": "22:00-06:00"}
    page = asha.post("/settings/schedule", field).text
    assert "BOT_SCHEDULE__EDITION" in page
    assert place.app.house.edition.isoformat("minutes") == "06:30"
    data = place.app.settings.data_dir
    again = load(env_file=data / "none", environ={"BOT_DATA_DIR": str(data)})
    assert again.schedule.edition.isoformat("minutes") == "06:30"
    assert again.times("x").quiet == "22:00-06:00"
    assert stat.S_IMODE((data / "desk.env").stat().st_mode) == 0o600
    outside = {"BOT_DATA_DIR": str(data), "BOT_SCHEDULE__EDITION": "08:00"}
    assert load(env_file=data / "none", environ=outside).schedule.edition.hour == 8
    events = [e["name"] for e in place.app.store.audit.export()]
    assert "settings.changed" in events


def test_a_policy_is_kept_said_and_its_caution_too(place, asha):
    field = {"BOT_APPROVAL__POLICY_EXCEPTIONS": "x=veto, linkedin/AI=auto"}
    page = asha.post("/settings/policies", field).text
    assert "A clean post goes out at its time unless somebody stops it" in page
    assert "forbid fully automated posting" in page
    assert place.app.settings.approval.terms("x", "").policy == "veto"
    assert place.app.settings.approval.terms("linkedin", "ai").policy == "auto"
    assert place.app.settings.approval.terms("linkedin", "").policy == "required"


def test_another_process_takes_settings_over_at_its_next_round(place, asha):
    data = place.app.settings.data_dir
    other = build(load(data / "none", {"BOT_DATA_DIR": str(data)}), place.clock)
    follower = Follower(other)
    assert follower.look() == ()
    asha.post("/settings/schedule", {"BOT_SCHEDULE__EDITION": "06:30"})
    asha.post("/settings/policies", {"BOT_APPROVAL__POLICY": "veto"})
    assert follower.look() == ["BOT_APPROVAL__POLICY", "BOT_SCHEDULE__EDITION"]
    assert other.house.edition.isoformat("minutes") == "06:30"
    assert other.settings.approval.policy == "veto"
    assert follower.look() == ()
    asha.post("/settings/policies", {"BOT_APPROVAL__POLICY": "required"})
    assert follower.look() == ["BOT_APPROVAL__POLICY"]
    assert other.settings.approval.policy == "required"
    (data / "desk.env").write_text("BOT_APPROVAL__POLICY='sometimes'\n")
    with pytest.raises(ConfigError):
        follower.look()
    assert other.settings.approval.policy == "required"
    assert follower.look() == (), "said once"
    assert asha.get("/").status_code == 500, "the desk says it once, too"
    (data / "desk.env").write_text("BOT_APPROVAL__POLICY='auto'\n")
    assert asha.get("/").status_code == 200
    assert place.app.settings.approval.policy == "auto"
    other.close()


WRONG = [
    ("schedule", "BOT_SCHEDULE__EDITION", "25:00"),
    ("schedule", "BOT_X_TIMES__WEEKDAYS", "someday"),
    ("policies", "BOT_APPROVAL__POLICY", "whatever"),
    ("policies", "BOT_LINKS__X_SECTIONS", "AI=nowhere"),
    ("policies", "BOT_DESK__SECRET_KEY", "k" * 40),
    ("policies", "BOT_X__ACCESS_TOKEN", "t"),
    ("schedule", "BOT_DATA_DIR", "elsewhere"),
]


def test_what_is_wrong_or_not_for_the_desk_is_not_kept(place, asha):
    for page, name, value in WRONG:
        before = place.app.settings
        answer = asha.post(f"/settings/{page}", {name: value})
        assert answer.status_code in (400, 422)
        assert "othing was saved" in answer.text
        assert place.app.settings is before
        assert not (before.data_dir / "desk.env").exists()


def test_what_the_environment_says_is_fixed(place, asha, monkeypatch):
    monkeypatch.setenv("BOT_SCHEDULE__EDITION", "07:00")
    assert "set in .env or the environment" in asha.get("/settings/schedule").text
    answer = asha.post("/settings/schedule", {"BOT_SCHEDULE__EDITION": "06:00"})
    assert answer.status_code == 400


def test_a_value_cannot_break_out_of_its_line(place, asha):
    evil = "AI=in_post\nBOT_DESK__HOST=0.0.0.0"
    asha.post("/settings/policies", {"BOT_LINKS__X_SECTIONS": evil})
    path = place.app.settings.data_dir / "desk.env"
    assert not path.exists() or "BOT_DESK__HOST" not in path.read_text()


def test_a_template_is_tried_on_a_real_article_and_kept_after_checking(place, asha):
    post = place.posts(article(place))["x"]
    page = asha.get("/settings/words/x.txt.j2").text
    text = "NEWS {{ hook }}\n\n{{ link }}"
    data = {"text": text, "seen": seen(page), "article": post.article_key}
    tried = asha.post("/settings/words/x.txt.j2/try", data).text
    assert "NEWS" in tried
    assert not (place.app.settings.templates_dir / "posts").exists(), "trying keeps nothing"
    assert "Your own file" in asha.post("/settings/words/x.txt.j2", data).text
    other = place.posts(article(place, 2))["x"]
    assert other.content.text.startswith("NEWS")


WRONG_WORDS = [
    ("x.txt.j2", "{{ hook", "line 1"),
    ("x.txt.j2", "{{ password }}", "there is no"),
    ("x.txt.j2", "{{ ''.__class__.__mro__ }}", "unsafe"),
    ("vocabulary.toml", "[labels", "vocabulary"),
    ("vocabulary.toml", "hashtags = 3", "vocabulary"),
]


def test_wrong_words_are_not_kept(place, asha):
    article(place)
    for name, text, said in WRONG_WORDS:
        page = asha.get(f"/settings/words/{name}").text
        answer = asha.post(f"/settings/words/{name}", {"text": text, "seen": seen(page)})
        assert answer.status_code == 422
        assert said in answer.text
        assert not (place.app.settings.templates_dir / "posts" / name).exists()
    assert place.posts(article(place, 3))["x"].content.text


def test_two_editors_of_one_file_do_not_overwrite_each_other(place, asha):
    article(place)
    opened = seen(asha.get("/settings/words/x.txt.j2").text)
    asha.post("/settings/words/x.txt.j2", {"text": "ONE {{ hook }} {{ link }}", "seen": opened})
    other = {"text": "TWO {{ hook }} {{ link }}", "seen": opened}
    answer = asha.post("/settings/words/x.txt.j2", other)
    assert "was changed since" in answer.text
    assert "TWO" in answer.text, "what was typed is not lost"
    kept = (place.app.settings.templates_dir / "posts" / "x.txt.j2").read_text()
    assert kept.startswith("ONE")


def test_no_other_file_can_be_read_or_written(place, asha):
    for name in ("..%2Fweb%2Fbase.html", "base.html", "%2Fetc%2Fpasswd", ".env"):
        assert asha.get(f"/settings/words/{name}").status_code in (400, 404), name
    own = place.app.settings.templates_dir / "posts"
    own.mkdir()
    target = place.app.settings.data_dir / "precious"
    target.write_text("{{ hook }}\n")
    (own / "x.txt.j2").symlink_to(target)
    page = asha.get("/settings/words/x.txt.j2").text
    data = {"text": "{{ hook }} {{ link }}", "seen": seen(page)}
    asha.post("/settings/words/x.txt.j2", data)
    assert target.read_text() == "{{ hook }}\n"


def test_a_source_is_looked_at_before_it_is_watched(place, asha):
    answer = asha.post("/settings/sources/find", {"url": "/etc"})
    assert answer.status_code == 400
    assert "address of the web" in answer.text
    assert place.app.store.sources.all() == []


def test_an_account_is_tried_without_posting(place, asha):
    place.app.store.pauses.pause("x", "The token has ended.", now=place.clock.now())
    page = asha.post("/settings/accounts/check").text
    assert "The token has ended." in page
    assert "BOT_LINKEDIN__ACCESS_TOKEN" in page
    asha.post("/settings/accounts/resume", {"channel": "x"})
    assert place.app.store.pauses.all() == {}
