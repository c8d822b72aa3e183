"""How fast cards are drawn, beside others: `python -m tests.benchmarks.cards_speed`.

The same design at 1200×675 with satori + resvg and as a screenshot of headless Chromium:
milliseconds for a card in a warm process, for a process that draws one card and ends, peak
memory, and cards a second with two processes. The others are given the size and the lines (satori
cannot fit), so they have less to do. Python keeps what it compiled, as for any installed bot.
Chromium's processor time is its own processes', which are not counted here. Needs Node, npm and
Chromium; what npm installs goes into a temporary folder.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from bot.cards import fonts

COUNT = 40
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
HERE = Path(__file__).parent
BOT = [sys.executable, "-m", "tests.benchmarks.cards_run"]
SATORI = ["node", "cards_satori.mjs", "."]
CHROMIUM = [sys.executable, "-m", "tests.benchmarks.cards_chromium"]


@dataclass(frozen=True)
class Run:
    """One process: milliseconds of each card and of the process, of its processor, memory in MB."""

    times: list[float]
    wall: float
    busy: float
    memory: float


def run(command: list[str], folder: Path) -> Run:
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    got = json.loads(said)
    return Run(
        times=got["times"],
        wall=(time.perf_counter() - start) * 1000,
        busy=(used.ru_utime + used.ru_stime) * 1000,
        memory=got.get("memory", used.ru_maxrss / 1024),
    )


def together(command: list[str], folder: Path) -> float:
    """Return the seconds that two of it take side by side."""
    start = time.perf_counter()
    both = [
        subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    for process in both:
        process.wait()
    return time.perf_counter() - start


def measure(name: str, command: list[str], folder: Path) -> dict[str, float]:
    """Measure one engine; processor time is what counts on a machine that does other work too."""
    warm = run([*command, str(COUNT)], folder)
    cold = [run([*command, "1"], folder) for _ in range(7)]
    once = statistics.median(one.busy for one in cold)
    seconds = together([*command, str(COUNT * 3)], folder)
    found = {
        "warm ms": statistics.median(warm.times[3:]),
        "warm processor ms": (warm.busy - once) / (COUNT - 1),
        "cold ms": statistics.median(one.wall for one in cold),
        "cold processor ms": once,
        "memory MB": warm.memory,
        "cards/s on two cores": COUNT * 6 / seconds,
    }
    print(f"{name:16}", *(f"{key} {value:.1f}  " for key, value in found.items()), flush=True)
    return found


def static_fonts(folder: Path) -> None:
    """Cut the fonts satori needs from the variable ones: it cannot read those."""
    files = {file.name: file for file in fonts.files()}
    bricolage = files["BricolageGrotesque[opsz,wdth,wght].ttf"]
    inter = files["Inter[opsz,wght].ttf"]
    for name, file, place in (
        ("display-700", bricolage, {"wght": 700, "wdth": 100, "opsz": 96}),
        ("text-400", inter, {"wght": 400, "opsz": 24}),
        ("text-600", inter, {"wght": 600, "opsz": 24}),
    ):
        with TTFont(file) as font:
            instancer.instantiateVariableFont(font, place).save(folder / f"{name}.ttf")


def main() -> None:
    root = HERE.parents[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "cards_satori.mjs", folder)
        static_fonts(folder)
        subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        install = ["npm", "install", "--silent", "satori", "@resvg/resvg-js"]
        subprocess.run(install, cwd=folder, check=True)
        bot = measure("bot", BOT, root)
        satori = measure("satori + resvg", SATORI, folder)
        chromium = measure("Chromium", [*CHROMIUM, name], root)
        checked = measure("bot, with report", [*BOT, "--checked"], root)
    for other, what in ((satori, "satori + resvg"), (chromium, "Chromium")):
        print(
            f"bot / {what}:", *(f"{key} {bot[key] / value:.2f}  " for key, value in other.items())
        )
    ratios = (f"{key} {checked[key] / value:.2f}  " for key, value in satori.items())
    print("bot with report / satori + resvg:", *ratios)


if __name__ == "__main__":
    main()
