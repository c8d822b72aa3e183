"""What is sent to those who watch programs: spans to OpenTelemetry, errors to Sentry."""

from pydantic import Field, SecretStr, field_validator

from bot.choices import Group


class Otel(Group):
    """Spans of every article's way, by OTLP over HTTP. Needs shiftmaker-bot[otel]."""

    endpoint: str = Field(
        "",
        description="Where traces go, such as http://127.0.0.1:4318/v1/traces; empty: nowhere.",
    )
    headers: SecretStr = Field(
        SecretStr(""), description="Headers that let us in: name=value, separated by commas."
    )
    service: str = Field("shiftmaker-bot", description="What the bot is called there.")

    @field_validator("endpoint")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with http:// or https://")
        return value

    @field_validator("headers")
    @classmethod
    def _pairs(cls, value: SecretStr) -> SecretStr:
        if not all("=" in one for one in value.get_secret_value().split(",") if one.strip()):
            raise ValueError("write name=value, separated by commas")
        return value


class Sentry(Group):
    """Errors and alarms, without secrets. Needs shiftmaker-bot[sentry]."""

    dsn: SecretStr = Field(SecretStr(""), description="The project's DSN; empty: nothing is sent.")
    environment: str = Field("production", description="What this installation is called there.")
