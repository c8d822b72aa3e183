"""Settings of the Mastodon account: BOT_MASTODON__* variables."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.http.address import SecureAddress


class Settings(BaseModel):
    """The Mastodon account, where BOT_CHANNELS names mastodon. Keys: Preferences, Development."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    access_token: SecretStr = Field(
        SecretStr(""),
        description="Access token of an application of yours with read:accounts, read:statuses, "
        "write:media and write:statuses.",
    )
    limit: int = Field(500, ge=1, le=100_000, description="Most characters your server takes.")
    visibility: Literal["public", "unlisted", "private"] = Field(
        "public", description="Who sees the posts: public, unlisted or private."
    )
    base_url: SecureAddress = Field("https://mastodon.social", description="Your server.")
    web_url: str = Field("", description="Where permalinks lead; empty: the server.")
    connect_timeout: float = Field(5, gt=0, description="Seconds to connect.")
    read_timeout: float = Field(30, gt=0, description="Seconds to wait for an answer.")

    @property
    def web(self) -> str:
        """Where permalinks lead."""
        return self.web_url or self.base_url
