"""Draw the pictures of the desk in docs/ anew: python -m tests.browser.pictures"""

import io
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from bot import sources
from bot.domain.people import Role
from bot.pipeline.draft import draft
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.desk import signed_in
from tests.web import served

ROOT = Path(__file__).parents[2]

#: Name, width, height, colours.
PICTURES = (("desk", 1280, 860, "light"), ("desk-phone", 390, 844, "dark"))


def main():
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as place:
        place.clock.advance(-1200)
        place.user("asha", Role.ADMIN)
        path = ROOT / "bot/demo/articles/seed.html"
        read = sources.read_file(path, place.app.house)
        due = place.clock.now() + timedelta(minutes=20)
        article = replace(read, published_at=due)
        place.app.store.archive.add(article, now=place.clock.now())
        draft(article, place.app.studio)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, width, height, scheme in PICTURES:
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    device_scale_factor=2 if width < 500 else 1,
                    has_touch=width < 500,
                    is_mobile=width < 500,
                )
                signed_in(page, place, "asha", f"/articles/{article.key}")
                page.wait_for_load_state("networkidle")
                png = Image.open(io.BytesIO(page.screenshot()))
                png.save(ROOT / "docs" / f"{name}.webp", quality=82, method=6)
            browser.close()


if __name__ == "__main__":
    main()
