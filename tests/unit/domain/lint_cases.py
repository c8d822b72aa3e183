"""Texts that each rule must stop, and close ones that it must let pass."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot import platforms
from bot.domain import lint
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.lint import Record, Style
from bot.domain.post import Content, Finding

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ARTICLE = Article(
    key="2026-11-20-corvex",
    url="https://theshiftmaker.com/articles/2026-11-20-corvex",
    title="Chip startup Corvex raises $640 million for cheaper inference",
    dek="Its first processor ships in March 2027.",
    published_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
    body=(
        "Corvex, a chip startup founded in Austin in 2022, has raised $640 million from investors led by Northgate Partners. It employs nearly 410 people and plans to hire 200 more by June 5.",
        "Prosecutors allege that a former engineer, Dana Wu, took designs worth about ₹1.5 lakh crore to a rival. Wu denies the charges. “I took nothing but my coffee mug,” she said in Austin on Thursday at 7:00 a.m.",
        "The European Union may fine Corvex up to 30% of its revenue. The C1 processor reportedly runs 1,900 tokens per second, and its price will not rise. Character.AI and x.ai are customers, as are seven banks.",
    ),
    tags=("Chips",),
)
LINKS = {
    name: f"{ARTICLE.url}?utm_source={name}&utm_medium=social&utm_campaign=2026-11-20"
    for name in ("x", "linkedin")
}
DIALECTS = {
    name: platforms.dialect(name, platforms.settings_class(name)()) for name in ("x", "linkedin")
}
STYLE = Style(
    hashtags=frozenset({"AI", "OpenAI", "DataCenters", "Chips", "ArtificialIntelligence", "India"}),
    mentions={"northgate": "Northgate Partners", "urn:li:organization:77": "Northgate Partners"},
    acronyms=frozenset({"AI", "EU", "CEO"}),
    names=frozenset({"Google", "OpenAI"}),
    sensitive={"death": ("died", "killed"), "election": ("election",)},
    house_words="Why it matters Read the story",
    site="The ShiftMaker",
)
CARD = CardContent(title=ARTICLE.title, dek=ARTICLE.dek)
FACT = "Corvex, a chip startup founded in Austin in 2022, has raised $640 million from investors led by Northgate Partners."
SECOND = "Wu denies the charges."


@dataclass(frozen=True)
class Case:
    """One post; `text` gets the right link where it says LINK."""

    text: str
    platform: str = "x"
    link: str | None = "right"
    hashtags: tuple[str, ...] = ()
    alt_text: str = ""
    card: str | None = None
    parts: tuple[str, ...] = ()
    style: dict = field(default_factory=dict)
    record: Record | None = None
    face: CardContent | None = CARD
    article: Article = ARTICLE

    def findings(self, rule: str) -> list[Finding]:
        link = LINKS[self.platform] if self.link == "right" else self.link
        content = Content(
            text=self.text.replace("LINK", link or ""),
            link=link,
            hashtags=self.hashtags,
            alt_text=self.alt_text,
            card=self.card,
            parts=self.parts,
        )
        style = Style(**{name: getattr(STYLE, name) for name in STYLE.__slots__} | self.style)
        found = lint.check(
            content,
            dialect=DIALECTS[self.platform],
            article=self.article,
            card=self.face,
            style=style,
            record=self.record,
        )
        return [finding for finding in found if finding.rule == rule]


def x(words: str, **more) -> Case:
    return Case(f"{words}\n\nLINK", **more)


def li(words: str, **more) -> Case:
    return Case(f"{words}\n\nRead the story: LINK", platform="linkedin", **more)


def alt(words: str, **more) -> Case:
    return Case(f"{FACT}\n\nLINK", alt_text=words, card="a" * 64, **more)


def aged(hours: float, **more) -> Record:
    return Record(now=ARTICLE.published_at + timedelta(hours=hours), **more)


LONG = "Corvex " * 60
U = LINKS["x"]

TRIPS: dict[str, list[Case]] = {
    "fits": [
        x(f"{FACT} {FACT} {FACT}"),
        x("₹" * 140),
        li("a" * 3100),
        Case("  ", link=None),
        x(FACT, parts=("ab " * 200,)),
    ],
    "whole-sentences": [
        x("Corvex has raised $640 million from investors led by…"),
        x("Corvex has raised $640 million, and"),
        x("Corvex has raised $640 million from the."),
        x("Corvex has raised $640 million from investors:"),
        x("Corvex has raised (so it says $640 million from investors."),
        x("“I took nothing but my coffee mug, she said in Austin."),
        x("Corvex has raised $640 million from investors"),
        li("Corvex has raised $640 million...\n\nWu denies the charges."),
    ],
    "hook-before-fold": [
        li(FACT[:-1] + " and " + FACT),
        li(
            "Corvex, a chip startup founded in Austin in 2022, has raised $640 million from investors led by Northgate Partners of Austin, the first of several."
        ),
        li("Corvex has raised $640 million\n\nfrom investors led by Northgate Partners."),
    ],
    "hook-carries-news": [
        x("New: Corvex has raised $640 million."),
        x("Read how Corvex has raised $640 million."),
        x("The ShiftMaker reports that Corvex has raised $640 million."),
        x("2026-11-20 Corvex has raised $640 million."),
        x("#AI Corvex has raised $640 million."),
        x("🎉 Corvex has raised $640 million."),
        Case("LINK Corvex has raised $640 million."),
        x("it happened again, and nobody saw it."),
        x("$640 million for Corvex."),
    ],
    "has-facts": [
        x("something big happened in the world of chips."),
        li("Corvex has raised $640 million. more may follow soon."),
        x("Google and Nvidia agreed on something."),
    ],
    "facts-match": [
        x("Corvex has raised $650 million."),
        x("Corvex has raised 640 million euros."),
        x("The fine may reach 40% of revenue."),
        x("Corvex plans to hire 200 more by June 6."),
        x("Designs worth ₹1.5 crore were allegedly taken to a rival."),
        x("Corvex employs over 410 people."),
        x("Investors led by Sequoia have put $640 million into Corvex."),
        x("Google has raised $640 million."),
        x("A former engineer, Dana Wu, took designs worth about ₹1.5 lakh crore to a rival."),
        x("Wu admits the charges, and eight banks are customers."),
        x("The European Union will fine Corvex up to 30% of its revenue."),
        x("The C1 processor runs 1,900 tokens per second."),
        x("The price of the C1 processor will rise."),
        x(FACT, parts=("2/ Corvex has 9,000 customers.",)),
    ],
    "quotes-exact": [
        x("“I took everything but my coffee mug,” she said."),
        x('Wu said: "I took nothing."  "I am innocent."'),
        x("“I took nothing … but my tea,” she said."),
        x("Wu took “nothing but my coffee mugs”."),
    ],
    "not-the-headline": [
        x(ARTICLE.title + "."),
        x("Corvex, chip startup, raises $640 million for cheaper inference."),
        x(f"Wu denies the charges. {ARTICLE.title}."),
    ],
    "one-right-link": [
        Case(FACT),
        Case(f"{FACT}\n\nLINK\n\nLINK"),
        Case(f"{FACT}\n\nLINK https://example.com/other"),
        Case(
            f"{FACT}\n\nLINK",
            link="https://theshiftmaker.com/articles/another?utm_source=x&utm_medium=social&utm_campaign=a",
        ),
        Case(f"{FACT}\n\nLINK", link="https://bit.ly/3abc"),
        Case(f"{FACT}\n\nLINK", link=U.replace("https", "http")),
        Case(FACT, link=None),
        Case(f"{FACT}\n\nLINK", style={"link": "elsewhere"}),
    ],
    "no-accidental-links": [
        x("Corvex counts Character.AI among its customers."),
        x("Corvex counts x.ai among its customers."),
        x("Corvex has raised $640 million.It employs nearly 410 people."),
        x("Corvex edited main.py and README.md."),
        li("Corvex counts Character.AI among its customers."),
    ],
    "tracking-right": [
        Case("a LINK", link=ARTICLE.url),
        Case("a LINK", link=U.replace("utm_source=x", "utm_source=linkedin")),
        Case("a LINK", link=U + "&utm_campaign=2026-11-20"),
        Case("a LINK", link=U + "&utm_content=dana.wu@example.com"),
        Case("a LINK", link=U, style={"utm": False}),
        Case("a LINK", link=U, style={"utm_campaign": "spring"}),
    ],
    "few-hashtags": [
        Case(f"{FACT}\n\nLINK #AI #Chips #OpenAI"),
        Case(f"{FACT}\n\nLINK #AI #ai"),
        Case(f"#AI {FACT}\n\nLINK"),
        li("Corvex builds #Chips for banks."),
        li(f"{FACT}\n\n#AI #Chips #OpenAI #India #DataCenters #Six"),
        Case(f"{FACT}\n\nLINK #AI", style={"max_hashtags": 0}),
    ],
    "readable-hashtags": [
        Case(f"{FACT}\n\nLINK #datacenters"),
        Case(f"{FACT}\n\nLINK #openAI"),
        Case(f"{FACT}\n\nLINK #Blessed"),
        Case(f"{FACT}\n\nLINK #AI #ArtificialIntelligence"),
        Case(f"{FACT}\n\nLINK", hashtags=("AI",)),
    ],
    "known-mentions": [
        x("@corvex has raised $640 million."),
        x("Corvex has raised $640 million from @northgate_fake."),
        li("Led by @[Northgate](urn:li:organization:77)."),
        li("Led by @[Acme](urn:li:organization:99)."),
    ],
    "plain-characters": [
        x("𝗖𝗼𝗿𝘃𝗲𝘅 has raised $640 million."),
        x("Corvex\u200b has raised $640 million."),
        x("Corvex has \u202eraised\u202c $640 million."),
        x("Corvex  has raised $640 million."),
        x("Corvexâ€™s chip."),
        x("Corvex &amp; Northgate."),
        x("<p>Corvex has raised $640 million.</p>"),
        x("Cafe\u0301 Corvex."),
        x("Corvex\thas raised\x07 $640 million."),
    ],
    "calm-voice": [
        x("Corvex 🎉 has raised 🚀 $640 million."),
        li("🎉 Corvex has raised $640 million."),
        Case(f"{FACT} 👉 LINK"),
        x("CORVEX HAS RAISED $640 million."),
        x("Corvex has raised $640 million! Really!"),
    ],
    "card-legible": [
        x(FACT, face=CardContent(title="")),
        x(FACT, face=CardContent(title="  ")),
        li(FACT, face=CardContent(title="\n")),
    ],
    "alt-text": [
        alt(""),
        alt("Corvex chip"),
        alt("chip-startup-corvex-raises-640-million-for-cheaper-inference.png"),
        alt("Image of the headline: Chip startup Corvex raises $640 million for cheaper inference"),
        alt("A drawing of some processors on a dark background with nice lines."),
        alt(f"{ARTICLE.title} " * 6),
        alt("a" * 1200),
    ],
    "new-and-safe": [
        x(FACT, record=aged(1, posted=True)),
        x(FACT, record=aged(1, earlier=(f"{FACT} https://theshiftmaker.com/other #AI",))),
        x(FACT, record=aged(13)),
        x(FACT, record=aged(50)),
        x("Dana Wu died in Austin."),
        x(FACT, style={"language": "hi"}),
        x("Corvex and its rival $NVDA and $AMD."),
    ],
}

PASSES: dict[str, list[Case]] = {
    "fits": [x(FACT), x("₹" * 127), li("a" * 2500), x(FACT, parts=("A second part. " + U,))],
    "whole-sentences": [
        x(FACT),
        x("“I took nothing but my coffee mug,” she said."),
        x("Corvex (founded in Austin) has raised $640 million."),
        x("The reports are the texts they were based on."),
        x("Did Corvex raise $640 million?"),
        x("कोरवेक्स ने 640 मिलियन जुटाए।"),
        x('Its screen measures 6" across. She said "yes."'),
        li(f"{FACT}\n\n• Wu denies the charges.\n• It's done."),
    ],
    "hook-before-fold": [
        li(FACT),
        li(f"{SECOND}\n\n{FACT} {FACT}"),
        x(f"{FACT[:-1]} and {FACT}"),
    ],
    "hook-carries-news": [
        x(FACT),
        x("Newcomer Corvex has raised $640 million."),
        x("Readers of Corvex's report were told $640 million."),
        x("640 million dollars went to Corvex, it said."),
        x(
            "नई कंपनी ने धन जुटाया।",
            article=Article(key="a", url=ARTICLE.url, title="क", language="hi"),
        ),
    ],
    "has-facts": [
        x(FACT),
        li(f"{FACT} {SECOND}"),
        x("“I took nothing but my coffee mug,” she said."),
    ],
    "facts-match": [
        x(FACT),
        x("Corvex has raised 640 million dollars."),
        x("Corvex has raised $0.64 billion."),
        x("Corvex plans to hire 200 more by 5 June."),
        x("Prosecutors allege that designs worth about ₹150,000 crore were taken to a rival."),
        x("Corvex employs almost 410 people."),
        x("Dana Wu allegedly took designs worth about ₹1.5 lakh crore to a rival."),
        x("The EU may fine Corvex up to 30 per cent of its revenue."),
        x("The C1 processor reportedly runs 1900 tokens per second."),
        x("Wu denies the charges, and 7 banks are customers."),
        x("Why it matters: Wu spoke on Thursday at 7 a.m."),
        x(FACT, parts=("2/ Wu denies the charges.",)),
    ],
    "quotes-exact": [
        x("“I took nothing but my coffee mug,” she said."),
        x('"I took nothing but my coffee mug," she said.'),
        x("“I took … my coffee mug,” she said."),
        x("It's Corvex's 6\" chip, Wu's lawyers say."),
    ],
    "not-the-headline": [
        x(FACT),
        x("Corvex employs nearly 410 people."),
        x("Northgate Partners led the investors in the chip startup Corvex."),
    ],
    "one-right-link": [
        Case(f"{FACT}\n\nLINK"),
        Case(f"{FACT} LINK."),
        li(FACT),
        Case(FACT, link=None, style={"link": "none"}),
        Case(FACT, style={"link": "elsewhere"}),
    ],
    "no-accidental-links": [
        x("Corvex counts Character AI and xAI among its customers."),
        x("Node.js and Python 3.14 run on it, U.S. engineers say."),
        x("Corvex has raised $640 million. It employs nearly 410 people."),
    ],
    "tracking-right": [
        Case("a LINK"),
        Case("a LINK", link=U + "&utm_content=ab12cd34"),
        Case("a LINK", link=ARTICLE.url, style={"utm": False}),
        Case("a", link=None),
    ],
    "few-hashtags": [
        Case(f"{FACT}\n\nLINK #AI #Chips"),
        Case(f"{FACT}\n\nLINK\n\n#AI #Chips #OpenAI", platform="linkedin"),
        Case(f"{FACT} C# is #1.\n\nLINK"),
    ],
    "readable-hashtags": [
        Case(f"{FACT}\n\nLINK #DataCenters #OpenAI"),
        Case(f"{FACT}\n\nLINK #Chips", hashtags=("Chips",)),
        Case(
            f"{FACT}\n\nLINK #Anything",
            style={"hashtags": frozenset()},
            article=Article(key="a", url=ARTICLE.url, title="a"),
        ),
    ],
    "known-mentions": [
        x("Corvex has raised $640 million from @northgate."),
        li("Led by @[Northgate Partners](urn:li:organization:77)."),
        x("Write to press@corvex.example, they say."),
    ],
    "plain-characters": [
        x(FACT),
        x("कोरवेक्स ने क्\u200dष बनाया।"),
        x("كتب Corvex \u200fتقريرا."),
        x("Corvex 👩\u200d🔬 works."),
        x("介護AI、３割減。"),
        x("Café Corvex & “friends” – 5 × 3."),
        x("One line.\n\nAnother one."),
    ],
    "calm-voice": [
        x("Corvex has raised $640 million 🎉 from investors."),
        x("The EU and the CEO of Corvex spoke about AI."),
        x("Corvex has raised $640 million!"),
        li("• Corvex 🎉 has raised $640 million."),
    ],
    "card-legible": [x(FACT), x(FACT, face=None), li(FACT)],
    "alt-text": [
        alt(ARTICLE.title),
        alt(
            "Headline on a dark card: Chip startup Corvex raises $640 million for cheaper inference. AI, 20 November 2026."
        ),
        x(FACT),
    ],
    "new-and-safe": [
        x(FACT, record=aged(1)),
        x(
            FACT,
            record=aged(
                11, earlier=("Another post about Infosys. https://theshiftmaker.com/o #AI",)
            ),
        ),
        x(FACT, style={"language": "en"}),
        x("Corvex and its rival $NVDA."),
        x("Corvex skilled its deadline."),
    ],
}
