from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.errors import ConfigError
from bot.settings import load, secrets, variables


def read(tmp_path, env=None, file=None):
    path = tmp_path / ".env"
    if file is not None:
        path.write_text(file)
    return load(path, env or {})


def test_defaults_need_nothing(tmp_path):
    found = read(tmp_path)
    assert found.channels == ("x", "linkedin")
    assert found.schedule.edition == time(7, 0)
    assert found.site.timezone == "Asia/Kolkata"
    assert found.approval.policy == "required"
    assert found.url == "sqlite:///data/bot.db"


def test_the_environment_wins_over_the_file(tmp_path):
    found = read(
        tmp_path,
        {"BOT_SITE__NAME": "From the environment"},
        "BOT_SITE__NAME=From the file\nBOT_LOG__STYLE=json\n",
    )
    assert found.site.name == "From the environment"
    assert found.log.style == "json"


def test_names_may_be_written_small(tmp_path):
    assert read(tmp_path, {"bot_log__style": "json"}).log.style == "json"


def test_other_programs_variables_are_none_of_our_business(tmp_path):
    assert read(tmp_path, {"PATH": "/bin", "ROBOT": "1"}, "OTHER=1\n")


def test_an_empty_value_is_the_default(tmp_path):
    assert read(tmp_path, {"BOT_INBOX_DIR": "", "BOT_LOG__STYLE": ""}).inbox_dir is None


def test_a_list_is_separated_by_commas(tmp_path):
    assert read(tmp_path, {"BOT_CHANNELS": " linkedin , x "}).channels == ("linkedin", "x")


def test_a_secret_from_a_file(tmp_path):
    (tmp_path / "token").write_text("abc-123456\n")
    found = read(tmp_path, {"BOT_LINKEDIN__ACCESS_TOKEN_FILE": str(tmp_path / "token")})
    token = found.platform("linkedin").access_token
    assert token.get_secret_value() == "abc-123456"


def test_secrets_are_never_shown(tmp_path):
    found = read(
        tmp_path, {"BOT_X__ACCESS_TOKEN": "very-secret", "BOT_X__CONSUMER_KEY": "hush-hush"}
    )
    assert "very-secret" not in repr(found) + str(found.model_dump())
    assert set(secrets(found)) == {"very-secret", "hush-hush"}


def test_every_key_is_a_secret():
    named = [n for n, _ in variables() if any(w in n for w in ("TOKEN", "SECRET", "_KEY"))]
    kinds = dict(variables())
    assert named
    assert all(kinds[name].annotation is SecretStr for name in named)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"BOT_LOG__STYLES": "json"}, "BOT_LOG__STYLES is not a setting of this bot. Did you mean"),
        ({"BOT_WHAT": "1"}, "BOT_WHAT is not a setting"),
        ({"BOT_X": "{}"}, "BOT_X is not a setting"),
        ({"BOT_LOG__STYLE": "xml"}, "BOT_LOG__STYLE"),
        ({"BOT_CHANNELS": ","}, "BOT_CHANNELS"),
        ({"BOT_SITE__ARTICLE_URL": "https://a.com/"}, "BOT_SITE__ARTICLE_URL"),
        ({"BOT_SCHEDULE__EDITION": "25:00"}, "BOT_SCHEDULE__EDITION"),
        ({"BOT_X__LIMIT": "0"}, "BOT_X__LIMIT"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, env, words):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, env)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_secret_is_named_and_not_quoted(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, {"BOT_LINKEDIN__AUTHOR": "not-an-urn"})
    assert "BOT_LINKEDIN__AUTHOR" in str(caught.value)
    assert "not-an-urn" not in str(caught.value)


@pytest.mark.parametrize("line", ["BOT_LOG__STYLE", "BOT_X__ACCESS_TOKEN 'abc", "= value", "'"])
def test_a_line_that_cannot_be_read_is_named(tmp_path, line):
    with pytest.raises(ConfigError, match="line 2"):
        read(tmp_path, {}, f"BOT_LOG__LEVEL=info\n{line}\n")


def test_an_env_file_that_is_not_text(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / ".env", {})


def test_no_env_file_is_fine():
    assert load(Path("/nowhere/.env"), {})
