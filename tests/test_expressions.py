from __future__ import annotations

import http.server
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.expressions import FUNCTIONS, Inadmissible, read_expression
from corpus_tool.expressions.functions import Function
from corpus_tool.expressions.parsing import MAX_BRACKETS, MAX_DEPTH, MAX_PARTS, MAX_TEXT
from corpus_tool.expressions.patterns import MAX_PATTERN, like, regular
from corpus_tool.expressions.terms import MAX_JOINED
from corpus_tool.expressions.translation import MAX_PATTERNS

ROWS = pl.DataFrame(
    {
        "id": ["a", "b", None],
        "label": ["PER", "LOC", None],
        "start": [1, 2, None],
        "end": [5, 2, None],
        "surface": ["Łó😀", " x1 ", None],
        "flag": [True, False, None],
        "share": [0.5, 0.0, None],
        "value": ["1", "x", "1.5"],
        "agent-type": ["model", "human", None],
        "date": ["2026-01-01", "2026-02-01", None],
        "list": [["a"], [], None],
    }
).with_columns(pl.col("date").str.to_date())
COLUMNS = dict(ROWS.schema)
T, F, N = True, False, None


def judged(text: str, rows: pl.DataFrame = ROWS) -> list[bool | None]:
    return rows.select(holds=read_expression(text, rows.schema))["holds"].to_list()


def refused(text: str) -> Inadmissible:
    began = time.perf_counter()
    with pytest.raises(Inadmissible) as raised:
        read_expression(text, COLUMNS)
    assert time.perf_counter() - began < 1
    assert len(raised.value.message) < 300
    return raised.value


CALLS = {
    "length": ("length(surface) = 3", [T, F, N]),
    "lower": ("lower(label) = 'per'", [T, F, N]),
    "upper": ("upper(surface) = 'ŁÓ😀'", [T, F, N]),
    "trim": ("trim(surface) = 'x1'", [F, T, N]),
    "ltrim": ("ltrim(surface) = 'x1 '", [F, T, N]),
    "rtrim": ("rtrim(surface) = ' x1'", [F, T, N]),
    "left": ("left(surface, 2) = 'Łó'", [T, F, N]),
    "right": ("right(surface, 1) = '😀'", [T, F, N]),
    "substring": ("substring(surface, 2) = 'ó😀' and substring(surface, 2, 1) = 'ó'", [T, F, N]),
    "replace": ("replace(surface, '😀', '') = 'Łó'", [T, F, N]),
    "concat": ("concat(label, surface) = 'PERŁó😀'", [T, F, N]),
    "contains": ("contains(surface, 'ó')", [T, F, N]),
    "starts_with": ("starts_with(surface, 'Ł')", [T, F, N]),
    "ends_with": ("ends_with(surface, '😀')", [T, F, N]),
    "regexp_like": ("regexp_like(surface, '^[^0-9]{3}$')", [T, F, N]),
    "coalesce": ("coalesce(label, id, 'PER') = 'PER'", [T, F, T]),
    "if": ("if(flag, start, 7) = 7", [F, T, T]),
    "abs": ("abs(start - end) = 4", [T, F, N]),
}


