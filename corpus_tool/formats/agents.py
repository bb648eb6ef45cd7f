"""People who annotate, under names that say nothing of them: the list of who is who stays with the team."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_tool.atomic import write_file
from corpus_tool.errors import SettingsError
from corpus_tool.formats import Article
from corpus_tool.formats.made import NOBODY


@dataclass(slots=True)
class Pseudonyms:
    """Pseudonyms by agent: those that are known, and the next number for whoever is new."""

    known: dict[str, str] = field(default_factory=dict)

    def of(self, agent: str) -> str:
        if agent not in self.known:
            taken = set(self.known.values())
            number = len(self.known) + 1
            while (name := f"annotator-{number:02}") in taken:
                number += 1
            self.known[agent] = name
        return self.known[agent]

    def hide(self, article: Article) -> Article:
        """The article with pseudonyms for the people in its provenance; models and rules keep their names.

        It has not been checked: what is no record of provenance stays as it is.
        """
        records = article.get("provenance") if isinstance(article, dict) else None
        if not isinstance(records, list):
            return article
        return {**article, "provenance": [self._hidden(one) for one in records]}

    def _hidden(self, record: Any) -> Any:
        if not isinstance(record, dict) or record.get("agent_type") != "human":
            return record
        agent = record.get("agent")
        if not isinstance(agent, str) or agent == NOBODY or agent in self.known.values():
            return record
        return {**record, "agent": self.of(agent)}


def read_pseudonyms(path: Path) -> Pseudonyms:
    """The pseudonyms of a JSON file, an object of strings; none where there is no such file.

    Raises SettingsError where it is something else, or gives two people one name.
    """
    if not path.exists():
        return Pseudonyms()
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"cannot be read as pseudonyms: {error}", str(path)) from error
    if not isinstance(value, dict) or not all(isinstance(name, str) and name for name in value.values()):
        raise SettingsError('is no list of pseudonyms, such as {"mara@example.org": "annotator-01"}', str(path))
    if len(set(value.values())) < len(value):
        raise SettingsError("gives two people one pseudonym", str(path))
    return Pseudonyms(value)


def write_pseudonyms(pseudonyms: Pseudonyms, path: Path) -> None:
    """Write the list, for the next conversion and for nobody else."""
    data = json.dumps(pseudonyms.known, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass") + b"\n"
    write_file(path, lambda stream: stream.write(data))
