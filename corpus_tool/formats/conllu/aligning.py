"""What `# text` says of the white space between tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


def gaps_of(text: str, stated: str, forms: Sequence[str]) -> list[str] | Literal["same"] | None:
    """The white space behind each token by a stated text.

    "same" where the text only has its white space spelt in another way, None where it is not the text of the forms.
    """
    if text.split() == stated.split():
        return "same"
    at, gaps = 0, []
    for number, form in enumerate(forms):
        begin = stated.find(form, at)
        if begin < 0 or stated[at:begin].strip():
            return None
        if number:
            gaps.append(stated[at:begin])
        elif begin:
            return None
        at = begin + len(form)
    return None if stated[at:].strip() else [*gaps, ""]
