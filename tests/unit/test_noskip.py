"""What a laptop may skip, CI may not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SKIPPING = {
    "mark": "import pytest\n@pytest.mark.skipif(True, reason='no tool')\ndef test(): ...",
    "call": "import pytest\ndef test(): pytest.skip('no tool')",
    "fixture": "import pytest\n@pytest.fixture\ndef tool(): pytest.skip('no tool')\n"
    "def test(tool): ...",
    "module": "import pytest\npytest.importorskip('no_such_module_at_all')\ndef test(): ...",
}


def _run(folder, *, ci):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CI": "true"}
    if not ci:
        env.pop("CI")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.noskip", "-p", "no:randomly"]
    done = subprocess.run([*command, str(folder)], env=env, capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("kind", SKIPPING)
def test_a_skipped_test_fails_in_ci_only(tmp_path, kind):
    (tmp_path / "test_it.py").write_text(f"{SKIPPING[kind]}\ndef test_fine(): ...\n")
    code, said = _run(tmp_path, ci=True)
    assert code != 0
    assert "CI skips nothing" in said
    code, said = _run(tmp_path, ci=False)
    assert code in (0, 5)
    assert "1 skipped" in said


def test_an_expected_failure_is_no_skip(tmp_path):
    text = "import pytest\n@pytest.mark.xfail(strict=True)\ndef test(): assert False\n"
    (tmp_path / "test_it.py").write_text(text)
    assert _run(tmp_path, ci=True)[0] == 0


def test_ci_installs_every_program_a_test_looks_for():
    script = (ROOT / ".ci" / "run").read_text()
    for program in ("chromium", "initdb", "systemd-analyze", "promtool"):
        assert program in script
    assert "export CI=" in script
