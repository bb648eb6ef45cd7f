"""What a release says of itself: `manifest.json`, and the checksums in `SHA256SUMS`."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.difference.changes import CHANGES
from corpus_tool.release.withdrawal.tombstones import Tombstone, read_tombstones
from corpus_tool.shards import Shard

LAYOUT = "1.1"
"""1.1 has the view of changes, which is no part of the logical digest, and scores. 1.0 is read as well."""
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
CONTRACT, INVENTORY, FEATURES = "schema/contract.schema.json", "schema/inventory.json", "features.json"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One source file; `path` is relative to where the corpus lies, with `/`."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parent:
    """The release this one follows; `sha256` is that of its SHA256SUMS."""

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What was checked: the version of the rules, and what was selected and ignored of them."""

    version: str
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewInfo:
    """One view; `fingerprint` is of its columns and their types, `labels` are the names of each column of labels."""

    name: str
    fingerprint: str
    splits: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotator:
    """Who made how many annotations, in what role."""

    agent: str
    agent_type: str
    role: str
    annotations: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in a release, by split: articles, annotations of each layer, and of each label of a layer."""

    articles: Mapping[str, int] = field(default_factory=dict)
    layers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    annotators: tuple[Annotator, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """An article that may not be in the release: withheld, cancelled, embargo, licence, or between splits."""

    article: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not in the release, and what the gold views do not hold.

    `gold` are annotations by layer, `reasons` why, by layer and reason; `tags` are those of tokens by reason. `machine`
    says where the work of a machine alone is gold: none, train, or all, as before that was asked.
    """

    gold: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    articles: tuple[Excluded, ...] = ()
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    machine: str = "all"


def by_reason(excluded: Iterable[Excluded]) -> dict[str, list[str]]:
    """The articles that were left out, by reason."""
    found: dict[str, list[str]] = {}
    for one in excluded:
        found.setdefault(one.reason, []).append(one.article)
    return dict(sorted(found.items()))


def some(articles: Sequence[str], most: int = 10) -> str:
    """The first few of a list, and how many more there are."""
    more = f" and {len(articles) - most:,} more" if len(articles) > most else ""
    return f"{', '.join(articles[:most])}{more}"


@dataclass(frozen=True, slots=True)
class SplitDigest:
    """The two digests of a split of a view: of the bytes of its files, and of its rows."""

    view: str
    split: str
    bytes: str
    logical: str


