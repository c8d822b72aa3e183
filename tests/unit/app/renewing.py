"""Renew a token in a process that is killed on the way: `python -m tests.unit.app.renewing`.

Arguments: the settings as JSON, the time of day, and where to die: "request", "answer" or
"commit".
"""

import json
import os
import signal
import sys
from datetime import datetime

from bot.app import build
from bot.http.oauth import OAuth2
from bot.settings import model
from bot.store.connections import Connections
from tests.fakes import FakeClock


def _dies(*args, **others):
    os.kill(os.getpid(), signal.SIGKILL)


def main(settings, at, moment):
    app = build(model()(**json.loads(settings)), FakeClock(at=datetime.fromisoformat(at)))
    if moment == "request":
        OAuth2._client = _dies
    elif moment == "answer":
        OAuth2._read = _dies
    else:
        Connections.renewed = _dies
    app.accounts.speaker("x")


if __name__ == "__main__":
    main(*sys.argv[1:])
