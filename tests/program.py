"""The program, run inside the test's process; signals and pipes need one of its own."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import cli


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Code and pointer of each finding of a run with `--format json`."""
        return [(finding["code"], finding["pointer"]) for finding in self.json["findings"]]


def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> Ran:
    """What `corpus-tool ARGUMENTS` gives."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["corpus-tool", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        if cwd is not None:
            patch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    out.flush()
    err.flush()
    written = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    assert "Traceback" not in written[1]
    return Ran(int(ended.value.code or 0), *written)


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """The program in a process, and a process group, of its own."""
    command = [sys.executable, "-m", "corpus_tool", *map(str, arguments)]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_begin, **{**streams, **options})  # noqa: PLW1509 (no test has threads of its own then)


def _begin() -> None:
    # What runs tests in the background may have told them to ignore interrupts, and children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def lines(*articles: dict[str, Any]) -> bytes:
    """Articles as JSONL."""
    return b"".join(json.dumps(article, ensure_ascii=False).encode() + b"\n" for article in articles)
