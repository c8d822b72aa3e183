"""One run: posts are approved while the bot is killed, the platforms misbehave and editors meddle.

Everything that is chosen is chosen by the run's seed; what the machine makes of it is real. The
folder of a run keeps all that happened: `bot.log`, `points`, both databases.
"""

import random
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.article import Article
from bot.domain.errors import IllegalMove, NotApproved
from bot.domain.ledger import Draft
from bot.domain.post import Content, State
from bot.http.sandbox import Fault, Kind
from bot.http.sandbox import State as Record
from bot.store import open_store
from tests.faults.judge import Books, judge, live, mark
from tests.faults.processes import bot, platforms

CHANNELS = {"x": "x", "linkedin": "l"}

#: How patient the bot is here. Longer than the platforms take, much shorter than in life.
PATIENCE = {
    "BOT_SCHEDULE__TICK_SECONDS": "1",
    "BOT_PUBLISH__SETTLE_SECONDS": "1.2",
    "BOT_PUBLISH__RECHECK_SECONDS": "0.8",
    "BOT_PUBLISH__VERIFY_SECONDS": "0.1",
    "BOT_PUBLISH__BACKOFF_SECONDS": "0.2",
    "BOT_X__READ_TIMEOUT": "0.7",
    "BOT_LINKEDIN__READ_TIMEOUT": "0.7",
    "BOT_LINKEDIN__IMAGE_WAIT": "0.2",
    "BOT_LOG__STYLE": "json",
    "BOT_DESK__ENABLED": "false",
    "BOT_PREFLIGHT__TIMES": "never",  # a killed bot leaves its rehearsal to end by itself
}
#: How long a lease lasts where several workers share a database, in seconds.
LEASE = 8.0
#: Taken at most this long after the request; shown at most this much later. In seconds.
LATE, LAG = 1.0, 0.8

POSTING = ("x.create", "linkedin.create")
PREPARING = ("x.upload", "x.metadata", "linkedin.initialize", "linkedin.upload")
LOOKING = ("x.timeline", "linkedin.list", "linkedin.get")
STATUSES = (400, 401, 402, 403, 408, 429, 500, 502, 503, 504)

#: The moments that matter most; the second life of every run dies at one of them, in turn.
MOMENTS = ("after send", "before commit", "after getresponse", "after commit", "before send")

#: Points passed by a life that has a few posts to send; a kill is planned among them.
POINTS = 150


@dataclass
class Outcome:
    """What one run has shown."""

    seed: int
    kind: str = ""
    kills: int = 0
    points: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)
    posts: int = 0
    doubles: int = 0
    lost: int = 0
    unclear: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    seconds: float = 0.0


