"""IO: bytes, JSON, compression. Found while reading; strict I-JSON (RFC 7493) is the policy."""

from __future__ import annotations

from corpus_tool.rules import BYTES, RELEASE, SOURCE, WARNING, Bad, rule

GOOD = b'{"id":"a","text":"Rain"}'


@rule(
    "IO001",
    on=BYTES,
    message="{detail}",
    bad=[Bad(raw=b'{"id":"a","text":"\xff"}'), Bad(raw=b'{"id":"a","text":"\\ud800"}')],
)
def text_is_utf8() -> None:
    r"""The bytes are UTF-8, without lone surrogates.

    Other encodings make every offset a guess. Save the file as UTF-8; a lone surrogate (`\ud83d` without its second
    half) is no character and has to be written anew.
    """


@rule(
    "IO002",
    on=BYTES,
    message="{detail}",
    bad=[Bad(raw=b'{"id":"a",}'), Bad(raw=b'{"id":"a"}{"id":"b"}'), Bad(raw=b'{"a":NaN}')],
)
def json_is_valid() -> None:
    """A line of JSONL, and a `.json` file, is exactly one JSON value.

    NaN, comments, trailing commas, a second value on the line and cut-off files are refused. Nothing of the article
    can be checked until it parses.
    """


@rule("IO003", on=BYTES, message="{detail}", bad=[Bad(raw=b'{"id":"a","text":"","id":"b"}')])
def keys_stand_once() -> None:
    """No key stands twice in one object.

    Parsers disagree on which of the two counts, so the same file would mean different things to different readers.
    """


@rule(
    "IO004",
    on=BYTES,
    severity=WARNING,
    message="the file begins with a byte order mark",
    fixes=("safe",),
    bad=[Bad(raw=b"\xef\xbb\xbf" + GOOD)],
)
def file_has_no_byte_order_mark() -> None:
    """A file does not begin with a byte order mark.

    It is read over, but other JSON readers refuse it. Save the file as UTF-8 without one.
    """


@rule(
    "IO006",
    on=BYTES,
    severity=WARNING,
    message="{detail}",
    fixes=("safe",),
    bad=[Bad(raw=b""), Bad(raw=GOOD + b'\n\n{"id":"b","text":"Snow"}\n')],
)
def lines_are_not_empty() -> None:
    """A file has articles, and no blank lines between them.

    A blank line is often where an article went missing in a merge.
    """


@rule("IO007", on=RELEASE, message="{detail}")
def digests_agree() -> None:
    """The bytes of every file of a release have the digest that its manifest states.

    A file that differs was changed or damaged after it was published: fetch the release again.
    """


@rule("IO008", on=SOURCE, severity=WARNING, message="{detail}")
def front_matter_is_usable() -> None:
    """The front matter of an article is YAML that says something about it, in values that metadata can hold.

    What is not usable is left out of the metadata; the text keeps it, verbatim.
    """


@rule("IO009", on=SOURCE, message="{detail}")
def line_is_readable() -> None:
    """Every line of a source is one that its format knows.

    The line is left out of the article and named here, so that nothing is lost unseen.
    """


@rule("IO010", on=SOURCE, message="{detail}")
def article_id_makes_a_safe_name() -> None:
    """An article id that becomes a file name stays inside the output directory and differs from every other."""


@rule(
    "IO011",
    on=BYTES,
    message="{detail}",
    bad=[Bad(raw=b'{"id":"a","text":"","n":9223372036854775808}'), Bad(raw=b'{"id":"a","n":1e999}')],
)
def numbers_fit() -> None:
    """An integer fits 64 bits with a sign, and any number a 64-bit float.

    Beyond that, readers round or refuse, each in its own way.
    """


@rule("IO012", on=BYTES, message="{detail}", bad=[Bad(raw=b"[" * 600 + b"]" * 600)])
def nesting_is_not_too_deep() -> None:
    """Values nest at most 512 levels deep."""


@rule("IO013", on=BYTES, message="{detail}")
def line_is_not_too_long() -> None:
    """A line of JSONL, and a `.json` file, has at most 64 MiB; it is not parsed beyond."""


@rule("IO014", on=BYTES, message="{detail}")
def compression_is_whole() -> None:
    """A compressed file can be read to its end.

    What came before the fault has been checked; what came after is unknown.
    """


@rule("IO015", on=SOURCE, message="{detail}")
def pair_is_complete() -> None:
    """A source that is several files has all of them: brat's `.ann` lies beside its `.txt`.

    An empty `.ann` says that nothing was found; a missing one, that somebody forgot it.
    """


@rule("IO016", on=SOURCE, severity=WARNING, message="{detail}")
def lift_is_unambiguous() -> None:
    """A `[[lift]]` finds at most one annotation for a field that holds one.

    The first is taken, and the others are named here: they stay in the layer they came from.
    """


@rule("IO017", on=SOURCE, severity=WARNING, message="{detail}")
def offsets_are_in_the_unit_of_the_format() -> None:
    """The offsets of a source count what its format says they count: code points, UTF-16 code units or bytes.

    Where the declared unit contradicts the words that the file gives and exactly one other explains all of them, that
    one is used, and named here.
    """


@rule("IO018", on=SOURCE, message="{detail}")
def offset_stands_for_a_character() -> None:
    """An offset of a source lies inside the text, and between two characters of it.

    An offset within a surrogate pair, in the middle of a UTF-8 character or behind the end cannot be converted: the
    annotation is left out of the article and named here.
    """


@rule("IO019", on=SOURCE, message="{detail}")
def source_is_well_formed() -> None:
    """A source has the form of its format: its columns, its tags, its JSON.

    What cannot be understood is left out and named here, with its place.
    """


@rule("IO020", on=SOURCE, severity=WARNING, message="{detail}")
def source_is_unambiguous() -> None:
    """A source says one thing in one way.

    Where it contradicts itself, or leaves out what its format asks for, the more likely reading is taken, and named
    here.
    """
