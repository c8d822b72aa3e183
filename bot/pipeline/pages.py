"""The sentences that fill the pages of a document: each stands on its own."""

from bot.pipeline.choose import Shown, as_fact, stands, told_again
from bot.pipeline.score import Candidate

#: Five pages are leafed through, more are not: headline, facts, where to read on.
MOST = 3
#: More than this on a page is small print; less says nothing.
SHORTEST, LONGEST = 25, 170


def facts(pool: list[Candidate], title: Shown) -> tuple[str, ...]:
    """Return one to three whole sentences in the article's order; none where none stands alone.

    Args:
        pool: the article's sentences.
        title: what the first page has said.
    """
    able = [
        c
        for c in pool
        if c.sentence.paragraph >= 0
        and SHORTEST <= len(c.text) <= LONGEST
        and stands((c,), title)
        and not told_again(c, title.title)
    ]
    able.sort(key=lambda c: as_fact(c, title.title), reverse=True)
    chosen: list[Candidate] = []
    for candidate in able:
        said = [one.words for one in chosen]
        if len(chosen) < MOST and not any(told_again(candidate, words) for words in said):
            chosen.append(candidate)
    return tuple(c.text for c in sorted(chosen, key=lambda c: c.order))
