"""Somebody's exact words, with who said them: only where the article itself puts both together."""

import re
from collections.abc import Iterator
from itertools import chain

from bot.domain.article import Article

#: How much is read at a glance, in characters; Chinese and Japanese say as much in fewer.
SHORT, LONG = 30, 180
_DENSE = 12

#: What opens a quotation, and what closes it. Within one, its own signs are somebody else's words.
_MARKS = {"“": "”", '"': '"', "«": "»", "„": "“", "»": "«", "「": "」", "『": "』"}
_QUOTE = "|".join(
    rf"{start}\s?(?P<q{at}>[^{start}{end}]+?)\s?{end}"
    for at, (start, end) in enumerate(_MARKS.items())
)

_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁ"
_CAPITAL = rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|St|[{_UPPER}])\.|[{_UPPER}][\w’'-]{{0,30}})"
_PARTICLE = r"(?:(?:de|da|del|di|van|von|der|den|al|el|bin|ben|la|le)\s+){0,2}"
_NAME = rf"(?P<who>{_CAPITAL}(?:\s+{_PARTICLE}{_CAPITAL}){{0,3}})"
#: Words before their speaker begin a sentence and do not end one: in “Ask Rao.” Vale said: “No.”,
#: the first words are not Vale's.
_BEGINS, _GOES_ON = r"(?:^|(?<=[.!?”\"»“]\s))", r"(?<!\.[”\"»“])"
#: "Rao, who runs the office," and "Rao, director of the office,".
_APART = r"(?:,[^,“”\"«»„]{3,60},)?"

#: By language: what "said" is.
_SAID = {
    "en": "said|says|wrote|writes|added|adds|warned|warns|explained|argued|noted|stated",
    "de": "sagte|sagt|erklärte|erklärt|schrieb|schreibt|betonte|warnte|teilte",
    "fr": "a déclaré|déclare|a dit|dit|a affirmé|affirme|a expliqué|explique|a écrit|écrit",
    "es": "dijo|dice|afirmó|afirma|explicó|explica|declaró|declara|señaló|señala|escribió|advirtió",
    "pt": "disse|diz|afirmou|afirma|explicou|explica|declarou|declara|escreveu|alertou",
    "it": "ha detto|dice|ha dichiarato|dichiara|ha scritto|scrive|ha spiegato|spiega|afferma",
}
#: A word that stands for a name, or begins a sentence; a quotation of "She" is nobody's.
_NOBODY = frozenset(
    "he she it they we i you this that these those the a an his her their but and as in on at "  # noqa: SIM905 -- read as a sentence
    "er sie es wir ich das die der dies il elle ils elles on nous je ce cela él ella ellos nosotros "
    "yo esto eso ele ela eles nós eu isto isso lui lei loro noi io questo quello".split()
)

#: Languages whose names have no capitals: whoever stands between the beginning of the sentence,
#: or of its last clause, and the word that says so.
_CLAUSE = r"(?:^|(?<=[।.!?。！？\n]))\s*(?P<who>[^।.!?。！？,，、:：;\"“”「」『』]{2,40}?)"
_PLAIN = (
    rf"{_CLAUSE}\s+ने\s+(?:[^\s,।\"“”]+\s+){{0,3}}?(?:कहा|बताया|लिखा)\s*(?:है\s*)?(?:कि\s*)?[,:]?\s*(?:{_QUOTE})",
    rf"{_CLAUSE}(?:表示|说|指出|写道|称|強調|强调)[:：,，]?\s*(?:{_QUOTE})",
    rf"{_CLAUSE}は、?(?:{_QUOTE})と(?:述べ|語っ|話し|コメント|説明し|指摘し)",
)


def quotations(article: Article) -> Iterator[tuple[str, str]]:
    """Yield the quotations that can stand alone on a card, each with its speaker, in order.

    Both stand in one paragraph, joined by a verb of saying, and both are the article's own words.
    A quotation that begins in the middle of a sentence is none; neither is one whose speaker is
    "she".
    """
    patterns = _patterns(article.language.partition("-")[0].lower())
    for paragraph in article.body:
        found = chain.from_iterable(pattern.finditer(paragraph) for pattern in patterns)
        for match in sorted(found, key=re.Match.start):
            quote = next(part for name, part in match.groupdict().items() if name != "who" and part)
            who = match["who"].strip().rstrip(".,")
            if _stands(quote) and who and who.split()[0].lower() not in _NOBODY:
                yield quote.rstrip(","), who


def _patterns(language: str) -> list[re.Pattern[str]]:
    said = rf"(?:{_SAID.get(language, _SAID['en'])})"
    written = (
        rf"{_BEGINS}(?:{_QUOTE}){_GOES_ON},?\s+{said}\s+{_NAME}",  # “…,” said Rao
        rf"{_BEGINS}(?:{_QUOTE}){_GOES_ON},?\s+{_NAME}{_APART}\s+(?:{said}|told)\b(?!:)",  # “…,” Rao said
        rf"{_NAME}{_APART}\s+{said}[:,]?\s*(?:{_QUOTE})",  # Rao said: “…”
    )
    return [re.compile(pattern) for pattern in (*written, *_PLAIN)]


def _stands(quote: str) -> bool:
    """Return whether these are whole sentences of a fitting length."""
    dense = re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", quote) is not None
    if not (_DENSE if dense else SHORT) <= len(quote) <= LONG:
        return False
    first = quote.lstrip("¿¡")[0]
    return first.isupper() or (not first.isascii() and first.lower() == first.upper())
