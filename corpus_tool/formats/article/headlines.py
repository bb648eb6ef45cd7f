"""Which block of an article is its headline."""

from __future__ import annotations

from corpus_tool.formats.article import cues, inline
from corpus_tool.formats.article.credits import caption_label, credit, only_credit
from corpus_tool.formats.article.dates import dateline
from corpus_tool.formats.article.inline import find_url
from corpus_tool.formats.article.pieces import LONG, Piece

_WINDOW = 8
CLOSING = "\"'”»\u2019)"
"""What may stand after the full stop of a sentence."""


def find_headline(blocks: list[Piece], lines: list[str], title: str | None) -> int | None:
    """The number of the block that is the headline; with a `title`, only what repeats it, or a heading on top."""
    window = range(min(_WINDOW, len(blocks)))
    if title is not None:
        repeated = next((at for at in window if _same(title, inline.plain(lines[at]))), None)
        on_top = bool(blocks) and blocks[0].kind == "heading" and blocks[0].level == 1
        return 0 if repeated is None and on_top else repeated
    found: int | None = None
    closed = False
    for at in window:
        first = found is None and not closed
        if blocks[at].kind == "heading" and len(lines[at]) <= 400 and (first or blocks[at].level == 1):
            return at
        if _is_prose(blocks, lines, at):
            break
        if first and blocks[at].kind == "text" and (not is_furniture(lines[at]) or _calls_itself(lines, at)):
            found = at if _could_be_headline(blocks, lines, at) else None
            closed = found is None
    return found


def is_furniture(line: str) -> bool:
    """Whether a line is what stands around an article: an image, a byline, a date, its source, a link elsewhere."""
    if len(line) > LONG:
        return False
    if inline.image(line) or inline.only_url(line) or caption_label(line) or dateline(inline.plain(line)):
        return True
    cue = cues.source(line)
    if cue and (cue.name is None or cue.url or cues.looks_like_names(cue.name)):
        return True
    return cues.byline(line) is not None or cues.related(line) is not None


def _calls_itself(lines: list[str], at: int) -> bool:
    """Whether a first line such as `Watch: The Vote` or `By Land and Sea` has a byline of its own below it."""
    line = lines[at]
    if at or len(line) > LONG or inline.image(line) or inline.LINK.search(line) or find_url(line):
        return False
    if dateline(inline.plain(line)) or only_credit(line, near=True) or not _before_byline(lines, at):
        return False
    return cues.byline(line) is None or cues.byline(lines[at + 1]) is not None


def _is_prose(blocks: list[Piece], lines: list[str], at: int) -> bool:
    ended = lines[at].rstrip(CLOSING).endswith((".", "…"))
    return blocks[at].kind != "html" and (len(lines[at]) > 250 or (ended and not _before_byline(lines, at)))


def _before_byline(lines: list[str], at: int) -> bool:
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if not 0 < len(following) <= LONG:
        return False
    return cues.byline(following) is not None or dateline(inline.plain(following)) is not None


def _could_be_headline(blocks: list[Piece], lines: list[str], at: int) -> bool:
    line = lines[at]
    if at + 1 >= len(blocks) or not any(character.isalpha() for character in line):
        return False
    if "\n" in line and not _before_byline(lines, at):
        return False
    return line[-1] not in ":;," and credit(line, near=False) is None


def _same(title: str, line: str) -> bool:
    left, right = ("".join(filter(str.isalnum, words.casefold())) for words in (title, line))
    if not left or not right:
        return False
    return left == right or (
        min(len(left), len(right)) >= 12
        and (left.startswith(right) or right.startswith(left))
        and len(right) <= 2 * len(left)
    )
