"""What machines ask of a running bot, over HTTP."""

import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.duties import Duties
from bot.edition import approve_by_policy, ingest
from bot.health.server import HealthServer
from bot.http.client import Session
from bot.worker import STUCK, Heart
from tests.unit.health.test_alarms import ARTICLE


@pytest.fixture
def heart(app):
    return Heart(Duties(app, threading.Event()), ())


@pytest.fixture
def ask(app, heart):
    with HealthServer(app, heart, port=0) as server, Session((5, 5)) as session:
        yield lambda path: session.get(f"http://127.0.0.1:{server.port}{path}")


def test_it_lives_before_it_is_ready(heart, ask):
    assert ask("/livez").json() == {"ok": True, "reason": ""}
    assert ask("/readyz").status_code == 503
    heart.ready = True
    assert ask("/readyz").json() == {"ok": True, "reason": ""}


def test_a_stuck_duty_is_a_dead_bot(heart, ask, clock):
    heart.duties.running["tick"] = clock.uptime()
    clock.advance(STUCK + 1)
    assert ask("/livez").status_code == 503
    assert "tick" in ask("/readyz").json()["reason"]


def test_a_database_that_is_gone_is_not_ready(heart, ask, app):
    heart.ready = True
    assert ask("/readyz").ok
    database = app.settings.data_dir / "bot.db"
    app.store.engine.dispose()
    aside = database.rename(database.with_name("aside.db"))
    database.mkdir()
    answer = ask("/readyz")
    assert answer.status_code == 503
    assert "cannot be opened" in answer.json()["reason"]
    assert ask("/livez").ok
    database.rmdir()
    aside.rename(database)
    assert ask("/readyz").ok


def test_other_questions_are_not_answered(ask):
    assert ask("/").status_code == 404
    assert ask("/.env").status_code == 404


def test_the_metrics_are_what_is_true(app, heart, ask, clock, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(ARTICLE)
    posts = ingest(app, [str(path)]).posts
    approve_by_policy(app, posts[:1], by="asha", via="cli", despite_warnings=True)
    clock.advance(4)
    with app.publishing():
        app.publish_due()
    app.store.pauses.pause("linkedin", "The token has expired.", now=clock.now())
    heart.duties.beats["tick"] = clock.uptime() - 7
    heart.duties.failing["tick"] = "The disk is full."

    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(ask("/metrics").text)
        for sample in family.samples
    }
    assert found["bot_posts", "published", "x"] == 1
    assert found["bot_posts", "drafted", "linkedin"] == 1
    assert found["bot_attempts_total", "published", "x"] == 1
    assert found["bot_last_live_timestamp_seconds", "x"] == clock.now().timestamp()
    assert found["bot_delay_seconds", "0.95", "x"] == 4
    assert found["bot_channel_paused", "linkedin"] == 1
    assert found["bot_channel_paused", "x"] == 0
    assert found["bot_spend_month_dollars", "x"] > 0
    assert found["bot_spend_forecast_dollars", "x"] >= found["bot_spend_month_dollars", "x"]
    assert found["bot_lasting_days", "API version", "linkedin"] > 200
    assert found["bot_duty_age_seconds", "tick"] == 7
    assert found["bot_duty_failing", "tick"] == 1
    assert found["process_resident_memory_bytes",] > 1e6
    assert found["bot_posts_asking",] == 0


def test_the_dashboard_and_the_rules_ask_for_what_there_is(app, heart):
    """Every metric that they name is one that is served."""
    import json
    import re
    from pathlib import Path

    import yaml

    from bot.health.metrics import exposition

    root = Path(__file__).parents[3] / "ops"
    dashboard = json.loads((root / "grafana.json").read_text())
    rules = yaml.safe_load((root / "alerts.yaml").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    names = set(re.findall(r"\b(?:bot|process)_[a-z_]+", " ".join(asked)))
    served = exposition(app, heart).decode()
    known = set(re.findall(r"^# TYPE (\S+)", served, re.MULTILINE))
    assert len(names) > 8
    assert names <= known, names - known
