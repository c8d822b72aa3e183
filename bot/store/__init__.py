"""All state: SQLAlchemy on SQLite or PostgreSQL. The only part that speaks SQL."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from bot.domain.ports import Clock
from bot.store.access import Answers, Tokens
from bot.store.agenda import Agenda
from bot.store.alarms import Alarms
from bot.store.archive import Archive
from bot.store.arrivals import Arrivals
from bot.store.audit import Audit
from bot.store.backup import Manifest, back_up, restore
from bot.store.byhand import HandBook
from bot.store.calendar import Calendar
from bot.store.connections import Connections
from bot.store.corrections import Corrections
from bot.store.desk import Desk
from bot.store.engine import open_engine
from bot.store.history import History
from bot.store.inbox import Inbox
from bot.store.invitations import Invitations, Notices
from bot.store.leases import DatabaseClock, Leases
from bot.store.ledger import Ledger
from bot.store.lookout import Lookout
from bot.store.pages import Pages
from bot.store.passkeys import Passkeys
from bot.store.pauses import Pauses
from bot.store.people import People
from bot.store.rechecks import Rechecks
from bot.store.record import Record
from bot.store.retention import Retention
from bot.store.revision import Revision
from bot.store.scratches import Scratches
from bot.store.sessions import Sessions
from bot.store.shelf import Shelf
from bot.store.sightings import Sightings
from bot.store.sources import Sources
from bot.store.spending import Spending
from bot.store.takedowns import Takedowns
from bot.store.talk import Talk
from bot.store.trust import Trust
from bot.store.vitals import Vitals
from bot.store.webhooks import Webhooks
from bot.store.wordings import Wordings

__all__ = ["Leases", "Manifest", "Store", "back_up", "open_store", "restore"]


@dataclass(frozen=True)
class Store:
    """Everything that is kept.

    Attributes:
        leases: who works on what; None where one publisher has the database to itself.
    """

    engine: Engine
    archive: Archive
    desk: Desk
    agenda: Agenda
    ledger: Ledger
    lookout: Lookout
    pauses: Pauses
    history: History
    record: Record
    takedowns: Takedowns
    shelf: Shelf
    inbox: Inbox
    people: People
    sessions: Sessions
    wordings: Wordings
    scratches: Scratches
    talk: Talk
    audit: Audit
    calendar: Calendar
    trust: Trust
    sources: Sources
    sightings: Sightings
    arrivals: Arrivals
    rechecks: Rechecks
    corrections: Corrections
    tokens: Tokens
    passkeys: Passkeys
    answers: Answers
    invitations: Invitations
    notices: Notices
    webhooks: Webhooks
    pages: Pages
    connections: Connections
    spending: Spending
    handbook: HandBook
    alarms: Alarms
    vitals: Vitals
    retention: Retention
    revision: Revision
    leases: Leases | None

    @property
    def witness(self) -> Path:
        """The file beside an SQLite database that knows what was done from it last."""
        return self.lock.with_suffix("").with_suffix(".witness")

    @property
    def lock(self) -> Path:
        """The file that says who publishes from this SQLite database, by whatever name it goes.

        It lies beside the database and not in the data folder: two bots with folders of their own
        may have been given the same file.
        """
        database = Path(self.engine.url.database or "").resolve()
        return database.with_name(f"{database.name}.publisher.lock")

    def close(self) -> None:
        """Let go of the database."""
        if self.leases:
            self.leases.end()
        self.revision.close()
        self.engine.dispose()


def open_store(
    url: str, cards: Path, *, origin: str = "", clock: Clock | None = None, lease: float = 120
) -> Store:
    """Open the database at `url` and the folder of cards; make both if need be.

    Args:
        url: SQLAlchemy's address of it.
        cards: where the cards' bytes lie.
        origin: which machine and process this is, for the audit log and the list of workers.
        clock: the machine's; with one, a PostgreSQL database may have several workers.
        lease: seconds a worker may take over one delivery.

    Raises:
        StoreError: they cannot be made or written, or come from a newer version.
    """
    engine = open_engine(url)
    engine.update_execution_options(origin=origin)
    leases = None
    if clock and engine.dialect.name == "postgresql":
        leases = Leases(engine, DatabaseClock(clock), name=origin, seconds=lease)
    return Store(
        engine=engine,
        archive=Archive(engine),
        desk=Desk(engine),
        agenda=Agenda(engine),
        ledger=Ledger(engine, leases=leases),
        lookout=Lookout(engine, leases=leases),
        pauses=Pauses(engine),
        history=History(engine),
        record=Record(engine),
        takedowns=Takedowns(engine),
        shelf=Shelf(engine, cards),
        inbox=Inbox(engine),
        people=People(engine),
        sessions=Sessions(engine),
        wordings=Wordings(engine),
        scratches=Scratches(engine),
        talk=Talk(engine),
        audit=Audit(engine),
        calendar=Calendar(engine),
        trust=Trust(engine),
        sources=Sources(engine),
        sightings=Sightings(engine),
        arrivals=Arrivals(engine),
        rechecks=Rechecks(engine),
        corrections=Corrections(engine),
        tokens=Tokens(engine),
        passkeys=Passkeys(engine),
        answers=Answers(engine),
        invitations=Invitations(engine),
        notices=Notices(engine),
        webhooks=Webhooks(engine),
        pages=Pages(engine),
        connections=Connections(engine),
        spending=Spending(engine),
        handbook=HandBook(engine),
        alarms=Alarms(engine),
        vitals=Vitals(engine),
        retention=Retention(engine),
        revision=Revision(engine),
        leases=leases,
    )
