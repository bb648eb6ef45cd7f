from __future__ import annotations

import hashlib
import json
import pickle
import random
import resource
import shutil
from dataclasses import replace
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from corpus_tool import shards
from corpus_tool.cards import front_matter
from corpus_tool.contract import load_contract
from corpus_tool.digest import Digest
from corpus_tool.errors import SettingsError, StoreError
from corpus_tool.shards import Product, Shard, Spiller, logical_digest, write_shards
from corpus_tool.views import views
from tests.test_views import CONTRACT, FULL, TEXT, TOKENIZED, article, batch, entity

VIEWS = views(CONTRACT)
SPLITS = ("train", "test", None, "dev.2024")


def numbered_article(number: int) -> dict[str, object]:
    """One of a corpus whose articles differ in their layers, some of them absent or empty."""
    own = {"id": f"é-{number * 7919 % 1000:03d}", "split": SPLITS[number % 4]}
    layers = [FULL, TOKENIZED, article(), article(entities=[], relations=[]), TOKENIZED | FULL]
    return {**layers[number % 5], **own}


ARTICLES = [numbered_article(number) for number in range(40)]


def spill(folder: Path, articles: list[dict[str, object]], blocks: int, contract=CONTRACT) -> list[Product]:
    folder.mkdir(parents=True)
    sink = pickle.loads(pickle.dumps(Spiller(contract, folder, views(contract))))
    parts = [articles[number::blocks] for number in range(blocks)]
    found = [sink(batch(*part, contract=contract), number) for number, part in enumerate(parts)]
    return pickle.loads(pickle.dumps(found))


def build(folder: Path, articles: list[dict[str, object]], blocks: int = 1, *, jobs: int = 1) -> tuple[Shard, ...]:
    return write_shards(spill(folder / "spills", articles, blocks), CONTRACT, VIEWS, folder / "out", jobs)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


@pytest.mark.parametrize("partition", [1, 1700, 2**24], ids=["an article a row group", "some", "all"])
def test_bytes_do_not_depend_on_blocks_order_or_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partition: int
) -> None:
    monkeypatch.setattr(shards, "PARTITION_BYTES", partition)
    one = build(tmp_path / "one", ARTICLES)
    shuffled = random.Random(1).sample(ARTICLES, len(ARTICLES))
    five = build(tmp_path / "five", shuffled, 5, jobs=3)
    monkeypatch.setattr(shards, "_OPEN_SPILLS", 2)
    monkeypatch.setattr(shards, "_SPILLS_AT_A_TIME", 3)
    many = build(tmp_path / "many", shuffled, 13)
    assert files(tmp_path / "one/out") == files(tmp_path / "five/out") == files(tmp_path / "many/out")
    assert one == five == many
    assert len(one) > 12


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_blocks_that_follow_one_another_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(shards, "PARTITION_BYTES", 1700)
    ordered = sorted(ARTICLES, key=lambda article: str(article["id"]))
    products = spill(tmp_path / "spills", ordered[:13], 1)
    for number, (start, end) in enumerate(((13, 26), (26, 40)), 1):
        (product,) = spill(tmp_path / f"spills{number}", ordered[start:end], 1)
        products.append(replace(product, block=number))
    found = write_shards(products, CONTRACT, VIEWS, tmp_path / "out", jobs)
    assert found == build(tmp_path / "apart", ARTICLES, 5)
    assert files(tmp_path / "out") == files(tmp_path / "apart/out")


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_spill_that_is_gone_leaves_no_file(tmp_path: Path, jobs: int) -> None:
    products = spill(tmp_path / "spills", ARTICLES, 3)
    for product in products:
        for spilled in product.spills:
            if spilled.view == "articles" and spilled.split == "train":
                Path(spilled.path).unlink()
    with pytest.raises(StoreError, match="cannot read"):
        write_shards(products, CONTRACT, VIEWS, tmp_path / "out", jobs)
    assert not list((tmp_path / "out/articles").glob("train*"))
    assert not list((tmp_path / "out").rglob(".*"))


def test_the_size_of_rows_leaves_out_what_stands_behind_nulls() -> None:
    buffers = pa.array(["ab", "xyz", "c"]).buffers()
    hidden = pa.StringArray.from_buffers(3, buffers[1], buffers[2], pa.py_buffer(b"\x05"), 1)
    assert hidden.to_pylist() == ["ab", None, "c"]
    assert shards._size(hidden) == shards._size(pa.array(["ab", None, "c"])) == 8 * 3 + 3
    assert shards._size(pa.array(["ab", "xyz", "c"]).slice(1)) == 8 * 2 + 4
    assert shards._size(pa.array(["ab", "xyz"], pa.large_string()).slice(1)) == 8 + 3
    assert shards._size(pa.array([], pa.string())) == 0


