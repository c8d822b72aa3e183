"""How much news a sentence carries, and what a reader must know to understand it."""

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.domain import text, wording
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
        figures: the numbers in it, as they are written.
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
    figures: frozenset[str]
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
    r"|^(?:这|該|その|この|これ|それ|同社|该|இந்த|இது|அது|しかし|また、|一方|ただ、|さらに|だが|なお、|そのため|このため"
    r"|因此|所以|因为|不过|然而|但是?|同时)",
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
    " team film paper verdict survey switch alarm alarms"
)
_DEFINITE = re.compile(rf"^The (?:[\w-]+ ){{0,2}}?(?P<head>{'|'.join(_KNOWN.split())})\b")
#: "The first eight trains": of those that were spoken of.
_OF_MANY = re.compile(
    r"^The (?:first|next|last|second|third|other|remaining) (?:(?:\d+|two|three|four|five|six|seven|eight"
    r"|nine|ten|dozen|hundred) \w+|meeting|phase|stage|step|round|hearing|batch)\b"
)
_SPOKEN_OF = re.compile(r"\bthe (system|result|ruling|verdict|tool|device|experiment|measure)\b")
_ONLY_QUOTED = re.compile(r"[“\"«「][^“”\"«»]*[”\"»」]$")
_ANY_WHO = re.compile(
    r"\b[Tt]he (?:[\w-]+ )?(?:company|firm|startup|start-up|group|agency|maker|publisher|lab)(?:['’]s)?\b"
)
_ASKED = re.compile(r"^(?:Q|A|Question|Answer): ")
#: Of nobody whom the sentence names, outside its quotations; "World War I" is a number.
_QUOTED = re.compile(r"[“\"«][^“”\"«»]*[”\"»]")
_FIRST_PERSON = re.compile(
    r"\b(?:my|myself|I['’](?:m|ve|d|ll)|I (?:am|was|have|had|think|believe|said|will|would))\b"
)
_LATER = re.compile(r"\b(?:he|she|they|it|his|her|their|them|its)\b")
_NAME = re.compile(
    r"\b(?!(?:The|A|An|In|On|At|As|For|If|When|While|After|According|By|About|More|Most|From|With|Two|Three|Four|Five"
    r"|Six|Seven|Eight|Nine|Ten|Under|Over|During|Since|Without|Before|Only|Not|No|Its|Their|Independent|Output)\b)"
    r"[A-Z][\w&-]*(?:\.\w+)*(?:['’](?!s\b)\w+)?"
)
_FULL_NAME = re.compile(
    r"\b(?P<first>[A-Z][\w’'-]+) (?=(?:[A-Z]\. |(?:de|van|von|al|bin) )?(?P<last>[A-Z][a-z][\w-]*))"
)
_PLAIN_ACTOR = re.compile(
    r"(?:(?:An?|The|Some|Many|Most|More than|About|Two|Three|Each|\d[\d,.]*) )?(?:[\w'’-]+ ){0,3}?[\w'’-]+"
    r" (?=who|that|which|whose|with|is|are|was|were|has|have|had|will|can|may|must|said|say|says)\b"
)
_LEANS_BACK = re.compile(
    r"\bthe same (?:period|time|day|year|month|week)\b|\bby then\b|\bsuch (?:a|an)\b|\bdoing so\b"
    r"|^.{0,80}\b(?:them|it)[.!?]$|\b(?:says?|said|means) (?:that|this) (?:is|was)\b"
    r"|(?:ため|から|わけ)(?:だ|である|です)(?:という|とみられる|としている)?。$"
    r"|\b(?:this|these|those) (?!year|week|month|quarter|spring|summer|autumn|winter|morning|time)\w+"
)
_DENIAL = re.compile(r"\b(?:denies|denied|disputes|disputed|rejects the|rejected the)\b|इनकार")
_RECORD = re.compile(
    r"\b(?:largest|biggest|highest|lowest|fastest|smallest|worst|best|first|record|ever|only|unprecedented|doubled"
    r"|tripled|halved|never)\b|पहली बार|सबसे",
    re.IGNORECASE,
)
#: A year or a time of day is no news by itself.
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURE = re.compile(
    r"[$€£₹¥]\s?\d[\d,.]*|\d[\d,.]*\s?(?:%|percent|per cent|million|billion|trillion|crore|lakh|करोड़|लाख|प्रतिशत|亿|万)"
    r"|(?<![:\d])\d[\d,.]*\d(?!:)|[०-९]+"
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
    r"|decide|raise|lower|open|cost|help|affect)|may (?:\w+ )?(?:force|change|make|set|shape|influence)|first time|(?:is|are) the first"
    r"|raises? (?:\w+ )?questions?|highlights?|underscores?|underlines?|signals?|marks? (?:a|the)|turning point"
    r"|at stake|implications?|matters? because|the result is|risks?|pressure on"
    r"|depends? on|affects?|consequences?)\b|इससे|असर|महत्वपूर्ण|अहम|पहली बार",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:landscape|ecosystem|stakeholders?|growing concerns?|rapidly evolving|ever-\w+|game.chang\w+|journey"
    r"|highlights?|underscores?|paradigm|in the realm|remains to be seen|only time will tell|synergy|leverage"
    r"|experts (?:say|believe)|various|several|significant(?:ly)?|robust)\b",
    re.IGNORECASE,
)


