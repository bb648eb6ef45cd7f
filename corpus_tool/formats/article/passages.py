"""The parts of a news article: headline, byline, captions, paragraphs, and what they say of the article."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus_tool.formats.article import cues, inline
from corpus_tool.formats.article.credits import agency, caption_label, credit, only_credit
from corpus_tool.formats.article.dates import Dateline, dateline, dates
from corpus_tool.formats.article.headlines import CLOSING, find_headline, is_furniture
from corpus_tool.formats.article.html_blocks import figure
from corpus_tool.formats.article.pieces import LONG, Piece, cut, pieces, shade
from corpus_tool.formats.article.readings import Passage, Reading, Type
from corpus_tool.formats.article.titles import names_a_picture, short_title, speakers, speaks

_HEAD = 10
"""How many blocks after the headline can still belong to the head."""

_CAPTION = 1000


def read_passages(text: str, body: int, title: str | None) -> Reading:
    """The passages of `text` from `body` on; `title` is what the front matter calls the article."""
    shaded = shade(text, body)
    blocks = pieces(shaded)
    lines = [
        line
        for number, block in enumerate(blocks)
        for line in cut(shaded, block, _stands_alone_in_head if number < 6 else _stands_alone)
    ]
    walk = _Walk(shaded, lines, title)
    walk.run()
    walk.out.passages.sort(key=lambda passage: (passage.start, -passage.end))
    return walk.out


def _stands_alone(line: str) -> bool:
    if len(line) > LONG:
        return False
    if inline.image(line) or inline.only_url(line) or caption_label(line):
        return True
    cue = cues.source(line)
    if cue and (cue.url or cue.name or line.rstrip("*_ ").endswith(":")):
        return True
    return cues.related(line) is not None and (":" in line or "](" in line)


def _stands_alone_in_head(line: str) -> bool:
    if len(line) > LONG:
        return False
    if _stands_alone(line) or dateline(inline.plain(line)):
        return True
    # In wrapped text a line may well go on with "by President Tokayev".
    return cues.byline(line) is not None and not inline.plain(line)[0].islower()


class _Walk:
    """One pass over the blocks of an article; each `_reader` says how many blocks it took."""

    def __init__(self, shaded: str, blocks: list[Piece], title: str | None) -> None:
        self.out = Reading()
        self._shaded = shaded
        self._blocks = blocks
        self._lines = [shaded[block.start : block.end] for block in blocks]
        self._titled = title is not None
        self._paragraphs = 0
        self._after_image = False
        self._described = False
        self._changed = False
        self._speakers = speakers(self._lines)
        self._headline = find_headline(blocks, self._lines, title)

    def run(self) -> None:
        readers: dict[str, tuple[Callable[[int], int], ...]] = {
            "heading": (self._related, self._heading),
            "text": (
                self._image, self._source, self._related, self._dateline,
                self._byline, self._caption, self._link, self._subheading,
            ),
            "item": (self._image, self._source, self._related, self._numbered),
            "quote": (self._source, self._related),
            "block": (),
            "html": (self._html,),
        }  # fmt: skip
        at = 0
        while at < len(self._blocks):
            after_image = self._after_image
            if at == self._headline:
                taken = self._take_headline(at)
            elif len(self._lines[at]) > LONG:
                taken = 0
            else:
                taken = next((taken for reader in readers[self._blocks[at].kind] if (taken := reader(at))), 0)
            if not taken:
                self._add("paragraph", self._blocks[at].start, self._blocks[at].end)
                self._paragraphs += 1
                taken = 1
            if after_image:
                self._after_image = False
            at += taken

    def _add(self, kind: Type, start: int, end: int) -> None:
        self.out.passages.append(Passage(kind, start, end))

    def _line(self, at: int) -> str:
        return self._lines[at] if 0 <= at < len(self._lines) else ""

    def _in_head(self, at: int) -> bool:
        return at <= (self._headline or 0) + _HEAD and self._paragraphs <= 2

    def _take_headline(self, at: int) -> int:
        start, end = self._inside(at)
        self._add("headline", start, end)
        self.out.headline = inline.plain(self._shaded[start:end]) or None
        return 1

    def _inside(self, at: int) -> tuple[int, int]:
        """The span of a block without emphasis that is around all of it."""
        start, end = inline.unwrapped(self._line(at))
        return self._blocks[at].start + start, self._blocks[at].start + end

    def _heading(self, at: int) -> int:
        if len(self._line(at)) > 400:
            return 0
        self._add("subheading", *self._inside(at))
        return 1

    # Images and captions

    def _html(self, at: int) -> int:
        content = figure(self._line(at))
        if content is None:
            return 0
        if content.caption:
            start = self._blocks[at].start
            self._add_caption(start + content.caption[0], start + content.caption[1])
        self._after_image = content.image and content.caption is None
        return 1

    def _image(self, at: int) -> int:
        line, start = self._line(at), self._blocks[at].start
        image, alt, end = inline.image(line), None, 0
        while image:
            alt = alt or (end + image.alt[0], end + image.alt[1])
            end += image.end + len(line[end + image.end :]) - len(line[end + image.end :].lstrip())
            image = inline.image(line[end:])
        if alt is None:
            return 0
        if end < len(line):
            if len(line) - end > _CAPTION:
                return 0
            self._add_caption(start + end, self._blocks[at].end)
            return 1 + self._take_credit_line(at + 1, start + end)
        self._after_image = True
        self._described = len(line[slice(*alt)].split()) >= 2
        if self._described and not self._is_caption(at + 1):
            inside = line[slice(*alt)]
            left = start + alt[0] + len(inside) - len(inside.lstrip())
            self._add("caption", left, left + len(inside.strip()))
        return 1

    def _is_caption(self, at: int) -> bool:
        line = self._line(at)
        if not line or self._blocks[at].kind != "text" or len(line) > _CAPTION or at == self._headline:
            return False
        near = self._after_image or (self._in_head(at) and self._paragraphs <= 1)
        if credit(line, near=near) or (near and caption_label(line)):
            return True
        above_credit = near and not self._paragraphs and self._is_only_credit(at + 1, near=True)
        return above_credit or self._is_only_credit(at, near=near) or self._in_gap(at) or self._is_below_image(at)

    def _is_below_image(self, at: int) -> bool:
        line = self._line(at)
        if not self._after_image or inline.image(line) or (self._in_head(at) and is_furniture(line)):
            return False
        start, end = inline.unwrapped(line)
        if self._blocks[at].joined or (end - start < len(line) and not line.startswith(("**", "__"))):
            return True
        if not any(block.kind in {"text", "quote"} for block in self._blocks[at + 1 :]):
            return False
        ended = line.rstrip(CLOSING).endswith(tuple(".!?…:"))
        if ended:
            return self._paragraphs == 0 and len(line) <= 120 and not self._described
        return len(line) <= 200

    def _is_only_credit(self, at: int, *, near: bool) -> bool:
        return 0 < len(self._line(at)) <= LONG and at + 1 < len(self._blocks) and only_credit(self._line(at), near=near)

    def _in_gap(self, at: int) -> bool:
        """Whether a few words without a verb stand where a picture was: below the date, more room above than below."""
        line, following = self._line(at), self._line(at + 1)
        before = self.out.passages[-1] if self.out.passages else None
        if (
            self._paragraphs
            or before is None
            or before.type not in {"dateline", "byline"}
            or len(line) >= len(following)
        ):
            return False
        if self._blocks[at + 1].kind != "text" or inline.unwrapped(line) != (0, len(line)):
            return False
        above = self._shaded.count("\n", before.end, self._blocks[at].start)
        below = self._shaded.count("\n", self._blocks[at].end, self._blocks[at + 1].start)
        return above > max(2, below) and names_a_picture(line)

    def _caption(self, at: int) -> int:
        if not self._is_caption(at):
            return 0
        self._add_caption(*self._inside(at), whole=self._is_only_credit(at, near=True))
        return 1 + self._take_credit_line(at + 1, self._blocks[at].start)

    def _add_caption(self, start: int, end: int, *, whole: bool = False) -> None:
        self._add("caption", start, end)
        line = self._shaded[start:end]
        found = None if only_credit(line, near=True) else credit(line, near=True)
        if found is None and (caption_label(line) or whole):
            found = (0, len(line))
        if found:
            self._add("credit", start + found[0], start + found[1])

    def _take_credit_line(self, at: int, start: int) -> int:
        """A line that is only a credit belongs to the caption above it, which begins at `start`."""
        line = self._line(at)
        passages = self.out.passages
        if not line or self._blocks[at].kind != "text" or len(line) > 200:
            return 0
        labelled = caption_label(line) or (self._paragraphs == 0 and self._is_only_credit(at, near=True))
        if not labelled or passages[-1].type == "credit":
            return 0
        if passages[-1].type != "caption":
            return 0
        passages[-1] = Passage("caption", start, self._blocks[at].end)
        self._add("credit", *self._inside(at))
        return 1

    # Where it comes from and where it leads

    def _source(self, at: int) -> int:
        line = self._line(at)
        cue, taken = cues.source(line), 1
        url = inline.only_url(line) if at in {0, len(self._blocks) - 1} else None
        if cue is None and url is None:
            return 0
        if cue and cue.url is None and cue.name is None:
            url, taken = inline.only_url(self._line(at + 1)), 2
            following = (
                cues.source("source: " + self._line(at + 1))
                if url is None and inline.only_links(self._line(at + 1))
                else None
            )
            url = following.url if following else url
            if url is None and (":" not in line or at + 1 < len(self._blocks)):
                return 0
            taken = 2 if url else 1
        elif cue:
            url = cue.url
            if not url and self._paragraphs == 0 and not cues.looks_like_names(cue.name or ""):
                return 0
            if cue.name and cue.name not in self.out.sources:
                self.out.sources.append(cue.name)
        self._add("source", self._blocks[at].start, self._blocks[at + taken - 1].end)
        if url and (self.out.url is None or not line.lower().lstrip("*_ ").startswith(("source", "источник"))):
            self.out.url, self.out.url_at = url, self._blocks[at].start
        return taken

    def _related(self, at: int) -> int:
        line = self._line(at)
        rest = cues.related(line)
        if rest is None:
            return 0
        last = at
        if not rest and not inline.only_links(line):
            while (
                last + 1 < len(self._blocks)
                and inline.only_links(self._line(last + 1))
                and not inline.only_url(self._line(last + 1))
            ):
                last += 1
            if last == at and ":" not in line and self._blocks[at].kind != "heading":
                return 0
        self._add("related", self._blocks[at].start, self._blocks[last].end)
        return last - at + 1

    def _link(self, at: int) -> int:
        """A link alone between paragraphs leads to another article."""
        line = self._line(at)
        within = re.search(r"\]\(#[^()\s]", line) or "{%" in line
        if self._paragraphs == 0 or within or not inline.only_links(line) or inline.only_url(line):
            return 0
        self._add("related", self._blocks[at].start, self._blocks[at].end)
        return 1

    # Who and when

    def _dateline(self, at: int) -> int:
        found = self._dateline_at(at)
        # A day without its year, below text, is a heading of a chronicle.
        if not found or (self._paragraphs and found.iso is None):
            return 0
        self._add("dateline", self._blocks[at].start, self._blocks[at].end)
        if found.iso and (self.out.date is None or (self._changed and not found.changed)):
            self.out.date, self._changed = found.iso, found.changed
        if found.place and not agency(found.place):
            self.out.place = self.out.place or found.place
        return 1

    def _dateline_at(self, at: int) -> Dateline | None:
        return dateline(inline.plain(self._line(at))) if self._line(at) and self._in_head(at) else None

    def _byline(self, at: int) -> int:
        if not self._in_head(at):
            return 0
        line = self._line(at)
        names = cues.byline(line)
        if names is None and not self._is_bare_byline(at):
            return 0
        self._add("byline", self._blocks[at].start, self._blocks[at].end)
        names = names or inline.plain(line)
        beside = len(self.out.passages) > 1 and self.out.passages[-2].type == "byline"
        self.out.by = f"{self.out.by}, {names}" if self.out.by and beside else self.out.by or names
        found = dates(inline.plain(line))
        self.out.date = self.out.date or next((dated.iso for dated in found), None)
        return 1

    def _is_bare_byline(self, at: int) -> bool:
        """A name next to the date or the byline, below the headline."""
        below = self._titled or (self._headline is not None and at > self._headline)
        words = inline.plain(self._line(at))
        if self._paragraphs or not below or len(words) > 60 or not cues.looks_like_names(words):
            return False
        if caption_label(words) or credit(self._line(at), near=True) or self._in_gap(at):
            return False
        if len(words.split()) < 2 and not agency(words) and not inline.only_links(self._line(at)):
            return False
        beside = [self._line(other) for other in (at - 1, at + 1) if other != self._headline and self._line(other)]
        dated = self.out.by is None and any(dateline(inline.plain(line)) for line in beside)
        return len(words.split()) <= 5 and (dated or any(cues.byline(line) for line in beside))

    # Subheadings

    def _subheading(self, at: int) -> int:
        line, following = self._line(at), self._line(at + 1)
        if (
            not following
            or not self.out.passages
            or inline.only_links(line)
            or cues.source(following)
            or inline.only_url(following)
            or speaks(line, self._speakers)
        ):
            return 0
        start, end = self._inside(at)
        inner = self._shaded[start:end]
        if end - start < len(line) and line.startswith(("**", "__")):
            marked = len(inner) <= 150 and "\n" not in inner and not inner.endswith((".", ",", ";"))
            if not marked:
                return 0
        elif not short_title(inner) or self._run_of_titles(at) > 2:
            return 0
        self._add("subheading", start, end)
        return 1

    def _numbered(self, at: int) -> int:
        """A number and a few words between paragraphs, which is no list of one."""
        number = re.search(r"\d{1,3}[.)] +$", self._shaded[max(0, self._blocks[at].start - 8) : self._blocks[at].start])
        listed = "item" in {self._blocks[other].kind for other in (at - 1, at + 1) if 0 <= other < len(self._blocks)}
        if not number or listed or not self._line(at + 1) or self._line(at - 1).endswith(":"):
            return 0
        if not short_title(self._shaded[slice(*self._inside(at))]):
            return 0
        self._add("subheading", self._blocks[at].start - len(number[0]), self._blocks[at].end)
        return 1

    def _run_of_titles(self, at: int) -> int:
        """How many short lines stand together: three are a list, not subheadings."""
        first = last = at
        while first > 0 and self._is_title(first - 1):
            first -= 1
        while self._is_title(last + 1) and last - first < 3:
            last += 1
        return last - first + 1

    def _is_title(self, at: int) -> bool:
        line = self._line(at)
        if not line or at == self._headline or self._blocks[at].kind != "text" or not short_title(line):
            return False
        return not is_furniture(line) and not credit(line, near=False)
