"""The optional second proof at sign-in: a code from an app (TOTP, RFC 6238).

The app's secret is made of the desk's key and a salt; only the salt is kept, so that a stolen
database opens no door. A code works once.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import segno

from bot.app.keys import Keys, new_secret
from bot.domain.people import User
from bot.store import Store

#: Seconds one code lasts; the one before and the one after are good too, for slow clocks.
STEP = 30
#: How long after the password the code may be typed.
PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Second:
    """Somebody's second proof.

    Attributes:
        kept: what the store has: "", "pending:SALT" or "on:SALT:LAST STEP".
    """

    keys: Keys
    user: User
    kept: str

    @property
    def on(self) -> bool:
        """Whether signing in takes a code."""
        return self.kept.startswith("on:")

    @property
    def pending(self) -> bool:
        """Whether an app was shown the secret and has not proved yet that it has it."""
        return self.kept.startswith("pending:")

    @property
    def secret(self) -> str:
        """What the app has to know, in Base32."""
        salt = self.kept.split(":")[1]
        raw = bytes.fromhex(self.keys.sign("totp", f"{self.user.id}:{salt}"))[:20]
        return base64.b32encode(raw).decode()

    def address(self, site: str) -> str:
        """Return the otpauth address, as apps read it from a QR code."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=self.user.name, issuer_name=site)

    def picture(self, site: str) -> str:
        """Return the QR code of the address as SVG."""
        return segno.make(self.address(site)).svg_inline(scale=4, border=2, light="#fff")

    def step(self, code: str, now: datetime) -> int:
        """Return which time step a code is of; 0 where it is wrong or was used before."""
        digits = "".join(code.split())
        last = int(self.kept.rsplit(":", 1)[1]) if self.on else 0
        current = int(now.timestamp()) // STEP
        totp = pyotp.TOTP(self.secret)
        for step in (current, current - 1, current + 1):
            good = pyotp.utils.strings_equal(digits, totp.generate_otp(step))
            if good and step > last:
                return step
        return 0

    def used(self, step: int) -> str:
        """Return what to keep once the code of `step` was taken."""
        return f"on:{self.kept.split(':')[1]}:{step}"


def of(store: Store, keys: Keys, user: User) -> Second:
    """Return somebody's second proof."""
    return Second(keys, user, store.people.second(user.name))


def fresh() -> str:
    """Return what to keep for an app that is just being shown its secret."""
    return f"pending:{new_secret()}"


def half(keys: Keys, user: User, visitor: str, now: datetime) -> str:
    """Return proof that somebody has just typed the right password, in this browser."""
    until = int((now + PAUSE).timestamp())
    value = f"{user.name}|{until}"
    return f"{value}|{keys.sign('half', f'{value}|{visitor}')}"


def halfway(keys: Keys, proof: str, visitor: str, now: datetime) -> str:
    """Return who has typed the right password in this browser; "" where nobody has, of late."""
    name, _, rest = proof.partition("|")
    until, _, signature = rest.partition("|")
    if not keys.signed("half", f"{name}|{until}|{visitor}", signature):
        return ""
    return name if int(until) > now.timestamp() else ""
