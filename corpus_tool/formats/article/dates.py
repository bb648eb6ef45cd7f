"""Dates as newspapers print them, in several languages, to ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_MONTHS = (
    "january jan januar janvier enero январь января янв қаңтар",
    "february feb februar février febrero февраль февраля фев февр ақпан",
    "march mar märz mars marzo март марта мар наурыз",
    "april apr avril abril апрель апреля апр сәуір",
    "may mai mayo май мая мамыр",
    "june jun juni juin junio июнь июня июн маусым",
    "july jul juli juillet julio июль июля июл шілде",
    "august aug août agosto август августа авг тамыз",
    "september sep sept septembre septiembre сентябрь сентября сен сент қыркүйек",
    "october oct oktober octobre octubre октябрь октября окт қазан",
    "november nov novembre noviembre ноябрь ноября ноя нояб қараша",
    "december dec dezember décembre diciembre декабрь декабря дек желтоқсан",
)
_NUMBER_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_MONTH = (
    "(?P<month>"
    + "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
    + r")(?:сы|ның|нің|да|де|та|те|ында|інде)?(?!\w)\.?"
)
_DAY = r"(?<![\w:.])(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|-го|-е)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?:\.\d+)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)(?!\w)"
_MOMENT = rf"(?:(?:T|\s+){_CLOCK}(?:\s*{_ZONE})?)?"

MONTH_WORD = re.compile(_MONTH.replace("?P<month>", "?:"), re.IGNORECASE)

# In order of trust: what an earlier one has taken, a later one does not see.
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}(?P<mark>[-./])(?P<number>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d){_MOMENT}",
        rf"{_DAY}\.?[\s-]+(?:of\s+|de\s+)?{_MONTH},?[\s-]+(?:de\s+)?{_YEAR}",
        rf"(?<!\w){_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"(?<!\d){_YEAR}\s*(?:жыл\w*|ж\.|год\w*|г\.)?,?\s+{_DAY}[\s-]+{_MONTH}",
        rf"(?<!\d){_YEAR}年(?P<number>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"(?<![\d./-])(?P<day>\d{{1,2}})(?P<mark>[-./])(?P<number>\d{{1,2}})(?P=mark){_YEAR}",
        rf"{_DAY}\.?\s+{_MONTH}",
        rf"(?<!\w){_MONTH}\s+{_DAY}(?![\d:])",
        rf"(?<!\w){_MONTH},?\s+{_YEAR}",
    )
)

_WORDS = (
    r"utc|gmt|msk|мск|e[sd]?t|c[es]s?t|bst|p[sd]t|z|almt|алматы\ уақыты",
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?",
    r"понедельник|вторник|сред[аы]|четверг|пятниц[аы]|суббот[аы]|воскресенье|пн|вт|ср|чт|пт|сб|вс",
    r"дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі",
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    r"(?:(?:first|last|originally)\ )?(?:published|posted|updated|modified|created|issued|revised)",
    r"(?:publication\ )?date|time|dated|on|at|am|pm|um|uhr|le|el",
    r"publié|veröffentlicht|stand|publicado|actualizado|mis\ à\ jour|aktualisiert",
    r"опубликован[оа]?|обновлен[оа]?|обновлён|размещен[оа]?|добавлен[оа]?|изменен[оа]?|создан[оа]?",
    r"дата|время|публикации|обновления|в|от|г|года?|году",
    r"жарияланды|жарияланған|жаңартылды|жаңартылған|күні|уақыты|сағат|жыл\w{0,3}|ж",
    r"\d{1,3}[ -]?(?:min(?:ute)?s?|мин(?:ут[аы]?)?)(?:\ (?:read|чтения))?",
)
_CLOCKS = (
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?",
    r"\d{1,2}\s*[ap]\.?m\b\.?",
    r"(?:(?:utc|gmt)\s*)?[+-]\d{1,2}(?::?\d\d)?(?!\w)",
)
_NOISE = re.compile(r"(?<!\w)(?:" + "|".join((*_CLOCKS, f"(?:{'|'.join(_WORDS)})(?!\\w)")) + ")", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?:updated|modified|revised|обновл[её]н\w*|обновления|изменен\w*|жаңартыл\w+"
    r"|actualizado|aktualisiert|mis à jour)\W*$",
    re.IGNORECASE,
)
_FILLING = " \t,.;:|·•—–-/()[]*_<>\u200e\u200f🕒📅"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a line: where, what in ISO 8601 (None where a part of it is open), and whether of a later change."""

    start: int
    end: int
    iso: str | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line that is nothing but dates, times, and perhaps a place."""

    iso: str | None
    changed: bool
    place: str | None = None


def dates(line: str) -> list[Dated]:
    """The dates of a line, in its order, none inside another."""
    found: list[Dated] = []
    for shape in _SHAPES:
        for match in shape.finditer(line):
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                changed = bool(_CHANGED.search(line[: match.start()]))
                found.append(Dated(match.start(), match.end(), _iso(match), changed))
    return sorted(found, key=lambda dated: dated.start)


def dateline(line: str) -> Dateline | None:
    """What a line says that holds a date and nothing else but a time, a weekday, a label, or a place before a comma."""
    if len(line) > 160 or not any(character.isdigit() for character in line):
        return None
    found = dates(line)
    if not found:
        return None
    rest = _rest(line, found)
    place = None
    if rest:
        place = _place(line, rest)
        if place is None:
            return None
    first = next((dated for dated in found if not dated.changed), found[0])
    return Dateline(first.iso, first.changed, place)


def date_of(value: str) -> str | None:
    """A date or a date-time with zone in ISO 8601, of a value that is a date in any of the styles; else None."""
    line = " ".join(value.split())
    found = dates(line) if len(line) <= 160 else []
    return found[0].iso if len(found) == 1 and not _rest(line, found) else None


def _rest(line: str, found: list[Dated]) -> str:
    parts, at = [], 0
    for dated in found:
        parts.append(line[at : dated.start])
        at = dated.end
    parts.append(line[at:])
    return "|".join(_NOISE.sub("", part) for part in parts).strip(_FILLING)


def _place(line: str, rest: str) -> str | None:
    """The place a line starts with, before a comma: one to four words, each with a capital."""
    words = rest.split()
    if len(words) > 4 or not line.lstrip(_FILLING).startswith(rest + ","):
        return None
    return rest if all(word[0].isupper() and word.strip("-’'").replace("-", "").isalpha() for word in words) else None


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if not parts.get("year") or not parts.get("day"):
        return None
    year, day = int(parts["year"]), int(parts["day"])
    month = _NUMBER_OF.get(parts["month"].casefold(), 0) if parts.get("month") else int(parts["number"])
    if parts.get("mark") == "/" and match.start("day") < match.start("number"):
        if day <= 12 and month <= 12 and day != month:
            return None
        if month > 12:
            day, month = month, day
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return _with_clock(value, parts.get("clock"), parts.get("zone")) or value.isoformat()


def _with_clock(value: date, clock: str | None, zone: str | None) -> str | None:
    """The date-time; None without a zone, because a local time names no moment."""
    if not clock or not zone:
        return None
    offset = re.fullmatch(r"([+-])(\d{1,2}):?(\d\d)?", zone)
    hours, minutes = (int(offset[2]), int(offset[3] or 0)) if offset else (0, 0)
    hour, minute, second = (int(number) for number in (clock + ":0").split(":")[:3])
    try:
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset and offset[1] == "-" else 1)
        moment = datetime(value.year, value.month, value.day, hour, minute, second, tzinfo=timezone(shift))
    except ValueError:
        return None
    return moment.isoformat().replace("+00:00", "Z")
