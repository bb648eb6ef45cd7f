"""What `validate --format full` writes for a small broken corpus; run as a program, it rewrites the golden file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from corpus_tool.rules.example import edited, example_inventory
from tests.program import lines, run

GOLDEN = Path(__file__).parent / "golden" / "validate.txt"

BROKEN = b"\xef\xbb\xbf" + lines(
    edited({"/entities/0/spans/0/text": "Mara Quil"}),
    edited({"/id": "example-2", "/entities/1/type": "loc", "/metadata/contentCreated": "yesterday"}),
    edited({"/id": "example-3", "/entities/0/confidenc": 0.5}, drop=("/split",)),
    edited({"/text": "The harbour \u202elies\x1b[31m open.", "/quotations": None}),
)


def golden() -> str:
    """The output, from a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "inventory.json").write_text(json.dumps(example_inventory().as_json()), encoding="utf-8")
        (here / "articles.jsonl").write_bytes(BROKEN + b"\n{oops\n")
        (here / "one.json").write_bytes(b'{\n "id": "rain",\n "text": "Rain.",\n "entities": null\n}\n')
        (here / "README.json").touch()
        ran = run("validate", ".", "--inventory", "inventory.json", "--severity", "info", cwd=here)
    return f"{ran.out}{ran.err}exit code {ran.code}\n"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8", newline="\n")
