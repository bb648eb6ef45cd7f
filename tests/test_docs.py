"""The documentation says what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from corpus_tool.cli import app
from corpus_tool.rules import all_rules

TOP = Path(__file__).parent.parent
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?:^    |`|^\$ )(corpus-tool [^`\n]*)", re.MULTILINE)
COMMANDS = [
    (page, line) for page in PAGES for line in COMMAND.findall(page.read_text(encoding="utf-8")) if "[" not in line
]


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, TOP / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_has_commands() -> None:
    assert len([line for page, line in COMMANDS if page.name == "README.md"]) > 10


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=[f"{page.name}: {line}" for page, line in COMMANDS])
def test_commands_parse(page: Path, line: str) -> None:
    words = shlex.split(line.partition("   ")[0], comments=True)[1:]
    command = typer.main.get_command(app)
    while getattr(command, "commands", None):
        assert words[0] in command.commands, f"{page.name} names a command that is not there"
        command = command.commands[words.pop(0)]
        if not words:
            return  # a mention of the command, not a call of it
    options = {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("-")
    }
    with command.make_context(line, words) as context:
        assert not context.args
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_rules_that_are_named_exist(page: Path) -> None:
    named = set(
        re.findall(r"\b(?:IO|SCH|TXT|SPN|REF|LBL|COR|STR|COL|MET|RLS)[0-9]{3}\b", page.read_text(encoding="utf-8"))
    )
    assert named <= set(all_rules())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
