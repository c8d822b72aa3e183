"""Tools for assistants: what their token allows, over the API, and nothing unseen."""

import asyncio
import sys
from itertools import count

import pytest
from mcp import Client, StdioServerParameters

from bot.domain.access import read_scopes
from bot.domain.errors import ConfigError
from bot.domain.people import Role
from bot.domain.post import State
from bot.mcp import Api, server
from bot.tokens import issue
from tests.stories import story
from tests.web import served

_NUMBERS = count(20)
READS = {
    "lists", "posts", "post", "history", "article", "calendar", "record", "corrections",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("mcp")) as place:
        place.user("asha", Role.ADMIN)
        yield place


@pytest.fixture
def token(place):
    def make(scopes):
        asha = place.app.store.people.find("asha")
        return issue(place.app, asha, read_scopes(scopes), name="a", days=9, by="test")[1]

    return make


@pytest.fixture
def post(place):
    title, dek, body = story(next(_NUMBERS))
    return place.posts(place.article(title, dek=dek, body=body))["x"]


def use(made, *calls):
    """Return the names of the tools, and what each call came to: (failed, answer)."""

    async def go():
        async with Client(made) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            found = []
            for name, values in calls:
                answer = await client.call_tool(name, values)
                text = "".join(getattr(part, "text", "") for part in answer.content)
                found.append(text if answer.is_error else answer.structured_content)
            return names, found

    return asyncio.run(go())


def test_a_token_that_reads_gives_tools_that_read(place, token, post):
    made = server(Api(place.url, token("read")))
    names, (found, read) = use(made, ("posts", {}), ("post", {"id": post.id}))
    assert names == READS
    assert post.id in {one["id"] for one in found["items"]}
    assert (read["text"], read["content_hash"]) == (post.content.text, post.fingerprint)


def test_a_post_is_changed_and_approved_as_it_was_read(place, token, post):
    made = server(Api(place.url, token("read edit approve")))
    words = {"id": post.id, "text": post.content.text.replace(" on Monday", "", 1)}
    stale = {"id": post.id, "action": "approve", "content_hash": post.fingerprint}
    names, (judged, edited, refused) = use(
        made,
        ("judge", words),
        ("edit", words | {"content_hash": post.fingerprint, "hashtags": ["Harbour"]}),
        ("decide", stale),
    )
    assert names == READS | {"judge", "edit", "decide"}
    assert judged["length"] > 0
    assert "on Monday" not in edited["text"]
    assert edited["hashtags"] == ["Harbour"]
    assert "was changed since you saw it" in refused
    assert place.app.store.desk.post(post.id).state is State.DRAFTED
    _, (approved,) = use(made, ("decide", stale | {"content_hash": edited["content_hash"]}))
    assert (approved["state"], approved["approval"]["via"]) == ("approved", "api")


def test_a_scope_is_no_more_than_it_says(place, token, post):
    made = server(Api(place.url, token("read edit")))
    wanted = {"id": post.id, "action": "approve", "content_hash": post.fingerprint}
    _, (refused,) = use(made, ("decide", wanted))
    assert "takes a token with the scope" in refused
    assert place.app.store.desk.post(post.id).state is State.DRAFTED


def test_without_a_good_token_or_a_desk_nothing_is_served(place):
    with pytest.raises(ConfigError, match="Nothing was served"):
        server(Api(place.url, "smbot_guess"))
    with pytest.raises(ConfigError, match="does not answer"):
        server(Api("http://127.0.0.1:9", "smbot_guess"))


def test_it_speaks_on_standard_input_and_output(place, token, post, tmp_path):
    file = tmp_path / "token"
    file.write_text(token("read") + "\n")
    command = ["-m", "bot", "mcp", "--url", place.url, "--token-file", str(file)]
    made = StdioServerParameters(command=sys.executable, args=command)
    names, (found,) = use(made, ("lists", {}))
    assert names == READS
    assert found["counts"]["waiting"] >= 1
