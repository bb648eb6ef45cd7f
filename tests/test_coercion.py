from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
import typer.core
from typer._coercion import build_runtime_param
from typer.main import get_command

from corpus_tool.cli.coercion import _Plain, read_plainly


class Word(StrEnum):
    one = "one"
    two = "two"


def command(  # noqa: PLR0917
    sources: list[str],
    path: Annotated[Path | None, typer.Option()] = None,
    there: Annotated[Path | None, typer.Option(exists=True)] = None,
    words: Annotated[list[str] | None, typer.Option()] = None,
    word: Annotated[Word, typer.Option()] = Word.one,
    maybe: Annotated[Word | None, typer.Option()] = None,
    number: Annotated[int | None, typer.Option(min=1)] = None,
    most: Annotated[int, typer.Option(max=9)] = 3,
    text: Annotated[str | None, typer.Option()] = None,
    flag: Annotated[bool, typer.Option()] = False,  # noqa: FBT002
) -> None: ...


def parameters() -> dict[str, Any]:
    app = typer.Typer()
    app.command()(command)
    return {param.name: param for param in get_command(app).params if param.name}


VALUES: dict[str, list[Any]] = {
    "sources": [("a", "b"), ("a",), (), None],
    "path": [None, "x", "-", "", ".", "/", Path("y"), "a\udcff"],
    "there": [None, ".", "nowhere-at-all"],
    "words": [None, ("a", "b,c"), (), ["a"]],
    "word": [Word.two, "one", "two", "ONE", "three", ""],
    "maybe": [None, "two", Word.one, "three"],
    "number": [None, "3", "0", "-1", "007", " 3", "3.0", "٣", "1" * 30, "x", "", 5, 0, True],
    "most": [None, "9", "10", 10],
    "text": [None, "", "a\nb", "é🌞"],
    "flag": [True, False],
}
CASES = [(name, value) for name, values in VALUES.items() for value in values]


def outcome(reader: Any, value: Any, param: Any) -> Any:
    context = typer._click.Context(get_command(typer.Typer(callback=lambda: None)))
    try:
        return reader.coerce(value, param=param, ctx=context)
    except typer.BadParameter as error:
        return type(error), error.message


@pytest.mark.parametrize(("name", "value"), CASES, ids=repr)
def test_values_are_what_typer_makes_of_them(name: str, value: Any) -> None:
    param = parameters()[name]
    plain = outcome(_Plain(param.type_descriptor, build_runtime_param), value, param)
    own = outcome(build_runtime_param(param.type_descriptor), value, param)
    assert plain == own
    assert type(plain) is type(own)


def test_reading_options_loads_no_pydantic() -> None:
    code = (
        "import sys\nfrom corpus_tool import cli\n"
        "sys.argv = ['corpus-tool', 'validate', 'nowhere', '--jobs', '2', '--quiet', '--output', 'x']\n"
        "try: cli.main()\nexcept SystemExit as end: print(end.code)\n"
        "print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["2", "False"]


def test_is_put_in_place_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typer.core, "build_runtime_param", build_runtime_param)
    read_plainly()
    first = typer.core.build_runtime_param  # type: ignore[attr-defined]
    read_plainly()
    assert typer.core.build_runtime_param is first  # type: ignore[attr-defined]
    assert first is not build_runtime_param


def test_a_typer_that_is_built_otherwise_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(typer.core, "build_runtime_param")
    read_plainly()
    assert not hasattr(typer.core, "build_runtime_param")
