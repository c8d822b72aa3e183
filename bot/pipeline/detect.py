"""Is an article that a source shows new, changed, or known? Everything ever seen is asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.article import Article
from bot.domain.intake import Sighting, Sightings
from bot.domain.sighting import Traits, shared, traits

#: By what an article is known that stands in one document twice.
TWICE = "standing there twice"


class Verdict(StrEnum):
    """What an article that a source shows is to the archive."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article as a source shows it.

    Attributes:
        whole: its body is the whole text, so that its page need not be fetched.
        traits: by what it is known again.
    """

    article: Article
    whole: bool
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate and what it is.

    Attributes:
        key: of the article it is; "" where it never became one.
        by: by what it was known again, in words.
    """

    candidate: Candidate
    verdict: Verdict
    key: str = ""
    by: str = ""


def candidates(shown: Sequence[tuple[str, Article, bool]], source: str) -> list[Candidate]:
    """Return what a source shows, ready to be looked up.

    Args:
        shown: the source's own id of each article ("" where it gives none), the article, and
            whether its body is the whole text. An id that stands at two addresses in one
            document is no id: some feeds give every item the same.
        source: its name.
    """
    addresses = {(guid, article.url) for guid, article, _ in shown}
    used = Counter(guid for guid, _ in addresses)
    return [
        Candidate(
            article=article,
            whole=whole,
            traits=traits(article, guid=guid if used[guid] == 1 else "", source=source),
        )
        for guid, article, whole in shown
    ]


def judge(shown: Sequence[Candidate], sightings: Sightings, source: str) -> list[Judged]:
    """Return what each candidate is; the same article twice in one document is one."""
    remembered = sightings.find([one.traits for one in shown])
    judged: list[Judged] = []
    for candidate, found in zip(shown, remembered, strict=True):
        twin = next(
            (e for e in judged if shared(candidate.traits, e.candidate.traits, one_source=True)),
            None,
        )
        judged.append(
            replace(twin, candidate=candidate, verdict=Verdict.KNOWN, by=TWICE)
            if twin
            else _judge(candidate, found, source)
        )
    return judged


def _judge(candidate: Candidate, found: Sequence[Sighting], source: str) -> Judged:
    mine = candidate.traits
    matches = [
        (sighting, by)
        for sighting in found
        if (by := shared(mine, sighting.traits, one_source=sighting.source == source))
    ]
    if not matches:
        return Judged(candidate=candidate, verdict=Verdict.NEW)
    best, by = next((pair for pair in matches if pair[0].article_key), matches[0])
    here = [sighting for sighting, _ in matches if sighting.source == source]
    # Another source's wording of a known article is not a change of it.
    same = not here or any(sighting.traits.listing == mine.listing for sighting in here)
    return Judged(
        candidate=candidate,
        verdict=Verdict.KNOWN if same else Verdict.CHANGED,
        key=best.article_key,
        by=by,
    )
