"""What `load_dataset` silently gets wrong, on layouts as people write them and on releases of this tool.

For environments with any `datasets`, and without this tool: `main` reads a task from stdin (`releases`: folders that
`tests/release/trapped.py` made; `scratch`) and writes what it saw to stdout, both as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.release.naive import BOTH, SPLITS, TEST, TRAIN, class_label, ids, labelled, layout, put, readme
from tests.release.room import (
    NAME,
    RIGHT,
    TRAPS,
    VIEWS,
    Room,
    Side,
    article_ids,
    attempt,
    expect,
    files_of,
    label_names,
    numbers,
    same_views,
    seen,
    trap,
)


def _ours_in_place(room: Room) -> str:
    """A release made again in its place, with other data; every file keeps its time."""
    release = room.copy(f"new/{NAME}/1.0.0", "1.0.0")
    wrong = [entity["type"] for entity in room.load(release, "entities")["train"]]
    for path in sorted((room.releases / "other" / NAME / "1.0.0").rglob("*.*")):
        target = release / path.relative_to(room.releases / "other" / NAME / "1.0.0")
        times = target.stat() if target.exists() else path.stat()
        shutil.copyfile(path, target)
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    found = [entity["type"] for entity in room.load(release, "entities")["train"]]
    right = pq.read_table(files_of(release, "entities")["train"]).column("type").to_pylist()
    return expect(found, right) if right != wrong else "the two releases do not differ"


@trap("a file changed in place, same number of rows", _ours_in_place, always="the rows of before")
def changed_in_place(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    room.load(folder)
    put(folder, ids(8, 9))
    return seen(numbers(room.load(folder)["train"]), [8, 9], [1, 2], "the rows of before")


@trap("a file changed in place, more rows", _ours_in_place, always="the rows of before")
def grown_in_place(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    room.load(folder)
    put(folder, ids(1, 2, 3, 4))
    return seen(numbers(room.load(folder)["train"]), [1, 2, 3, 4], [1, 2], "the rows of before")


@trap("caching disabled after the change", _ours_in_place, always="the rows of before")
def caching_disabled(room: Room) -> str:
    import datasets

    folder = layout(room.folder / "corpus", ids(1, 2))
    room.load(folder)
    put(folder, ids(8, 9))
    datasets.disable_caching()
    try:
        found = numbers(room.load(folder)["train"])
    finally:
        datasets.enable_caching()
    return seen(found, [8, 9], [1, 2], "the rows of before")


def _ours_of_one_name(room: Room) -> str:
    """The same version of a corpus of the same name, in another place, with other data."""
    for view in VIEWS:
        for source in ("new", "other"):
            release = room.release(source=source)
            right = pq.read_table(files_of(release, view)["train"]).to_pylist()
            if room.load(release, view)["train"].to_list() != right:
                return f"{view} of {source}: other rows than those of its file"
    return RIGHT


@trap("two directories of one name", _ours_of_one_name, always="the rows of the first")
def one_name(room: Room) -> str:
    room.load(layout(room.folder / "a" / "corpus", ids(1, 2)))
    found = numbers(room.load(layout(room.folder / "b" / "corpus", ids(8, 9)))["train"])
    return seen(found, [8, 9], [1, 2], "the rows of the first")


def _ours_moved(room: Room) -> str:
    """A link from one version to the next, and the corpus before and after a release."""
    link = room.folder / "latest"
    for version in ("1.0.0", "1.1.0"):
        link.unlink(missing_ok=True)
        link.symlink_to(room.release(version))
        if numbers(room.load(link)["train"]) != article_ids(room.release(version)):
            return f"not the rows of {version}"
    corpus = room.folder / NAME
    for source, version in (("old", "1.0.0"), ("new", "1.1.0")):
        shutil.rmtree(corpus, ignore_errors=True)
        shutil.copytree(room.corpus(source), corpus)
        if numbers(room.load(corpus)["train"]) != article_ids(room.release(version)):
            return f"the corpus does not give {version}"
    return RIGHT


@trap("a link that was moved", _ours_moved, always="the rows of before")
def moved_link(room: Room) -> str:
    link = room.folder / "latest"
    for name, rows in (("one", ids(1, 2)), ("two", ids(8, 9))):
        link.unlink(missing_ok=True)
        link.symlink_to(layout(room.folder / name, rows))
        found = numbers(room.load(link)["train"])
    return seen(found, [8, 9], [1, 2], "the rows of before")


@trap("no README, changed bytes with the time of before", _ours_in_place, always="the rows of before")
def same_time(room: Room) -> str:
    folder = room.folder / "corpus"
    for rows in (ids(1, 2), ids(8, 9)):
        os.utime(put(folder, rows), ns=(10**18, 10**18))
        found = numbers(room.load(folder)["train"])
    return seen(found, [8, 9], [1, 2], "the rows of before")


def _ours_no_such_version(room: Room) -> str:
    """Versions are directories, and configurations of the corpus: one that is not there is an error."""
    for path, names in ((room.release("9.9.9"), ()), (room.corpus(), ("9.9.9",))):
        said = attempt(
            lambda path=path, names=names: str(room.load(path, *names)), "doesn't exist", "not found", "NotFound"
        )
        if not said.startswith("fails: ") or len(said) > 30:
            return f"{path.name} {names}: {said}"
    return RIGHT


@trap("`revision` of a directory", _ours_no_such_version, always="is not looked at")
def revision(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    found = attempt(lambda: repr(numbers(room.load(folder, revision="nonsense")["train"])), "nonsense")
    return seen(found, "fails: nonsense", "[1, 2]", "is not looked at")


def _ours_gone(room: Room) -> str:
    """By its path, as the card has it, a release that is gone is an error."""
    release = room.copy(f"new/{NAME}", NAME) / "1.0.0"
    room.load(release)
    shutil.rmtree(release)
    said = attempt(lambda: str(room.load(release)), "doesn't exist", "NotFound")
    return RIGHT if said in ("fails: doesn't exist", "fails: NotFound") else said


@trap("a directory that is not there, by its bare name", _ours_gone, always="the rows of another directory")
def bare_name(room: Room) -> str:
    room.load(layout(room.folder / "elsewhere" / "corpus", ids(1, 2)))
    empty = room.folder / "empty"
    empty.mkdir()
    before = Path.cwd()
    os.chdir(empty)
    try:
        found = attempt(lambda: repr(numbers(room.load("corpus")["train"])), "NotFound", "Couldn't find")
    finally:
        os.chdir(before)
    wrong = found == "[1, 2]"
    return "the rows of another directory" if wrong else RIGHT if found.startswith("fails: ") else found


def _ours_labels(room: Room) -> str:
    """The card and the files name the labels in one order, which is the inventory's; each label keeps its name."""
    release = room.release()
    names = label_names(release)
    rows = pq.read_table(files_of(release, "entities")["train"]).to_pylist()
    carded = room.load(release, "entities", split="train")
    bare = room.load("parquet", data_files=str(files_of(release, "entities")["train"]), split="train")
    for loaded in (carded, bare):
        label = loaded.features["type"]
        if label.names != names or names != ["PLC", "PER", "ACT"]:
            return f"labels are {label.names}, not {names}"
        if [(row["text"], label.int2str(row["type"])) for row in loaded] != [
            (row["text"], names[row["type"]]) for row in rows
        ]:
            return "labels changed their names"
    inner = room.load(release, split="train").features["entities"]
    inner = inner[0] if isinstance(inner, list) else inner.feature
    return expect(inner["type"].names, names)


