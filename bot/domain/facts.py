"""Whether a post says only what its article says: names, hedges, quotations."""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from bot.domain import text
from bot.domain.figures import Figure, Reading, figures
from bot.domain.wording import HEDGE, OPENERS, Span, hedges, names, quotations, sentence_spans

_KEY = re.compile(r"[\W_]+")
_OMITTED = re.compile(r"\s*(?:…|\.\.\.|\[…\])\s*")
_INDEPENDENT = re.compile(r"(?:, |; )(?:and|but|while|whereas) |; ")
_AND = re.compile(r",? (?:and|but) ")
#: A sentence of the article with this share of a claim's words is what the claim stands on.
_SUPPORTS = 0.6
_IDEOGRAPH = re.compile(r"[\u3040-\u9fff]")

#: A claim that is "alleged" may be told as "reported", and the other way round.
_AKIN = {"allegation": {"allegation", "report"}, "report": {"allegation", "report"}}


class Ground:
    """Everything an article says, ready to be compared with."""

    def __init__(self, said: str, *, also: str = "") -> None:
        """Read an article.

        Args:
            said: all of its text.
            also: words the house adds on its own ("Why it matters", the day of publication).
        """
        self._said = said
        self._also = also

    @cached_property
    def _keys(self) -> frozenset[str]:
        found: set[str] = set()
        for match in text.WORD.finditer(f"{self._said}\n{self._also}"):
            parts = re.split(r"[.\-’'&+/]", match[0])
            found.update(_key(part) for part in (match[0], *parts))
            found.update(_key(part).removesuffix("s") for part in (match[0], *parts))
        return frozenset(found) | _initials(self._said)

    @cached_property
    def _figures(self) -> dict[Reading, set[str]]:
        found: dict[Reading, set[str]] = {}
        for figure in figures(f"{self._said}\n{self._also}"):
            for reading in figure.readings:
                found.setdefault(reading, set()).add(figure.rough)
        return found

    @cached_property
    def _claims(self) -> list[tuple[frozenset[str], dict[str, str]]]:
        """Return the content words and hedges of every sentence and of its independent parts.

        A hedge reaches forward ("may buy and sell"), not back over an "and"; a part behind
        ", and" has hedges of its own.
        """
        found = []
        for sentence in sentence_spans(self._said):
            parts = {sentence.text, *_INDEPENDENT.split(sentence.text)}
            parts |= {sentence.text[: match.start()] for match in _AND.finditer(sentence.text)}
            found += [(text.content_words(part), hedges(part)) for part in parts]
        return found

    @cached_property
    def _flat(self) -> str:
        return _flatten(self._said)

    def foreign_figures(self, words: str) -> Iterator[Span]:
        """Yield the figures of `words` that the article does not have, or has otherwise."""
        for figure in figures(words):
            roughs = set[str]().union(*(self._figures.get(r, set()) for r in figure.readings))
            known = any(reading in self._figures for reading in figure.readings)
            if not known:
                yield _about(figure, f"The article has no “{figure.text}”.")
            elif figure.rough not in roughs and figure.rough:
                yield _about(
                    figure,
                    f"The article does not say “{_ROUGH_WORD[figure.rough]}” of {figure.text}.",
                )
            elif figure.rough not in roughs:
                rough = _ROUGH_WORD[min(roughs)]
                yield _about(
                    figure,
                    f"The article says “{rough}” of {figure.text}; the post is exact.",
                    sure=False,
                )

    def foreign_names(self, words: str, known: frozenset[str] = frozenset()) -> Iterator[Span]:
        """Yield the names of `words` that the article does not have.

        Args:
            words: what to look at.
            known: names that are names wherever they stand, such as the house's companies.
        """
        keys = {_key(name) for name in known}
        for name in names(words):
            parts = [p for p in re.split(r"[.\-’'&+/]", text.fold(name.text)) if p]
            if _key(name.text) in self._keys or all(_key(part) in self._keys for part in parts):
                continue
            sure = name.sure or _key(name.text) in keys
            if not sure and (
                name.text.casefold() in OPENERS or text.stem(_key(name.text)) in self._stems
            ):
                continue
            yield Span(
                text=name.text,
                start=name.start,
                end=name.end,
                why=f"The article does not name “{name.text}”.",
                sure=sure,
            )

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(text.stem(key) for key in self._keys)

    def lost_hedges(self, words: str) -> Iterator[Span]:
        """Yield the sentences that claim more, or less, than the article does."""
        for sentence in sentence_spans(words):
            if self.has_sentence(sentence.text):
                continue
            why = self._hedge_lost(sentence.text)
            if why:
                yield Span(text=sentence.text, start=sentence.start, end=sentence.end, why=why)

    def has_sentence(self, sentence: str) -> bool:
        """Tell whether the article has this very sentence, whole."""
        flat = _flatten(sentence)
        for match in re.finditer(re.escape(flat), self._flat) if flat else ():
            before = self._flat[: match.start()].rstrip(" " + text.CLOSERS + "“‘«「(")
            if flat[-1] in text.CLOSERS + text.ENDS and (
                not before or before[-1] in text.ENDS + "\n:"
            ):
                return True
        return False

    def _hedge_lost(self, sentence: str) -> str:
        mine, said = text.content_words(sentence), hedges(sentence)
        bare = frozenset(word for word in mine if not HEDGE.fullmatch(word))
        if len(bare) < 2:
            return ""
        complaints = []
        for theirs, hedged in self._claims:
            if len(bare & theirs) / len(bare) < _SUPPORTS:
                continue
            complaint = _compare(said, hedged)
            if not complaint:
                return ""
            complaints.append((len(bare & theirs), complaint))
        return max(complaints, default=(0, ""))[1]

    def foreign_quotations(self, words: str) -> Iterator[Span]:
        """Yield the quotations of `words` that are not the article's, word for word."""
        for quote in quotations(words):
            pieces = [piece for piece in _OMITTED.split(quote.text) if piece.strip()]
            place = 0
            for piece in pieces:
                place = self._quoted_from(piece, place)
                if place < 0:
                    why = f"“{piece}” is not in the article word for word."
                    yield Span(text=quote.text, start=quote.start, end=quote.end, why=why)
                    break

    def _quoted_from(self, piece: str, place: int) -> int:
        """Return where the article goes on behind this piece of a quotation, -1 if nowhere."""
        flat = re.escape(_flatten(piece).strip(" .,!?;:。，"))
        edge = "" if _IDEOGRAPH.search(flat) else r"\w"
        bounded = rf"(?<!{edge}){flat}(?!{edge})" if edge else flat
        found = re.compile(bounded).search(self._flat, place)
        return found.end() if found else -1

    def unseen(self, words: str) -> list[str]:
        """Return the words that the article does not have, for scripts that show no names."""
        said = text.content_words(self._said) | text.content_words(self._also)
        return sorted(word for word in text.content_words(words) - said if not word.isascii())


