"""What the desk's browser tests share: people, signed-in pages, a full database."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select

from bot.domain.correction import Correction, Kind
from bot.domain.intake import Held
from bot.store import schema

#: Strings that would run, if any of them reached a page as anything but text.
HOSTILE = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "'><svg/onload=window.hacked=1>",
    "javascript:window.hacked=1//",
    "</textarea><script>window.hacked=1</script>",
    "{{7*7}}${7*7}<%=7*7%>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "<a href=javascript:window.hacked=1>x</a>",
)


def signed_in(page, place, name, path="/"):
    """Open a page as somebody who has signed in."""
    visitor = place.visitor(name)
    page.context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value, "url": place.url}
            for cookie in visitor.session.cookies
        ]
    )
    page.goto(place.url + path)
    return page


def fill(place, like, *, published, waiting):
    """Put copies of an article and its posts into the database, as years of use would."""
    now = place.clock.now()
    with place.app.store.engine.begin() as connection:
        row = dict(
            connection.execute(select(schema.articles).where(schema.articles.c.key == like.key))
            .mappings()
            .one()
        )
        originals = [
            dict(post)
            for post in connection.execute(
                select(schema.posts).where(schema.posts.c.article_key == like.key)
            ).mappings()
        ]
        articles, posts = [], []
        for number in range((published + waiting) // 2):
            key = f"{like.key}-{number}"
            done = number < published // 2
            due = now - timedelta(hours=number + 1) if done else now + timedelta(minutes=number)
            articles.append(
                {**row, "key": key, "url": f"{row['url']}-{number}",
                 "title": f"{row['title']}, part {number}"}
            )  # fmt: skip
            for post in originals:
                fields = {k: v for k, v in post.items() if k != "id"}
                fields |= {"article_key": key, "due_at": due, "state": "drafted"}
                if done:
                    fields |= {"state": "verified", "approved_fingerprint": post["fingerprint"]}
                posts.append(fields)
        connection.execute(insert(schema.articles), articles)
        connection.execute(insert(schema.posts), posts)


def ask(place, article):
    """Ask about a post whose article was changed, and hold a new article; return the question."""
    app, now = place.app, place.clock.now()
    other = replace(article, key=f"{article.key}-held", url=f"{article.url}-held")
    held = Held(source="wire", article=other, whole=True, reason="A flood.", at=now)
    app.store.sightings.hold([held])
    return app.store.corrections.ask(
        Correction(
            article_key=article.key,
            post_id=place.posts(article)["x"].id,
            kind=Kind.CHANGED,
            before=article,
            after=replace(article, title=f"{article.title}, or so"),
            live=True,
            at=now,
        )
    )
