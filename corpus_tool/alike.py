"""Names that some file systems take for one: in another case, or composed otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 255
"""So many bytes a name of a file may have."""


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each name that meets an earlier one, with that one."""
    first: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", name).casefold()
        earlier = first.setdefault(unicodedata.normalize("NFC", key), name)
        if earlier != name:
            yield name, earlier


def unfit(name: str) -> str | None:
    """Why a name cannot be kept on every disk, or leads out of a folder; None where it can."""
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    if ".." in name.replace("\\", "/").split("/"):
        return "it leaves the folder"
    if not name.isprintable():
        return "it has a character that cannot be seen"
    return "it is not in normal form C" if not unicodedata.is_normalized("NFC", name) else None
