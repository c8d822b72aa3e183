"""How long the desk takes for an editor's day, with ten thousand posts in the database.

Prints, for each thing an editor does, the median and the slowest of twenty times from the request
to the last byte over loopback, and the processor's time for it, client and server together: the
one figure that other work on the machine leaves alone. All in milliseconds.

    python -m tests.benchmarks.desk_day [POSTS]
"""

import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from bot.domain.people import Role
from tests.browser.desk import fill
from tests.stories import story
from tests.web import served, shown

TIMES = 20
_NUMBERS = count(1)


def main():
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as place:
        place.user("asha", Role.ADMIN)
        fill(place, _article(place), published=posts - 200, waiting=200)
        asha = place.visitor("asha")
        token = asha.token("/keys")
        print(f"{posts} posts, ms".ljust(36) + "  median slowest     cpu")
        for name, act in _acts(place, asha, token).items():
            act()  # once, so that templates are compiled
            taken = [_timed(act) for _ in range(TIMES)]
            wall, cpu = zip(*taken, strict=True)
            print(
                f"{name:<36}{statistics.median(wall):8.1f}{max(wall):8.1f}"
                f"{statistics.median(cpu):8.1f}"
            )


def _acts(place, asha, token):
    article = _article(place)
    post = place.posts(article)["x"]
    fresh = iter([_article(place) for _ in range(2 * TIMES + 4)])
    sheet = {"base": post.fingerprint, "text": post.content.text, "do": "save"}

    def decided(action, **more):
        both = place.posts(next(fresh)).values()
        data = [*(("post", shown(one)) for one in both), ("back", "/keys"), *more.items()]
        return lambda: asha.post(f"/decide/{action}", data, token=token, allow_redirects=False)

    return {
        "inbox, waiting": lambda: asha.get("/"),
        "inbox, published": lambda: asha.get("/?list=published"),
        "inbox, a search": lambda: asha.get("/?list=published&q=part+77"),
        "calendar, a week": lambda: asha.get("/calendar"),
        "one article, both posts": lambda: asha.get(f"/articles/{article.key}"),
        "the editor": lambda: asha.get(f"/posts/{post.id}/edit"),
        "a key typed (counted, drawn, kept)": lambda: asha.post(
            f"/posts/{post.id}/judge", sheet, token=token
        ),
        "approve both": _each(decided, "approve"),
        "hold both, with a reason": _each(decided, "hold", reason="measured"),
    }


def _each(decided, action, **more):
    """Prepare outside what is measured: each time takes posts of its own."""
    ready = [decided(action, **more) for _ in range(TIMES + 1)]

    def act():
        return ready.pop()()

    return act


def _timed(act):
    began, used = time.perf_counter(), time.process_time()
    answer = act()
    taken = (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000
    assert answer.status_code < 400, answer.text
    return taken


def _article(place):
    title, dek, body = story(next(_NUMBERS))
    return place.article(title, dek=dek, body=body)


if __name__ == "__main__":
    main()