def test_what_is_written_and_in_which_order(tmp_path: Path) -> None:
    found = build(tmp_path, ARTICLES, 3)
    assert [shard.path for shard in found][:4] == [
        f"articles/{split}-00000-of-00001.parquet" for split in ("train", "test", "dev.2024")
    ] + ["entities/train-00000-of-00001.parquet"]
    assert sorted(files(tmp_path / "out")) == sorted(shard.path for shard in found)
    assert {shard.view for shard in found} == {view.name for view in VIEWS} - {"articles_raw"}
    for shard in found:
        data = (tmp_path / "out" / shard.path).read_bytes()
        assert (shard.sha256, shard.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
        meta = pq.read_metadata(tmp_path / "out" / shard.path)
        assert (shard.rows, shard.row_groups) == (meta.num_rows, meta.num_row_groups)
        assert logical_digest(tmp_path / "out" / shard.path) == shard.logical
        column = meta.row_group(0).column(0)
        assert (column.compression, column.has_offset_index, column.has_column_index) == ("ZSTD", True, True)
    table = pq.read_table(tmp_path / "out/articles/train-00000-of-00001.parquet")
    ids = table.column("id").to_pylist()
    assert ids == sorted(each["id"] for each in ARTICLES if each.get("split") in ("train", None))
    given = {row["id"]: row for row in batch(*ARTICLES).to_pylist()}
    assert [row["entities"] is None for row in table.to_pylist()] == [given[own]["entities"] is None for own in ids]


def test_a_flipped_bit_breaks_the_checksum_of_its_page(tmp_path: Path) -> None:
    shard = build(tmp_path, [FULL])[0]
    path = tmp_path / "out" / shard.path
    data = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(0).column(1)
    data[(chunk.dictionary_page_offset or chunk.data_page_offset) + chunk.total_compressed_size - 4] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match=r"CRC|corrupt"):
        pq.read_table(path, page_checksum_verification=True)


@pytest.mark.parametrize("extra", [{}, {"provenance": [{"id": "A2", "agent": "x", "agent_type": "model"}]}], ids=str)
def test_raw_articles_are_written_where_gold_left_something_out(tmp_path: Path, extra: dict[str, object]) -> None:
    mixed = [entity("T1", "PER", "Aliya", prov="A1"), entity("T2", "PER", "Serova", prov="A2" if extra else "A1")]
    products = spill(tmp_path / "spills", [article("a", entities=mixed, **extra), article("b", **extra)], 2)
    found = write_shards(products, CONTRACT, VIEWS, tmp_path / "out")
    assert [shard.view for shard in found] == (["articles", "articles_raw"] if extra else ["articles", "entities"])
    assert sum(product.left_out.get("entities", 0) for product in products) == (2 if extra else 0)
    last = pq.read_table(tmp_path / "out" / found[-1].path).to_pylist()
    assert [row["id"] for row in last] == (["a", "b"] if extra else ["T1", "T2"])
    if extra:
        assert len(last[0]["entities"]) == 2
        assert pq.read_table(tmp_path / "out" / found[0].path).to_pylist()[0]["entities"] is None


def test_untagged_entities_are_reported(tmp_path: Path) -> None:
    (product,) = spill(tmp_path / "spills", [TOKENIZED | FULL, TOKENIZED | FULL | {"id": "b", "split": "test"}], 1)
    assert product.untagged == {"discontinuous": 2}
    assert {split: ids.to_pylist() for split, ids in product.ids.items()} == {"train": ["a"], "test": ["b"]}


def test_nothing_gives_no_file(tmp_path: Path) -> None:
    products = spill(tmp_path / "spills", [], 1)
    assert write_shards(products, CONTRACT, VIEWS, tmp_path / "out") == ()
    assert write_shards([], CONTRACT, VIEWS, tmp_path / "out") == ()
    assert not (tmp_path / "out").exists()


