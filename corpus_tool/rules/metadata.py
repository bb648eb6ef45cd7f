"""MET: what is known of an article beside its text: where it is from, when, and whether it may be published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from corpus_tool.rules import RELEASE, TABLES, WARNING, Bad, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.tables import ARTICLES, Place

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_SAME = {"uri": "source"}
_DATES = ("date", "first-created", "version-created")
_ZONES = timedelta(days=1)
"""What is today in one time zone is tomorrow in another."""
HELD_BACK = ("withheld", "canceled", "cancelled")
FUTURE = "2999-12-31"


def _hit(tables: Tables, contract: Contract, article: int, meaning: str, message: str) -> Hit:
    path = contract.meanings.get(meaning)
    at = tables.places.index(Place(path)) if path else 0
    row = {"article": article, "at": at, "i": -1, "j": -1, "k": -1, "id": tables.articles["id"][article]}
    return Hit(ARTICLES, row, message)


def _now(contract: Contract) -> datetime:
    today = contract.policy.today
    return datetime.now(UTC) if today is None else datetime.combine(today, time(), UTC)


def _text(tables: Tables, meaning: str) -> pl.Series | None:
    """A column as text; None where the contract has no such field, or no article a value."""
    if meaning not in tables.articles.columns:
        return None
    values = tables.articles[meaning].cast(pl.String)
    return None if values.null_count() == len(values) else values


@rule("MET701", on=TABLES, severity=WARNING, message="the metadata is not complete", bad=[
    Bad(drop=("/metadata/usageTerms",), at="/metadata/usageTerms"),
    Bad({"/metadata/language": " "}, "/metadata/language"),
    Bad({"/metadata/firstCreated": "2026-03-02T09:00:00Z", "/metadata/versionCreated": "2026-03-02T08:00:00Z"}, "/metadata/versionCreated"),
    Bad({"/metadata/firstCreated": "2026-03-02T00:30:00+05:00", "/metadata/versionCreated": "2026-03-01T19:00:00Z"}, "/metadata/versionCreated"),
    Bad({"/metadata/contentCreated": FUTURE}, "/metadata/contentCreated"),
    Bad({"/metadata/versionCreated": f"{FUTURE}T00:00:00Z"}, "/metadata/versionCreated"),
], good=[
    {"/metadata/firstCreated": "2026-03-02T00:30:00+05:00", "/metadata/versionCreated": "2026-03-01T20:00:00Z"},
    {"/metadata/embargoedUntil": "2026-03-02T00:00:00Z"},
])  # fmt: skip
def metadata_is_complete_and_in_order(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """An article has the metadata that its corpus asks for, no version older than its first, and no date in the future.

    Without language, source and licence nobody may use an article or can ask for it again. What is asked for stands in
    `corpus.toml` as `[policy] required-metadata`: nothing, where that is absent. Dates are looked at always; a day more
    than today in UTC is allowed, for time zones. Put in what is missing, mend the date.
    """
    yield from _missing(tables, contract)
    yield from _future(tables, contract)
    yield from _older_versions(tables, contract)


def _missing(tables: Tables, contract: Contract) -> Iterator[Hit]:
    every = range(len(tables.articles))
    for name in contract.policy.required_metadata:
        meaning = _SAME.get(name, name)
        why = "" if meaning in contract.meanings else ": the schema has no field that means it"
        values = _text(tables, meaning)
        lacking = every if values is None else (values.fill_null("").str.strip_chars() == "").arg_true()
        for article in lacking:
            yield _hit(tables, contract, article, meaning, f"the article states no {name}{why}")


def _future(tables: Tables, contract: Contract) -> Iterator[Hit]:
    last = (_now(contract) + _ZONES).date()
    for name in _DATES:
        values = _text(tables, name)
        if values is not None and (later := values > last.isoformat()).any():
            for article in later.arg_true():
                day = instant(values[article])
                if day is not None and day.date() > last:
                    message = f"the date {shown(values[article])} is in the future"
                    yield _hit(tables, contract, article, name, message)


def _older_versions(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """The version's instant against the first one's; text in UTC is compared as it stands, all else is parsed."""
    first, version = _text(tables, "first-created"), _text(tables, "version-created")
    if first is None or version is None:
        return
    plain = version >= first
    for value in (first, version):
        plain &= (value.str.len_bytes() == len("2026-03-02T00:00:00Z")) & value.str.ends_with("Z")
    for article in (~plain).arg_true():
        before, after = instant(first[article]), instant(version[article])
        if before is not None and after is not None and after < before:
            message = f"the version of {shown(version[article])} is older than the first, of {shown(first[article])}"
            yield _hit(tables, contract, article, "version-created", message)


def instant(value: str | None) -> datetime | None:
    """The moment a date or time means, without a zone in UTC; None where it is absent or no ISO 8601."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@rule("MET702", on=TABLES, severity=WARNING, message="the article may not be published", bad=[
    Bad({"/metadata/pubStatus": "withheld"}, "/metadata/pubStatus"),
    Bad({"/metadata/pubStatus": "canceled"}, "/metadata/pubStatus"),
    Bad({"/metadata/embargoedUntil": f"{FUTURE}T00:00:00Z"}, "/metadata/embargoedUntil"),
], good=[{"/metadata/pubStatus": "usable"}, {"/metadata/embargoedUntil": "2026-03-02T00:00:00Z"}])  # fmt: skip
def article_may_be_published(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """An article is neither withheld, cancelled, nor under an embargo that has not ended.

    Its publisher has not let go of it, or has taken it back. It may be annotated meanwhile, so this is a warning. A
    release never holds it: it is left out, and named (MET703). Where `[release] exclude` in `corpus.toml` does not list
    `status` or `embargo`, this is an error there that cannot be turned off. Wait, or take the article out.
    """
    status = _text(tables, "status")
    if status is not None:
        held = [value for value in status.drop_nulls().unique() if value.lower().rpartition(":")[2] in HELD_BACK]
        for article in status.is_in(held).arg_true() if held else ():
            yield _hit(tables, contract, article, "status", f"the article is {shown(status[article])}")
    embargo = _text(tables, "embargo")
    if embargo is not None:
        now = _now(contract)
        for article in (embargo >= (now - _ZONES).date().isoformat()).arg_true():
            moment = instant(embargo[article])
            if moment is not None and moment > now:
                yield _hit(
                    tables, contract, article, "embargo", f"the article is under embargo until {embargo[article]}"
                )


@rule("MET703", on=RELEASE, severity=WARNING, message="left out of the release: {detail}")
def article_may_be_released() -> None:
    """Every article may be in a release. Found by `release build`, which leaves out what may not.

    That is what is withheld, cancelled, under an embargo that has not ended or cannot be read, or of a licence that
    `[release] allowed-licences` does not list. Manifest, card and summary name it. Of an article that is left out
    nothing else is checked. `[release] exclude` says for which reasons an article is left out; for the others the
    release is refused (MET702, MET704).
    """


@rule("MET704", on=RELEASE, message="{detail}")
def licence_is_allowed() -> None:
    """The licence of every article is one that `[release] allowed-licences` lists.

    Found by `release build`, and not to be turned off, where `[release] exclude` does not list `licence`. An article's
    licence is its own, where SPDX knows that, else the one that `[release.licences]` gives its source. State the
    licence, allow it, or take the article out.
    """
