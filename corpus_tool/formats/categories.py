"""Labels of the whole article as the one string that text classifiers know them by."""

from __future__ import annotations

import re

AXIS = "category"
"""The axis of what a format names without one."""
_WITH_AXIS = re.compile(r"([A-Za-z_][\w.-]*)=(.+)", re.DOTALL)


def category(axis: str, value: str) -> str:
    """`subject=politics`; the bare value on the axis that needs no name."""
    return value if axis == AXIS and not _WITH_AXIS.fullmatch(value) else f"{axis}={value}"


def axis_and_value(name: str) -> tuple[str, str]:
    """What a category says, as axis and value."""
    found = _WITH_AXIS.fullmatch(name)
    return (found[1], found[2]) if found else (AXIS, name)


def comes_back(axis: str, value: str) -> bool:
    """Whether an axis and a value survive being one string."""
    return axis_and_value(category(axis, value)) == (axis, value)
