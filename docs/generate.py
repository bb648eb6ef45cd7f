"""Write the pages that are made from the code; `--check` fails where one is out of date instead."""

from __future__ import annotations

import sys
from pathlib import Path

import tomli_w

from corpus_tool.canonical import dumps_pretty
from corpus_tool.contract import load_contract
from corpus_tool.formats import Kept
from corpus_tool.formats.fidelity import ASPECTS, declared
from corpus_tool.formats.listing import Row, rows
from corpus_tool.resources import schema
from corpus_tool.rules import all_rules
from corpus_tool.rules.example import example_article, example_inventory
from corpus_tool.rules.pages import page

DOCS = Path(__file__).parent
FAMILIES = {
    "IO": "Bytes and files", "SCH": "Schema", "TXT": "Text", "SPN": "Spans", "REF": "Identifiers and references",
    "LBL": "Labels", "REL": "Relations", "EVT": "Events", "COR": "Coreference", "QUO": "Quotations",
    "MET": "Metadata", "PRV": "Provenance", "COL": "Collection",
    "RLS": "Releases",
}  # fmt: skip


def rules() -> str:
    """All rules, by family."""
    parts = ["# Rules\n\nMade from the code by `make docs`. `corpus-tool rules CODE` shows the same.\n", example()]
    for family, title in FAMILIES.items():
        chosen = [rule for rule in all_rules().values() if rule.code.rstrip("0123456789") == family]
        if chosen:
            parts.append(f"## {title}\n")
            parts += [page(rule).replace("# ", "### ", 1) + "\n" for rule in chosen]
    return "\n".join(parts)


def example() -> str:
    """The article and inventory that the examples of rules are edits of."""
    article = dumps_pretty(example_article(), load_contract(None, example_inventory())).decode()
    inventory = tomli_w.dumps(example_inventory().as_json())
    return (
        f"Examples are edits of this article, at a JSON Pointer, under this inventory:\n\n```json\n{article}```\n\n"
        f"```toml\n{inventory}```\n"
    )


def keywords() -> str:
    """The vocabulary, as a table."""
    properties = schema("vocabulary-1")["$defs"]["schema"]["properties"]
    own = {name: node for name, node in properties.items() if name.startswith("x-")}
    meanings = {"x-field": f" One of: {', '.join(own['x-field']['enum'])}."}
    rows = [f"| `{name}` | {node['description']}{meanings.get(name, '')} |" for name, node in own.items()]
    return "\n".join(["| keyword | says |", "|---|---|", *rows])


def fidelity() -> str:
    """What comes back of an article from each format: a table of all, and the notes of each."""
    both = [row for row in rows() if row.about is not None and row.reads and row.writes]
    marks = {Kept.WHOLLY: "●", Kept.PARTLY: "◐", Kept.NOT: ""}
    table = [
        f"| {aspect.title} | "
        + " | ".join(marks[declared(row.about.fidelity, name).kept] for row in both if row.about)
        + " |"
        for name, aspect in ASPECTS.items()
    ]
    said = (
        "What comes back of an article that is written in a format and read again: ● all, ◐ changed or not always, "
        "nothing where there is no mark. Tests derive it from articles that make the way, and fail where it is not so."
    )
    parts = [
        "# What formats keep\n",
        "Made from the code by `make docs`; `corpus-tool formats NAME` shows the same.\n",
        f"{said}\n",
        f"| | {' | '.join(row.name for row in both)} |\n|---|{'---|' * len(both)}",
        *table,
    ]
    return "\n".join(parts) + "\n\n" + "\n".join(_notes(row) for row in both)


def _notes(row: Row) -> str:
    assert row.about is not None
    said = row.about
    lines = [f"## {row.name}\n", f"{said.title}. Offsets: {said.unit}. Files: {' '.join(row.suffixes)}.\n"]
    notes = [(aspect, one.note) for aspect, one in said.fidelity.items() if one.note]
    lines += [
        f"- {ASPECTS[aspect].title}: {note}"
        for aspect, note in sorted(notes, key=lambda each: list(ASPECTS).index(each[0]))
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page: the rules whole, and the table of keywords inside contract.md."""
    contract = (DOCS / "contract.md").read_text(encoding="utf-8")
    start, end = "<!-- keywords -->\n", "\n<!-- end of keywords -->"
    before, rest = contract.split(start, 1)
    after = rest.split(end, 1)[1]
    return {
        DOCS / "rules.md": rules(),
        DOCS / "fidelity.md": fidelity(),
        DOCS / "contract.md": f"{before}{start}{keywords()}{end}{after}",
    }


def main() -> None:
    """Write, or compare."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"out of date: {', '.join(path.name for path in stale)}; run `make docs`")
        return
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
