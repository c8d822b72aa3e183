"""Signing in by a key in one's device (WebAuthn, W3C Level 3), which its owner unlocks.

The device asks for a finger, a face or a PIN, so a passkey is two proofs by itself: it stands for
the password and the code. It belongs to the desk's host name; that is why BOT_DESK__URL must name
one, and an address of numbers, or none, has no passkeys.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from bot.app import App
from bot.app.keys import digest
from bot.domain.access import Passkey
from bot.domain.errors import UsageError
from bot.domain.people import User

#: How long a device may take to sign.
PAUSE = timedelta(minutes=5)
#: The longest answer of a device that is looked at.
LONGEST = 20_000
LONGEST_NAME = 40


@dataclass(frozen=True)
class Relying:
    """The desk as devices know it.

    Attributes:
        id: its host name (RP ID); "" where it has none, and so no passkeys.
        origin: from where a browser must ask.
    """

    id: str
    origin: str


def relying(app: App) -> Relying:
    """Return the desk as devices know it, by its public address."""
    parts = urlsplit(app.settings.desk.url)
    host = parts.hostname or ""
    is_number = ":" in host or host.replace(".", "").isdigit()
    secure = parts.scheme == "https" or host == "localhost"
    if not host or is_number or not secure:
        return Relying("", "")
    return Relying(host, f"{parts.scheme}://{parts.netloc}")


def invite(app: App, user: User, visitor: str) -> str:
    """Return what asks a device for a new passkey, as JSON for the browser. Raises UsageError."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415 -- 0.1 s
    from webauthn.helpers import base64url_to_bytes, structs  # noqa: PLC0415

    known = [
        structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential))
        for key in app.store.passkeys.of(user)
    ]
    options = generate_registration_options(
        rp_id=_named(app).id,
        rp_name=app.settings.site.name,
        user_name=user.name,
        user_id=_handle(app, user),
        exclude_credentials=known,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    _ask(app, visitor, "add", options.challenge)
    return options_to_json(options)


def add(app: App, user: User, visitor: str, answer: str, name: str) -> Passkey:
    """Keep the passkey a device has made. Raises UsageError where it is not what was asked for."""
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    place, now = _named(app), app.clock.now()
    challenge = _asked(app, visitor, "add", answer)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.id,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as exc:
        raise UsageError(f"That is no passkey for this desk ({exc}). Nothing was added.") from None
    key = Passkey(
        id=0,
        user=user,
        credential=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        count=made.sign_count,
        name=named(name),
        created_at=now,
    )
    app.store.passkeys.add(key, now=now)
    return key


def challenge(app: App, visitor: str) -> str:
    """Return what asks a device to sign in, as JSON for the browser. Raises UsageError."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=_named(app).id,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    _ask(app, visitor, "sign in", options.challenge)
    return options_to_json(options)


def proved(app: App, visitor: str, answer: str) -> User | None:
    """Return who has signed what this visitor was asked; None where nobody the desk knows."""
    from webauthn import verify_authentication_response  # noqa: PLC0415
    from webauthn.helpers import (  # noqa: PLC0415
        base64url_to_bytes,
        parse_authentication_credential_json,
    )
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    place, now = _named(app), app.clock.now()
    try:
        asked = _asked(app, visitor, "sign in", answer)
        credential = parse_authentication_credential_json(answer)
        key = app.store.passkeys.find(credential.id)
        if key is None or credential.response.user_handle not in (None, _handle(app, key.user)):
            return None
        done = verify_authentication_response(
            credential=credential,
            expected_challenge=asked,
            expected_rp_id=place.id,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.count,
            require_user_verification=True,
        )
    except (UsageError, WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return key.user if app.store.passkeys.used(key, done.new_sign_count, now=now) else None


def named(name: str) -> str:
    """Return what a passkey is called."""
    return " ".join(name.split())[:LONGEST_NAME] or "passkey"


def _named(app: App) -> Relying:
    place = relying(app)
    if not place.id:
        raise UsageError(
            "Passkeys belong to a host name: set BOT_DESK__URL to the desk's https address."
        )
    return place


def _handle(app: App, user: User) -> bytes:
    """Return what devices know somebody by: it tells nothing about them."""
    return bytes.fromhex(app.keys.sign("passkey", str(user.id)))[:32]


def _ask(app: App, visitor: str, purpose: str, challenge: bytes) -> None:
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415

    now = app.clock.now()
    app.store.passkeys.ask(
        digest(visitor), purpose, bytes_to_base64url(challenge), until=now + PAUSE, now=now
    )


def _asked(app: App, visitor: str, purpose: str, answer: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415

    asked = app.store.passkeys.asked(digest(visitor), purpose, now=app.clock.now())
    if not asked or not answer or len(answer) > LONGEST:
        raise UsageError("That took too long, or was done already; nothing was changed. Try again.")
    return base64url_to_bytes(asked)