class TestWhatIsAdmitted:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("label = 'PER'", [T, F, N]),
            ("label == 'PER'", [T, F, N]),
            ("label <> 'PER'", [F, T, N]),
            ("label != 'PER'", [F, T, N]),
            ("start < 2", [T, F, N]),
            ("start <= 2", [T, T, N]),
            ("start > share", [T, T, N]),
            ("end >= 5", [T, F, N]),
            ("label < 'M'", [F, T, N]),
            ("start between 2 and 3", [F, T, N]),
            ("start not between 2 and 3", [T, F, N]),
            ("label in ('PER', 'ORG')", [T, F, N]),
            ("label not in ('PER')", [F, T, N]),
            ("start in (1, 7.5)", [T, F, N]),
            ("flag in (true)", [T, F, N]),
            ("label is null", [F, F, T]),
            ("label is not null", [T, T, F]),
            ("flag is true", [T, F, F]),
            ("flag is not true", [F, T, T]),
            ("label is distinct from 'PER'", [F, T, T]),
            ("label is not distinct from 'PER'", [T, F, F]),
            ("flag", [T, F, N]),
            ("not flag", [F, T, N]),
            ("flag or label is null", [T, F, T]),
            ("flag and label is null", [F, F, N]),
            ("end - start = 4", [T, F, N]),
            ("start + end * 2 = 11", [T, F, N]),
            ("end / start = 5", [T, F, N]),
            ("end % 2 = 1", [T, F, N]),
            ("mod(end, 2) = 1", [T, F, N]),
            ("-start = -1", [T, F, N]),
            ("1 / share > 1", [T, N, N]),
            ("share / share = 1", [T, N, N]),
            ("start % 0 = 0", [N, N, N]),
            ("surface like '_ó%'", [T, F, N]),
            ("surface not like '_ó%'", [F, T, N]),
            ("surface like '%.%'", [F, F, N]),
            ("surface ilike 'łÓ_'", [T, F, N]),
            ("label || '-' || surface = 'PER-Łó😀'", [T, F, N]),
            ("case when start > 1 then 'x' when flag then 'y' end = 'y'", [T, F, N]),
            ("case when start > 1 then 'x' else 'z' end = 'z'", [T, F, T]),
            ("cast(value as double) > 1", [F, N, T]),
            ("cast(value as int) = 1", [T, N, N]),
            ("try_cast(value as bigint) = 1", [T, N, N]),
            ("cast(start as text) = '1'", [T, F, N]),
            ("start::varchar = '1'", [T, F, N]),
            ("\"agent-type\" = 'model'", [T, F, N]),
            ("date >= '2026-01-15'", [F, T, N]),
            ("(((flag)))", [T, F, N]),
            ("flag -- as it is\n /* said */", [T, F, N]),
            ("label = 'PER' \n\t and flag", [T, F, N]),
            ("label = 'it''s'", [F, F, N]),
            ("flag = true", [T, F, N]),
            ("coalesce(0, start) = 0", [T, T, T]),
            ("if(true, 1, start) = 2", [F, F, F]),
        ],
    )  # fmt: skip
    def test_gives(self, text: str, expected: list[bool | None]) -> None:
        assert judged(text) == expected

    @pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
    def test_calls(self, function: Function) -> None:
        text, expected = CALLS[function.name]
        assert judged(text) == expected

    def test_whole_numbers_never_wrap(self) -> None:
        rows = pl.DataFrame({"n": [2**62, 3]})
        assert judged("n * n * n > 0", rows) == [True, True]
        assert judged("n + n + n > 0", rows) == [True, True]

    def test_what_has_no_end_is_null(self) -> None:
        rows = pl.DataFrame({"n": [1e308, 3.0]})
        assert judged("n * 1000000000 - n * 1000000000 = 0", rows) == [None, True]
        assert judged("cast(cast(n as text) as double) > 5", rows) == [True, False]
        assert judged("cast(v as double) > 5", pl.DataFrame({"v": ["nan", "inf", "9"]})) == [None, None, True]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("text", "says", "at"),
        [
            ("", "no SQL expression", None),
            ("'abc", "no SQL expression", None),
            ("label = 'a' extra", "at 'extra'", 12),
            ("lable = 'PER'", "did you mean 'label'?", 0),
            ("flag and LABEL = 'PER'", "did you mean 'label'?", 9),
            ("a.label = 'PER'", "not admitted", 0),
            ("label.upper = 'PER'", "not admitted", 0),
            ("list = 'a'", "a list or an object", 0),
            ("start = 'x'", "a number beside text", 0),
            ("flag = 'x'", "true or false beside text", 0),
            ("label in ('a', 1)", "text beside a number", 0),
            ("case when flag then 1 else 'x' end = 1", "a number beside text", None),
            ("coalesce(label, 1) = 'x'", "text beside a number", None),
            ("start", "a condition takes true or false", None),
            ("flag or 1", "or takes true or false", None),
            ("length(start) = 1", "length takes text", None),
            ("not label", "not takes true or false", None),
            ("1 = 1", "names no column", None),
            ("true", "names no column", None),
            ("label = null", "write 'is null'", None),
            ("label in (null)", "list of values", None),
            ("label in (id)", "list of values", None),
            ("label in id", "not admitted", None),
            ("label in ()", "list of values", None),
            ("label like id", "in quotes, written out", None),
            ("label like 'x' escape '!'", "not admitted", None),
            ("regexp_like(label, id)", "in quotes, written out", None),
            ("regexp_like(label, 'a', 'i')", "not admitted", None),
            ("left(label, start) = 'x'", "whole number from 0", None),
            ("left(label, -1) = 'x'", "whole number from 0", None),
            ("substring(label, 0) = 'x'", "whole number from 1", None),
            ("cast(flag as text) = 'x'", "'cast' makes", None),
            ("cast(label as text[]) = 'x'", "'cast' makes", None),
            ("cast(label as varchar(1000000000)) = 'x'", "'cast' makes", None),
            ("cast(label as struct<a int>) = 'x'", "'cast' makes", None),
            ("cast(label as date) = 'x'", "'cast' makes", None),
            ("sum(start) = 1", "'sum' is not admitted", None),
            ("count(*) = 1", "'count' is not admitted", None),
            ("max(start) = start", "'max' is not admitted", None),
            ("row_number() over () = 1", "not admitted", None),
            ("sum(start) over (order by id) = 1", "not admitted", None),
            ("lower(distinct label) = 'x'", "not admitted", None),
            ("lower(label) filter (where flag) = 'x'", "not admitted", None),
            ("lower(label) ignore nulls = 'x'", "not admitted", None),
            ("(label, id) = ('a', 'b')", "not admitted", None),
            ("label between symmetric 'a' and 'b'", "not admitted", None),
            ("case label when 'a' then true end", "not admitted", None),
            ("if(flag)", "no SQL expression", None),
            ("trim(both 'x' from label) = 'a'", "trim(text) only", None),
            ("trim(leading 'x' from label) = 'a'", "not admitted", None),
            ("length(label, id) = 1", "not admitted", None),
            ("exists(select 1)", "not admitted", None),
            ("(select flag)", "a query is not admitted", None),
            ("label in (select 'a')", "not admitted", None),
            ("label = any(select 'a')", "not admitted", None),
            ("label in unnest(list)", "not admitted", None),
            ("with x as (select 1) select flag from x", "no SQL expression", None),
            ("select flag", "no SQL expression", None),
            ("flag from x", "no SQL expression", None),
            ("flag; drop table x", "has no ';'", 4),
            ("flag;", "has no ';'", 4),
            ("flag union select 1", "no SQL expression", None),
            ("*", "not admitted", None),
            ("a.* = 1", "not admitted", None),
            ("label = ?", "not admitted", None),
            ("label = :x", "not admitted", None),
            ("label = @x", "not admitted", None),
            ("label = $1", "there is no column", None),
            ("label = {x}", "not admitted", None),
            ("{{ flag }}", "not admitted", None),
            ("label -> 'a' = 'x'", "not admitted", None),
            ("list[1] = 'a'", "not admitted", None),
            ("interval '1 day' = label", "not admitted", None),
            ("date '2026-01-01' = date", "'cast' makes", None),
            ("label collate x = 'a'", "not admitted", None),
            ("label at time zone 'UTC' = 'a'", "not admitted", None),
            ("current_user = label", "not admitted", None),
            ("x -> x", "not admitted", None),
            ("flag\x00 = true", "there is no column", None),
            ("start > 99999999999999999999", "is larger than", None),
            ("start > 1e400", "is larger than", None),
            ("start > 9007199254740993", "is larger than", None),
        ],
    )  # fmt: skip
    def test_says_what_and_where(self, text: str, says: str, at: int | None) -> None:
        error = refused(text)
        assert says in error.message
        if at is not None:
            assert error.at == at

    @pytest.mark.parametrize(
        "name",
        [
            "read_csv", "read_parquet", "read_json", "read_text", "read_blob", "glob", "scan_parquet", "load_extension", "getenv",
            "pg_read_file", "load_file", "httpfs", "url", "file", "system", "eval", "exec", "sleep", "pg_sleep", "benchmark",
            "random", "rand", "uuid", "now", "current_timestamp", "repeat", "space", "rpad", "lpad", "generate_series", "range",
            "unnest", "explode", "sequence", "array_agg", "string_agg", "regexp_replace", "regexp_extract", "format", "printf",
            "md5", "sha2", "query", "query_table", "map_batches", "struct", "json_extract", "translate", "overlay", "reverse",
        ],
    )  # fmt: skip
    def test_functions_of_other_engines(self, name: str) -> None:
        for arguments in ("", "label", "label, 9999999999", "'/etc/passwd'", "label, 1, 'x'"):
            refused(f"{name}({arguments}) = label")
            refused(f"label in (select * from {name}({arguments}))")


