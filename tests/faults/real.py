"""The real SQLite store, with the face the simulation plays against."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.domain.article import Article
from bot.domain.post import Content
from bot.store import Store, open_store


def template(folder: Path) -> Path:
    """Make an empty database once; copies of it open much faster than a new one."""
    path = folder / "template.db"
    open_store(f"sqlite:///{path}", folder / "cards").close()
    return path


def fresh(made: Path, number: int) -> "Real":
    """Return an empty store in a copy of the template."""
    path = made.with_name(f"{number}.db")
    shutil.copyfile(made, path)
    return Real(open_store(f"sqlite:///{path}", made.parent / "cards"))


@dataclass
class Real:
    """Ledger, Lookout, Pauses and Desk in one, as `tests.faults.memory.Memory` is."""

    store: Store

    def draft(self, draft, *, now):
        article = Article(
            key=draft.article_key,
            url=f"https://theshiftmaker.com/articles/{draft.article_key}",
            title="t",
            dek="",
            published_at=None,
            body=(),
            source="test",
        )
        self.store.archive.add(article, now=now)
        return self.store.desk.draft(draft, now=now)

    def edit(self, post, content, *, by, now):
        return self.store.desk.edit(
            post, Content(text=content.text, parts=content.parts), (), by=by, now=now
        )

    def __getattr__(self, name):
        store = self.store
        for part in (store.ledger, store.lookout, store.pauses, store.desk):
            if hasattr(part, name):
                return getattr(part, name)
        raise AttributeError(name)

    def story(self):
        return {
            post.id: (
                post,
                list(self.store.lookout.receipts(post)),
                [(row["fence"], row["outcome"]) for row in self.store.history.attempts(post.id)],
            )
            for post in sorted(self.store.desk.posts(), key=lambda post: post.id)
        }


def comparable(story):
    """Return a story in which equal posts are equal, whichever class their words have."""
    return {
        number: (
            {
                **{
                    name: getattr(post, name)
                    for name in post.__dataclass_fields__
                    if name not in ("content", "id")
                },
                "text": post.content.text,
            },
            receipts,
            [(fence, str(outcome)) for fence, outcome in attempts],
        )
        for number, (post, receipts, attempts) in story.items()
    }
