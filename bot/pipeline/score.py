"""How much news a sentence carries, and what a reader must know to understand it."""

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.domain import text
from bot.domain.article import Article
from bot.pipeline.sentences import Sentence


class Footing(IntEnum):
    """What a sentence needs before it, to be understood."""

    NONE = 0
    STORY = 1  # "The ruling …": a reader who knows what the story is about understands it
    NEIGHBOUR = 2  # "It …", "However, …": needs the very sentence before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence as the choice sees it.

    Attributes:
        words: its content words.
        names: the names in it.
        footing: what it needs before it.
        surnames: people it calls by their surname only, whom the article introduced before.
        heads: what it speaks of as known ("the ruling", "the company").
        subject: whom it is about, "" where that is not plain.
        antecedent: whom "the company" means in it, "" where it says no such thing.
        worth: how much news it carries, whatever was said before.
        matters: how well it says why the story matters; 0.0 where it does not.
    """

    sentence: Sentence
    words: frozenset[str]
    names: frozenset[str]
    footing: Footing
    surnames: frozenset[str]
    heads: frozenset[str]
    subject: str
    antecedent: str
    worth: float
    matters: float

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.sentence.text

    @property
    def order(self) -> tuple[bool, int, int]:
        """Where it stands when told in the article's order, the standfirst last."""
        return self.sentence.paragraph < 0, self.sentence.paragraph, self.sentence.place


