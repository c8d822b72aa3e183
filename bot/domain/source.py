"""What a source gives before it is an article."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What lies at an address, as it came.

    Attributes:
        url: where it was in the end, after every redirect.
        content_type: as the server said, "" where it said nothing.
        headers: of the answer, names in lower case.
    """

    url: str
    content: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
