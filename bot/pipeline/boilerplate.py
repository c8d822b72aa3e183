"""What stands in an article and is about its page instead of the story, in many languages."""

import re

_BOILERPLATE = re.compile(
    r"\b(?:subscribe|sign up|newsletter|click here|read more(?! than)|also read|follow us|all rights reserved|photo(?:graph)?:"
    r"|image credit|getty|share on|sources?:|this article|this story|published on|editor.s note|with inputs from"
    r"|advertisement|disclaimer|cookies|terms of (?:use|service) apply|contacted for comment|did not (?:immediately )?"
    r"respond|this is a developing|thanks for reading|live ?blog|our live coverage|refresh this page|forwarded to you"
    r"|forward (?:it|this) to a friend|edited for (?:length|clarity|brevity)|earlier version of this|originally published"
    r"|republished|for more information|listen to this|opens in (?:a )?new (?:window|tab)|share this (?:story|article|post|page)|\d+ min(?:utes?)? read"
    r"|is (?:a|the) (?:[\w’'-]+ ){0,2}leading (?:global )?(?:provider|supplier|developer|maker|manufacturer)"
    r"|media contacts?|catch all the|on google news|our whatsapp|syndicated feed|views (?:expressed )?(?:here )?are personal"
    r"|paid partnership|(?:may|might) earn a commission|file photo)\b|^related:|^(?:story )?first published"
    r"|^the (?:writer|author) is\b"
    r"|^\W?(?:additional |further )?(?:reporting|writing|editing) by|https?://|www\.|@\w"
    r"|(?:यह|इसे) भी पढ़ें|और पढ़ें|सब्सक्राइब|फॉलो करें|न्यूज़लेटर|اقرأ أيضا|اشترك (?:الآن|في النشرة)|تابعونا|نشرة بريدية"
    r"|関連記事|続きを読む|会員登録|有料会員|延伸阅读|相关阅读|关注我们|(?:点击|扫码)订阅"
    r"|\b(?:lesen sie auch|mehr zum thema|abonnieren|lire aussi|à lire aussi|abonnez-vous|inscrivez-vous"
    r"|lea también|lee también|suscríb\w+|leia também|leia mais|assine|leggi anche|iscriviti)\b",
    re.IGNORECASE,
)


def is_boilerplate(sentence: str) -> bool:
    """Tell whether a sentence is about the page instead of the story."""
    return bool(_BOILERPLATE.search(sentence))
