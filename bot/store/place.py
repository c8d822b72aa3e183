"""Where an SQLite file may lie: never on a network's file system."""

import re
from pathlib import Path

from bot.domain.errors import ConfigError

#: File systems on which locks do not reliably keep two machines apart (sqlite.org/faq.html#q5).
NETWORKED = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|glusterfs|lustre|gfs2?|ocfs2|beegfs|"
    r"fuse\.(sshfs|glusterfs|ceph|s3fs|rclone|gcsfuse|davfs|davfs2|smbnetfs|blobfuse2?)|davfs"
)

_MOUNTS = Path("/proc/self/mountinfo")


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """Refuse a place on a network's file system, where the system tells what it is.

    Args:
        path: of the database; need not exist.
        mounts: in the form of Linux's /proc/self/mountinfo; None: this machine's.

    Raises:
        ConfigError: locks on it do not keep two publishers apart.
    """
    kind, where = _mount(path.resolve(), _read() if mounts is None else mounts)
    if NETWORKED.fullmatch(kind):
        raise ConfigError(
            f"{path} lies on a network file system ({kind} at {where}), on which SQLite's locks do "
            "not keep two publishers apart; nothing was opened. Set BOT_DATA_DIR to a local disk, "
            "or BOT_DATABASE_URL to a PostgreSQL database."
        )


def _read() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not Linux: nobody to ask
        return ""


def _mount(path: Path, mounts: str) -> tuple[str, str]:
    """Return the kind of file system that holds `path`, and where it is mounted."""
    kind, where = "", Path("/")
    for line in mounts.splitlines():
        place, _, system = line.partition(" - ")
        fields = place.split()
        if len(fields) < 5 or not system:
            continue
        # Blanks are written as octal numbers; a later mount covers an earlier one.
        point = Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= len(where.parts):
            kind, where = system.split()[0], point
    return kind, str(where)
