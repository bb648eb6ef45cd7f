"""The rules that make a version of a difference: what kind of change asks for which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from corpus_tool.release.versions import parse_version

if TYPE_CHECKING:
    from corpus_tool.release.difference.changes import Difference


class Bump(IntEnum):
    """Which number of a version a change raises."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def after(self, version: str) -> str:
        """The version that follows one."""
        major, minor, patch = parse_version(version) or (0, 0, 0)
        if self is Bump.MAJOR:
            return f"{major + 1}.0.0"
        return f"{major}.{minor + 1}.0" if self is Bump.MINOR else f"{major}.{minor}.{patch + 1}"


_1, _2, _3 = Bump.PATCH, Bump.MINOR, Bump.MAJOR
POLICIES = ("default", "strict", "errata")
"""`strict` is that of TFDS and Croissant, `errata` that of Frictionless Data."""

RULES: Mapping[str, tuple[Bump, Bump, Bump]] = {
    "id renumbered":                (_1, _3, _1),
    "card changed":                 (_1, _1, _1),
    "licence stated":               (_2, _2, _2),
    "licence changed":              (_3, _3, _3),
    "article added to train":       (_2, _3, _2),
    "article added to a new split": (_2, _2, _2),
    "article added to a held-out split": (_3, _3, _2),
    "article removed":              (_3, _3, _3),
    "article moved":                (_3, _3, _3),
    "text changed":                 (_3, _3, _3),
    "text withheld":                (_3, _3, _3),
    "text given":                   (_2, _2, _2),
    "metadata changed":             (_2, _3, _1),
    "layer annotated or withdrawn": (_2, _3, _2),
    "annotation added":             (_2, _3, _2),
    "annotation removed":           (_2, _3, _1),
    "annotation retyped":           (_2, _3, _1),
    "annotation respanned":         (_2, _3, _1),
    "annotation changed":           (_2, _3, _1),
    "annotation gold":              (_2, _3, _1),
    "record added":                 (_2, _3, _2),
    "record removed":               (_2, _3, _1),
    "record changed":               (_2, _3, _1),
    "nullable field added":         (_2, _2, _3),
    "required field added":         (_3, _3, _3),
    "field removed":                (_3, _3, _3),
    "field renamed":                (_3, _3, _3),
    "field retyped":                (_3, _3, _3),
    "field made required":          (_3, _3, _3),
    "field made optional":          (_2, _2, _2),
    "fields reordered":             (_2, _2, _3),
    "constraint changed":           (_1, _1, _3),
    "description changed":          (_1, _1, _1),
    "label appended":               (_2, _2, _2),
    "label removed":                (_3, _3, _3),
    "labels reordered":             (_3, _3, _3),
    "inventory rule changed":       (_2, _2, _3),
    "view added":                   (_2, _2, _2),
    "view removed":                 (_3, _3, _3),
    "column added":                 (_2, _2, _3),
    "column removed":               (_3, _3, _3),
    "column retyped":               (_3, _3, _3),
    "column label appended":        (_2, _2, _2),
    "column label removed":         (_3, _3, _3),
    "column labels reordered":      (_3, _3, _3),
}  # fmt: skip
"""By kind of change what `default`, `strict` and `errata` ask for."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of change, how often it occurs, and what it asks for."""

    change: str
    number: int
    bump: Bump


def reasons(found: Difference, policy: str) -> tuple[Reason, ...]:
    """What a difference asks for, the strongest first; nothing where only the files differ."""
    column = POLICIES.index(policy)
    each = [Reason(change, number, RULES[change][column]) for change, number in found.facts().items()]
    return tuple(sorted(each, key=lambda reason: (-reason.bump, reason.change)))


def bump_of(found: Difference, policy: str) -> Bump:
    """The least that a difference asks for: of one without a change, that is a PATCH."""
    return max((reason.bump for reason in reasons(found, policy)), default=Bump.PATCH)