def nested(opening: str, inside: str, closing: str, times: int) -> str:
    return opening * times + inside + closing * times


class TestCost:
    """None of these takes memory or time: refused before the parser, by it, or by the limits on its tree."""

    @pytest.mark.parametrize(
        "text",
        [
            nested("(", "flag", ")", 100_000),
            nested("(", "flag", ")", 2_000),
            nested("(", "flag", ")", MAX_BRACKETS + 1),
            "(" * 4_000,
            nested("lower(", "label", ")", 400) + " = 'x'",
            nested("coalesce(", "label", ", id)", 200) + " = 'x'",
            nested("case when flag then ", "1", " else 0 end", 100) + " = 1",
            nested("if(flag, ", "flag", ", flag)", 200),
            nested("cast(", "start", " as text)", 200) + " = 'x'",
            nested("replace(", "label", ",'a','')", 200) + " = 'x'",
            "not " * 900 + "flag",
            "- " * 900 + "start = 1",
            " and ".join(["flag"] * 400),
            " or ".join(["flag"] * 400),
            " || ".join(["label"] * (MAX_JOINED + 1)) + " = 'x'",
            f"concat({', '.join(['label'] * 200)}) = 'x'",
            "label" + " || label" * 60 + " = 'x'",
            "replace(label, 'a', 'aa') = 'x'",
            "replace(label, '', 'a') = 'x'",
            "replace(label, 'a', label) = 'x'",
            "repeat(label, 1000000000) = 'x'",
            f"label in ({', '.join(['1'] * 3_000)})",
            f"label in ({', '.join(repr(str(n)) for n in range(100_000))})",
            f"start = {'9' * 4_000}",
            f"start = 1{'0' * 300}.5",
            "start = 1e999999999",
            f"label = '{'x' * 1_000_000}'",
            "label" + " is null" * 500,
            "start" + "::text" * 600 + " = 'x'",
            f"label like '{'%a' * 500}'",
            "regexp_like(label, '" + "(" * 150 + "a" + ")" * 150 + "')",
            "regexp_like(label, '(a{1000}){1000}')",
            "regexp_like(label, '((((a{9}){9}){9}){9}){9}')",
            "regexp_like(label, 'a{9999999999}')",
            "regexp_like(label, 'a{999,}')" + " and flag" * 100,
            "regexp_like(label, '(?x)a{1 0 0 0 0}')",
            "regexp_like(label, 'a{ 1000 }')",
            r"regexp_like(label, '\w{200}')",
            r"regexp_like(label, '(\w|\W){100}Z')",
            " and ".join([r"regexp_like(label, 'a')"] * (MAX_PATTERNS + 1)),
        ],
        ids=range(40),
    )  # fmt: skip
    def test_is_bounded(self, text: str) -> None:
        refused(text)

    @pytest.mark.parametrize(
        "text",
        [
            nested("(", "flag", ")", MAX_BRACKETS),
            " and ".join(["flag"] * (MAX_DEPTH - 3)),
            " || ".join(["label"] * MAX_JOINED) + " = 'x'",
            f"start in ({', '.join(map(str, range(450)))})",
            "label = '" + "x" * (MAX_TEXT - 10) + "'",
            f"start = {2**53}",
        ],
        ids=["depth", "chain", "joined", "list", "text", "number"],
    )
    def test_up_to_the_limit(self, text: str) -> None:
        assert len(judged(text)) == 3

    def test_parts(self) -> None:
        assert str(MAX_PARTS)[0] in refused(f"start in ({','.join('1' * 600)})").message

    @pytest.mark.parametrize("pattern", [r"^(a+)+$", r"(a|a)*b", r"(\b\w?){9}Z", r"([^a]?.?){99}Z", "(.*a.*){20}b"])
    def test_what_is_admitted_is_linear(self, pattern: str) -> None:
        text = pl.DataFrame({"t": ["a" * 500_000 + "é!"]})
        expression = read_expression(f"regexp_like(t, '{pattern}')", text.schema)
        began = time.perf_counter()
        text.select(expression)
        assert time.perf_counter() - began < 5