class _Names:
    """The names of one article: told from plain words that only open a sentence."""

    def __init__(self, article: Article) -> None:
        said = article.text
        inside = re.findall(rf"(?<=[a-z,;:] )({_NAME.pattern})", said)
        opening = [name[0] for name in _NAME.finditer(said)]
        small = set(re.findall(r"\b[a-z][\w-]+", said))
        often = {name for name in opening if opening.count(name) > 1 and name.lower() not in small}
        self._sure = {*inside, *often}

    def find(self, sentence: str) -> list[re.Match[str]]:
        return [match for match in _NAME.finditer(sentence) if self._is_name(match, sentence)]

    def _is_name(self, match: re.Match[str], sentence: str) -> bool:
        if sentence[: match.start()].strip('"“‘«([ '):
            return True
        followed = sentence[match.end() : match.end() + 2]
        strange = any(c.isupper() or c.isdigit() for c in match[0][1:])
        return match[0] in self._sure or strange or followed[1:].isupper() or followed[:1] in "'’"


def read(pool: list[Sentence], article: Article) -> list[Candidate]:
    """Return what the choice needs to know of each sentence, in order."""
    known = _Names(article)
    introduced: set[str] = set()
    lately = ""
    found: list[Candidate] = []
    for sentence in sorted(pool, key=lambda s: (s.paragraph, s.place)):
        names = known.find(sentence.text)
        told = {name[0] for name in names}
        full = _surnames(sentence.text)
        refers = _calls_by_role(sentence.text, names)
        subject = _subject(sentence.text, names)
        found.append(
            Candidate(
                sentence=sentence,
                words=text.content_words(sentence.text),
                names=frozenset(told),
                figures=figures(sentence.text),
                footing=footing(sentence.text, names),
                surnames=frozenset((introduced & told) - full),
                heads=_heads(sentence.text),
                subject=lately if refers and not subject else subject,
                antecedent=(lately or "?") if refers else "",
                worth=_worth(sentence, len(told)),
                matters=_matters(sentence, article, len(told)),
            )
        )
        if sentence.paragraph >= 0:
            introduced |= full
            lately = subject or lately
    return found


def _surnames(sentence: str) -> set[str]:
    """Return the last names of those who are called by their full name."""
    found = _FULL_NAME.finditer(sentence)
    return {name["last"] for name in found if name["first"].casefold() not in wording.OPENERS}


def figures(words: str) -> frozenset[str]:
    """Return the numbers of a text as they are written."""
    found = (match.rstrip(".,") for match in _FIGURE.findall(words))
    return frozenset(figure for figure in found if not _YEAR.fullmatch(figure))


def footing(sentence: str, names: list[re.Match[str]]) -> Footing:
    """Return what a reader needs before this sentence, in which these names stand."""
    if any(opens.match(sentence) for opens in (_PRONOUN, _CONNECTIVE, _ASKED)):
        return Footing.NEIGHBOUR
    if _ONLY_QUOTED.fullmatch(sentence) or _LEANS_BACK.search(sentence):
        return Footing.NEIGHBOUR  # nobody says who says it, or when
    if _HINDI_PRONOUN.search(sentence) or _FIRST_PERSON.search(_QUOTED.sub("", sentence)):
        return Footing.NEIGHBOUR
    pronoun, actor = _LATER.search(sentence), _first_actor(sentence, names)
    if pronoun and (actor is None or actor > pronoun.start()):
        return Footing.NEIGHBOUR
    known = _DEFINITE.match(sentence) or _OF_MANY.match(sentence) or _calls_by_role(sentence, names)
    return Footing.STORY if known else Footing.NONE


def _first_actor(sentence: str, names: list[re.Match[str]]) -> int | None:
    """Return where somebody or something is brought in: what a later pronoun may stand for."""
    noun = _PLAIN_ACTOR.match(sentence)
    places = [0] if noun else []
    return min([*places, *(name.start() for name in names[:1])], default=None)


def _calls_by_role(sentence: str, names: list[re.Match[str]]) -> bool:
    """Tell whether "the company" stands here before anybody is named."""
    role = _ANY_WHO.search(sentence)
    return role is not None and (not names or names[0].start() > role.start())


def _heads(sentence: str) -> frozenset[str]:
    match = _DEFINITE.match(sentence)
    heads = {match["head"]} if match else set[str]()
    return frozenset(
        text.stem(head.casefold()) for head in heads.union(_SPOKEN_OF.findall(sentence))
    )


def _subject(sentence: str, names: list[re.Match[str]]) -> str:
    if not names or len(sentence[: names[0].start()].split()) > 2:
        return ""
    return text.fold(names[0][0])


def _worth(sentence: Sentence, names: int) -> float:
    """Numbers, named actors, verbs of action and records raise it; vague words lower it."""
    words = sentence.text
    value = 1.3 * min(len(figures(words)), 2) + 0.5 * min(names, 4)
    value += 0.8 if _RECORD.search(words) else 0.0
    value += 0.8 if _ACTION.search(words) else 0.0
    value += 0.8 if _DENIAL.search(words) else 0.0  # fairness: the other side belongs in
    value += 0.6 if re.search(r"[“\"«「]", words) else 0.0
    value += 1.2 / (1 + max(sentence.paragraph, 0)) + 0.3 / (1 + sentence.place)
    value -= 0.9 * len(_VAGUE.findall(words))
    value -= 1.5 if words.endswith(("?", "？", "؟")) else 0.0
    value -= 2.5 if sentence.paragraph < 0 else 0.0  # the card shows the standfirst
    value -= 3.0 if words.startswith("When ") else 0.0  # an anecdote begins here
    value -= max(0, 45 - len(words)) / 30 if words.isascii() else 0.0
    return value


def _matters(sentence: Sentence, article: Article, names: int) -> float:
    marks = len(_MATTERS.findall(sentence.text))
    if not marks or sentence.paragraph < 0:
        return 0.0
    depth = (sentence.paragraph + 1) / max(len(article.body), 1)
    return marks + 2 * depth + 0.25 * min(names, 3) - 0.5 * len(_VAGUE.findall(sentence.text))
