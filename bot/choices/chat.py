"""Buttons in chats: who may press them, and what proves that a press is real."""

from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.choices import Group

Users = Annotated[dict[str, str], NoDecode]


class Chat(Group):
    """Messages with buttons. Presses come to BOT_DESK__URL/hooks/slack and /hooks/telegram."""

    slack_token: SecretStr = Field(
        SecretStr(""), description="Bot token of your Slack app (xoxb-…), scope chat:write."
    )
    slack_channel: str = Field("", description="Where it posts, such as C0123456.")
    slack_secret: SecretStr = Field(
        SecretStr(""), description="The app's signing secret; presses without it are refused."
    )
    slack_users: Users = Field(
        {}, description="Who may press: Slack member ids and names at the desk, U0123=asha,…"
    )
    slack_url: str = Field("https://slack.com/api", description="Slack's API.")
    telegram_token: SecretStr = Field(SecretStr(""), description="Token of your Telegram bot.")
    telegram_chat: str = Field("", description="Chat it writes to.")
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        description="secret_token that you gave setWebhook; presses without it are refused.",
    )
    telegram_users: Users = Field(
        {}, description="Who may press: Telegram user ids and names at the desk, 12345=asha,…"
    )
    telegram_url: str = Field("https://api.telegram.org", description="Telegram's API.")

    @field_validator("slack_users", "telegram_users", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.replace(",", " ").split()]
        if any(not chat_id or not name for chat_id, _, name in pairs):
            raise ValueError("write id=name, several separated by commas: U0123=asha")
        return {chat_id: name.casefold() for chat_id, _, name in pairs}
