"""How fast cards are drawn, beside satori + resvg: `python -m tests.benchmarks.cards_speed`.

The same design at 1200×675 with both: milliseconds for a card in a warm process, for a process
that draws one card and ends, peak memory, and cards a second with two processes. Satori is given
the size and the lines (it cannot fit), so it has less to do. Needs Node and npm; what it installs
goes into a temporary folder.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from bot.cards import fonts

COUNT = 40
HERE = Path(__file__).parent
BOT = [sys.executable, "-m", "tests.benchmarks.cards_run"]
SATORI = ["node", "cards_satori.mjs", "."]


def run(command: list[str], folder: Path) -> tuple[list[float], float, float]:
    """Return the milliseconds of each card, those of the process, and its peak memory in MB."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    return json.loads(said)["times"], (time.perf_counter() - start) * 1000, used.ru_maxrss / 1024


def together(command: list[str], folder: Path) -> float:
    """Return the seconds that two of it take side by side."""
    start = time.perf_counter()
    both = [subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) for _ in range(2)]
    for process in both:
        process.wait()
    return time.perf_counter() - start


def measure(name: str, command: list[str], folder: Path) -> dict[str, float]:
    times, _, memory = run([*command, str(COUNT)], folder)
    cold = statistics.median(run([*command, "1"], folder)[1] for _ in range(7))
    seconds = together([*command, str(COUNT * 3)], folder)
    found = {
        "warm ms": statistics.median(times[3:]),
        "cold ms": cold,
        "memory MB": memory,
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
    bot = measure("bot", BOT, root)
    checked, _, _ = run([*BOT, str(COUNT), "checked"], root)
    print(f"{'':16} warm with the legibility report {statistics.median(checked[3:]):.1f} ms")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "cards_satori.mjs", folder)
        static_fonts(folder)
        subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        install = ["npm", "install", "--silent", "satori", "@resvg/resvg-js"]
        subprocess.run(install, cwd=folder, check=True)
        satori = measure("satori + resvg", SATORI, folder)
    print("satori/bot:", *(f"{key} {satori[key] / value:.2f}  " for key, value in bot.items()))


if __name__ == "__main__":
    main()