class TestPatterns:
    @pytest.mark.parametrize(
        "pattern",
        [
            "", "a", r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", "[A-Z][a-z]+", "[^a-z]", r"[\]a]", "[]a]", r"\p{Lu}\p{L}*", "(?i)rain",
            "(?:a|b)+?", "a{2}", "a{2,}", "a{2,5}", r"\.\{\}", r"\bword\b", r"\x41\u00e9", "[[:alpha:]]", "😀+", ".{1,200}", "(?ims:a.b)",
        ],
    )  # fmt: skip
    def test_is_admitted(self, pattern: str) -> None:
        assert regular(pattern) == pattern

    @pytest.mark.parametrize(
        "pattern",
        [
            "(", ")", "a)(", "[", "a{", "{", "a{,5}", "a{x}", "a{1 0}", "(?x)a", "(?x: a {1 0 0})", "(?P<n>a)", "(?<n>a)", "(?=a)",
            "(?<=a)", "(?R:a)", "(?-u:a)", r"\1", r"\Q", r"\x{41}", "[a&&b]", "[a--b]", "[a~~b]", "[[a]]", "*", "a**{5000}", "a" * (MAX_PATTERN + 1),
        ],
    )  # fmt: skip
    def test_is_refused(self, pattern: str) -> None:
        with pytest.raises(Inadmissible):
            regular(pattern)

    @given(st.text(st.sampled_from("a{}(),19?*+|[]^-\\wdxpP:i."), max_size=24))
    def test_of_any_pattern_the_counts_are_bounded(self, pattern: str) -> None:
        try:
            regular(pattern)
        except Inadmissible:
            return
        began = time.perf_counter()
        pl.DataFrame({"t": ["a1 é" * 5_000]}).select(pl.col("t").str.contains(pattern))
        assert time.perf_counter() - began < 2

    @given(
        st.text(st.sampled_from("ab%_.\\[]()*+?{}^$|#&-~ é😀\n"), max_size=8),
        st.text(st.sampled_from("ab.\\[*é😀\n"), max_size=8),
    )
    def test_like_is_that_of_sqlite(self, pattern: str, text: str) -> None:
        database = sqlite3.connect(":memory:")
        database.execute("pragma case_sensitive_like = on")
        (expected,) = database.execute("select ? like ?", (text, pattern)).fetchone()
        database.close()
        found = pl.DataFrame({"t": [text]}).select(pl.col("t").str.contains(like(pattern, fold=False)))
        assert found.item() == bool(expected)