@trap("labels in another order in README than in the files", _ours_labels, always="labels change their meaning")
def label_order(room: Room) -> str:
    folder = room.folder / "corpus"
    put(folder, labelled([0, 1], ["pol", "eco"], pa.int64()))
    readme(folder, features=class_label("eco", "pol"))
    train = room.load(folder, split="train")
    found = [train.features["label"].int2str(row["label"]) for row in train]
    return seen(found, ["pol", "eco"], ["eco", "pol"], "labels change their meaning")


def _ours_in_range(room: Room) -> str:
    release = room.release()
    numbers_ = pq.read_table(files_of(release, "entities")["train"]).column("type").to_pylist()
    label = room.load(release, "entities", split="train").features["type"]
    return RIGHT if all(0 <= number < label.num_classes for number in numbers_) else f"{numbers_}"


@trap("class numbers without a name", _ours_in_range, always="are accepted")
def out_of_range(room: Room) -> str:
    folder = room.folder / "corpus"
    put(folder, labelled([0, 9], ["pol", "eco"], pa.int64()))
    readme(folder, features=class_label("pol", "eco"))
    found = attempt(lambda: repr(room.load(folder, split="train")["label"][:]), "9")
    return "are accepted" if found == "[0, 9]" else RIGHT if found == "fails: 9" else found


