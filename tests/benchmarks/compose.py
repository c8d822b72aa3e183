"""Measure composing with its checks: `python -m tests.benchmarks.compose`. Wanted: 20 ms an article."""

from statistics import median
from time import perf_counter

from bot.pipeline import words
from bot.pipeline.compose import compose
from tests.unit.pipeline.posts import DIALECTS, articles


def main() -> None:
    vocabulary = words.load()
    for name, dialect in DIALECTS.items():
        times = {}
        for key, article in articles().items():
            runs = []
            for _ in range(5):
                start = perf_counter()
                compose(article, dialect=dialect, words=vocabulary)
                runs.append(1000 * (perf_counter() - start))
            times[key] = median(runs)
        slowest = max(times, key=times.__getitem__)
        print(
            f"{name}: median {median(times.values()):.1f} ms, most {times[slowest]:.1f} ms ({slowest})"
        )


if __name__ == "__main__":
    main()
