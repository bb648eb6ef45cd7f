"""Values at JSON Pointers: what stands there, and whether an edit's `old` still holds."""

from __future__ import annotations

from typing import Any

from corpus_tool.findings import ABSENT, Edit
from corpus_tool.vocabulary import steps

END = "-"
"""The step of a pointer that stands for the end of a list."""


def value_at(value: Any, path: list[str]) -> Any:
    """The value at a path; ABSENT where there is none."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        elif isinstance(value, list) and step.isascii() and step.isdecimal() and str(int(step)) == step:
            value = value[int(step)] if int(step) < len(value) else ABSENT
        else:
            return ABSENT
    return value


def holds(edit: Edit, value: Any) -> bool:
    """Whether an edit can be made: what it takes for old is there, null and absent being the same."""
    path = steps(edit.pointer)
    found = value_at(value, path)
    if edit.old is not ABSENT and edit.old is not None:
        return found is not ABSENT and same(found, edit.old) and bool(path or edit.new is not ABSENT)
    if found is not ABSENT:
        return found is None
    holder = value_at(value, path[:-1]) if path else ABSENT
    addable = isinstance(holder, dict) or (isinstance(holder, list) and path[-1] == END)
    return addable and edit.new is not ABSENT


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same: null is absent, 1.0 is 1, and true is not 1."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            waiting += [(left.get(name), right.get(name)) for name in left.keys() | right.keys()]
        elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif isinstance(left, bool) or isinstance(right, bool):
            if left is not right:
                return False
        elif left != right:
            return False
    return True
