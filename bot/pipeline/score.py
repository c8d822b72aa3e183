"""How much news a sentence carries, and whether a reader understands it on its own."""

import re
from enum import IntEnum

from bot.domain import text
from bot.domain.article import Article
from bot.pipeline.sentences import Sentence


class Footing(IntEnum):
    """What a sentence needs before it, to be understood."""

    NONE = 0
    STORY = 1  # "The ruling …": a reader who knows what the story is about understands it
    NEIGHBOUR = 2  # "It …", "However, …": needs the very sentence before it


_PRONOUN = re.compile(
    r"^[\"“‘]?(?:It|Its|It's|It’s|They|Their|Them|He|His|She|Her|We|Our|I|You|Your|This|That|These|Those|Such"
    r"|Both|Neither|Either|Each|One|Another|Others|Some|Here|There|Doing so|यह|ये|वह|वे|इस|इसे|इसका|इसकी"
    r"|इसके|इसमें|इससे|उस|उन|उनका|उनकी|उनके|उन्होंने|उसने|इन|هذا|هذه|ذلك|وهذا)\b",
)
_CONNECTIVE = re.compile(
    r"^(?:But|And|Or|Nor|So|Yet|Still|Also|However|Meanwhile|Instead|Moreover|Furthermore|Additionally"
    r"|Therefore|Thus|Then|Hence|Indeed|Besides|Nevertheless|Nonetheless|Likewise|Similarly|Otherwise"
    r"|Consequently|Accordingly|Again|Even so|That said|For example|For instance|In addition|In turn"
    r"|In contrast|By contrast|By comparison|In other words|In short|In this|In that|At that|At the time"
    r"|At the same time|As a result|As such|As well|On the other hand|Because of this|To that end"
    r"|With this|With that|After that|Before that|Since then|Until then|Later|Earlier|Separately"
    r"|लेकिन|हालांकि|इसलिए|वहीं|साथ ही|इसके अलावा|जबकि)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"^(?:The (?:\w+ ){0,2}?(?:company|firm|startup|start-up|group|agency|department|ministry|maker|team"
    r"|incident|situation|move|deal|agreement|decision|case|allegations?|announcement|report|news|change"
    r"|changes|update|plan|project|bill|ruling|lawsuit|suit|complaint|system|tool|model|feature|product"
    r"|service|device|figures?|funding|round|investment|acquisition|partnership|findings?|study|letter"
    r"|law|rules?|order|policy|scheme|programme|program|launch|release|test|trial|results?|researchers"
    r"|authors|campaign|activity|technology|approach|development|developments|initiative|chip|network"
    r"|former|latter|two|three|pair|new)\b)",
)
_WHO = re.compile(
    r"^The (?:\w+ ){0,1}?(?:company|firm|startup|start-up|group|agency|maker|former|latter)\b"
)
_SUBJECT_LATER = re.compile(r"\b(?:he|she|they|it|his|her|their)\b")
_NAME = re.compile(
    r"\b(?!(?:The|A|An|In|On|At|As|For|If|When|While|After|According|By)\b)[A-Z][\w.&’'-]+"
)
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


def footing(sentence: str) -> Footing:
    """Return what a reader needs before this sentence."""
    if _PRONOUN.match(sentence) or _CONNECTIVE.match(sentence):
        return Footing.NEIGHBOUR
    pronoun, name = _SUBJECT_LATER.search(sentence), _NAME.search(sentence)
    if pronoun and (name is None or name.start() > pronoun.start()):
        return Footing.NEIGHBOUR
    if _WHO.match(sentence):
        return Footing.NEIGHBOUR
    return Footing.STORY if _DEFINITE.match(sentence) else Footing.NONE


def news_value(sentence: Sentence, *, said: str) -> float:
    """Return how much a sentence tells a reader who has already read `said`.

    Numbers, named actors, verbs of action, an early place and new words raise it; vague
    words lower it.
    """
    words = sentence.text
    names = {name[0] for name in _NAME.finditer(words)}
    value = 1.6 * min(len(_FIGURE.findall(words)), 2) + 0.6 * min(len(names), 4)
    value += 1.2 if _ACTION.search(words) else 0.0
    value += 0.6 if re.search(r"[“\"«「]", words) else 0.0
    value += 1.5 / (1 + max(sentence.paragraph, 0)) + 0.3 / (1 + sentence.place)
    value -= 0.9 * len(_VAGUE.findall(words))
    value -= 1.0 if words.endswith(("?", "？", "؟")) else 0.0
    value -= 3.5 * max(0.0, text.covered(words, said) - 0.35)
    value -= 1.5 if sentence.paragraph < 0 else 0.0
    return value


def significance(sentence: Sentence, article: Article) -> float:
    """Return how well a sentence says why the story matters; 0.0 where it does not."""
    marks = len(_MATTERS.findall(sentence.text))
    if not marks or sentence.paragraph < 0:
        return 0.0
    depth = (sentence.paragraph + 1) / max(len(article.body), 1)
    names = len({name[0] for name in _NAME.finditer(sentence.text)})
    return marks + depth + 0.25 * min(names, 3) - 0.5 * len(_VAGUE.findall(sentence.text))
