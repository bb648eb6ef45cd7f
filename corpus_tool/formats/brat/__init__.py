"""brat standoff: pairs of `.txt` and `.ann` to articles, and back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.brat.conf import dumps, parse
from corpus_tool.formats.brat.conf_inferred import Seen
from corpus_tool.formats.brat.conf_losses import losses
from corpus_tool.formats.brat.layer_losses import Layers
from corpus_tool.formats.brat.lines import parse_lines
from corpus_tool.formats.brat.reading import read_article
from corpus_tool.formats.brat.writing import write_lines
from corpus_tool.formats.file_writing import disk, encoded, write_files
from corpus_tool.formats.inventories import merge
from corpus_tool.formats.plain_text import read_text
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tally import Tally
from corpus_tool.inventory import Inventory

CONF = "annotation.conf"
_ABOVE = 3
_LINE = re.compile(rb"\A\s*(?:[TREAMN#]\d+|\*)\t")


def _looks_like(name: str, head: bytes) -> bool:
    """A line of annotations, or a text beside a file of them."""
    if name.lower().endswith(".txt"):
        return Path(name[:-4] + ".ann").is_file()
    return name.lower().endswith(".ann") and (not head.strip() or bool(_LINE.match(head)))


ABOUT = About(
    "brat standoff: a .txt and an .ann, with annotation.conf",
    Unit.CODE_POINTS,
    {
        **dict.fromkeys(("id", "text", "entities", "fragments", "overlaps", "attributes", "links"), WHOLLY),
        **dict.fromkeys(("relations", "events", "coreference"), WHOLLY),
        "notes": partly("on one line; of what brat has ids for"),
        "coverage": partly("of the layers that brat has"),
        "empty": partly("of the layers that annotation.conf has a section for"),
        "ids": partly("those of brat's shape; others get the next number"),
    },
    looks_like=_looks_like,
    counts_all=True,
    pairs=True,
)  # fmt: skip


class BratImporter:
    """Reads a pair of `.txt` and `.ann`, named by either."""

    name = "brat"
    suffixes = (".ann", ".txt")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The one article of the pair."""
        stem = source.path[:-4] if source.path[-4:].lower() in self.suffixes else source.path
        path, text, lines = stem + ".ann", source.read(".txt"), source.read(".ann")
        if text is None or lines is None:
            there, missing = (".ann", ".txt") if text is None else (".txt", ".ann")
            named = stem + there if stem != source.path else source.path
            message = f"no {missing} beside it: brat keeps text and annotations in a pair of files"
            yield Imported(path, None, (_refusal(("IO015", "pair-is-complete"), named, source.id, message),))
            return
        decoded = read_text(text, stem + ".txt", source.id)
        if isinstance(decoded, Finding):
            yield Imported(path, None, (decoded,))
            return
        yield read_article(path, source.id, decoded, list(parse_lines(lines)), inventory)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """The inventory of the nearest `annotation.conf` of each source, beside it or up to three folders above.

        Where sources have different ones, what any of them allows. Raises SettingsError with `path:line`.
        """
        try:
            found = dict.fromkeys(conf for path in paths for conf in _nearest(path))
        except OSError as error:
            raise SettingsError(f"cannot look for {CONF}: {error.strerror}", error.filename) from error
        inventories = [_load(conf) for conf in found]
        return merge(inventories) if len(inventories) > 1 else next(iter(inventories), None)


def _nearest(path: Path) -> Iterator[Path]:
    """Where it is; a relative path for a relative path, since that is how messages name it."""
    start = Path.cwd()
    folder = path.absolute() if path.is_dir() else path.absolute().parent
    above = next((conf for place in [folder, *folder.parents][: _ABOVE + 1] if (conf := place / CONF).is_file()), None)
    below = sorted(folder.rglob(CONF)) if path.is_dir() else []
    for conf in [above, *below] if above is not None else below:
        yield conf if path.is_absolute() else Path(os.path.relpath(conf, start))


def _load(path: Path) -> Inventory:
    try:
        return parse(path.read_bytes().decode(), str(path))
    except OSError as error:
        raise SettingsError(f"cannot read it: {error.strerror}", str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError("not UTF-8", f"{path}:{line}") from error


class BratExporter:
    """Writes one `.txt` and `.ann` an article into a folder, and one `annotation.conf`."""

    name = "brat"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the folder; files that are there already are never replaced.

        Without an inventory, `annotation.conf` has the labels that the articles show. An article whose id names no
        place of its own inside the folder is a Finding and not written. Raises StoreError where the disk refuses.
        """
        counted, layers = Tally(), Layers()
        names = SafeNames(".txt")
        seen = Seen()
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
        if inventory is not None:
            _write_conf(output, inventory)
            yield from losses(inventory)
        for article in articles:
            seen.add(article)
            layers.add(article)
            lines = write_lines(article, counted)
            finding = _write_pair(output, article, "".join(f"{line}\n" for line in lines), names)
            if finding is not None:
                yield finding
        if inventory is None and (shown := seen.inventory()).labels:
            inventory = shown
            _write_conf(output, shown)
        yield from counted
        yield from layers.losses(inventory)


def _write_conf(output: Path, inventory: Inventory) -> None:
    with disk(output), (output / CONF).open("xb") as conf:
        conf.write(dumps(inventory).encode(errors="backslashreplace"))


def _write_pair(output: Path, article: Article, lines: str, names: SafeNames) -> Finding | None:
    name = article["id"]
    text, annotations = encoded(article["text"], name, output), encoded(lines, name, output)
    if isinstance(text, Finding):
        return text
    if isinstance(annotations, Finding):
        return annotations
    return write_files(output, name, {".txt": text, ".ann": annotations}, names)


def _refusal(rule: tuple[str, str], path: str, article: str, message: str) -> Finding:
    return Finding(*rule, Severity.ERROR, Location(path, article=article), message)


IMPORTER = BratImporter()
EXPORTER = BratExporter()
