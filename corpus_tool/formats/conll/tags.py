"""Tags of one column to chunks and back: IOB1, IOB2 (BIO) and IOBES (BIOES, BILOU)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

Chunk = tuple[int, int, str]
"""The first token, the one behind the last, and the label."""
Trouble = tuple[int, str, str]
"""The token where tags contradict their scheme, how, and how they are read all the same."""
FAULTY = "tags that contradict their scheme"

OUTSIDE = "O"
NAMELESS = "_"
"""The label of tags that have none: a bare `B` and `I`."""
_TAG = re.compile(r"([BIMELSUW])(?:-([^\t\r\n]+))?")
_BEGINS, _GOES_ON, _ENDS, _ALONE = "B", "I", "E", "S"
_ROLES = {"B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S", "W": "S"}


class Scheme(StrEnum):
    """How tags mark where a chunk begins and ends."""

    IOB1 = "IOB1"
    IOB2 = "IOB2"
    IOBES = "IOBES"


@lru_cache(maxsize=4096)
def parsed(tag: str) -> tuple[str, str] | None:
    """The role (B, I, E, S) and label of a tag other than O; None where it is no tag."""
    match = _TAG.fullmatch(tag)
    return None if match is None else (_ROLES[match[1]], match[2] or NAMELESS)


def is_tag(value: str) -> bool:
    return value == OUTSIDE or parsed(value) is not None


def chunks(tags: Sequence[str], scheme: Scheme) -> tuple[list[Chunk], list[Trouble]]:
    """The chunks of one sentence; what is no tag counts as outside.

    A tag that goes on where nothing has begun begins one: what it stands for is not lost.
    """
    found: list[Chunk] = []
    troubles: list[Trouble] = []
    start, behind, label = -1, -1, ""
    for at in [at for at, tag in enumerate(tags) if tag != OUTSIDE]:
        read = parsed(tags[at])
        if read is None:
            continue
        role, kind = read
        if start >= 0 and (at != behind or kind != label or role in {_BEGINS, _ALONE}):
            found.append((start, behind, label))
            _unended(troubles, behind, label, scheme)
            start = -1
        if start < 0:
            if role in {_GOES_ON, _ENDS} and scheme is not Scheme.IOB1:
                troubles.append((at, f"{tags[at]} goes on where no B-{kind} begins", "read as the beginning"))
            start, label = at, kind
        behind = at + 1
        if role in {_ENDS, _ALONE}:
            found.append((start, behind, label))
            start = -1
    if start >= 0:
        found.append((start, behind, label))
        _unended(troubles, behind, label, scheme)
    return found, troubles


def _unended(troubles: list[Trouble], at: int, label: str, scheme: Scheme) -> None:
    if scheme is Scheme.IOBES:
        troubles.append((at - 1, f"no E-{label} (or L-{label}) ends what begins before", "read as ending here"))


def scheme_of(sentences: Iterable[Sequence[str]]) -> tuple[Scheme, bool]:
    """The scheme that the tags of some sentences are in, and whether they leave no doubt.

    In IOB1 a chunk begins with I, with B only right behind one of its own label. Tags without any B are read so, though
    they may be IOB2 that lacks them.
    """
    free = behind = orphans = 0
    for tags in sentences:
        before = ""
        for tag in tags:
            read = None if tag == OUTSIDE else parsed(tag)
            label = "" if read is None else read[1]
            if read is not None and tag[0] not in "BI":
                return Scheme.IOBES, True
            if tag[0:1] == "B" and read is not None:
                behind, free = (behind + 1, free) if label == before else (behind, free + 1)
            elif label != before and label:
                orphans += 1
            before = label
    if orphans and not free:
        return Scheme.IOB1, behind > 0
    return Scheme.IOB2, True


def tagged(length: int, found: Iterable[Chunk]) -> list[str]:
    """Tags in IOB2 of so many tokens, of which chunks cover some, each at most one."""
    tags = [OUTSIDE] * length
    for first, behind, label in found:
        tags[first:behind] = [f"I-{label}"] * (behind - first)
        tags[first] = f"B-{label}"
    return tags
