"""What lies in `ops/`, looked at by the programs it is for, where this machine has them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

OPS = Path(__file__).parents[2] / "ops"


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def unit(tmp_path):
    """The unit, with a bot that is there."""
    text = (OPS / "shiftmaker-bot.service").read_text()
    assert "ExecStart=/opt/shiftmaker/bin/bot run" in text
    path = tmp_path / "shiftmaker-bot.service"
    path.write_text(text.replace("/opt/shiftmaker/bin/bot", sys.executable))
    return path


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_finds_nothing_wrong_and_little_exposed(unit):
    assert _run("systemd-analyze", "verify", "--man=no", str(unit)) == (0, "")
    # 2.0 of 10: what is left is the network, which it needs.
    code, said = _run("systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit))
    assert code == 0, said[-300:]


@pytest.mark.skipif(not shutil.which("promtool"), reason="no Prometheus")
def test_prometheus_reads_the_rules():
    code, said = _run("promtool", "check", "rules", str(OPS / "alerts.yaml"))
    assert code == 0, said


def test_the_container_is_not_root_and_its_parts_are_there():
    text = (OPS / "Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (OPS.parent / name).exists(), name
    needed = {"readme": "README.md", "license": "LICENSE"}
    assert set(needed.values()) <= set(" ".join(copied).split())
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["10001"]
    assert text.count("FROM ${BASE}") == 2
    assert 'CMD ["bot", "health"]' in text


def test_the_compose_file_gives_nothing_away():
    found = yaml.safe_load((OPS / "compose.yaml").read_text())
    bot, database = found["services"]["bot"], found["services"]["database"]
    assert bot["read_only"]
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert "ports" not in database
    assert set(bot["secrets"] + database["secrets"]) == set(found["secrets"])
    assert "healthcheck" in database
    assert "service_healthy" in str(bot["depends_on"])
    (file,) = (one["file"] for one in found["secrets"].values())
    ignored = (OPS.parent / ".gitignore").read_text().split()
    assert any(
        f"ops/{file.removeprefix('./')}".startswith(line.strip("/")) for line in ignored if line
    )
