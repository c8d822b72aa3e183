"""The seed card as a screenshot of headless Chromium: `cards_chromium FONTS COUNT`.

FONTS is a folder with display-700.ttf, text-400.ttf and text-600.ttf. Size and lines are given,
as to satori.
"""

import json
import os
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

PAGE = """<!doctype html><style>
@font-face {{ font-family: Display; src: url(display-700.ttf) }}
@font-face {{ font-family: Text; src: url(text-400.ttf) }}
body {{ margin: 0; width: 1200px; height: 675px; background: #0B0F1A; position: relative }}
body > * {{ position: absolute; white-space: pre-line; font: 24px/1.2 Text; color: #B7BFCE }}
</style>
<div style="left: 72px; top: 0; width: 58px; height: 100px; background: #FFB454"></div>
<div style="left: 150px; top: 56px; font: 31px Display; color: #F7F5F0">The ShiftMaker</div>
<div style="left: 974px; top: 60px">26 June 2026</div>
<div style="left: 72px; top: 178px; font: 79px/1.04 Display; color: #F7F5F0">{title}</div>
<div style="left: 72px; top: 440px; width: 700px; font-size: 32px; line-height: 1.36">{dek}</div>
<div style="left: 72px; top: 562px; width: 1056px; height: 2px; background: #2A3244"></div>
<div style="left: 72px; top: 584px; color: #F7F5F0">theshiftmaker.com</div>
<div style="left: 672px; top: 584px">AI Intelligence Daily · Every day · 7 am IST</div>
"""
TITLE = "Anthropic accuses Alibaba\nof largest Claude cloning\nattempt, seeks US intervention"
DEK = "Allegations include use of 25,000 fake accounts to extract millions of interactions."


def memory(parent: int) -> float:
    """Return the megabytes that a process and all below it hold, shared pages once each."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        below.setdefault(int(fields[1]), []).append(int(folder.name))
    family, held = [parent], 0
    for one in family:
        family += below.get(one, [])
        try:
            said = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        held += int(said.split("Pss:")[1].split()[0])
    return held / 1024


def main() -> None:
    count, file = int(sys.argv[2]), Path(sys.argv[1]).resolve() / "card.html"
    times = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 675})
        for at in range(count):
            start = time.perf_counter()
            file.write_text(PAGE.format(title=f"{TITLE} {at or ''}", dek=DEK))
            page.goto(file.as_uri())
            made = page.screenshot()
            times.append((time.perf_counter() - start) * 1000)
        held = memory(os.getpid())
        browser.close()
    print(json.dumps({"times": times, "bytes": len(made), "memory": held}))


if __name__ == "__main__":
    main()
