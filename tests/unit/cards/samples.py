"""Cards that between them show everything a card can be asked to say."""

import io
from dataclasses import replace
from datetime import date

from PIL import Image, ImageDraw, ImageOps

from bot.domain.card import CardContent

X, LINKEDIN, TALL = (1200, 675), (1200, 627), (1080, 1350)

SEED = CardContent(
    title="Anthropic accuses Alibaba of largest Claude cloning attempt, seeks US intervention",
    dek=(
        "Allegations include use of 25,000 fake accounts to extract millions of interactions."
        " The incident is described as the biggest distillation attack ever detected by Anthropic."
    ),
    section="AI",
    published=date(2026, 6, 26),
)
NUMBER = replace(
    SEED,
    layout="number",
    figure="28.8M",
    figure_label="exchanges with Claude in six weeks, through nearly 25,000 fake accounts",
)
QUOTE = replace(
    SEED,
    layout="quote",
    quote="This is the largest distillation attack we have ever detected.",
    speaker="Anthropic, in a letter to two US senators",
)
CAROUSEL = replace(
    SEED,
    layout="carousel",
    facts=(
        "Nearly 25,000 fraudulent accounts were used.",
        "Operators generated over 28.8 million exchanges with Claude between April 22 and June 5.",
        "Anthropic calls it the largest distillation attack it has ever detected.",
    ),
    sources=("Reuters", "CNBC"),
    url="https://theshiftmaker.com/2026-06-26-anthropic-accuses-alibaba-of-largest-claude-cloning?utm_source=linkedin",
)
NEWS = replace(
    SEED,
    layout="number",
    title="Nvidia rival Corvex raises $640 million to build chips for cheaper inference",
    figure="$640M",
    figure_label="Nvidia rival Corvex raises $640 million to build chips for cheaper inference",
    section="Business",
)
LONG = (
    "European regulators open a sweeping antitrust investigation into how the largest cloud"
    " providers bundle generative AI assistants with office software, after complaints from three"
    " smaller rivals in Germany, France and Poland"
)


def photograph(size: tuple[int, int] = (1600, 1000)) -> bytes:
    """Return a picture as busy as a photograph, the same every time (drawn here: no licence)."""
    noise = Image.effect_mandelbrot(size, (-0.78, 0.05, -0.70, 0.13), 90)
    picture = ImageOps.colorize(noise, "#1d2b53", "#fff3c4", mid="#d9653b")
    brush = ImageDraw.Draw(picture)
    for at in range(0, size[0], 160):
        height = 260 + (at * 7919) % 380
        brush.rectangle((at, size[1] - height, at + 110, size[1]), fill=(40 + at // 12, 70, 90))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def plain(colour: str) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (1600, 1000), colour).save(out, "PNG")
    return out.getvalue()


PICTURE = replace(
    SEED, layout="picture", picture=photograph(), picture_alt="A fractal sky above office towers."
)


def _only(title: str, language: str, section: str = "", dek: str = "") -> CardContent:
    return replace(SEED, title=title, dek=dek, language=language, section=section)


SAMPLES: dict[str, tuple[CardContent, tuple[int, int]]] = {
    "headline": (SEED, X),
    "headline-linkedin": (SEED, LINKEDIN),
    "headline-tall": (SEED, TALL),
    "headline-light": (replace(SEED, variant="light", section="Business"), X),
    "number": (NUMBER, X),
    "number-news": (NEWS, X),
    "number-sentence": (
        replace(
            NUMBER,
            title="Teachers’ union and OpenAI agree on rules for chatbots in classrooms",
            figure="400,000",
            figure_label="The agreement covers 400,000 teachers in 12 states.",
            section="Policy",
        ),
        LINKEDIN,
    ),
    "number-rupees": (
        replace(
            NUMBER,
            title="Cabinet clears IndiaAI Mission with a budget for 10,000 graphics processors",
            section="Policy",
            figure="₹10,372 crore",
            figure_label="over five years for the IndiaAI Mission",
        ),
        X,
    ),
    "number-tall-light": (replace(NUMBER, variant="light", section="Policy"), TALL),
    "carousel": (CAROUSEL, TALL),
    "quote": (QUOTE, X),
    "quote-light": (
        replace(
            QUOTE,
            variant="light",
            section="Research",
            quote="We do not know yet whether a larger model understands more, or only remembers more,"
            " and anybody who tells you otherwise is selling something.",
            speaker="A researcher who asked not to be named",
        ),
        LINKEDIN,
    ),
    "quote-tall": (replace(QUOTE, section="Security"), TALL),
    "picture": (PICTURE, X),
    "picture-white": (replace(PICTURE, picture=plain("white")), LINKEDIN),
    "picture-red": (replace(PICTURE, picture=plain("#e8202a"), section="Research"), X),
    "picture-tall": (PICTURE, TALL),
    "three-words": (replace(SEED, title="OpenAI buys Jio", dek=""), X),
    "long": (replace(SEED, title=LONG), X),
    "one-long-word": (replace(SEED, title="Donaudampfschifffahrts" * 3, dek=""), X),
    "hindi": (
        _only(
            "एंथ्रोपिक ने अलीबाबा पर क्लॉड की अब तक की सबसे बड़ी नकल का आरोप लगाया",
            "hi",
            "एआई",
            "कंपनी ने अमेरिकी सीनेटरों को पत्र लिखा। लगभग 25,000 फर्जी खाते इस्तेमाल हुए।",
        ),
        X,
    ),
    "tamil": (
        _only("செயற்கை நுண்ணறிவு துறையில் இந்தியாவின் புதிய முதலீடு: ₹10,372 கோடி திட்டம்", "ta", "ஏஐ"),
        X,
    ),
    "bengali": (_only("কৃত্রিম বুদ্ধিমত্তা নিয়ে নতুন নীতি ঘোষণা করল কেন্দ্রীয় সরকার", "bn", "এআই"), X),
    "arabic": (
        _only(
            "أنثروبيك تتهم علي بابا بأكبر محاولة لاستنساخ نموذج Claude وتطلب تدخل الولايات المتحدة",
            "ar",
            "الذكاء الاصطناعي",
            "تشمل الاتهامات استخدام 25,000 حساب مزيف.",
        ),
        X,
    ),
    "arabic-quote": (
        replace(
            QUOTE,
            language="ar",
            quote="هذا أكبر هجوم تقطير رصدناه على الإطلاق.",
            speaker="أنثروبيك",
            section="الأمن",
        ),
        X,
    ),
    "hebrew": (_only("אנתרופיק מאשימה את עליבאבא בניסיון השיבוט הגדול ביותר של Claude", "he"), X),
    "chinese": (
        _only(
            "Anthropic指控阿里巴巴实施迄今最大规模的Claude模型克隆，要求美国政府介入",
            "zh",
            "人工智能",
        ),
        X,
    ),
    "japanese": (
        _only(
            "アンソロピック、アリババによる過去最大のClaude複製の試みを告発、米国に介入を要請", "ja"
        ),
        X,
    ),
    "korean": (
        _only("앤트로픽, 알리바바의 사상 최대 클로드 복제 시도를 고발하고 미국에 개입 요청", "ko"),
        X,
    ),
    "emoji": (
        _only(
            "India 🇮🇳 hires 10,000 AI teachers 👩🏽‍💻 for ₹500 crore: x ≤ 3√2 and E = mc² ❤️",
            "en",
            "AI",
        ),
        X,
    ),
    "mixed": (_only("Sarvam का नया मॉडל 中文 und العربية in one line", "en", "Research"), X),
}
