"""What closes a run for people."""

from __future__ import annotations

import pytest

from corpus_tool.reporters.text import closing
from corpus_tool.summary import Summary


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({"articles between splits": 1}, "1 article between splits"),
        ({"articles between splits": 2}, "2 articles between splits"),
        ({"files of the configuration": 1, "dot-files": 3}, "3 dot-files, 1 file of the configuration"),
    ],
    ids=["one article", "articles", "files"],
)
def test_what_was_left_out_is_counted(left_out: dict[str, int], said: str) -> None:
    assert f"left out: {said}\n" in list(closing(Summary(left_out=left_out)))
