from __future__ import annotations

import pytest

from corpus_tool.reporters.paint import Paint


@pytest.mark.parametrize(
    ("line", "color"),
    [
        ("--- a.json", "1"),
        ("+++ a.json", "1"),
        ("@@ -1 +1 @@", "36"),
        ("-old", "31"),
        ("+new", "32"),
        (" same", ""),
        ("", ""),
    ],
    ids=["old file", "new file", "place", "removed", "added", "unchanged", "empty"],
)
def test_lines_of_a_difference(line: str, color: str) -> None:
    assert Paint(True).changed(line) == (f"\x1b[{color}m{line}\x1b[0m" if color else line)
    assert Paint(False).changed(line) == line