_ROUGH_WORD = {
    "under": "nearly",
    "over": "more than",
    "most": "up to",
    "about": "about",
    "": "exactly",
}


def _about(figure: Figure, why: str, *, sure: bool = True) -> Span:
    return Span(text=figure.text, start=figure.start, end=figure.end, why=why, sure=sure)


def _compare(mine: dict[str, str], theirs: dict[str, str]) -> str:
    for kind, word in theirs.items():
        if not (_AKIN.get(kind, {kind}) & mine.keys()):
            return f"The article says “{word}”; the post leaves it out and claims more."
    if "negation" in mine and "negation" not in theirs:
        return f"The post says “{mine['negation']}”; the article does not."
    return ""


def _key(word: str) -> str:
    return _KEY.sub("", text.fold(word))


@lru_cache(maxsize=64)
def _flatten(words: str) -> str:
    plain = words.translate(str.maketrans("“”‘’«»‑–—\u00a0", '""\'\'""--- ')).casefold()
    return re.sub(r"[ \t]+", " ", plain).strip()


def _initials(said: str) -> frozenset[str]:
    """Return the initials of every run of capitalised words: "European Union" allows "EU"."""
    found: set[str] = set()
    for run in re.finditer(r"(?:\b[A-Z][\w’'-]+(?:\s(?:of|and|for|the)\b)?\s?){2,6}", said):
        letters = "".join(word[0] for word in run[0].split() if word[0].isupper()).casefold()
        found.update(
            letters[i:j] for i in range(len(letters)) for j in range(i + 2, len(letters) + 1)
        )
    return frozenset(found)