@trap("labels stored as int8", _ours_labels, always="lose their names")
def small_labels(room: Room) -> str:
    path = put(room.folder, labelled([0, 1], ["pol", "eco"], pa.int8()), "train.parquet")
    feature = room.load("parquet", data_files=str(path), split="train").features["label"]
    return RIGHT if hasattr(feature, "names") else "lose their names"


@trap("labels stored as a dictionary of strings", _ours_labels, always="fails: Failed to parse string")
def dictionary_labels(room: Room) -> str:
    folder = room.folder / "corpus"
    put(folder, pa.table({"label": pa.array(["pol", "eco"]).dictionary_encode()}))
    readme(folder, features=class_label("pol", "eco"))
    return attempt(
        lambda: seen(room.load(folder, split="train")["label"][:], [0, 1], None, ""), "Failed to parse string"
    )


@trap(
    "lists as `List` in the metadata of files",
    _ours_labels,
    always="fails: __dataclass_fields__",
    since_3_6="fails: Feature type 'List' not found",
    since_4_0=RIGHT,
)
def new_lists(room: Room) -> str:
    features = {"a": {"feature": {"dtype": "int64", "_type": "Value"}, "_type": "List"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    table = pa.table({"a": pa.array([[1]], pa.list_(pa.int64()))}).replace_schema_metadata(metadata)
    path = put(room.folder, table, "train.parquet")
    load = lambda: expect(room.load("parquet", data_files=str(path), split="train")[0], {"a": [1]})  # noqa: E731
    return attempt(load, "Feature type 'List' not found", "__dataclass_fields__")


def _ours_columns(room: Room) -> str:
    """The card declares the columns that files have, of one type in every split, also where one has only nulls."""
    release = room.release()
    for view in VIEWS:
        schemas = {split: pq.read_schema(path) for split, path in files_of(release, view).items()}
        first = schemas["train"]
        if any(not schema.equals(first, check_metadata=True) for schema in schemas.values()) or _has_null(first):
            return f"{view}: the splits have other types, or one of none"
        for streaming in (False, True):
            features = room.load(release, view, split="train", streaming=streaming).features
            if list(features) != first.names:
                return f"{view}: {list(features)}, not {first.names}"
    confidence = pq.read_table(files_of(release, "entities")["train"]).column("confidence")
    if confidence.null_count != len(confidence):
        return "no column is null throughout, so nothing is shown"
    return same_views(room, release)


def _has_null(schema: pa.Schema) -> bool:
    return "null" in {str(field.type) for field in schema} or "<item: null>" in str(schema)


@trap("a column in README that files do not have", _ours_columns, always=RIGHT, since_3_6="a column of nulls")
def invented_column(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    readme(folder, features="  - {name: id, dtype: int64}\n  - {name: author, dtype: string}\n")
    found = attempt(lambda: repr(room.load(folder, split="train").to_dict()), "CastError", "author")
    wrong = repr({"id": [1, 2], "author": [None, None]})
    return "a column of nulls" if found == wrong else RIGHT if found.startswith("fails: ") else found


def _two_shards(room: Room, one: pa.Table, two: pa.Table, *phrases: str) -> str:
    folder = room.folder / "corpus"
    for number, table in enumerate((one, two)):
        put(folder, table, f"data/train-0000{number}-of-00002.parquet")
    readme(folder, (("train", "data/train-*.parquet"),))
    return attempt(lambda: expect(room.load(folder, split="train").num_rows, one.num_rows + two.num_rows), *phrases)


@trap("a column of nulls before one of numbers", _ours_columns, always="fails: Couldn't cast")
def null_column(room: Room) -> str:
    two = pa.table({"id": pa.array([2]), "a": pa.array([7], pa.int64())})
    return _two_shards(room, pa.table({"id": pa.array([1]), "a": pa.nulls(1)}), two, "Couldn't cast")


@trap("a column more in a later file", _ours_columns, always="fails: column names don't match")
def more_columns(room: Room) -> str:
    two = pa.table({"id": pa.array([2]), "a": pa.array([7])})
    return _two_shards(room, ids(1), two, "column names don't match")


@trap("int32 before a larger int64", _ours_columns, always="fails: not in range")
def larger_numbers(room: Room) -> str:
    one = pa.table({"id": pa.array([1], pa.int32())})
    return _two_shards(room, one, ids(2**40), "not in range")


@trap("a map", _ours_columns, always="fails: dtype equivalent")
def maps(room: Room) -> str:
    folder = layout(room.folder / "corpus", pa.table({"a": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}))
    return attempt(lambda: expect(room.load(folder, split="train").num_rows, 1), "dtype equivalent")


def _ours_empty(room: Room) -> str:
    """The test split has no entity, so that view does not declare it; all others load."""
    release = room.release()
    if list(room.load(release, "entities")) != ["train", "validation"] or "test" not in files_of(release):
        return "the entities have a test split, so nothing is shown"
    return same_views(room, release)


@trap("a split without rows", _ours_empty, always=RIGHT, since_3_6="fails: BatchSize must be greater than 0")
def empty_split(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    put(folder, ids(), TEST)
    readme(folder, BOTH)
    wanted = "BatchSize must be greater than 0"
    return attempt(lambda: expect(room.load(folder, split="train").num_rows, 2), wanted)


@trap("a split without row groups", _ours_empty, always='fails: Instruction "test" corresponds to no data!')
def no_row_groups(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    with pq.ParquetWriter(folder / TEST, ids().schema):
        pass
    readme(folder, BOTH)
    return attempt(lambda: expect(len(room.load(folder)), 2), 'Instruction "test" corresponds to no data!')


@trap("a declared split without files", _ours_empty, always="fails: Couldn't infer the same data file format")
def no_files(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    readme(folder, (*SPLITS, ("test", "data/test-*.parquet")))
    wanted = "Couldn't infer the same data file format"
    return attempt(lambda: expect(room.load(folder, split="train").num_rows, 2), wanted)


def _ours_names(room: Room) -> str:
    """That a split with such a name is refused when a release is built is shown where the tool is."""
    import re

    names = {split for view in VIEWS for split in files_of(room.release(), view)}
    return RIGHT if all(re.fullmatch(r"\w+(\.\w+)*", name) and name != "all" for name in names) else f"{names}"


@trap("a dash in the name of a split", _ours_names, always="fails: Expected data_files in YAML")
def dashed_split(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    readme(folder, (("dev-a", TRAIN),))
    return attempt(lambda: expect(list(room.load(folder)), ["dev-a"]), "Expected data_files in YAML")


def _ours_counts(room: Room) -> str:
    release = room.release()
    for view in VIEWS:
        info = room.load(release, view, split="train", streaming=True).info
        rows = {split: pq.read_metadata(path).num_rows for split, path in files_of(release, view).items()}
        if {name: split.num_examples for name, split in (info.splits or {}).items()} != rows:
            return f"{view}: the card does not count {rows}"
    return RIGHT


@trap("wrong numbers of rows in README, streaming", _ours_counts, always="pass")
def uncounted(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    splits = "  - {name: id, dtype: int64}\n  splits:\n  - {name: train, num_bytes: 1, num_examples: 9}\n"
    readme(folder, features=splits)
    found = attempt(lambda: repr(numbers(room.load(folder, split="train", streaming=True))), "Sizes")
    return "pass" if found == "[1, 2]" else RIGHT if found == "fails: Sizes" else found


def _ours_configurations(room: Room) -> str:
    """Views are not merged; the default is the articles, whatever JSON lies beside README."""
    from datasets import get_dataset_config_names

    release = room.release()
    if not list(release.glob("*.json")) or not (release / "README.md").read_bytes().startswith(b"---\n"):
        return "no JSON beside README, or README does not begin with its front matter"
    if sorted(get_dataset_config_names(str(release))) != sorted(VIEWS):
        return f"configurations: {get_dataset_config_names(str(release))}"
    found = {split: numbers(rows) for split, rows in room.load(release).items()}
    return expect(found, {split: article_ids(release, split) for split in files_of(release)})


@trap("two views without README", _ours_configurations, always="are merged")
def merged_views(room: Room) -> str:
    folder = room.folder / "corpus"
    for view, rows in (("one", ids(1, 2)), ("two", ids(8, 9))):
        put(folder, rows, f"{view}/train-00000-of-00001.parquet")
    found = sorted(numbers(room.load(folder)["train"]))
    return seen(found, [1, 2], [1, 2, 8, 9], "are merged")


@trap("JSON beside a Parquet file, no README", _ours_configurations, always="fails: is read as data")
def stray_json(room: Room) -> str:
    folder = room.folder / "corpus"
    put(folder, ids(1, 2), "articles.parquet")
    for name in ("manifest", "diff"):
        (folder / f"{name}.json").write_text('{"name": "corpus", "sizes": [1, 2]}\n')
    found = attempt(lambda: repr(numbers(room.load(folder)["train"])), "KeyError: 'id'", "corresponds to no data!")
    return (
        RIGHT
        if found == "[1, 2]"
        else "fails: is read as data"
        if found.startswith("fails: ") and len(found) < 40
        else found
    )


@trap("a comment before the front matter of README", _ours_configurations, always="the front matter is not read")
def comment_first(room: Room) -> str:
    folder = room.folder / "corpus"
    for view, rows in (("one", ids(1, 2)), ("two", ids(8, 9))):
        put(folder, rows, f"{view}/train-00000-of-00001.parquet")
    readme(folder, (("train", "one/*.parquet"),), before="<!-- generated -->\n")
    found = sorted(numbers(room.load(folder)["train"]))
    return seen(found, [1, 2], [1, 2, 8, 9], "the front matter is not read")


def _ours_newest(room: Room) -> str:
    """The newest version that is active: 1.1.0, for 2.0.0 is yanked; each of the others by its name."""
    corpus = room.corpus()
    for names, version in (((), "1.1.0"), (("1.0.0",), "1.0.0"), (("1.1.0",), "1.1.0"), (("2.0.0",), "2.0.0")):
        for streaming in (False, True):
            loaded = room.load(corpus, *names, streaming=streaming)
            found = {split: numbers(rows) for split, rows in loaded.items()}
            wanted = {split: article_ids(corpus / version, split) for split in files_of(corpus / version)}
            if found != wanted:
                return f"{names}, streaming={streaming}: not the rows of {version}"
    return RIGHT


@trap("the directory of all versions", _ours_newest, always="all versions in one")
def merged_versions(room: Room) -> str:
    home = room.folder / "releases"
    for version, rows in (("1.0.0", ids(1, 2)), ("1.1.0", ids(1, 2, 3))):
        layout(home / version, rows)
    found = sorted(numbers(room.load(home)["train"]))
    return seen(found, [1, 2, 3], [1, 1, 2, 2, 3], "all versions in one")


def _ours_inside(room: Room) -> str:
    from datasets import load_dataset_builder

    for release, names in ((room.release(), VIEWS), (room.corpus(), ("1.0.0", "1.1.0", "2.0.0"))):
        for name in names:
            builder = load_dataset_builder(str(release), name, cache_dir=str(room.folder / "cache"))
            paths = [Path(path) for part in builder.config.data_files.values() for path in part]
            if not paths or not all(release.resolve() in path.resolve().parents for path in paths):
                return f"{name}: {paths}"
    return RIGHT


@trap("a path in README that leads out", _ours_inside, always="is followed")
def leads_out(room: Room) -> str:
    put(room.folder / "secret", ids(8, 9), "train.parquet")
    folder = room.folder / "corpus"
    readme(folder, (("train", "../secret/*.parquet"),), more="  dat_files: misspelt\n")
    found = attempt(lambda: repr(numbers(room.load(folder)["train"])), "Unable to find")
    return seen(found, "fails: Unable to find", "[8, 9]", "is followed")


def _ours_scripts(room: Room) -> str:
    found = [path.name for path in room.releases.rglob("*.py")]
    return same_views(room, room.release()) if not found else f"{found}"


@trap(
    "a script of the directory's name",
    _ours_scripts,
    always="fails: trust_remote_code",
    since_4_0="fails: scripts are no longer",
)
def script(room: Room) -> str:
    folder = layout(room.folder / "corpus", ids(1, 2))
    (folder / "corpus.py").write_text("raise SystemExit\n")
    load = lambda: expect(numbers(room.load(folder)["train"]), [1, 2])  # noqa: E731
    return attempt(load, "trust_remote_code", "scripts are no longer")


def run(releases: Path, scratch: Path) -> dict[str, Any]:
    """Each trap, sprung on either side."""
    import datasets

    def side(name: str, number: int, which: Side) -> str:
        folder = scratch / f"{number}-{name}"
        folder.mkdir(parents=True)
        return attempt(lambda: which(Room(folder, releases)))

    rows = []
    for number, each in enumerate(TRAPS):
        found = {"naive": side("naive", number, each.naive), "ours": side("ours", number, each.ours)}
        rows.append({"trap": each.name, "wanted": each.wanted(datasets.__version__), **found})
    return {"version": datasets.__version__, "rows": rows}


def main() -> None:
    task = json.loads(sys.stdin.read())
    with redirect_stdout(sys.stderr):
        found = run(Path(task["releases"]), Path(task["scratch"]))
    json.dump(found, sys.stdout)