# Not `\b`: a vowel sign is no word character to it, so that "इस" would be found inside "इसे".
_E = r"(?![\w\u0900-\u0963])"
_PRONOUN = re.compile(
    rf"^[\"“‘]?(?:It|Its|It's|It’s|They|Their|Them|He|His|She|Her|We|Our|I|You|Your|This|That|These|Those|Such"
    rf"|Both|Neither|Either|Each|One|Another|Others|Some|Here|Doing so|यह|ये|वह|वे|هذا|هذه|ذلك|وهذا|他|她|它|这|該|同社|זה|הוא|היא){_E}"
    r"|^(?:这|該|その|この|これ|それ|同社|该|இந்த|இது|அது)",
)
_HINDI_PRONOUN = re.compile(
    rf"(?<![\w\u0900-\u0963])(?:इस|इसे|इसका|इसकी|इसके|इसमें|इससे|इन|इनका|उस|उसे|उसका|उन|उनका|उनकी|उनके|उन्होंने|उसने|इन्हें|उन्हें){_E}"
)
_CONNECTIVE = re.compile(
    rf"^(?:But|And|Or|Nor|So|Yet|Still|Also|However|Meanwhile|Instead|Moreover|Furthermore|Additionally"
    rf"|Therefore|Thus|Then|Hence|Indeed|Besides|Nevertheless|Nonetheless|Likewise|Similarly|Otherwise"
    rf"|Consequently|Accordingly|Again|Even so|That said|For example|For instance|In addition|In turn"
    rf"|In contrast|By contrast|By comparison|In other words|In short|In this|In that|At that|At the time"
    rf"|At the same time|As a result|As such|As well|On the other hand|Because of this|To that end"
    rf"|With this|With that|After that|Before that|Since then|Until then|Later|Earlier|Separately|Without an?"
    rf"|\w+ (?:years?|months?|weeks?|days?|hours?) (?:later|earlier)|Not everyone|The (?:same|rest|others?|latter|former)"
    rf"|लेकिन|हालांकि|इसलिए|वहीं|साथ ही|जबकि){_E}",
    re.IGNORECASE,
)
_KNOWN = (
    "incident situation move deal agreement decision case allegations allegation announcement report news change"
    " changes update plan project bill ruling lawsuit suit complaint system tool model feature product service"
    " device figure figures funding round investment acquisition partnership finding findings study letter law rule"
    " rules order policy scheme programme program launch release test trial results result researchers authors campaign"
    " activity technology approach development developments initiative chip network guidance cap label runner headband"
    " compiler cut demo demonstration comparison software machine founder stock question questions deleted dismissed"
    " film paper verdict survey switch alarm alarms"
)
_DEFINITE = re.compile(rf"^The (?:[\w-]+ ){{0,2}}?(?P<head>{'|'.join(_KNOWN.split())})\b")
_ANY_WHO = re.compile(
    r"\b[Tt]he (?:[\w-]+ )?(?:company|firm|startup|start-up|group|agency|maker|publisher|lab)(?:['’]s)?\b"
)
_LATER = re.compile(r"\b(?:he|she|they|it|his|her|their|them|its)\b")
_NAME = re.compile(
    r"\b(?!(?:The|A|An|In|On|At|As|For|If|When|While|After|According|By|About|More|Most|From|With|Two|Three|Four|Five"
    r"|Six|Seven|Eight|Nine|Ten|Under|Over|During|Since|Without|Before|Only|Not|No|Its|Their|Independent|Output)\b)"
    r"[A-Z][\w&-]*(?:\.\w+)*(?:['’](?!s\b)\w+)?"
)
_FULL_NAME = re.compile(r"\b[A-Z][\w’'-]+ (?:[A-Z]\. |(?:de|van|von|al|bin) )?([A-Z][a-z][\w-]+)")
_LONE_NAME = re.compile(r"(?<![A-Z][.\w] )(?<![A-Z])\b([A-Z][a-z][\w-]+)")
_FIGURE = re.compile(
    r"[$€£₹¥]\s?\d|\d[\d,.]*\s?(?:%|percent|per cent|million|billion|trillion|crore|lakh)|\d{2,}|[०-९]+"
)
_ACTION = re.compile(
    r"\b(?:accus|alleg|announc|launch|releas|unveil|su(?:ed|es|ing)\b|fin(?:ed|es)\b|ban(?:ned|s)\b|approv|acquir"
    r"|buy|bought|rais|cut|fell|rose|grew|jump|drop|sign|sold|sell|fil(?:ed|es)\b|rul(?:ed|es)\b|order|block"
    r"|halt|warn|confirm|den(?:ied|ies|y)\b|admit|reveal|found|show|report|replac|fire|laid off|hire|appoint"
    r"|resign|die[ds]?\b|kill|win|won|lost|lose|beat|overt|reach|generat|invest|open|clos|cost|pay|paid"
    r"|charg|settl|agree|vote|pass|reject|limit|start|begin|began|end|introduc|build|built|train|plan)",
    re.IGNORECASE,
)
_MATTERS = re.compile(
    r"\b(?:precedent|would mean|means that|could (?:\w+ )?(?:force|change|make|leave|give|set|shape|influence|reshape"
    r"|decide|raise|lower|open|cost|help|affect)|may (?:\w+ )?(?:force|change|make|set|shape|influence)|first time"
    r"|raises? (?:\w+ )?questions?|highlights?|underscores?|underlines?|signals?|marks? (?:a|the)|turning point"
    r"|at stake|implications?|matters? because|the result is|for the first|risks?|competition|pressure on"
    r"|depends? on|affects?|consequences?)\b|इससे|असर|महत्वपूर्ण|अहम|पहली बार",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:landscape|ecosystem|stakeholders?|growing concerns?|rapidly evolving|ever-\w+|game.chang\w+|journey"
    r"|highlights?|underscores?|paradigm|in the realm|remains to be seen|only time will tell|synergy|leverage"
    r"|experts (?:say|believe)|various|several|significant(?:ly)?|robust)\b",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\b(?:subscribe|sign up|newsletter|click here|read more|also read|follow us|all rights reserved|photo(?:graph)?:"
    r"|image credit|getty|share on|sources?:|this article|this story|published on|editor.s note|with inputs from"
    r"|advertisement|disclaimer|cookies|terms of (?:use|service) apply|contacted for comment|did not (?:immediately )?"
    r"respond|this is a developing)\b|https?://|www\.|@\w",
    re.IGNORECASE,
)


def is_boilerplate(sentence: str) -> bool:
    """Tell whether a sentence is about the page instead of the story."""
    return bool(_BOILERPLATE.search(sentence))


def read(pool: list[Sentence], article: Article) -> list[Candidate]:
    """Return what the choice needs to know of each sentence, in order."""
    introduced: set[str] = set()
    lately = ""
    found: list[Candidate] = []
    for sentence in sorted(pool, key=lambda s: (s.paragraph, s.place)):
        names = [name[0] for name in _NAME.finditer(sentence.text)]
        full = {match[1] for match in _FULL_NAME.finditer(sentence.text)}
        refers = bool(_calls_by_role(sentence.text))
        subject = _subject(sentence.text)
        found.append(
            Candidate(
                sentence=sentence,
                words=text.content_words(sentence.text),
                names=frozenset(names),
                footing=footing(sentence.text),
                surnames=frozenset((introduced & set(names)) - full),
                heads=_heads(sentence.text),
                subject=lately if refers and not subject else subject,
                antecedent=lately if refers else "",
                worth=_worth(sentence),
                matters=_matters(sentence, article),
            )
        )
        if sentence.paragraph >= 0:
            introduced |= full
            lately = subject or lately
    return found


def footing(sentence: str) -> Footing:
    """Return what a reader needs before this sentence."""
    if _PRONOUN.match(sentence) or _CONNECTIVE.match(sentence):
        return Footing.NEIGHBOUR
    if _HINDI_PRONOUN.search(sentence):
        return Footing.NEIGHBOUR
    pronoun, name = _LATER.search(sentence), _first_actor(sentence)
    if pronoun and (name is None or name > pronoun.start()):
        return Footing.NEIGHBOUR
    return Footing.STORY if _DEFINITE.match(sentence) or _calls_by_role(sentence) else Footing.NONE


def _first_actor(sentence: str) -> int | None:
    """Return where somebody or something is named first: what a later pronoun may stand for."""
    name = _NAME.search(sentence)
    # "Teachers who …, they": a plain noun in front serves as well
    noun = re.match(
        r"(?:(?:A|An|The|Some|Many|Most|More than|About|Two|Three|\d[\d,.]*) )?(?:[\w-]+ ){1,3}?(?=who|that|which|whose|of|in|with|from)",
        sentence,
    )
    places = [
        place
        for place in (name.start() if name else None, 0 if noun else None)
        if place is not None
    ]
    return min(places, default=None)


def _calls_by_role(sentence: str) -> bool:
    """Tell whether "the company" stands here before anybody is named."""
    role, name = _ANY_WHO.search(sentence), _NAME.search(sentence)
    return role is not None and (name is None or name.start() > role.start())


def _heads(sentence: str) -> frozenset[str]:
    match = _DEFINITE.match(sentence)
    return frozenset({text.stem(match["head"].casefold())}) if match else frozenset()


def _subject(sentence: str) -> str:
    name = _NAME.search(sentence)
    return text.fold(name[0]) if name and len(sentence[: name.start()].split()) <= 2 else ""


def _worth(sentence: Sentence) -> float:
    """Numbers, named actors and verbs of action raise it; vague words and length lower it."""
    words = sentence.text
    names = {name[0] for name in _NAME.finditer(words)}
    value = 1.3 * min(len(_FIGURE.findall(words)), 2) + 0.5 * min(len(names), 4)
    value += 0.8 if _ACTION.search(words) else 0.0
    value += 0.6 if re.search(r"[“\"«「]", words) else 0.0
    value += 1.2 / (1 + max(sentence.paragraph, 0)) + 0.3 / (1 + sentence.place)
    value -= 0.9 * len(_VAGUE.findall(words))
    value -= 1.5 if words.endswith(("?", "？", "؟")) else 0.0
    value -= 1.0 if sentence.paragraph < 0 else 0.0
    value -= max(0, 45 - len(words)) / 30 if words.isascii() else 0.0
    return value


def _matters(sentence: Sentence, article: Article) -> float:
    marks = len(_MATTERS.findall(sentence.text))
    if not marks or sentence.paragraph < 0:
        return 0.0
    depth = (sentence.paragraph + 1) / max(len(article.body), 1)
    names = len({name[0] for name in _NAME.finditer(sentence.text)})
    return marks + 2 * depth + 0.25 * min(names, 3) - 0.5 * len(_VAGUE.findall(sentence.text))
