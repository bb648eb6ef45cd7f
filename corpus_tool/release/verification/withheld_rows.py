"""Whether a release that withholds text holds none, where its views would have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.layers import EACH, Path_
from corpus_tool.nested import descend
from corpus_tool.release.withholding.strings import is_spelled
from corpus_tool.release.withholding.texts import TEXTS, read_texts
from corpus_tool.views import ARTICLES, views

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.findings import Finding
    from corpus_tool.layers import Layer
    from corpus_tool.release.verification.evidence import Evidence
    from corpus_tool.views import View

CODE = "RLS914"


def hidden(view: View, contract: Contract) -> tuple[Path_, ...]:
    """The columns of a view that hold text and nothing else, by path."""
    if view.kind == "article":
        inner = ((layer.name, EACH, *path) for layer in contract.layers for path in _own(layer))
        return ((str(contract.text),), *inner)
    if view.kind == "token":
        return (("tokens", EACH),)
    layer = next(layer for layer in contract.layers if layer.name == view.layer)
    own = {field.name for field in layer.item.fields}
    names = [name for name in view.schema.names if name not in own]
    found = [*_own(layer), *((name,) for name in names if name == "text")]
    for place in layer.references:
        column = f"{place.field}_text"
        if column in names:
            found.append((column, *place.path[1:]))
        elif place.path[-1] not in (EACH, place.field):
            found.append((*place.path[:-1], "text"))
    return tuple(found)


def _own(layer: Layer) -> Iterator[Path_]:
    yield from ((*span.path, span.surface) for span in layer.spans if span.surface)
    if layer.kind == "word":
        yield from ((field.name,) for field in layer.item.fields if is_spelled(field))


def stray_text(seen: Evidence) -> Iterator[Finding]:
    """Text in a release that says it withholds it, and articles of which it does not say what their text is."""
    from corpus_tool.release.articles import release_contract

    if seen.manifest is None or seen.manifest.withheld is None:
        return
    try:
        contract = release_contract(seen.directory)
        made = {view.name: hidden(view, contract) for view in views(contract)}
        known = set(read_texts(seen.directory))
    except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to is the finding
        yield seen.finding(CODE, TEXTS, f"does not say which texts are withheld: {str(error)[:200]}")
        return
    ids: set[str] = set()
    for shard in seen.manifest.shards:
        if shard.path in seen.footers and shard.view in made:
            yield from _stray(seen, shard.path, made[shard.view])
            if shard.view == ARTICLES:
                ids |= _ids(seen, shard.path, str(contract.id))
    for name in sorted(known - ids):
        yield seen.finding(CODE, TEXTS, f"names article '{name}', which is not there")
    for name in sorted(ids - known) if contract.root[str(contract.text)].required else ():
        yield seen.finding(CODE, TEXTS, f"does not say what the text of article '{name}' is")


def _stray(seen: Evidence, path: str, columns: tuple[Path_, ...]) -> Iterator[Finding]:
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(seen.directory / path) as file:
            there = [column for column in columns if column[0] in file.schema_arrow.names]
            for batch in file.iter_batches(1024, columns=[".".join(_stored(column)) for column in there]):
                for column in there:
                    values, _ = descend(batch.to_struct_array(), column)
                    if values.null_count < len(values):
                        yield seen.finding(CODE, path, f"holds text, in {'.'.join(column)}")
    except Exception as error:  # noqa: BLE001 - damaged bytes make a Parquet reader raise anything
        yield seen.finding("IO007", path, f"its rows cannot be read: {str(error)[:200]}")


def _stored(column: Path_) -> Iterator[str]:
    """The path as Parquet has it, where the element of a list stands in a group."""
    for step in column:
        yield from ("list", "element") if step == EACH else (step,)


def _ids(seen: Evidence, path: str, key: str) -> set[str]:
    import pyarrow.parquet as pq

    return set(pq.read_table(seen.directory / path, columns=[key]).column(0).to_pylist())
