"""What a caller may name files by: a path, as a string too, and for sources one or several."""

from __future__ import annotations

import os
from collections.abc import Iterable

AnyPath = str | os.PathLike[str]
Named = AnyPath | Iterable[AnyPath]


def names_of(sources: Named) -> list[str]:
    """The sources as strings, in their order; one that stands alone is one source, and not its letters."""
    if isinstance(sources, str | os.PathLike):
        return [os.fspath(sources)]
    return [os.fspath(source) for source in sources]