@dataclass(frozen=True, slots=True)
class Digests:
    """The two digests of all Parquet files, and of each split."""

    bytes: str
    logical: str
    splits: tuple[SplitDigest, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What scores on a split can be compared with.

    `gold` is the digest of the texts and gold annotations, `compares` are the earlier versions whose scores compare,
    `touched` is how many gold annotations differ from the release before; None in a first one.
    """

    split: str
    gold: str
    compares: tuple[str, ...] = ()
    touched: int | None = None


@dataclass(frozen=True, slots=True)
class RowDigest:
    """The digest of the rows of a split of a view."""

    view: str
    split: str
    logical: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a release does not hold, and the digests of the rows it has once that is put back.

    `logical` is None, and some splits have no digest, where an article was withdrawn since: nobody can tell then.
    """

    what: tuple[str, ...]
    logical: str | None
    splits: tuple[RowDigest, ...]


@dataclass(frozen=True, slots=True)
class Hydrated:
    """The release that a text was put back into; `sha256` is that of its SHA256SUMS, `proved` how it was compared."""

    sha256: str
    proved: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a release says of itself; `contract` is the contract's digest."""

    name: str
    version: str
    created: str
    tools: Mapping[str, str]
    contract: str
    rules: Rules
    inputs: tuple[InputFile, ...]
    parent: Parent | None
    views: tuple[ViewInfo, ...]
    shards: tuple[Shard, ...]
    counts: Counts
    left_out: LeftOut
    digests: Digests
    layout: str = LAYOUT
    scores: tuple[Score, ...] = ()
    withheld: Withheld | None = None
    hydrated: Hydrated | None = None
    withdrawn: tuple[Tombstone, ...] = ()

    def as_json(self) -> dict[str, Any]:
        value = asdict(self)
        value["withdrawn"] = [one.as_json() for one in self.withdrawn]
        for name in ("withheld", "hydrated", "withdrawn"):
            if not value[name]:
                del value[name]
        return {"layout": value.pop("layout"), **value}

    def as_bytes(self) -> bytes:
        """The manifest as the canonical JSON that `manifest.json` holds."""
        return canonical(self.as_json())


def canonical(value: Any) -> bytes:
    """JSON that is the same bytes for the same value: two spaces, keys sorted, a final newline."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def parse_manifest(data: bytes, place: str) -> Manifest:
    """A manifest from the bytes of `manifest.json`.

    Raises ReleaseError with the place where it is not valid under `manifest-1`, or names a path outside its directory.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReleaseError(f"{place}: not valid JSON: {error}") from error
    wrong = next(_validator().iter_errors(value), None)
    if wrong is not None:
        raise ReleaseError(f"{place}{wrong.json_path[1:]}: {_cut(wrong.message)}")
    manifest = _manifest(value)
    for shard in manifest.shards:
        if not stays_inside(shard.path):
            raise ReleaseError(f"{place}: the path {shard.path!r} leaves the release")
    return manifest


def stays_inside(path: str) -> bool:
    """Whether a path, relative and with `/`, names something below the directory it stands in."""
    steps = path.split("/")
    return path.isprintable() and "\\" not in path and not any(step in ("", ".", "..") for step in steps)


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    from corpus_tool.resources import schema

    return Draft202012Validator(schema("manifest-1"), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _cut(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:300]}…"


def _manifest(value: Mapping[str, Any]) -> Manifest:
    parent = value["parent"]
    counts, digests = value["counts"], value["digests"]
    return Manifest(
        name=value["name"],
        version=value["version"],
        created=value["created"],
        tools=value["tools"],
        contract=value["contract"],
        rules=Rules(value["rules"]["version"], tuple(value["rules"]["select"]), tuple(value["rules"]["ignore"])),
        inputs=tuple(InputFile(**item) for item in value["inputs"]),
        parent=None if parent is None else Parent(**parent),
        views=tuple(_view(item) for item in value["views"]),
        shards=tuple(Shard(**item) for item in value["shards"]),
        counts=Counts(**{**counts, "annotators": tuple(Annotator(**item) for item in counts["annotators"])}),
        left_out=_left_out(value["left_out"]),
        digests=Digests(digests["bytes"], digests["logical"], tuple(SplitDigest(**item) for item in digests["splits"])),
        layout=value["layout"],
        scores=tuple(Score(**{**item, "compares": tuple(item["compares"])}) for item in value.get("scores", ())),
        withheld=_withheld(value["withheld"]) if "withheld" in value else None,
        hydrated=Hydrated(**value["hydrated"]) if "hydrated" in value else None,
        withdrawn=read_tombstones(value.get("withdrawn", ())),
    )


def _left_out(value: Mapping[str, Any]) -> LeftOut:
    return LeftOut(**{**value, "articles": tuple(Excluded(**item) for item in value.get("articles", ()))})


def _withheld(value: Mapping[str, Any]) -> Withheld:
    splits = tuple(RowDigest(**item) for item in value["splits"])
    return Withheld(tuple(value["what"]), value["logical"], splits)


def _view(item: Mapping[str, Any]) -> ViewInfo:
    labels = {column: tuple(names) for column, names in item["labels"].items()}
    return ViewInfo(item["name"], item["fingerprint"], tuple(item["splits"]), labels)


def digests_of(shards: Iterable[Shard]) -> Digests:
    """The digests of a release's Parquet files and of their rows.

    `bytes` is the SHA-256 of their lines in SHA256SUMS; `logical` does not depend on how rows were written, and leaves
    the view of changes out.
    """
    everything = tuple(shards)
    groups: dict[tuple[str, str], list[Shard]] = {}
    for shard in everything:
        groups.setdefault((shard.view, shard.split), []).append(shard)
    splits = tuple(
        SplitDigest(view, split, sums_digest({shard.path: shard.sha256 for shard in group}), _logical(group))
        for (view, split), group in sorted(groups.items())
    )
    rows = "".join(f"{item.logical}  {item.view}/{item.split}\n" for item in splits if item.view != CHANGES)
    return Digests(
        bytes=sums_digest({shard.path: shard.sha256 for shard in everything}),
        logical=hashlib.sha256(rows.encode()).hexdigest(),
        splits=splits,
    )


def _logical(group: Sequence[Shard]) -> str:
    """The digest of the rows of a split: that of its file, of several files that of theirs in order."""
    if len(group) == 1:
        return group[0].logical
    return hashlib.sha256("".join(f"{shard.logical}\n" for shard in group).encode()).hexdigest()


def sums(digests: Mapping[str, str]) -> bytes:
    """The text of SHA256SUMS, as `LC_ALL=C sort` and `sha256sum -c` have it, of paths and digests."""
    ordered = sorted(digests.items(), key=lambda item: item[0].encode())
    return b"".join(f"{digest}  {path}\n".encode() for path, digest in ordered)


def sums_digest(digests: Mapping[str, str]) -> str:
    """The SHA-256 of the lines of SHA256SUMS of these paths and digests."""
    return hashlib.sha256(sums(digests)).hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_sums(folder: Path, digests: Mapping[str, str]) -> str:
    """Write SHA256SUMS of these paths and digests; returns its own SHA-256."""
    data = sums(digests)
    (folder / SUMS).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def created_now() -> str:
    """The time a release is made, UTC, in seconds; SOURCE_DATE_EPOCH, where set, is taken for it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SettingsError(f"SOURCE_DATE_EPOCH is not a number of seconds: {epoch!r}") from error
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def tool_versions() -> dict[str, str]:
    """The versions of what wrote the files."""
    from importlib.metadata import version

    return {
        "corpus_tool": version("corpus-tool"),
        **{package: version(package) for package in ("polars", "pyarrow")},
    }
