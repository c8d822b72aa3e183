"""What a person sees of a demo: steps as they happen, then a table of proofs."""

import sys
from typing import Any, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.demo.run import Played


class View:
    """Writes a demo to a terminal: in colour where there is one, plain lines elsewhere.

    Args:
        as_json: standard output belongs to JSON; steps go to standard error.
    """

    def __init__(self, *, as_json: bool) -> None:
        stream = sys.stderr if as_json else sys.stdout
        width = None if stream.isatty() else 100
        self.console = Console(file=stream, width=width, highlight=False, emoji=False)
        self.status = self.console.status("Getting ready")

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.status.stop()

    def say(self, line: str) -> None:
        """Write one step, and show on a terminal that the next one is under way."""
        name, _, rest = line.partition(" ")
        self.status.update(f"{name} {rest.strip()}")
        self.console.print(Text.assemble((f"{name:<10}", "bold cyan"), rest.strip()))

    def table(self, played: Played) -> None:
        """Write each post as sent, and the proof that it is live."""
        for receipt in played.receipts:
            self.console.print()
            self.console.print(_post(receipt))
        self.console.print()
        verified = sum(1 for receipt in played.receipts if receipt["verified"])
        line = (
            f"{len(played.receipts)} posts live, {verified} read back and equal to what was "
            f"approved, {played.posted} sent by this run, in {played.seconds} s."
        )
        self.console.print(Text(line, style="bold green" if verified else "bold yellow"))
        if played.note:
            self.console.print(Text(played.note, style="yellow"))

    def serving(self, url: str) -> None:
        """Tell where the timeline can be seen."""
        self.console.print(Text.assemble("Timeline ", (url, "bold underline"), "  (Ctrl-C stops)"))


def _post(receipt: dict[str, Any]) -> Table:
    card = receipt["card"]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    rows = {
        "platform": Text({"x": "X", "linkedin": "LinkedIn"}.get(receipt["platform"], ""), "bold"),
        "text": Text(receipt["text"]),
        "length": Text(f"{receipt['length']} of {receipt['limit']}"),
        "card": Text(f"{card['path']} ({card['width']}×{card['height']})"),
        "alt text": Text(receipt["alt_text"]),
        "permalink": Text(receipt["permalink"], style="underline"),
        "read back": Text("equal to what was approved" if receipt["verified"] else "not yet"),
        "took": Text(f"{receipt['seconds']} s"),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table
