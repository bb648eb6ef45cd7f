"""Users of an annotation tool, as its files name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOBODY = "unknown"


def agent_of(user: Any) -> str:
    """The agent that a number, a name, an address, or an object with these stands for; `unknown` for nothing.

    An address stays one: pseudonyms are given where sources are converted, and the list of them needs to know whom.
    """
    if isinstance(user, Mapping):
        return agent_of(user.get("email") or user.get("username") or user.get("id"))
    if isinstance(user, str) and user.strip():
        return user
    return f"annotator-{user}" if isinstance(user, int) and not isinstance(user, bool) else NOBODY
