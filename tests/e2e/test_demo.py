"""`bot demo`: the whole path, its record, and what a kill in the middle leaves."""

import json
import time

import pytest
from PIL import Image

from bot.http.sandbox import Fault, Kind, State


def record(folder):
    with State(folder / "demo" / "sandbox.db") as state:
        return {platform: state.posts(platform) for platform in ("x", "linkedin")}


def test_the_demo_publishes_both_posts_with_proof(bot, folder):
    done = bot("demo", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["article_id"].startswith("2026-06-26-anthropic-accuses-alibaba")
    assert [r["platform"] for r in answer["receipts"]] == ["x", "linkedin"]
    assert answer["posted"] == 2
    for receipt, size in zip(answer["receipts"], ((1200, 675), (1200, 627)), strict=True):
        assert receipt["verified"] is True
        assert 0 < receipt["length"] <= receipt["limit"]
        assert 20 <= len(receipt["alt_text"]) <= 250
        assert receipt["permalink"].startswith("http://127.0.0.1:")
        card = receipt["card"]
        assert (card["width"], card["height"]) == size
        with Image.open(card["path"]) as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", size)
    live = record(folder)
    assert [len(posts) for posts in live.values()] == [1, 1]


def test_a_person_reads_a_table(bot):
    done = bot("demo")
    assert done.returncode == 0, done.stderr
    for word in ("policy:demo", "permalink", "of 280", "of 3000", "alt text", "equal to what was"):
        assert word in done.stdout


def test_the_second_run_posts_nothing_and_says_why(bot, folder):
    bot("demo")
    again = bot("demo", "--json")
    assert again.returncode == 0
    answer = json.loads(again.stdout)
    assert answer["posted"] == 0
    assert "never sent twice" in answer["note"]
    assert len(answer["receipts"]) == 2
    assert [len(posts) for posts in record(folder).values()] == [1, 1]


def test_fresh_starts_over_and_removes_only_its_own_files(bot, folder):
    bot("demo")
    (folder / "demo" / "notes.txt").write_text("mine")
    done = bot("demo", "--fresh", "--json")
    assert json.loads(done.stdout)["posted"] == 2
    assert (folder / "demo" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("platform", ["x", "linkedin"])
@pytest.mark.parametrize("kind", [Kind.HANG_BEFORE, Kind.ACCEPT_THEN_HANG])
def test_killed_while_sending_then_run_again_posts_exactly_once(bot, start, folder, platform, kind):
    (folder / "demo").mkdir()
    with State(folder / "demo" / "sandbox.db") as state:
        state.fault(f"{platform}.create", Fault(kind=kind))
    victim = start("demo")
    _wait_until_on_the_wire(folder, platform, victim)
    victim.kill()  # SIGKILL: nothing is cleaned up
    victim.wait()
    assert _states(folder)[platform] == "sending"
    done = bot("demo", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [receipt["verified"] for receipt in answer["receipts"]] == [True, True]
    assert [len(posts) for posts in record(folder).values()] == [1, 1]


@pytest.mark.parametrize("platform", ["x", "linkedin"])
@pytest.mark.parametrize(
    "kind", [Kind.ACCEPT_THEN_DROP, Kind.ACCEPT_THEN_500, Kind.EMPTY_201, Kind.DROP_BEFORE]
)
def test_an_unclear_answer_ends_in_exactly_one_post(bot, folder, platform, kind):
    (folder / "demo").mkdir()
    with State(folder / "demo" / "sandbox.db") as state:
        state.fault(f"{platform}.create", Fault(kind=kind))
    done = bot("demo", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert [r["verified"] for r in json.loads(done.stdout)["receipts"]] == [True, True]
    assert [len(posts) for posts in record(folder).values()] == [1, 1]


def _wait_until_on_the_wire(folder, platform, process):
    """Until the stand-in has taken the fault off its queue, so that the request is with it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        with State(folder / "demo" / "sandbox.db") as state:
            if not state.faults():
                return
        time.sleep(0.02)
    pytest.fail("the demo never sent anything")


def _states(folder):
    from bot.store import open_store

    store = open_store(f"sqlite:///{folder / 'demo' / 'bot.db'}", folder / "demo" / "cards")
    try:
        return {post.channel: post.state for post in store.desk.posts()}
    finally:
        store.close()


def test_the_port_is_in_use(bot, folder):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = bot("demo", "--port", taken.getsockname()[1])
    assert done.returncode == 2
    assert "cannot use port" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unwritable_folder(bot, folder):
    (folder / "file").write_text("not a folder")
    done = bot("demo", "--data-dir", folder / "file" / "demo")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_serve_keeps_the_timeline_open_until_stopped(start, folder):
    import signal
    import urllib.request

    process = start("demo", "--serve")
    for line in process.stdout:
        if line.startswith("Timeline"):
            break
    url = line.split()[1]
    with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310 -- our own, on loopback
        shown = page.read().decode()
    assert "25,000" in shown
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
