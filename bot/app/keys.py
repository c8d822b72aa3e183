"""Secrets of the desk: made at random, handed out once, kept as digests."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import ConfigError

#: Shorter keys can be guessed.
SHORTEST = 32


@dataclass(frozen=True)
class Keys:
    """Signs what the desk must recognise as its own."""

    key: bytes

    def sign(self, purpose: str, value: str) -> str:
        """Return the signature of `value` for one purpose only."""
        return hmac.new(self.key, f"{purpose}\n{value}".encode(), hashlib.sha256).hexdigest()

    def signed(self, purpose: str, value: str, signature: str) -> bool:
        """Tell whether `signature` is ours, in the same time whatever it is."""
        return hmac.compare_digest(self.sign(purpose, value).encode(), signature.encode())


def new_secret() -> str:
    """Return 256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is kept of a secret. It is random, so that a fast digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def load(given: str, folder: Path) -> Keys:
    """Return the keys made of the configured secret, or of one kept in `folder`.

    Raises:
        ConfigError: the given one is too short, or none can be kept.
    """
    if given:
        if len(given) < SHORTEST:
            raise ConfigError(
                f"BOT_DESK__SECRET_KEY has {len(given)} characters; give it at least {SHORTEST} "
                "random ones, such as from: openssl rand -base64 32"
            )
        return Keys(given.encode())
    path = folder / "desk.key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(new_secret())
        return Keys(path.read_bytes())
    except FileExistsError:
        return Keys(path.read_bytes())
    except OSError as exc:
        raise ConfigError(
            f"The desk's key {path} cannot be kept ({exc.strerror}). Set BOT_DATA_DIR to a folder "
            "you own, or BOT_DESK__SECRET_KEY."
        ) from exc