NUMBERS = st.sampled_from(["n", "m", "0", "1", "2.5", "7"])
TEXTS = st.sampled_from(["s", "t", "''", "'a'", "'é b'", "'ab'"])
SUMS = st.recursive(
    NUMBERS,
    lambda part: st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from("+-*"), part),
        st.builds("length({})".format, TEXTS),
        st.builds("coalesce({}, {})".format, part, part),
        st.builds("abs({})".format, part),
        st.builds("-({})".format, part),
    ),
    max_leaves=4,
)
PHRASES = st.recursive(
    TEXTS,
    lambda part: st.one_of(
        st.builds("({} || {})".format, part, part),
        st.builds("coalesce({}, {})".format, part, part),
        st.builds("replace({}, 'a', '')".format, part),
        st.builds("substring({}, 2, 1)".format, part),
        st.builds("case when n > 1 then {} else {} end".format, part, part),
    ),
    max_leaves=4,
)
SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"])
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, SUMS, SIGNS, SUMS),
        st.builds("{} {} {}".format, PHRASES, SIGNS, PHRASES),
        st.builds("{} is null".format, SUMS),
        st.builds("{} not in ('a', 'ab')".format, PHRASES),
        st.builds("{} between {} and {}".format, SUMS, SUMS, SUMS),
        st.builds("{} not like 'a%'".format, PHRASES),
    ),
    lambda part: st.one_of(
        st.builds("({} and {})".format, part, part),
        st.builds("({} or {})".format, part, part),
        st.builds("not ({})".format, part),
        st.builds("case when {} then {} else {} end".format, part, part, part),
    ),
    max_leaves=4,
)
TABLE = pl.DataFrame(
    {
        "n": [0, 1, 2, None, 7],
        "m": [1, None, 2, None, -3],
        "s": ["a", "ab", None, "", "é b"],
        "t": ["ab", None, "a", None, "é b"],
    }
)