def test_labels_open_in_workers_are_closed_by_the_writer(tmp_path: Path) -> None:
    products = spill(tmp_path / "spills", ARTICLES, 2, contract=load_contract(None, None))
    found = write_shards(products, CONTRACT, VIEWS, tmp_path / "out")
    assert {shard.path: shard.logical for shard in found} == {
        shard.path: shard.logical for shard in build(tmp_path / "closed", ARTICLES)
    }
    assert pq.read_table(tmp_path / "out/entities/train-00000-of-00001.parquet").column("type").type == pa.int64()


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        pytest.param({"entities": [entity("T1", "NEW", "Aliya")]}, "'NEW' in entities", id="label"),
        pytest.param({"split": "dev-a"}, "split 'dev-a'", id="split"),
        pytest.param({"split": "../../x"}, "cannot be loaded", id="split that leads out"),
        pytest.param({"split": "all"}, "'all'", id="split all"),
    ],
)
def test_what_cannot_be_loaded_is_refused(tmp_path: Path, broken: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        build(tmp_path, [article("a", **broken)])
    assert not (tmp_path / "out").exists() or not files(tmp_path / "out")


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone"):
        Spiller(CONTRACT, tmp_path / "gone", VIEWS)(batch(FULL), 0)
    products = spill(tmp_path / "spills", ARTICLES, 1)
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StoreError, match=r"articles.*parquet: cannot write"):
        write_shards(products, CONTRACT, VIEWS, tmp_path / "out")
    shutil.rmtree(tmp_path / "spills")
    with pytest.raises(StoreError, match=r"arrow: cannot read"):
        write_shards(products, CONTRACT, VIEWS, tmp_path / "other")
    assert not files(tmp_path / "other")


