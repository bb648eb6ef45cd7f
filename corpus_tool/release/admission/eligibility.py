"""Which articles may be in a release: by their status, their embargo, and the licence they bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus_tool.collecting import Said
from corpus_tool.records import locations
from corpus_tool.release.admission.article_licences import licence_of, spdx
from corpus_tool.release.pages.licences import check_licence
from corpus_tool.release_settings import EMBARGO, LICENCE, STATUS
from corpus_tool.rules import find_rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.metadata import HELD_BACK, instant
from corpus_tool.vocabulary import pointer

if TYPE_CHECKING:
    from corpus_tool.collecting import Collector
    from corpus_tool.contract import Contract
    from corpus_tool.records import Record
    from corpus_tool.release.admission.pseudonyms import Hiding
    from corpus_tool.release_settings import ReleaseSettings

LEFT_OUT, NOT_ALLOWED = "MET703", "MET704"
_WITHHELD, _CANCELLED = "withheld", "cancelled"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article may not be in a release: `meaning` is of the field that says so, `name` as in the manifest."""

    meaning: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Judges articles by what they say of themselves; `moment` is when the release is made."""

    contract: Contract
    settings: ReleaseSettings
    moment: datetime

    def reasons(self, article: Any) -> Iterator[Reason]:
        """Everything that speaks against an article."""
        status = self.said(article, "status")
        if status is not None and (plain := status.lower().rpartition(":")[2]) in HELD_BACK:
            name = _WITHHELD if plain == _WITHHELD else _CANCELLED
            yield Reason(STATUS, name, f"the article is {shown(status)}")
        embargo = self.said(article, "embargo")
        if embargo is not None:
            moment = instant(embargo)
            if moment is None:
                yield Reason(EMBARGO, "embargo", f"nobody can read until when the embargo lasts: {shown(embargo)}")
            elif moment > self.moment:
                yield Reason(EMBARGO, "embargo", f"the article is under embargo until {embargo}")
        yield from self.licence_reasons(article)

    def licence_reasons(self, article: Any) -> Iterator[Reason]:
        if self.settings.allowed is None:
            return
        own, source = self.said(article, "licence"), self.said(article, "source")
        licence = licence_of(own, source, self.settings.licences)
        if licence is None:
            stated = f"SPDX does not know {shown(own)}" if own else "the article states no licence"
            yield Reason(LICENCE, "licence", f"{stated}, and its source has none in corpus.toml")
        elif licence not in _allowed(self.settings.allowed):
            yield Reason(LICENCE, "licence", f"the licence {licence} is not allowed")

    def said(self, article: Any, meaning: str) -> str | None:
        """What an article says under a meaning; None for nothing, and for what is no text."""
        value = article
        for step in self.contract.meanings.get(meaning, ("",)):
            value = value.get(step) if isinstance(value, dict) else None
        return value.strip() or None if isinstance(value, str) else None


@lru_cache(maxsize=8)
def _allowed(licences: tuple[str, ...]) -> frozenset[str | None]:
    return frozenset(map(spdx, licences))


def check_licences(settings: ReleaseSettings, place: str | None) -> None:
    """Raise SettingsError where `[release]` names a licence that SPDX does not know."""
    for licence in settings.allowed or ():
        check_licence(licence, f"{place}.release['allowed-licences']")
    for source, licence in settings.licences.items():
        check_licence(licence, f"{place}.release.licences['{source}']")


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands before the checks of a release: keeps out what may not be in it, and puts pseudonyms for people."""

    eligibility: Eligibility
    hiding: Hiding | None = None

    def __call__(self, records: Iterable[Record], out: Collector) -> Iterator[Record]:
        for record in records:
            if not self.kept_out(record, out):
                yield record if self.hiding is None else self.hiding.of(record)

    def kept_out(self, record: Record, out: Collector) -> bool:
        """Whether the article is left out; says why, and why it should not be in the release where it stays."""
        if not isinstance(record.value, dict):
            return False
        reasons = list(self.eligibility.reasons(record.value))
        excluding = [reason for reason in reasons if reason.meaning in self.eligibility.settings.exclude]
        if excluding:
            name = self.eligibility.contract.id or ""
            out.excluded += [(str(record.value.get(name) or record.path), excluding[0].name, excluding[0].detail)]
            self.say(LEFT_OUT, excluding, record, out)
            return True
        self.say(NOT_ALLOWED, [reason for reason in reasons if reason.meaning == LICENCE], record, out)
        return False

    def say(self, code: str, reasons: list[Reason], record: Record, out: Collector) -> None:
        rule, meanings = find_rule(code), self.eligibility.contract.meanings
        at = [pointer(meanings.get(reason.meaning, ())) for reason in reasons]
        for reason, place in zip(reasons, locations(record, at, self.eligibility.contract), strict=True):
            out.add(Said(rule, rule.message.format(detail=reason.detail)), place)


def moment_of(created: str) -> datetime:
    """The moment that a manifest's `created` means."""
    moment = instant(created)
    assert moment is not None
    return moment
