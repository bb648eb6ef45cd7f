"""Which view of a CAS is the article: the only one there is something in, never a guess."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.formats.cas.noted import AMBIGUOUS, UnreadableError
from corpus_tool.formats.cas.structures import Cas, Ref, Structure, Value, View


def picked(cas: Cas) -> View:
    """The view to read. Raises UnreadableError where several have a text, or none has one."""
    texts = [view for view in cas.views if _text(cas, view) is not None]
    if len(texts) == 1:
        return texts[0]
    if texts:
        names = ", ".join(f"'{view.name}'" for view in texts)
        message = f"the views {names} have a text each, and which of them is the article is not said: keep one of them"
        raise UnreadableError(message, rule=AMBIGUOUS)
    raise UnreadableError(_why_none(cas))


def _text(cas: Cas, view: View) -> str | None:
    sofa = cas.structures.get(view.sofa or 0)
    return sofa.text("sofaString") if sofa else None


def _why_none(cas: Cas) -> str:
    """What the views have in the place of a text."""
    for view in cas.views:
        sofa = cas.structures.get(view.sofa or 0)
        if sofa is not None and sofa.text("sofaURI"):
            return f"the view '{view.name}' has no text, only the address of one ({sofa.text('sofaURI')})"
        if sofa is not None and sofa.ref("sofaArray"):
            kind = sofa.text("mimeType") or "of a type that is not said"
            return f"the view '{view.name}' has bytes ({kind}) in the place of a text"
    named = ", ".join(f"'{view.name}'" for view in cas.views)
    return f"no view has a text ({named})" if named else "there is no view, and so no text"


def members(cas: Cas, view: View) -> list[Structure]:
    """What stands in a view, and what that refers to, in the order of the source."""
    found: set[int] = set()
    waiting = [number for number in view.members if number in cas.structures]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            values = cas.structures[number].values.values()
            waiting += [ref for value in values for ref in _refs(value) if ref in cas.structures]
    return [each for number, each in cas.structures.items() if number in found]


def _refs(value: Value) -> Iterator[int]:
    if isinstance(value, Ref):
        yield value.id
    elif isinstance(value, tuple):
        for each in value:
            yield from _refs(each)