def test_a_disk_that_fills_up_leaves_no_file(tmp_path: Path) -> None:
    products = spill(tmp_path / "spills", ARTICLES, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        with pytest.raises(StoreError, match=r"articles.*parquet: cannot write"):
            write_shards(products, CONTRACT, VIEWS[:1], tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


ROWS = pa.schema({"a": pa.string(), "b": pa.list_(pa.struct({"c": pa.int64(), "d": pa.bool_()})), "e": pa.date32()})


def digest(*tables: pa.Table) -> str:
    found = Digest()
    for table in tables:
        found.update(table)
    return found.hexdigest()


def rows(*values: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(values), schema=ROWS)


def test_the_logical_digest_is_that_of_the_rows_and_not_of_their_chunks() -> None:
    values = [{"a": "x😀"}, {"a": None, "b": []}, {"a": "", "b": [{"c": 1}, None, {"d": True}]}, {"b": [{"c": 2}]}]
    whole = rows(*values)
    assert digest(whole) == digest(*(whole.slice(at, 1) for at in range(4)))
    assert digest(whole) == digest(pa.concat_tables([whole.slice(0, 1), whole.slice(1)]))
    assert digest(whole) == digest(whole.select(["e", "b", "a"]))
    large = whole.set_column(0, "a", whole.column("a").cast(pa.large_string()))
    assert digest(whole) == digest(large)


def test_the_logical_digest_by_hand() -> None:
    def sha(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    table = pa.table({"n": pa.array([1, None], pa.int64()), "s": pa.array([["é", None], []], pa.list_(pa.string()))})
    eight = [number.to_bytes(8, "little") for number in range(3)]
    nodes = [
        [["n"], "int64", sha(b"\1\0"), sha(b""), sha(eight[1])],
        [["s"], "list", sha(b"\1\1"), sha(eight[2] + eight[0]), sha(b"")],
        [["s", "*"], "string", sha(b"\1\0"), sha(eight[2]), sha("é".encode())],
    ]
    text = json.dumps([2, nodes], separators=(",", ":"))
    assert digest(table) == sha(text.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([{"a": "x"}], [{"a": "y"}], id="value"),
        pytest.param([{"a": "xy"}, {"a": "z"}], [{"a": "x"}, {"a": "yz"}], id="where strings end"),
        pytest.param([{"a": ""}], [{"a": None}], id="empty and null string"),
        pytest.param([{"b": []}], [{"b": None}], id="empty and null list"),
        pytest.param([{"b": [None]}], [{"b": [{}]}], id="null struct and struct of nulls"),
        pytest.param([{"b": [{"c": 1}, {"c": 2}]}, {"b": []}], [{"b": [{"c": 1}]}, {"b": [{"c": 2}]}], id="lists"),
        pytest.param([{"a": "x"}, {"a": "y"}], [{"a": "y"}, {"a": "x"}], id="order"),
        pytest.param([{}], [{}, {}], id="rows of nulls"),
    ],
)
def test_different_rows_have_different_digests(one: list[dict[str, object]], other: list[dict[str, object]]) -> None:
    assert digest(rows(*one)) != digest(rows(*other))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    folder = tmp_path / "out"
    found = write_shards(spill(tmp_path / "spills", ARTICLES, 3), CONTRACT, VIEWS, folder)
    extra = {"license": "cc-by-4.0", "language": ["no"], "pretty_name": "Sjø 😀\u2028---\n---\n"}
    card = front_matter(found, VIEWS, CONTRACT, version="1.2.3", digest="0" * 64, extra=extra)
    (folder / "README.md").write_text(card + "\n# Card\n", encoding="utf-8")
    (folder / "manifest.json").write_text("{}")
    return folder


def test_load_dataset_counts_rows(corpus: Path, tmp_path: Path) -> None:
    card = (corpus / "README.md").read_text(encoding="utf-8")
    (corpus / "README.md").write_text(card.replace("num_examples: 20", "num_examples: 21"), encoding="utf-8")
    with pytest.raises(datasets.exceptions.NonMatchingSplitsSizesError):
        datasets.load_dataset(str(corpus), cache_dir=str(tmp_path / "cache"))


def test_load_dataset_reads_the_directory(corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    loaded = datasets.load_dataset(str(corpus), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["train", "test", "dev.2024"]
    assert not caplog.records
    assert str(loaded["train"].info.version) == "1.2.3"
    given = {row["id"]: row for row in batch(*ARTICLES).to_pylist()}
    labels = ["PER", "ORG", "ACT"]
    for split in loaded.values():
        assert split.features["entities"].feature["type"].names == labels
        for row in split:
            expected = given[row["id"]]
            for each in row["entities"] or []:
                each["type"] = labels[each["type"]]
                assert all(TEXT[part["start"] : part["end"]] == part["text"] for part in each["spans"])
            assert row["entities"] == expected["entities"]
            assert (row["tokens"], row["text"]) == (expected["tokens"], expected["text"])
    assert {repr(row["entities"])[:4] for row in loaded["train"]} == {"None", "[]", "[{'i"}


@pytest.mark.parametrize("name", [view.name for view in VIEWS if view.name != "articles_raw"])
def test_every_view_loads_mapped_and_streaming(corpus: Path, tmp_path: Path, name: str) -> None:
    view = next(view for view in VIEWS if view.name == name)
    mapped = datasets.load_dataset(str(corpus), name, split="train", cache_dir=str(tmp_path / "cache"))
    streamed = datasets.load_dataset(str(corpus), name, split="train", streaming=True)
    assert streamed.features == mapped.features
    assert list(streamed) == list(mapped)
    assert mapped.column_names == view.schema.names
    read = pq.read_table(corpus / name / "train-00000-of-00001.parquet")
    assert mapped.to_list() == read.to_pylist()
    alone = datasets.load_dataset(
        "parquet", data_files=str(corpus / name / "train-*.parquet"), cache_dir=str(tmp_path / "cache")
    )
    assert alone["train"].features == mapped.features


def test_label_names_of_views(corpus: Path, tmp_path: Path) -> None:
    def features(name: str) -> datasets.Features:
        return datasets.load_dataset(str(corpus), name, split="train", cache_dir=str(tmp_path / "cache")).features

    assert features("entities")["type"].names == ["PER", "ORG", "ACT"]
    assert features("relations")["arguments"].feature["type"].names == ["PER", "ORG", "ACT", "Arrest"]
    assert features("tokens")["tags"].feature.names == ["O", *(f"{m}-{x}" for x in ("PER", "ORG", "ACT") for m in "BI")]


def test_front_matter_declares_what_was_written(corpus: Path) -> None:
    text = (corpus / "README.md").read_bytes()
    assert text.startswith(b"---\n")
    card = yaml.safe_load(text.decode().split("\n---\n")[0][4:])
    assert card["pretty_name"] == "Sjø 😀\u2028---\n---\n"
    assert [config["config_name"] for config in card["configs"]] == [
        info["config_name"] for info in card["dataset_info"]
    ]
    assert [config.get("default") for config in card["configs"]] == [True] + [None] * (len(card["configs"]) - 1)
    declared = {part["path"] for config in card["configs"] for part in config["data_files"]}
    assert declared == {path for path in files(corpus) if path.endswith(".parquet")}
    assert {config["description"] for config in card["configs"]} == {f"data-sha256:{'0' * 64}"}


def test_without_articles_the_first_view_is_the_default(tmp_path: Path) -> None:
    found = [shard for shard in build(tmp_path, [FULL]) if shard.view in ("relations", "events")]
    card = yaml.safe_load(front_matter(found, VIEWS, CONTRACT, version=None, digest="0", extra={})[4:-4])
    assert [(each["config_name"], each.get("default"), "version" in each) for each in card["configs"]] == [
        ("relations", True, False),
        ("events", None, False),
    ]


def test_the_card_cannot_redeclare_configs() -> None:
    with pytest.raises(SettingsError, match="'configs'"):
        front_matter([], VIEWS, CONTRACT, version=None, digest="0", extra={"configs": []})
