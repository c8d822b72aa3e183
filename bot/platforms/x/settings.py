"""Settings of the X account: BOT_X__* variables."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.http.address import SecureAddress


class Settings(BaseModel):
    """The X account. Keys: developer.x.com, your app, "Keys and tokens"; permission Read and write."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    consumer_key: SecretStr = Field(SecretStr(""), description="API key of your app.")
    consumer_secret: SecretStr = Field(SecretStr(""), description="API key secret of your app.")
    access_token: SecretStr = Field(
        SecretStr(""),
        description="Access token of the account. Make it after the app was set to Read and write; "
        "an older token stays read-only.",
    )
    access_token_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    client_id: str = Field(
        "",
        description="For `bot auth x` instead of the four keys: OAuth 2.0 client id of your app.",
    )
    client_secret: SecretStr = Field(
        SecretStr(""), description="Its client secret; empty for a public client."
    )
    handle: str = Field(
        "",
        pattern=r"^@?[A-Za-z0-9_]{0,15}$",
        description="The account's name, such as @theshiftmaker, for permalinks; they also work "
        "without it.",
    )
    limit: int = Field(
        280, ge=1, le=25_000, description="Most weighted characters: 280, or 25000 with Premium."
    )
    made_with_ai: bool = Field(
        False, description="Label the picture as made with AI. Drawn cards are not."
    )
    reply_settings: Literal["", "following", "mentionedUsers", "subscribers", "verified"] = Field(
        "",
        description="Who may reply: following, mentionedUsers, subscribers or verified; empty: "
        "everyone.",
    )
    edit_minutes: int = Field(
        30,
        ge=0,
        le=60,
        description="For how long a live post can be edited, which X lets Premium accounts do; 0: "
        "never.",
    )
    base_url: SecureAddress = Field("https://api.x.com", description="Where the API is.")
    web_url: SecureAddress = Field("https://x.com", description="Where permalinks lead.")
    connect_timeout: float = Field(5, gt=0, description="Seconds to connect.")
    read_timeout: float = Field(30, gt=0, description="Seconds to wait for an answer.")
