"""Which sentences make a post, and in what order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from bot.domain import text
from bot.pipeline.score import Candidate, Footing

#: Where LinkedIn cuts to "…more" on phones and on desktops (measured by third parties).
FOLD, DESKTOP_FOLD = 140, 210
_CANDIDATES = 14
#: A sentence with this share of words already read tells nothing.
_SAID = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to tell the story.

    Attributes:
        hook: the sentence that comes first.
        facts: what follows, in order.
        why: why it matters, where the article says so.
        tags: hashtags, without "#".
    """

    hook: Candidate
    facts: tuple[Candidate, ...] = ()
    why: Candidate | None = None
    tags: tuple[str, ...] = ()
    value: float = 0.0

    @property
    def told(self) -> tuple[Candidate, ...]:
        """Every sentence of it, in order."""
        return (self.hook, *self.facts, *([self.why] if self.why else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be said.

    Attributes:
        length: of some words, as the platform counts.
        frame: what link and template take, without hashtags.
        limit: the most the whole post may measure.
        target: from … to, what it should measure.
        tags: hashtags that may be used, most fitting first.
    """

    length: Callable[[str], int]
    frame: int
    limit: int
    target: tuple[int, int]
    tags: tuple[str, ...]

    def off(self, length: int) -> float:
        """Return how far a length misses the target, in worth."""
        low, high = self.target
        return max(low - length, 0) / 40 + max(length - high, 0) / 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the card shows beside the post.

    Attributes:
        title: the headline's content words.
        card: the words of headline and standfirst.
        figures: the numbers on it.
    """

    title: frozenset[str]
    card: frozenset[str]
    figures: frozenset[str] = frozenset()


def short(pool: list[Candidate], shown: Shown, room: Room) -> list[Choice]:
    """Return one to three sentences that stand together, best first."""
    lengths = {c: room.length(c.text) for c in pool}
    fitting = [c for c in pool if lengths[c] + room.frame <= room.limit]
    fitting.sort(key=lambda c: max(as_hook(c, shown), as_fact(c, shown.card)), reverse=True)
    best = sorted(fitting[:_CANDIDATES], key=lambda c: c.order)
    choices: list[Choice] = []
    for count in (1, 2, 3):
        for group in combinations(best, count):
            length = sum(lengths[c] for c in group) + count - 1 + room.frame
            if length <= room.limit and stands(group, shown):
                choices.extend(_tagged(group, length, shown, room))
    return sorted(choices, key=lambda choice: choice.value, reverse=True)


def long(pool: list[Candidate], shown: Shown, room: Room) -> list[Choice]:
    """Return a hook, facts and why it matters, for each of the best hooks, best first."""
    able = [c for c in pool if stands((c,), shown)]
    able.sort(key=lambda c: _above_fold(c, shown), reverse=True)
    return sorted(
        (_around(hook, pool, shown, room) for hook in able[:3]),
        key=lambda choice: choice.value,
        reverse=True,
    )


def as_hook(candidate: Candidate, shown: Shown) -> float:
    """Return the worth of a sentence as the first: about the story, but not the card again."""
    shared = len(candidate.words & shown.title)
    value = candidate.worth + min(shared, 5) * 0.7
    again = _share(candidate.words, shown.card)
    if candidate.sentence.paragraph == 0 and candidate.sentence.place == 0 and again < 0.65:
        value += 1.2
    value -= 8 * max(0.0, again - 0.45) + 1.3 * len(candidate.figures & shown.figures)
    value += 0.25 * min(4, sum(text.stem(text.fold(n)) not in shown.card for n in candidate.names))
    value -= 0.0 if shared else 1.5
    return value - (1.5 if candidate.footing is Footing.STORY else 0.0)


def as_fact(candidate: Candidate, said: frozenset[str]) -> float:
    """Return the worth of a sentence to a reader who knows `said`."""
    return candidate.worth - 3.5 * max(0.0, _share(candidate.words, said) - 0.3)


def stands(group: tuple[Candidate, ...], shown: Shown) -> bool:
    """Tell whether the sentences can be read in this order, beside the card, without the article."""
    first = group[0]
    if first.footing is Footing.NEIGHBOUR or first.surnames or first.antecedent:
        return False
    if not first.heads <= shown.title:
        return False
    names, words = set(first.names), set(first.words | shown.title)
    for before, candidate in pairwise(group):
        if not candidate.sentence.follows(before.sentence) and (
            candidate.footing is Footing.NEIGHBOUR
            or not candidate.heads <= words
            or not candidate.surnames <= names
            or (candidate.antecedent and candidate.antecedent != before.subject)
        ):
            return False
        names |= candidate.names
        words |= candidate.words
    return True


def told_again(candidate: Candidate, said: frozenset[str]) -> bool:
    """Tell whether somebody who has read `said` learns nothing from the sentence."""
    return _share(candidate.words, said) > _SAID


def _tagged(
    group: tuple[Candidate, ...], length: int, shown: Shown, room: Room
) -> Iterator[Choice]:
    value, said = as_hook(group[0], shown), shown.card | group[0].words
    for fact in group[1:]:
        if told_again(fact, said):
            return
        value += 0.55 * as_fact(fact, said)
        said |= fact.words
    for count in range(len(room.tags) + 1):
        whole = length + sum(room.length(tag) + 2 for tag in room.tags[:count])
        if whole <= room.limit:
            worth = value + 0.25 * count - room.off(whole)
            yield Choice(hook=group[0], facts=group[1:], tags=room.tags[:count], value=worth)


def _around(hook: Candidate, pool: list[Candidate], shown: Shown, room: Room) -> Choice:
    said = shown.card | hook.words
    others = [c for c in pool if c is not hook and _is_bullet(hook, c, shown)]
    why = max(others, key=lambda c: c.matters, default=None)
    if why is None or why.matters <= 0 or len(why.words & hook.words) > 0.6 * len(why.words):
        why = None
    facts = [c for c in others if c is not why and c.sentence.paragraph >= 0]
    facts.sort(key=lambda c: as_fact(c, said), reverse=True)
    lengths = {c: room.length(c.text) + 3 for c in pool}
    frame = room.frame + lengths[hook] + (lengths[why] + 18 if why else 0)
    frame += sum(room.length(tag) + 2 for tag in room.tags)
    worth = _above_fold(hook, shown) + (1 if why else 0)
    best = Choice(hook=hook, why=why, tags=room.tags, value=worth - room.off(frame))
    for count in (1, 2, 3, 4):
        for group in combinations(sorted(facts[:8], key=lambda c: c.order), count):
            length = frame + sum(lengths[c] for c in group)
            if length > max(room.target[1], frame + 200) or length > room.limit:
                continue
            if any(told_again(b, a.words) for a, b in combinations(group, 2)):
                continue
            value = worth + _worth_of(group, said, shown) - room.off(length)
            if value > best.value:
                best = replace(best, facts=group, value=value)
    return best


def _worth_of(group: tuple[Candidate, ...], said: frozenset[str], shown: Shown) -> float:
    value = 0.0
    for fact in group:
        # a fact is one line; a long one costs the reader
        value += 0.5 * as_fact(fact, said) - 0.5 - max(0, len(fact.text) - 190) / 90
        value -= 0.8 * len(fact.figures & shown.figures)
        said |= fact.words
    return value


def _is_bullet(hook: Candidate, candidate: Candidate, shown: Shown) -> bool:
    """Tell whether a sentence can stand on a line of its own, under the hook."""
    if candidate.footing is Footing.NEIGHBOUR or not candidate.surnames <= hook.names:
        return False
    if candidate.antecedent and candidate.antecedent != hook.subject:
        return False
    if told_again(candidate, hook.words):
        return False
    follows = candidate.sentence.follows(hook.sentence)
    return follows or candidate.matters > 0 or candidate.heads <= shown.title | hook.words


def _above_fold(hook: Candidate, shown: Shown) -> float:
    """Return the worth of a first sentence; few read one that ends behind the fold."""
    length = len(hook.text)
    hidden = max(0, length - FOLD + 12) / 12 * (length > FOLD) + 30 * (length > DESKTOP_FOLD)
    return as_hook(hook, shown) - hidden


def _share(words: frozenset[str], said: frozenset[str]) -> float:
    return len(words & said) / len(words) if words else 1.0
