"""What followers would read: one file per article, and all of them in all-posts.txt.

`python -m tests.golden.posts` writes the files anew; read the difference aloud before you
commit it.
"""

from pathlib import Path

from bot.domain.article import Article
from bot.pipeline import words
from bot.pipeline.compose import compose
from tests.unit.pipeline.posts import DIALECTS, articles

HERE = Path(__file__).parent
WORDS = words.load()
_RULE = "─" * 80


def page(article: Article) -> str:
    """Return everything that is made of one article, to be read by a person."""
    parts = [article.title]
    for name, dialect in DIALECTS.items():
        made = compose(article, dialect=dialect, words=WORDS)
        card = made.card
        parts.append(
            f"── {name}, {dialect.measure(made.content.text).length} ──\n{made.content.text}"
        )
        parts.append(f"[card] {card.title}\n[card] {card.dek}".removesuffix("\n[card] "))
        parts += [f"[other wording] {other.text}" for other in made.variants]
        parts += [f"[{found.level}] {found.rule}: {found.message}" for found in made.findings]
    return "\n\n".join(parts) + "\n"


def everything() -> str:
    """Return the posts alone, as a follower scrolls past them."""
    parts: list[str] = []
    for article in articles().values():
        for name, dialect in DIALECTS.items():
            made = compose(article, dialect=dialect, words=WORDS).content
            short = made.text.replace(made.link or "", "[link]")
            parts.append(f"{name} · {article.title}\n\n{short}")
    return f"\n\n{_RULE}\n\n".join(parts) + "\n"


def files() -> dict[Path, str]:
    """Return what every golden file should hold."""
    pages = {HERE / "posts" / f"{name}.txt": page(said) for name, said in articles().items()}
    return {**pages, HERE / "all-posts.txt": everything()}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
