"""An article as columns of words and tags (IOB2), parted by tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus_tool.formats import Article
from corpus_tool.formats.conll import comments, words
from corpus_tool.formats.conll.columns import DOCSTART, HEADER
from corpus_tool.formats.conll.laying import Laid, lay
from corpus_tool.formats.conll.spacing import Spacing, cell
from corpus_tool.formats.conll.tagging import columns, covered, label
from corpus_tool.formats.conll.tags import tagged
from corpus_tool.formats.tally import Tally

_CELL = str.maketrans("\t\n\r", "   ")


def write(article: Article, tally: Tally) -> str:
    """The file of an article.

    Two columns, word and tag, where the text is words with one space between them and a line a sentence; where it is
    not, one more in the middle that says what stands between them, more for what words have, and a header that names
    the columns.
    """
    laid = lay(article, tally)
    forms = [plain_word(laid.word(number)) for number in range(len(laid.tokens))]
    cells = misc_cells(laid, forms)
    tags = {} if article.get("entities") is None else _tags(article, laid, tally)
    shown = {"FORM": forms} | words.write(article, laid, tally)
    if not tags or any(one != "_" for one in cells):
        shown["MISC"] = cells
    shown |= tags
    lines = list(_header(article, laid, list(shown), tally))
    rows = ["\t".join(row) for row in zip(*shown.values(), strict=True)]
    for first, behind in laid.sentences:
        lines += [*rows[first:behind], ""]
    if not laid.tokens and laid.text:
        tally.add("texts without a word", f"{article['id']}: {laid.text!r}")
    return "".join(f"{line}\n" for line in lines)


def _header(article: Article, laid: Laid, shown: Sequence[str], tally: Tally) -> Iterator[str]:
    if shown != ["FORM", "NE"] and laid.tokens:
        yield f"# {HEADER} = {' '.join(shown)}"
    if len(laid.layers) < 2 or article.get("words") == []:
        named = [name for name in ("sentences", "tokens", "words", "entities") if article.get(name) is not None]
        yield f"# {comments.LAYERS} = {' '.join(named)}"
    for key, value in comments.write(article, tally):
        yield f"# {key} = {value}"


def plain_word(word: str) -> str:
    """A word as it can stand in the first column."""
    made = word.translate(_CELL).strip()
    return f"_{made[1:]}" if made.partition(" ")[0] == DOCSTART else made or "_"


def misc_cells(laid: Laid, words: Sequence[str]) -> list[str]:
    """The MISC cell of each token."""
    lasts = {behind - 1 for _, behind in laid.sentences}
    cells = []
    for number, form in enumerate(words):
        last = number == len(words) - 1
        usual = "" if last else "\n" if number in lasts else " "
        word = laid.word(number)
        before = laid.before if number == 0 else None
        cells.append(cell(Spacing(laid.after(number), before, None if word == form else word), usual))
    return cells


def _tags(article: Article, laid: Laid, tally: Tally) -> dict[str, list[str]]:
    """The columns of tags; the last one holds the longest entities, those before it what they overlap."""
    found = columns(covered(article, laid, tally)) or [[]]
    made = {}
    for number, held in reversed(list(enumerate(found, 1))):
        chunks = ((one.first, one.behind, label(article, one.entity, tally)) for one in held)
        made["NE" if number == 1 else f"NE:{number}"] = tagged(len(laid.tokens), chunks)
    return made
