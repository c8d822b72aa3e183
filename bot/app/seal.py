"""Seals what must not be readable in the database: the tokens of accounts (Fernet, AES and HMAC)."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.domain.accounts import AccessToken, Connection
from bot.domain.errors import ConfigError


@dataclass(frozen=True)
class Seal:
    """Seals and opens with the newest key; opens with older ones, too."""

    keys: MultiFernet

    def close(self, token: AccessToken) -> str:
        """Return the token's secrets, encrypted."""
        secrets = {"access_token": token.access_token, "refresh_token": token.refresh_token}
        return self.keys.encrypt(json.dumps(secrets).encode()).decode("ascii")

    def wrap(self, secret: bytes) -> bytes:
        """Return these bytes, encrypted."""
        return self.keys.encrypt(secret)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what was encrypted; nothing where it is torn, or the key is another one."""
        try:
            return self.keys.decrypt(wrapped)
        except InvalidToken:
            return b""

    def open(self, connection: Connection) -> AccessToken:
        """Return the token of a connection. Raises ConfigError where the key is another one."""
        try:
            secrets: dict[str, Any] = json.loads(self.keys.decrypt(connection.sealed))
        except InvalidToken as exc:
            raise ConfigError(
                f"The sign-in of {connection.channel} was sealed with another key; nothing was "
                "sent. Bring back BOT_ACCOUNTS__KEY or accounts.key, or sign in again: bot auth "
                f"{connection.platform}."
            ) from exc
        return AccessToken(
            **secrets,
            scopes=connection.scopes,
            expires_at=connection.expires_at,
            refresh_expires_at=connection.refresh_expires_at,
        )


def load(given: str, folder: Path) -> Seal:
    """Return the seal of the configured keys, or of one kept in `folder`.

    Args:
        given: Fernet keys, newest first, separated by commas; "" for the one in `folder`.
        folder: of the file `accounts.key`, readable by its owner only.

    Raises:
        ConfigError: a key cannot be used, or none can be kept.
    """
    if not given:
        given = _kept(folder / "accounts.key")
    try:
        keys = [Fernet(one.strip()) for one in given.split(",")]
    except ValueError as exc:
        raise ConfigError(
            "BOT_ACCOUNTS__KEY is no key; it is 32 random bytes in URL-safe base64, such as from: "
            "openssl rand -base64 32 | tr '+/' '-_'"
        ) from exc
    return Seal(MultiFernet(keys))


def _kept(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
        if path.stat().st_mode & 0o077:
            raise ConfigError(
                f"The key {path} can be read by others; nothing was signed in. Run: chmod 600 {path}"
            )
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            f"The key {path} cannot be kept or read: {exc}. Set BOT_DATA_DIR to a folder you own, "
            "or BOT_ACCOUNTS__KEY."
        ) from exc


def connection(  # noqa: PLR0913 -- one for each thing that is known
    *,
    channel: str,
    platform: str,
    app: str,
    account: Any,
    token: AccessToken,
    seal: Seal,
    by: str,
    now: datetime,
) -> Connection:
    """Return what is kept of a sign-in."""
    return Connection(
        channel=channel,
        platform=platform,
        app=app,
        account=account,
        scopes=token.scopes,
        renewable=bool(token.refresh_token),
        expires_at=token.expires_at,
        refresh_expires_at=token.refresh_expires_at,
        connected_at=now,
        connected_by=by,
        sealed=seal.close(token),
    )
