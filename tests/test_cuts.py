from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus_tool.blocks import Block, read_blocks
from corpus_tool.cuts import Cuts
from corpus_tool.sources import find_sources

SIZE = 4096


def line(seed: int) -> bytes:
    made = random.Random(seed)
    return b"%d " % seed + bytes(made.choices(b"abcdef", k=made.randint(0, 400))) + b"\n"


def blocks(path: Path) -> list[Block]:
    return list(read_blocks(find_sources([str(path)]).files, SIZE, digests={}))


def facts(made: list[Block]) -> set[tuple[object, ...]]:
    """What the cache knows a block by, without where it stands."""
    return {tuple((chunk.name, chunk.digest, chunk.line == 1) for chunk in block.chunks) for block in made}


class TestLines:
    @pytest.mark.parametrize("at", [0, 1, 500, 999], ids=["first", "second", "middle", "last"])
    @pytest.mark.parametrize(
        "more", [b"x\n", b"x" * 3000 + b"\n", b"x" * 20_000 + b"\n"], ids=["short", "long", "huge"]
    )
    def test_one_that_is_put_in_changes_few_blocks(self, tmp_path: Path, at: int, more: bytes) -> None:
        path = tmp_path / "a.jsonl"
        lines = [line(number) for number in range(1000)]
        path.write_bytes(b"".join(lines))
        before = blocks(path)
        path.write_bytes(b"".join([*lines[:at], more, *lines[at:]]))
        after = blocks(path)
        assert len(before) > 40
        assert len(facts(after) - facts(before)) <= 5

    def test_are_all_there_in_order(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes(data := b"".join(line(number) for number in range(1000)))
        made = [chunk for block in blocks(path) for chunk in block.chunks]
        assert b"".join(chunk.read() for chunk in made) == data
        assert [chunk.line for chunk in made] == [data[: chunk.offset].count(b"\n") + 1 for chunk in made]

    def test_that_are_all_the_same_are_cut_by_size(self) -> None:
        cuts = Cuts(SIZE)
        cut = cuts.in_lines(b"the same\n" * 10_000)
        assert cuts.least <= cut <= cuts.most
        assert cut % 9 == 0

    @pytest.mark.parametrize("size", [1, 2, 7, 64, SIZE])
    def test_where_there_is_no_end_of_line_more_is_read(self, size: int) -> None:
        assert Cuts(size).in_lines(b"x" * 10_000) == 0


class TestFiles:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Cuts depend on the names of files: the same in every run."""
        monkeypatch.chdir(tmp_path)

    def folder(self, path: Path, sizes: dict[str, int]) -> list[Block]:
        path.mkdir(exist_ok=True)
        for name, size in sizes.items():
            (path / name).write_bytes(name.encode() * (size // len(name)))
        return blocks(path)

    @pytest.mark.parametrize("size", [0, 60, 2000], ids=["empty", "small", "larger"])
    def test_one_more_changes_few_blocks(self, size: int) -> None:
        sizes = {f"{number:04}.json": size for number in range(1000)}
        before = self.folder(Path("in"), sizes)
        after = self.folder(Path("in"), {"0000-and-a-half.json": 100})
        assert len(facts(after) - facts(before)) <= max(6, len(before) // 20)

    def test_one_that_grows_changes_few_blocks(self) -> None:
        sizes = {f"{number:04}.json": 60 for number in range(1000)}
        before = self.folder(Path("in"), sizes)
        after = self.folder(Path("in"), {"0300.json": 90})
        assert len(before) > 10
        assert len(facts(after) - facts(before)) <= 4

    def test_are_of_no_more_than_a_half_above_the_size(self) -> None:
        made = self.folder(Path("in"), {f"{number:04}.json": 700 for number in range(300)})
        assert max(block.size for block in made) <= Cuts(SIZE).most
