"""Comment lines before a sentence: what they say, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_KEYED = re.compile(r"#\s*(newdoc id|newpar id|sent_id|text|global\.Entity|newdoc|newpar)\s*(?:=\s?(.*))?", re.DOTALL)
_CANONICAL = re.compile(r"# ([^=\s](?:[^=]*[^=\s])?) = (.*)", re.DOTALL)
_PASSAGE = re.compile(r"passage(?:::[0-9]+)?")
PASSAGE = "passage"
"""The comment that says where a passage begins that is more than a paragraph."""


@dataclass(slots=True)
class Said:
    """What the comments of one sentence say; notes are line, key (None for a free comment) and value.

    `article` are the ones on the whole article, `paragraph` those on the paragraph that begins here.
    """

    newdoc: bool = False
    newdoc_id: str | None = None
    newpar: bool = False
    newpar_id: str | None = None
    sent_id: str | None = None
    text: str | None = None
    text_line: int = 0
    article: list[tuple[int, str | None, str]] = field(default_factory=list)
    paragraph: list[tuple[int, str | None, str]] = field(default_factory=list)
    notes: list[tuple[int, str | None, str]] = field(default_factory=list)
    passages: list[tuple[int, str]] = field(default_factory=list)


def opens_article(comments: Sequence[str]) -> bool:
    """Whether a document begins with these."""
    return any(line.startswith("#") and line[1:].lstrip().startswith("newdoc") for line in comments)


def parse_comments(comments: Sequence[str], first: int, *, opening: bool) -> Said:
    """What the lines say, the first of them being the line `first`; `opening` before the first sentence of an article.

    Of the article is what stands before its first paragraph or sentence is named; of the paragraph, what stands
    between its beginning and that of the sentence.
    """
    said = Said()
    target = said.article if opening else said.notes
    for line, comment in enumerate(comments, first):
        match = _KEYED.fullmatch(comment)
        if match is not None and _keyed(said, line, match[1], match[2]):
            if match[1].startswith("newpar") and said.sent_id is None:
                target = said.paragraph
            elif match[1] in {"sent_id", "text"}:
                target = said.notes
            continue
        key, value = _free(comment)
        if key is not None and _PASSAGE.fullmatch(key):
            said.passages.append((line, value))
        elif key is not None and (key.startswith("meta::") or key == "global.Entity"):
            said.article.append((line, key, value))
        else:
            target.append((line, key, value))
    return said


def _keyed(said: Said, line: int, key: str, value: str | None) -> bool:
    """Whether it is one of the comments that the format knows."""
    if key in {"newdoc", "newpar"}:
        if value is not None:
            return False
        setattr(said, key, True)  # a comment of its own, without a value
    elif value is None:
        return False
    elif key == "newdoc id":
        said.newdoc, said.newdoc_id = True, value.strip() or None
    elif key == "newpar id":
        said.newpar, said.newpar_id = True, value.strip() or None
    elif key == "sent_id":
        said.sent_id = value.strip() or None
    elif key == "text":
        said.text, said.text_line = value, line
    else:
        said.article.append((line, key, value))
    return True


def _free(comment: str) -> tuple[str | None, str]:
    match = _CANONICAL.fullmatch(comment)
    if match is not None:
        return match[1], match[2]
    return None, comment[2:] if comment.startswith("# ") else comment[1:]


def comment_line(key: str | None, text: str) -> str:
    """A note as a comment that is read as the same note."""
    if key is not None:
        return f"# {key} = {text}"
    line = f"# {text}"
    return line if _free(line) == (None, text) and _KEYED.fullmatch(line) is None else f"# note = {text}"


def is_free(key: str) -> bool:
    """Whether a note of this type comes back as one: the format has no meaning for it."""
    line = f"# {key} = x"
    return _free(line) == (key, "x") and _KEYED.fullmatch(line) is None and not _PASSAGE.fullmatch(key)
