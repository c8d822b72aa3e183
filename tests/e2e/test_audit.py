"""The audit log as an operator meets it."""

import json
import sqlite3


def test_the_log_is_proven_exported_and_a_change_is_named(bot, folder):
    bot("demo", "--fresh")
    env = {"BOT_DATA_DIR": folder / "demo"}
    good = json.loads(bot("audit", "verify", "--json", env=env).stdout)
    assert good["ok"]
    assert good["findings"] == []
    assert good["rows"] >= 9  # an article; two posts drafted, approved, sent, published, verified

    told = bot("audit", "verify", "--expect", good["head"], env=env)
    assert (told.returncode, told.stderr) == (0, "")
    assert good["head"] in told.stdout

    lines = bot("audit", "export", env=env).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == good["rows"]
    assert rows[-1]["hash"] == good["head"]
    assert all(" pid " in row["origin"] for row in rows)
    assert bot("audit", "export", "log.jsonl", env=env).returncode == 0
    assert (folder / "log.jsonl").read_text().splitlines() == lines
    again = bot("audit", "export", "log.jsonl", env=env)
    assert again.returncode == 2
    assert "not there yet" in again.stderr

    with sqlite3.connect(folder / "demo" / "bot.db") as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET who = 'eve' WHERE name = 'post.approved'")
    connection.close()
    bad = bot("audit", "verify", env=env)
    assert bad.returncode == 1
    assert "(post.approved) was changed" in bad.stdout
    assert bot("audit", "verify", "--expect", "no", env=env).returncode == 2
