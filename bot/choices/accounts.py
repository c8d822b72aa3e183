"""How accounts sign in, and how their tokens are kept."""

from pydantic import Field, SecretStr

from bot.choices import Group


class Accounts(Group):
    """How accounts sign in (bot auth), and how their tokens are kept."""

    key: SecretStr = Field(
        SecretStr(""),
        description="Seals the tokens in the database (a Fernet key; several are separated by "
        "commas, the newest first); empty: one is made in BOT_DATA_DIR, as accounts.key.",
    )
    callback_port: int = Field(
        8765,
        ge=1,
        le=65_535,
        description="Port of this machine to which the platform sends your browser back. Register "
        "http://127.0.0.1:8765/callback with your apps.",
    )
    callback_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Another address registered with your apps, such as "
        "http://localhost:8765/callback; one that does not lead to this machine needs --paste.",
    )
