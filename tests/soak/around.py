"""What is not the bot: the platforms, and whoever reads its messages. In a process of its own,
so that its memory does not count as the bot's, or beside it where that does not matter."""

import contextlib
import multiprocessing
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.demo.sandbox import stand_ins
from bot.http.sandbox.state import State
from tests.ears import listening


@dataclass
class Around:
    """What the bot is among.

    Attributes:
        keys: settings of each platform's account.
        state: what the platforms remember.
        address: where operators read.
        heard: returns how many messages they were sent.
    """

    keys: dict
    state: State
    address: str
    heard: object


@contextlib.contextmanager
def beside(folder, clock):
    """Serve it in this process."""
    with stand_ins(folder / "sandbox.db", clock) as server, listening() as ears:
        yield Around(_keys(server), server.state, ears.address, lambda: len(ears.heard))


@contextlib.contextmanager
def apart(folder, clock):
    """Serve it in another process, whose time is this one's."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    time = spawn.Value("d", clock.now().timestamp())
    process = spawn.Process(target=_serve, args=(folder, time, theirs), daemon=True)
    process.start()
    keys, address = ours.recv()

    def heard():
        ours.send("heard")
        return ours.recv()

    def follow(moment):
        time.value = moment.timestamp()

    clock.follow = follow
    with State(folder / "sandbox.db") as state:
        yield Around(keys, state, address, heard)
    ours.send("stop")
    process.join(20)
    assert process.exitcode == 0


@dataclass
class _Followed:
    time: object

    def now(self):
        return datetime.fromtimestamp(self.time.value, UTC)


def _serve(folder, time, pipe):
    with beside(folder, _Followed(time)) as around:
        pipe.send((around.keys, around.address))
        while pipe.recv() == "heard":
            pipe.send(around.heard())


def _keys(server):
    return {name: server.credentials(name) for name in server.sandboxes}