@given(CONDITIONS)
def test_conditions_mean_what_they_mean_to_sqlite(condition: str) -> None:
    try:
        found = judged(condition, TABLE)
    except Inadmissible as error:
        assert "names no column" in error.message  # noqa: PT017
        return
    database = sqlite3.connect(":memory:")
    database.execute("pragma case_sensitive_like = on")
    database.execute("create table x (n real, m real, s text, t text)")
    database.executemany("insert into x values (?, ?, ?, ?)", TABLE.rows())
    expected = database.execute(f"select {condition} from x").fetchall()
    database.close()
    assert found == [None if value is None else bool(value) for (value,) in expected]


WORDS = [
    "flag", "label", "start", "'a'", "1", "(", ")", ",", "=", "<", "and", "or", "not", "is", "null", "in", "like", "between", "case", "when",
    "then", "else", "end", "select", "from", "with", "as", "lower", "coalesce", "count", "over", "filter", "where", "*", "||", "::", "text", "[",
    "]", "{", "}", ";", "?", "@", ":", "->", "cast", "interval", "exists", "any", "distinct", ".", "-", "%", "union", "values", "array", "struct",
    "--", "/*", "*/", '"', "'", "`", "$$", "#", "\\", "\u2028", "😀", "set", "create", "copy", "attach", "pragma", "call", "if", "trim", "lambda",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_words_are_an_expression_or_refused(text: str) -> None:
    try:
        expression = read_expression(text, COLUMNS)
    except Inadmissible as error:
        assert error.at is None or 0 <= error.at <= len(text)  # noqa: PT017
    else:
        assert ROWS.select(holds=expression).schema == {"holds": pl.Boolean}


class _Counting(http.server.BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    hits: list[str] = []
    handler = type("Handler", (_Counting,), {"hits": hits})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/x.csv", hits
        listening.shutdown()


_heard: list[list[tuple[str, str]]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _heard and event.startswith(
        ("open", "socket", "subprocess", "os.", "exec", "compile", "shutil", "urllib", "ctypes")
    ):
        _heard[-1].append((event, repr(arguments)[:200]))


ESCAPES = [
    "label in (select a from read_csv('{0}'))",
    "label in (select a from read_parquet('{0}'))",
    "label in (select * from '{0}')",
    "label in (from '{0}')",
    "exists(select 1 from '{0}')",
    "label = (select a from read_csv('{0}'))",
    "read_csv('{0}') = label",
    "with x as (select * from read_csv('{0}')) select flag from x",
    "copy x from '{0}'",
    "attach '{0}' as x",
    "flag; attach '{0}' as x",
    "flag; select * from read_csv('{0}')",
    "case when flag then true else label in (select a from read_csv('{0}')) end",
    "coalesce(flag, exists(select 1 from read_csv('{0}')))",
    "label like (select a from read_csv('{0}'))",
    "label in (table read_csv('{0}'))",
    "label in (values ('{0}'))",
]


class TestNothingIsOpened:
    def control(self, query: str) -> None:
        """What Polars does with such a text by itself, in a process of its own: it may wait for ever."""
        code = "import polars, sys; polars.sql_expr(sys.argv[1])"
        subprocess.run([sys.executable, "-c", code, query], check=False, capture_output=True, timeout=60)

    def test_the_trap_is_real(self, tmp_path: Path, server: tuple[str, list[str]]) -> None:
        address, hits = server
        self.control(ESCAPES[0].format(address))
        assert hits

    @pytest.mark.parametrize("escape", ESCAPES)
    def test_neither_socket_nor_file(self, tmp_path: Path, server: tuple[str, list[str]], escape: str) -> None:
        address, hits = server
        path = tmp_path / "secret.csv"
        path.write_text("a\nPER\n")
        os.utime(path, (1, 1_000_000_000))
        refused("flag = 1")  # everything that is loaded when needed is loaded
        sys.addaudithook(_hear)
        _heard.append([])
        try:
            for place in (address, str(path), f"file://{path}", str(tmp_path / "*.csv")):
                refused(escape.format(place))
        finally:
            heard = _heard.pop()
        assert heard == []
        assert hits == []
        assert path.stat().st_atime == 1
