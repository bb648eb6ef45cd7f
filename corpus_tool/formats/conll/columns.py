"""Which column is what: by the header `# global.columns`, else by what the first lines of a file hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus_tool.formats.conll.spacing import holds_spacing
from corpus_tool.formats.conll.tags import Scheme, is_tag, scheme_of
from corpus_tool.formats.conll.words import NAMES

DOCSTART = "-DOCSTART-"
HEADER = "global.columns"
COMMENT = re.compile(r"# *([^=\t]+?) *= *(.*)", re.DOTALL)
_FORMS = frozenset({"FORM", "TOKEN", "WORD", "TEXT"})
_TAGS = frozenset({"NE", "NER", "NER_TAG", "TAG", "IOB", "BIO", "ENTITY", "NAMEDENTITY", "LABEL"})
_CERTAIN = 0.9
"""So much of a column is tags where no column holds nothing else: the file has faults, and they are findings."""
_CONLL_2003 = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """The separator of columns, how many there are, and which holds what; `tag` and `misc` None are not there.

    `sure` is whether the scheme of the tags is beyond doubt; `inner` are more columns of tags, of entities that overlap
    those of the first; `of_words` are the columns that say something of words, by the property that they say; `others`
    are the columns that nothing is made of.
    """

    separator: str = "\t"
    count: int = 2
    word: int = 0
    tag: int | None = 1
    misc: int | None = None
    scheme: Scheme = Scheme.IOB2
    sure: bool = True
    inner: tuple[int, ...] = ()
    of_words: dict[str, int] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)

    @property
    def more(self) -> tuple[int, ...]:
        """The columns that are read beside words, tags and MISC."""
        return (*self.inner, *self.of_words.values(), *self.others)

    def settled(self) -> Columns:
        """The same, without a doubt that has been told."""
        return replace(self, sure=True)

    def split(self, line: str) -> list[str]:
        """The cells of a line; spaces that only align columns part them as one does."""
        cells = line.split(self.separator)
        if len(cells) != self.count and self.separator == " ":
            cells = [cell for cell in re.split(r"[ \t]+", line) if cell]
        return cells

    def is_comment(self, line: str) -> bool:
        """Whether a line is a comment, and no row of a token that begins with the same sign."""
        if not line.startswith("#"):
            return False
        cells = self.split(line)
        fits = len(cells) == self.count
        return not fits or (self.tag is not None and not is_tag(cells[self.tag]))


def is_start(line: str) -> bool:
    """Whether a line is one that begins an article."""
    return line.startswith(DOCSTART) and line[len(DOCSTART) :][:1] in {"", " ", "\t"}


def infer(lines: Sequence[str]) -> Columns | str:
    """The columns of a file by its first lines, or why they are none that hold tokens and tags."""
    named = next(
        (found[2].split() for line in lines if (found := COMMENT.fullmatch(line)) and found[1] == HEADER), None
    )
    rows = [line for line in lines if line.strip() and not is_start(line) and not COMMENT.fullmatch(line)]
    separator = "\t" if 2 * sum("\t" in line for line in rows) >= len(rows) else " "
    if named is None and not rows:
        return Columns()
    if named is not None:
        return _by_name(named, separator, lines)
    split = [Columns(separator, 0).split(line) for line in rows]
    count = Counter(map(len, split)).most_common(1)[0][0]
    held = list(zip(*(cells for cells in split if len(cells) == count), strict=True))
    tag = _tag_column(held)
    if tag is None:
        return "no column behind the first holds tags such as O and B-PER"
    word = 1 if tag > 1 and all(cell.isdecimal() for cell in held[0]) else 0
    rest = [at for at in range(count) if at not in {word, tag}]
    misc = next((at for at in rest if holds_spacing(held[at]) and any("Space" in cell for cell in held[at])), None)
    started = any(map(is_start, lines))
    of_2003 = started and count == _CONLL_2003 and tag == count - 1 and misc is None
    of_words = {"xpos": 1} if of_2003 else {}
    names = {at: "chunk tags" if of_2003 and at == 2 else f"column {at + 1}" for at in rest if at not in {misc, 0}}
    others = {at: name for at, name in names.items() if at not in of_words.values()}
    made = Columns(separator, count, word, tag, misc, of_words=of_words, others=others)
    return _with_scheme(made, lines)


def _by_name(named: list[str], separator: str, lines: Sequence[str]) -> Columns | str:
    names = [name.partition(":")[0].upper() for name in named]
    word = next((at for at, name in enumerate(names) if name in _FORMS), None)
    if word is None:
        return f"the header {HEADER} names no column FORM"
    tag = next((at for at in reversed(range(len(names))) if names[at] in _TAGS), None)
    misc = names.index("MISC") if "MISC" in names else None
    of_words: dict[str, int] = {}
    for name, key in NAMES.items():
        if name in names:
            of_words.setdefault(key, names.index(name))
    inner = tuple(at for at in range(len(names)) if tag is not None and names[at] == names[tag] and at != tag)
    used = {word, tag, misc, *of_words.values(), *inner}
    others = {at: f"column {named[at]}" for at in range(len(names)) if at not in used}
    made = Columns(separator, len(names), word, tag, misc, inner=inner, of_words=of_words, others=others)
    return _with_scheme(made, lines)


def _tag_column(held: Sequence[Sequence[str]]) -> int | None:
    """The last column that holds tags and nothing else, or the one that mostly does."""
    shares = [(sum(map(is_tag, cells)) / len(cells), at) for at, cells in enumerate(held) if at]
    best = max(shares, default=(0.0, 0))
    return best[1] if best[0] >= _CERTAIN else None


def _with_scheme(columns: Columns, lines: Sequence[str]) -> Columns:
    if columns.tag is None:
        return columns
    sentences: list[list[str]] = [[]]
    for line in lines:
        cells = columns.split(line)
        if len(cells) == columns.count and not is_start(line):
            sentences[-1].append(cells[columns.tag])
        elif not line.strip():
            sentences.append([])
    scheme, sure = scheme_of(sentences)
    return replace(columns, scheme=scheme, sure=sure)


def looks_like(_: str, head: bytes) -> bool:
    """Whether the first bytes of a file are rows of words and IOB tags, and nothing else, with an entity among them.

    One row alone may be a sentence that ends in `E-mail`, unless a header names its columns.
    """
    whole = head[: head.rfind(b"\n") + 1] if len(head) >= _HEAD else head
    try:
        lines = whole.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        return False
    columns = infer(lines)
    if isinstance(columns, str) or columns.tag is None:
        return False
    rows = [columns.split(line) for line in lines if line.strip() and not is_start(line) and not line.startswith("# ")]
    if not all(len(row) == columns.count for row in rows):
        return False
    if len(rows) == 1 and not any(line.startswith("#") and HEADER in line for line in lines):
        return False
    tags = {row[columns.tag] for row in rows}
    return all(map(is_tag, tags)) and any(tag[1:2] == "-" for tag in tags)


_HEAD = 64 * 1024
