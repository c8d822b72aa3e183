"""Whatever a headline says, nothing leaves its place and nothing is lost without a word."""

from dataclasses import replace

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.cards import words
from bot.cards.draw import report
from bot.cards.studio import studio
from bot.cards.wording import for_template, plain
from bot.domain.card import CardContent
from bot.domain.errors import ContentError

#: Letters, digits and marks of the scripts that the shipped fonts have, and some trouble.
ALPHABETS = {
    "latin": "aeinrst lmodWMQgjpy ÅÉñçßøŁžığ ",
    "capitals": "WMQÅÉGOD ",
    "devanagari": "कखगघचजटडतदनपबमयरलवशसह ािीुूेैोौं् ",
    "tamil": "கஙசஞடணதநபமயரலவழளறன ாிீுூெேைொோௌ் ",
    "bengali": "কখগঘচজটডতদনপবমযরলশসহ ািীুূেৈোৌং্ ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת ",
    "han": "的一是不了人我在有他这为之大来以个中上们，。",
    "kana": "あいうえおかきくけこアイウエオ、。ー",
    "hangul": "가나다라마바사아자차카타파하 ",
    "signs": "0123456789 ₹$€%&@#*_\\{}[]()<>“”‘’—–·•≤√ ",
    "emoji": ["👩🏽‍💻", "🇮🇳", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🚀", " "],
    "trouble": ["\u202e", "\u200b", "\u0301", "\n", "\ue000", "\x1b[31m", "a", " ", "\u2066"],
}
EVERY = [
    char for name, some in ALPHABETS.items() if name != "trouble" for char in some if char != " "
]
# Scripts mix from word to word, as people write, or anyhow, as they do not.
anyhow = st.lists(
    st.lists(st.sampled_from(EVERY), min_size=1, max_size=9).map("".join), max_size=40
).map(" ".join)
text = anyhow.map(lambda words: words[:500]) | (
    st.lists(
        st.sampled_from(sorted(ALPHABETS)).flatmap(
            lambda name: (
                st.text(st.sampled_from(list(ALPHABETS[name])), max_size=80)
                if isinstance(ALPHABETS[name], str)
                else st.lists(st.sampled_from(ALPHABETS[name]), max_size=20).map("".join)
            )
        ),
        min_size=1,
        max_size=7,
    )
    .map(" ".join)
    .map(lambda words: words[:500])
)

gently = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(content: CardContent, size: tuple[int, int], role: str) -> None:
    try:
        seen = report(content, size)
    except ContentError:
        needed = (content.title, *((content.quote, content.speaker) if content.quote else ()))
        assert any(not words.clean(said).strip('“”"„«» ') for said in needed)
        return
    assert seen.outside == ()
    clean, _ = plain(content, None)
    boxes = studio().render(content.layout, for_template(clean, size)).boxes
    said = next(box.said for box in boxes if box.role == role)
    whole = getattr(clean, role)
    squeezed = "".join(said.split())
    if squeezed != "".join(whole.split()):
        assert squeezed.endswith("…")
        assert any("was shortened" in finding.message for finding in seen.findings)


@gently
@given(
    title=text,
    dek=text,
    section=text,
    size=st.sampled_from([(1200, 675), (1200, 627), (1080, 1350)]),
)
# Once left of its box: a vowel sign on a bullet.
@example(title="•ீ √ দ아غৈ <为י。खखேௌ ー9在W#", dek="", section="", size=(1200, 675))
# Once too wide: a typeface with optical sizes is wider when it is small.
@example(title="اجااجججسسبDDDDDDDDDD", dek="", section="", size=(1200, 675))
def test_any_headline_stays_in_its_place(
    title: str, dek: str, section: str, size: tuple[int, int]
) -> None:
    check(CardContent(title=title, dek=dek, section=section[:60]), size, "title")


@gently
@given(quote=text, speaker=text, size=st.sampled_from([(1200, 675), (1080, 1350)]))
@example(quote="MMMMMMM", speaker="x", size=(1200, 675))
def test_any_quotation_stays_in_its_place(quote: str, speaker: str, size: tuple[int, int]) -> None:
    content = CardContent(
        title="A headline", layout="quote", quote=quote or "x", speaker=speaker or "x"
    )
    check(replace(content, language="en"), size, "quote")
