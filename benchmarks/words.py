"""Invented vocabularies, the same ones on every machine and in every version of Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

COMMON_WORDS = 4000
NAMES = 1500


@dataclass(frozen=True, slots=True)
class Script:
    """The syllables that the words of a vocabulary are made of, and the few words that are not made."""

    language: str
    onsets: tuple[str, ...]
    vowels: tuple[str, ...]
    codas: tuple[str, ...]
    symbols: tuple[str, ...] = ()


LATIN = Script(
    "en",
    (*"bcdfghklmnprstvz", "br", "dr", "gr", "kl", "pr", "st", "tr"),
    (*"aeiou", "ai", "ea", "ou"),
    ("", "", "", *"nrslmt"),
)
CYRILLIC = Script("ru", tuple("бвгджзклмнпрстфхцчшщ"), tuple("аеиоуыэюя"), ("", "", "", *"нрслмтй"))
KAZAKH = Script("kk", tuple("бғджзкқлмнпрстшһ"), tuple("аәеіоөұүы"), ("", "", *"ңқрнлст"))
# A stress mark on these vowels has no precomposed form: the text is NFC and still has combining characters.
STRESSED = Script("ru", CYRILLIC.onsets, (*"аеоуыэюя", *(vowel + "\u0301" for vowel in "аоуыэюя")), CYRILLIC.codas)
# Outside the Basic Multilingual Plane: one code point, two UTF-16 units, four bytes; some are two code points.
EMOJI = Script(
    "en",
    LATIN.onsets,
    LATIN.vowels,
    LATIN.codas,
    ("\U0001f6a2", "\U0001f4c8", "\U0001f393", "\U0001f30a", "\U0001f469\U0001f3fd", "\U0001f1f0\U0001f1ff"),
)

NON_ASCII = (CYRILLIC, KAZAKH, STRESSED, EMOJI)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by what they are for; `weights` are the cumulative weights of `common`."""

    language: str
    common: tuple[str, ...]
    weights: tuple[float, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    bodies: tuple[str, ...]
    months: tuple[str, ...]
    currencies: tuple[str, ...]
    titles: tuple[str, ...]
    acts: tuple[str, ...]


@cache
def vocabulary(script: Script) -> Vocabulary:
    """The vocabulary of a script; common words get rarer by rank, as words do."""
    rng = Random(f"vocabulary/{''.join(script.onsets)}/{''.join(script.vowels)}")
    seen: set[str] = set()

    def invent(count: int, syllables: int, *, name: bool = False) -> tuple[str, ...]:
        words: list[str] = []
        while len(words) < count:
            word = "".join(_syllable(rng, script) for _ in range(syllables))
            if len(word) > 1 and word not in seen:
                seen.add(word)
                words.append(word.capitalize() if name else word)
        return tuple(words)

    common = invent(200, 1) + invent(COMMON_WORDS // 2, 2) + invent(COMMON_WORDS // 2, 3)
    if script.symbols:
        common = tuple(script.symbols[i // 9 % len(script.symbols)] if i % 9 == 4 else w for i, w in enumerate(common))
    return Vocabulary(
        language=script.language,
        common=common,
        weights=tuple(accumulate(1 / (rank + 30) for rank in range(len(common)))),
        given=invent(NAMES, 2, name=True),
        family=invent(NAMES, 2, name=True),
        places=invent(NAMES, 2, name=True),
        bodies=invent(60, 2, name=True),
        months=invent(12, 2, name=True),
        currencies=invent(12, 2),
        titles=invent(60, 2),
        acts=invent(80, 2),
    )


def _syllable(rng: Random, script: Script) -> str:
    return "".join(part[int(rng.random() * len(part))] for part in (script.onsets, script.vowels, script.codas))
