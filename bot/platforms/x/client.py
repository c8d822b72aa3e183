"""tweepy's client with what it lacks: a base URL, timeouts, v2 media and exact bodies."""

import logging
from typing import Any, cast

import requests
import tweepy
from requests.auth import AuthBase

from bot.domain.accounts import SignedIn
from bot.http.client import Body, Session
from bot.platforms.x.settings import Settings

# At DEBUG tweepy and oauthlib write the Authorization header.
for _name in ("tweepy", "oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy ships no types
    """X API v2 for one account, signed with OAuth 1.0a, or with the token it has signed in for.

    Every call raises tweepy's `HTTPException`s for an answer that is not 2xx and lets
    `requests.RequestException`s through: tweepy does not wrap them either. It never waits for a
    rate limit: tweepy's own waiting posts again without bound when a header is missing.
    """

    def __init__(self, settings: Settings, who: SignedIn | None = None) -> None:
        super().__init__(
            consumer_key=settings.consumer_key.get_secret_value(),
            consumer_secret=settings.consumer_secret.get_secret_value(),
            access_token=settings.access_token.get_secret_value(),
            access_token_secret=settings.access_token_secret.get_secret_value(),
            wait_on_rate_limit=False,
            return_type=requests.Response,
        )
        self.who = who
        self.base_url = settings.base_url
        self.session = Session((settings.connect_timeout, settings.read_timeout))

    @property
    def user_id(self) -> str:
        """The account's number, which an OAuth 1.0a token begins with: no paid read is needed."""
        if self.who:
            return self.who.account.id
        return str(self.access_token).partition("-")[0]

    def request(  # noqa: PLR0913 -- tweepy's signature, and three more
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None = None,
        json: Any = None,
        user_auth: bool = True,
        *,
        data: Any = None,
        files: Any = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Send one request, signed, without redirects, retries or waiting."""
        del user_auth  # there is only the account's own
        response = self.session.request(
            method,
            self.base_url + route,
            params=params,
            json=json,
            data=data,
            files=files,
            headers={"User-Agent": self.user_agent, **(headers or {})},
            auth=self._auth(),
            allow_redirects=False,
        )
        _raise_for(response)
        return response

    def _auth(self) -> AuthBase:
        if self.who:
            handler = tweepy.OAuth2BearerHandler(self.who.access_token)
        else:
            handler = tweepy.OAuth1UserHandler(
                self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
            )
        return cast("AuthBase", handler.apply_auth())

    def create(self, body: Body) -> requests.Response:
        """POST /2/tweets with exactly these bytes, on a connection of its own.

        A kept-alive connection may have died unnoticed, which would leave the outcome unclear.
        """
        self.session.close()
        headers = {"Content-Type": "application/json", "Connection": "close"}
        return self.request("POST", "/2/tweets", data=body, headers=headers)

    def upload(self, picture: bytes, kind: str, category: str) -> requests.Response:
        """POST /2/media/upload, one shot (X API v2, Media upload: images up to 5 MB).

        Args:
            picture: its bytes.
            kind: MIME type.
            category: "tweet_image" or "tweet_gif".
        """
        name = f"card.{kind.rpartition('/')[2]}"
        return self.request(
            "POST",
            "/2/media/upload",
            data={"media_category": category},
            files={"media": (name, picture, kind)},
        )

    def initialize(self, size: int, kind: str, category: str) -> requests.Response:
        """POST /2/media/upload/initialize: begin an upload in pieces."""
        body = {"media_type": kind, "total_bytes": size, "media_category": category}
        return self.request("POST", "/2/media/upload/initialize", json=body)

    def append(self, media_id: str, index: int, piece: bytes) -> requests.Response:
        """POST /2/media/upload/{id}/append: one piece; the same again does no harm."""
        return self.request(
            "POST",
            f"/2/media/upload/{media_id}/append",
            data={"segment_index": str(index)},
            files={"media": ("piece", piece, "application/octet-stream")},
        )

    def finalize(self, media_id: str) -> requests.Response:
        """POST /2/media/upload/{id}/finalize."""
        return self.request("POST", f"/2/media/upload/{media_id}/finalize")

    def upload_status(self, media_id: str) -> requests.Response:
        """GET /2/media/upload?command=STATUS."""
        params = {"command": "STATUS", "media_id": media_id}
        return self.request("GET", "/2/media/upload", params=params)

    def describe(self, media_id: str, alt_text: str) -> requests.Response:
        """POST /2/media/metadata: alt text, at most 1,000 characters."""
        metadata = {"alt_text": {"text": alt_text}}
        return self.request(
            "POST", "/2/media/metadata", json={"id": media_id, "metadata": metadata}
        )

    def remove(self, post_id: str) -> requests.Response:
        """DELETE /2/tweets/{id}."""
        return self.request("DELETE", f"/2/tweets/{post_id}")

    def me(self) -> requests.Response:
        """GET /2/users/me: costs a user read."""
        return self.request("GET", "/2/users/me")

    def timeline(self, params: dict[str, Any]) -> requests.Response:
        """GET /2/users/{id}/tweets, of the account itself: an owned read for each post."""
        return self.request("GET", f"/2/users/{self.user_id}/tweets", params=params)


def _raise_for(response: requests.Response) -> None:
    kinds = {
        400: tweepy.BadRequest,
        401: tweepy.Unauthorized,
        403: tweepy.Forbidden,
        404: tweepy.NotFound,
        429: tweepy.TooManyRequests,
    }
    status = response.status_code
    if 200 <= status < 300:
        return
    kind = tweepy.TwitterServerError if status >= 500 else kinds.get(status, tweepy.HTTPException)
    # Without a body of our own tweepy parses X's, and breaks where it is JSON but no object.
    raise kind(response, response_json={})