class Run:
    """A bot, its platforms, its editors and its bad luck.

    Args:
        seed: of everything.
        folder: for everything it leaves.
        place: makes the database, one of `tests.faults.places`.
        card: a share card, for the posts that have one.
        kills: how often a process is killed.
        workers: processes that publish at the same time; None: one or two, by the seed.
        members: LinkedIn's account is a member's, which cannot be read back; else every fifth.
        broken: name of a way to break the protocol, "" for as shipped.
    """

    def __init__(
        self, seed, folder, place, card, *, kills=4, workers=None, members=False, broken=""
    ):
        self.seed = seed
        self.dice = random.Random(seed)
        self.folder = folder
        self.card = card
        self.kills = kills
        self.shared = place.name == "postgresql"
        self.workers = workers or self.dice.choice((1, 2, 2) if self.shared else (1, 1, 2))
        cluster = self.shared and self.dice.random() < 0.5
        self.command = ("run", "--cluster", "--only", "publisher") if cluster else ("run",)
        self.members = self.dice.random() < 0.2 or members
        self.broken = broken
        self.looks = True  # whether the platforms refuse a text they have already
        self.killed = 0
        self.lives = 0
        self.approved = {}
        self.head = ""
        folder.mkdir(parents=True, exist_ok=True)
        self.url = place.make(seed, folder)
        self.books = Books(self.url)
        self.environ = {}
        self.running = []

    # ---- one run ---------------------------------------------------------------

    def play(self):
        """Return what became of it. The folder is kept where a promise was broken."""
        began = time.monotonic()
        with platforms(self.folder, self._options(), self.members) as given:
            self.environ = {
                **PATIENCE,
                **given,
                "BOT_DATA_DIR": str(self.folder),
                "BOT_DATABASE_URL": self.url,
                "FAULTS_NOTE": str(self.folder / "points"),
                "FAULTS_BREAK": self.broken,
            }
            if self.shared:
                self.environ["BOT_PUBLISH__LEASE_SECONDS"] = str(LEASE)
            try:
                self._draft(2 + self.kills)
                while self.killed < self.kills and self.lives < 5 * self.kills:
                    self._life()
                self._calm((12 if self.broken else 120) + (2 * LEASE if self.shared else 0))
            finally:
                for process in self.running:
                    process.kill()
        return self._outcome(time.monotonic() - began)

    def _options(self):
        lag = timedelta(seconds=self.dice.choice((0, 0, LAG)))
        self.looks = self.dice.random() < 0.5
        window = timedelta(hours=24 if self.looks else 0)
        return {
            name: {"index_delay": lag, "duplicate_window": window} for name in ("x", "linkedin")
        }

    def _outcome(self, seconds):
        verdict = judge(self)
        outcome = Outcome(self.seed, kills=self.killed, seconds=seconds)
        outcome.kind = f"{'postgresql' if self.shared else 'sqlite'}, {self.workers} × "
        outcome.kind += f"bot {' '.join(self.command)}"
        outcome.posts = sum(len(found) for found in live(self.folder).values())
        outcome.doubles, outcome.lost = len(verdict.doubles), len(verdict.lost)
        outcome.unclear, outcome.broken = verdict.unclear, verdict.broken
        points = self.folder / "points"
        outcome.points = points.read_text().splitlines() if points.exists() else []
        with Record(self.folder / "sandbox.db") as record:
            for call in record.calls():
                if call["fault"]:
                    kind = call["fault"]
                    outcome.faults[kind] = outcome.faults.get(kind, 0) + 1
        return outcome

    # ---- a life and its end ----------------------------------------------------

    def _life(self):
        """Start the bot, let it be killed, and note what the audit log said before."""
        self.lives += 1
        self._wake()
        with self._desk() as desk:
            for _ in range(self.dice.choice((1, 1, 2))):
                self._approve(desk)
            if self.dice.random() < 0.3:
                self._meddle(desk)
            self.head = desk.store.audit.verify().head
        self._trouble()
        if self.shared and self.dice.random() < 0.3:
            self._sleep_in_the_middle()
        while len(self.running) < self.workers:
            self._start()
        if self.dice.random() < 0.3:
            with self._desk() as desk:
                self._meddle(desk)
        # A busy machine gets to its moment later, and a life that dies there waits for nobody.
        until = time.monotonic() + (20.0 if self.lives == 2 else self.dice.uniform(0.3, 4.0))
        while time.monotonic() < until and not any(process.killed for process in self.running):
            time.sleep(0.01)
        alive = [process for process in self.running if not process.ended()]
        if alive and not any(process.killed for process in self.running):
            self.dice.choice(alive).kill()
            self._note("at random")
        self.killed += sum(process.killed for process in self.running)
        self.running = [process for process in self.running if not process.ended()]

    def _wake(self):
        """Let those go on that came too late to where they should stand still."""
        for process in self.running:
            process.signal(signal.SIGCONT)

    def _start(self, *, calm=False, sleeps=False):
        environ = {**self.environ, "FAULTS_KILL_AT": "0"}
        if self.lives == 2 and not (calm or sleeps):
            environ["FAULTS_KILL_ON"] = MOMENTS[self.seed % len(MOMENTS)]
            environ["FAULTS_KILL_AT"] = str(self.dice.randint(1, 3))
        elif not (calm or sleeps or self.dice.random() < 0.15):
            environ["FAULTS_KILL_AT"] = str(self._point())
        if sleeps:
            environ["FAULTS_STOP_AT"] = "1"
        anew = self.dice.random() < 0.04
        self.running.append(bot(self.folder, environ, *self.command, anew=anew))

    def _sleep_in_the_middle(self):
        """One worker stands still just before it posts until its lease is over, then goes on.

        It is alone until then, so that there is something for it to post; others come meanwhile.
        """
        for process in self.running:
            process.kill()
            self._note("at random")
            self.killed += 1
        self.running = []
        self._start(sleeps=True)
        process = self.running[0]
        for _ in range(200):
            if process.stopped() or process.ended():
                break
            time.sleep(0.02)
        for _ in range(self.workers):
            self._start()
        if process.stopped():
            time.sleep(LEASE + self.dice.uniform(1, 8))
            self._note("slept past its lease")
        process.signal(signal.SIGCONT)

    def _point(self):
        """The first kill walks through all points, run by run; the others fall anywhere."""
        if self.lives == 1:
            return 1 + (self.seed * 7) % POINTS
        return self.dice.randint(1, POINTS)

    def _calm(self, seconds):
        """No more trouble: whatever was begun has to come to an end by itself."""
        with Record(self.folder / "sandbox.db") as record:
            for endpoint in (*POSTING, *PREPARING, *LOOKING):
                while record.take_fault(endpoint):
                    pass
        for process in self.running:
            process.kill()
        self.running = []
        for _ in range(self.workers):
            self._start(calm=True)
        self._come_to_rest(seconds)
        for process in self.running:
            process.signal(signal.SIGTERM)
        for process in self.running:
            if not process.wait(15):
                process.kill()
                self._note("would not stop")

    def _come_to_rest(self, seconds):
        """Wait in turns, not by the clock: on a busy machine a turn takes longer, as all does."""
        for _ in range(round(seconds * 10)):
            self._resume()
            if not self.books.unquiet():
                return
            if all(process.ended() for process in self.running):
                self._start(calm=True)
            time.sleep(0.1)

    def _resume(self):
        if self.books.rows("SELECT channel FROM pauses"):
            with self._desk() as desk:
                for channel in desk.store.pauses.all():
                    desk.store.pauses.resume(channel, by="operator", now=now())

    def _note(self, what):
        with (self.folder / "points").open("a", encoding="utf-8") as file:
            file.write(f"{what}\n")

    # ---- editors ---------------------------------------------------------------

    def _desk(self):
        return Desk(open_store(self.url, self.folder / "cards", origin="desk"))

    def _draft(self, count):
        with self._desk() as desk:
            desk.store.shelf.put(self.card)
            for number in range(1, count + 1):
                key = f"{self.seed}-{number}"
                desk.store.archive.add(_article(key), now=now())
                for channel, letter in CHANNELS.items():
                    content = self._content(f"{key}{letter}", 1)
                    draft = Draft(
                        article_key=key,
                        platform=channel,
                        channel=channel,
                        content=content,
                        due_at=now(),
                        expires_at=now() + timedelta(hours=12),
                    )
                    desk.store.desk.draft(draft, now=now())

    def _content(self, name, version):
        card = self.card if self.dice.random() < 0.5 else None
        link = f"https://theshiftmaker.com/articles/{name}" if self.dice.random() < 0.5 else None
        return Content(
            text=f"Story {name} v{version}: the bank held its rate. {link or ''}".strip(),
            link=link,
            card=card.sha256 if card else None,
            alt_text=card.alt_text if card else "",
        )

    def _approve(self, desk):
        waiting = desk.store.desk.posts((State.DRAFTED,))
        if len(waiting) > 2:  # the last ones are never approved: they must never go out
            self._approve_one(desk, waiting[0])

    def _approve_one(self, desk, post):
        name, version = mark(post.content.text)
        self.approved.setdefault(name, set()).add(version)
        desk.store.desk.approve(post, by="asha", via="test", now=now())

    def _meddle(self, desk):
        """An editor changes their mind about some post, allowed or not."""
        post = self.dice.choice(desk.store.desk.posts())
        try:
            if self.dice.random() < 0.5:
                name, version = mark(post.content.text)
                content = self._content(name, version + 1)
                post = desk.store.desk.edit(post, content, (), by="asha", now=now())
                if name in self.approved:
                    self._approve_one(desk, post)
            else:
                to = self.dice.choice((State.ON_HOLD, State.DRAFTED, State.REJECTED))
                desk.store.desk.decide(post, to, by="asha", reason="changed my mind", now=now())
        except (IllegalMove, NotApproved):
            pass

    # ---- platforms -------------------------------------------------------------

    def _trouble(self):
        with Record(self.folder / "sandbox.db") as record:
            for _ in range(self.dice.choice((1, 1, 2, 3, 4))):
                endpoint = self.dice.choice(POSTING * 3 + PREPARING + LOOKING)
                record.fault(endpoint, self._fault(endpoint), self.dice.choice((1, 1, 2)))

    def _fault(self, endpoint):
        kind = self.dice.choice(list(Kind))
        # A request that arrives twice is two posts where the platform does not look: not ours.
        if kind is Kind.DUPLICATE_DELIVERY and endpoint in POSTING and not self.looks:
            kind = Kind.ACCEPT_THEN_DROP
        if kind is not Kind.STATUS:
            return Fault(kind=kind, status=500, seconds=self.dice.uniform(0.1, LATE))
        status = self.dice.choice(STATUSES)
        if status == 429 and endpoint.startswith("linkedin"):
            status = 503  # LinkedIn's limit lasts until tomorrow
        return Fault(kind=kind, status=status, body={"title": "Trouble", "detail": "Trouble."})


@dataclass
class Desk:
    """The store, open for a moment."""

    store: object

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.store.close()


def now():
    return datetime.now(UTC)


def _article(key):
    return Article(
        key=key,
        url=f"https://theshiftmaker.com/articles/{key}",
        title="The bank held its rate",
        dek="",
        published_at=now(),
        body=("The bank held its rate.",),
        source="test",
    )
