"""What a running bot knows of its own life."""

from collections.abc import Mapping
from typing import Protocol


class Life(Protocol):
    """What the worker knows of itself."""

    def ages(self) -> Mapping[str, float]:
        """Return for each duty how many seconds ago it ended last."""
        ...

    def failing(self) -> Mapping[str, str]:
        """Return why each duty failed that did not end well the last time."""
        ...

    def ill(self) -> str:
        """Return why the process should be started again; "" while it need not be."""
        ...

    def unready(self) -> str:
        """Return why nothing is done just now; "" while all is done. Raises StoreError."""
        ...
