"""Who said what, in the article's own words, in the languages the site may have."""

import pytest

from bot.domain.article import Article
from bot.pipeline.quotations import quotations

WORDS = "A tool that cannot be turned off is a policy"


def found(body: str, language: str = "en") -> list[tuple[str, str]]:
    article = Article(key="k", url="u", title="A headline", dek="", body=(body,), language=language)
    return list(quotations(article))


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (f"“{WORDS},” said Meera Rao.", "Meera Rao"),
        (f"“{WORDS},” Meera Rao said on Friday.", "Meera Rao"),
        (f"“{WORDS},” Meera Rao told parliament.", "Meera Rao"),
        (f"“{WORDS},” Rao, who runs the office, said.", "Rao"),
        (f'"{WORDS}," Ursula von der Leyen warned.', "Ursula von der Leyen"),
        (f"Meera Rao wrote: “{WORDS}.”", "Meera Rao"),
        (f"Rao, a member of the council, said “{WORDS}.”", "Rao"),
    ],
)
def test_english(body: str, speaker: str) -> None:
    ((quote, who),) = found(body)
    assert quote.rstrip(".") == WORDS
    assert who == speaker


@pytest.mark.parametrize(
    ("language", "body", "quote", "speaker"),
    [
        (
            "de",
            "„Wir haben den Vertrag gestern unterschrieben“, sagte Anna Groß am Freitag.",
            "Wir haben den Vertrag gestern unterschrieben",
            "Anna Groß",
        ),
        (
            "fr",
            "« Nous avons signé le contrat hier matin », a déclaré Élise Dupont.",
            "Nous avons signé le contrat hier matin",
            "Élise Dupont",
        ),
        (
            "es-MX",
            "Álvaro Núñez dijo: “¿Quién va a pagar todas estas máquinas?”",
            "¿Quién va a pagar todas estas máquinas?",
            "Álvaro Núñez",
        ),
        (
            "hi",
            "बैठक शुक्रवार को हुई। मीरा राव ने पत्रकारों से कहा, “हमने कल सुबह समझौते पर हस्ताक्षर कर दिए।”",
            "हमने कल सुबह समझौते पर हस्ताक्षर कर दिए।",
            "मीरा राव",
        ),
        (
            "zh",
            "会议于周五举行。首席执行官李明表示：“我们昨天上午已经签署了这份协议。”",
            "我们昨天上午已经签署了这份协议。",
            "首席执行官李明",
        ),
        (
            "ja",
            "会議は金曜日に開かれた。田中健一氏は「この契約には昨日の朝に署名した」と述べた。",
            "この契約には昨日の朝に署名した",
            "田中健一氏",
        ),
    ],
)
def test_other_languages(language: str, body: str, quote: str, speaker: str) -> None:
    assert found(body, language) == [(quote, speaker)]
    assert quote in body
    assert speaker in body


@pytest.mark.parametrize(
    "body",
    [
        f"“{WORDS},” she said.",
        f"She said: “{WORDS}.”",
        f"The “{WORDS}” said nothing.",
        "Meera Rao said “that a tool which cannot be turned off is a policy.”",
        "“No comment,” said Meera Rao.",
        f"“{'Very long words, ' * 20}” said Meera Rao.",
        f"“{WORDS},” according to a slide.",
        f"“{WORDS}.” Meera Rao left the room.",
        "Meera Rao said nothing.",
        "वह पत्रकारों से मिलीं। “हमने कल सुबह समझौते पर हस्ताक्षर कर दिए।”",
        "",
    ],
)
def test_nobody_is_invented(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (f"Meera Rao said: “{WORDS}.” Jo Vale said: “No comment.”", ["Meera Rao"]),
        (f"Meera Rao asked: “{WORDS}?” Jo Vale said nothing.", []),
        (f"Meera Rao said “{WORDS}.” Jo Vale said nothing.", ["Meera Rao"]),
        (f"“{WORDS},” said Meera Rao. “No comment,” said Jo Vale.", ["Meera Rao"]),
        (f'"No comment," said Meera Rao. "{WORDS}," said Jo Vale.', ["Jo Vale"]),
        (f"“No comment,” said Meera Rao. “{WORDS}.”", []),
        (f"The memo’s “{WORDS}” said Meera Rao was right.", []),
    ],
)
def test_nobody_gets_the_words_of_another(body: str, speakers: list[str]) -> None:
    assert [who for quote, who in found(body) if quote.rstrip(".?") == WORDS] == speakers


def test_the_first_one_comes_first() -> None:
    body = f"“{WORDS},” said Meera Rao. Jo Vale said: “It is a law that nobody has voted for.”"
    assert [who for _, who in found(body)] == ["Meera Rao", "Jo Vale"]
