"""What the sandbox tests share: a clock that stands still and clients that speak real HTTP."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import requests
from PIL import Image
from requests_oauthlib import OAuth1

from bot.http.sandbox import Server
from bot.platforms.linkedin.sandbox import Sandbox as LinkedIn
from bot.platforms.x.sandbox import Sandbox as X


class StoppedClock:
    """Stands at 06:30 UTC until told otherwise."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, **kwargs: float) -> None:
        self.moment += timedelta(**kwargs)


class Client:
    """One platform of a running sandbox."""

    platform = ""

    def __init__(self, server: Server, clock: StoppedClock, kind: str = "") -> None:
        self.server = server
        self.state = server.state
        self.clock = clock
        self.keys = server.credentials(self.platform, kind)
        self.headers: dict[str, str] = {}
        self.auth: OAuth1 | None = None

    def call(self, method: str, path: str, **kwargs) -> requests.Response:
        kwargs.setdefault("timeout", 10)
        kwargs["headers"] = {**self.headers, **kwargs.pop("headers", {})}
        url = path if path.startswith("http") else self.keys["base_url"] + path
        return requests.request(method, url, auth=self.auth, **kwargs)  # noqa: S113 -- set above

    def get(self, path: str, **kwargs) -> requests.Response:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, **kwargs) -> requests.Response:
        return self.call("POST", path, **kwargs)

    def posts(self) -> list[dict]:
        return self.state.posts(self.platform)


class XClient(Client):
    platform = "x"

    def __init__(self, server: Server, clock: StoppedClock, kind: str = "") -> None:
        super().__init__(server, clock, kind)
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        self.auth = OAuth1(*(self.keys[name] for name in names))

    def tweet(self, text: str = "Hello", **fields) -> requests.Response:
        timeout = fields.pop("timeout", 10)
        return self.post("/2/tweets", json={"text": text, **fields}, timeout=timeout)

    def upload(self, body: bytes | None = None, category: str = "tweet_image") -> requests.Response:
        files = {"media": ("card.png", png() if body is None else body)}
        return self.post("/2/media/upload", files=files, data={"media_category": category})

    def media_id(self) -> str:
        return self.upload().json()["data"]["id"]

    def timeline(self, **params) -> dict:
        user = self.keys["access_token"].split("-")[0]
        return self.get(f"/2/users/{user}/tweets", params=params).json()


class LinkedInClient(Client):
    platform = "linkedin"

    def __init__(self, server: Server, clock: StoppedClock, kind: str = "") -> None:
        super().__init__(server, clock, kind)
        self.author = self.keys["author"]
        self.headers = {
            "Authorization": f"Bearer {self.keys['access_token']}",
            "LinkedIn-Version": self.keys["version"],
            "X-Restli-Protocol-Version": "2.0.0",
        }

    def body(self, commentary: str = "Hello", **fields) -> dict:
        envelope = {
            "author": self.author,
            "commentary": commentary,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        return envelope | fields

    def share(self, commentary: str = "Hello", **fields) -> requests.Response:
        return self.post("/rest/posts", json=self.body(commentary, **fields))

    def urn(self, commentary: str = "Hello", **fields) -> str:
        return self.share(commentary, **fields).headers["x-restli-id"]

    def initialize(self, owner: str = "") -> requests.Response:
        body = {"initializeUploadRequest": {"owner": owner or self.author}}
        return self.post("/rest/images?action=initializeUpload", json=body)

    def image(self, body: bytes | None = None) -> str:
        value = self.initialize().json()["value"]
        answer = self.call("PUT", value["uploadUrl"], data=png() if body is None else body)
        assert answer.status_code == 201
        return value["image"]

    def of(self, urn: str) -> str:
        return f"/rest/posts/{quote(urn, safe='')}"


@contextmanager
def running(
    *, x: X | None = None, linkedin: LinkedIn | None = None, state: Path | None = None
) -> Iterator[tuple[Server, StoppedClock]]:
    """Run both platforms."""
    clock = StoppedClock()
    with Server([x or X(), linkedin or LinkedIn()], state, clock=clock) as server:
        yield server, clock


@contextmanager
def x_client(options: X.Options | None = None, kind: str = "") -> Iterator[XClient]:
    """Run X as the options say, and yield somebody who is signed in."""
    with running(x=X(options)) as (server, clock):
        yield XClient(server, clock, kind)


@contextmanager
def linkedin_client(
    options: LinkedIn.Options | None = None, kind: str = ""
) -> Iterator[LinkedInClient]:
    """Run LinkedIn as the options say, and yield somebody who is signed in."""
    with running(linkedin=LinkedIn(options)) as (server, clock):
        yield LinkedInClient(server, clock, kind)


def png(width: int = 40, height: int = 20, colour: str = "navy", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something another thread does; give up, loudly, after ten seconds."""
    pause = threading.Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")
