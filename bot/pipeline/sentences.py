"""An article cut into whole sentences, each knowing where it stood."""

import re
from dataclasses import dataclass

import sentencex

from bot.domain import text
from bot.domain.article import Article

#: Short for a title or a word: never the end of a sentence, though the splitter may think so.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:डॉ|श्री|सुश्री|प्रो|पं|कु|लि|रु|ई|Smt|Shri|Cr|Rs|Sh|Lt|[A-Z])\.$"
)
_NO_SPACE = re.compile(r"[。！？][」』”’）]*$")
#: Words as they are written inside a sentence, where no capital is owed to its start.
_INNER = re.compile(r"(?<=[\w,;:’] )[\w'’-]+|[A-Z]\w*[A-Z]\w*")
#: "It ended.The next": two sentences whose space was lost, but not "Node.Js" or "Character.Ai".
_LOST_SPACE = re.compile(
    r"(?<=[a-z]{2})([.!?])(?=(?:The|A|An|It|This|That|These|In|On|At|But|And|He|She|They|We|So|To|As|No"
    r"|For|If|When|While|Its|By|Is|My|Me)\b|[A-Z][a-z]{3,} [a-z$€£₹\d])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One whole sentence of an article.

    Attributes:
        paragraph: its paragraph's index in the body; -1 for the standfirst.
        place: its index in the paragraph.
        before: the sentence before it in the same paragraph, "" for the first.
    """

    text: str
    paragraph: int
    place: int
    before: str = ""

    def follows(self, other: "Sentence") -> bool:
        """Tell whether this sentence stood right behind `other`."""
        return self.paragraph == other.paragraph and self.place == other.place + 1


def split(paragraph: str, language: str = "en") -> list[str]:
    """Return the sentences of a paragraph, unchanged but for white space.

    Abbreviations, decimals, initials and quotations do not end a sentence; the danda does.
    """
    joined = " ".join(spaced(text.clean(paragraph)).split())
    whole: list[str] = []
    for piece in sentencex.segment(language.split("-", maxsplit=1)[0].lower() or "en", joined):
        if whole and _goes_on(whole[-1], piece):
            whole[-1] += piece
        elif piece.strip():
            whole.append(piece)
    return [sentence.strip() for sentence in whole]


def spaced(words: str) -> str:
    """Return `words` with the space back between two sentences that lost it."""
    return _LOST_SPACE.sub(r"\1 ", words)


def calmed(words: str, body: str) -> str:
    """Return a line that is all in capitals as the article itself writes its words."""
    if not words.isupper() or len(words.split()) < 3:
        return words
    written = {word.casefold(): word for word in _INNER.findall(body)}
    line = re.sub(r"[\w'’-]+", lambda m: written.get(m[0].casefold(), m[0].lower()), words)
    return line[:1].upper() + line[1:]


def of(article: Article) -> list[Sentence]:
    """Return every sentence of the standfirst and the body, in order; each once.

    What the standfirst takes from the body is the body's.
    """
    found: list[Sentence] = []
    seen: set[str] = set()
    for index, paragraph in (*enumerate(article.body), (-1, article.dek)):
        before = ""
        for place, sentence in enumerate(split(paragraph, article.language)):
            if sentence.casefold() not in seen:
                found.append(Sentence(text=sentence, paragraph=index, place=place, before=before))
            seen.add(sentence.casefold())
            before = sentence
    return sorted(found, key=lambda one: (one.paragraph, one.place))


def _goes_on(before: str, piece: str) -> bool:
    """Tell whether the splitter cut inside a sentence."""
    if _ABBREVIATED.search(before.rstrip()) or text.unbalanced(before) is not None:
        return True
    if before.rstrip().endswith(("」", "』")) and piece.startswith(("と", "って")):
        return True  # 「…。」と言った: the quotation is part of the sentence
    glued = not before[-1].isspace() and not _NO_SPACE.search(before)
    first = piece.lstrip(text.CLOSERS)[:1]
    return glued or first.islower() or not any(c.isalnum() for c in piece)
