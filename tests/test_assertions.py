from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.program import Ran, lines, run
from tests.test_team_rules import entity

TOP = Path(__file__).parent.parent
ARTICLES = [
    {"id": str(n), "text": f"Rain {n}", "entities": [entity("AB"[n % 2])] * n} for n in range(5)
]  # 4 A, 6 B, 0 to 4 each


def validated(folder: Path, config: str, *options: str | Path, articles: list[dict[str, Any]] | None = None) -> Ran:
    (folder / "corpus.toml").write_text(config)
    (folder / "articles.jsonl").write_bytes(lines(*(ARTICLES if articles is None else articles)))
    return run("validate", folder / "articles.jsonl", "--format", "json", "--select", "COL805", *options)


def stated(count: str, on: str = "entities", where: str = "", more: str = "") -> str:
    condition = f'where = "{where}"\n' if where else ""
    return f'[[assertions]]\non = "{on}"\n{condition}count = {count}\n{more}'


class TestCounts:
    @pytest.mark.parametrize(
        ("config", "problem"),
        [
            (stated("10"), None),
            (stated("9"), "entities: 10 found, 9 expected"),
            (stated('"10.."'), None),
            (stated('"11.."'), "entities: 10 found, at least 11 expected"),
            (stated('"..10"'), None),
            (stated('"..9"'), "entities: 10 found, at most 9 expected"),
            (stated('"5..10"'), None),
            (stated('"11..2000"'), "entities: 10 found, 11 to 2,000 expected"),
            (stated("0", "relations"), None),
            (stated("5", "articles"), None),
            (stated("2", "articles", "chars > 5 and id in ('3', '4')"), None),
            (stated("4", where="label = 'B'"), None),
            (stated("6", where="label = 'A'"), None),
            (stated("7", where="label = 'A'"), "entities where label = 'A': 6 found, 7 expected"),
            (stated("0", where="prov = 'A1'"), None),
            (stated("10", where="prov is null"), None),
            (stated("10", "spans", "surface = 'Rain'"), None),
            (stated("10", "entity"), None),
            (stated("5", "articles", "coalesce(0, chars) = 0"), None),
            (stated("0", "articles", "coalesce(0, chars) = 1"), None),
            (stated("1", more='name = "few"'), "few: 10 found, 1 expected"),
            (stated("1", more='message = "something went missing"'), "something went missing: 10 found, 1 expected"),
        ],
    )  # fmt: skip
    def test_of_the_whole_corpus(self, tmp_path: Path, config: str, problem: str | None) -> None:
        ran = validated(tmp_path, config)
        assert [finding["message"] for finding in ran.json["findings"]] == ([problem] if problem else [])
        assert ran.code == bool(problem)

    def test_add_up_over_blocks_and_processes(self, tmp_path: Path) -> None:
        many = [{**article, "id": str(n), "text": f"Rain {n}{'x' * 2_000_000}"} for n, article in enumerate(ARTICLES)]
        ran = validated(tmp_path, stated("9") + stated("4", where="label = 'B'"), "--jobs", "2", articles=many)
        assert [finding["message"] for finding in ran.json["findings"]] == ["entities: 10 found, 9 expected"]

    def test_without_articles(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, stated("1") + stated("0"), articles=[{"id": 5}])
        assert [finding["message"] for finding in ran.json["findings"]] == ["entities: 0 found, 1 expected"]

    def test_count_all_where_only_changes_are_looked_at(self, tmp_path: Path) -> None:
        validated(tmp_path, stated("9") + stated("10"))
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "all"]):
            subprocess.run(["git", *command], cwd=tmp_path, check=True)
        ran = run("validate", tmp_path / "articles.jsonl", "--format", "json", "--since", "HEAD")
        assert [finding["message"] for finding in ran.json["findings"]] == ["entities: 10 found, 9 expected"]
        assert ran.json["summary"]["articles"] == 0

    def test_place_and_severity(self, tmp_path: Path) -> None:
        config = (
            f'# [[assertions]]\n{stated("10")}\n [[ assertions ]]\non = "articles"\ncount = 1\nseverity = "warning"\n'
        )
        ran = validated(tmp_path, config)
        (finding,) = ran.json["findings"]
        assert (finding["path"], finding["line"], finding["severity"]) == (str(tmp_path / "corpus.toml"), 6, "warning")
        assert (finding["article"], finding["pointer"]) == (None, "")
        assert ran.code == 0

    def test_the_line_is_left_out_where_it_cannot_be_told(self, tmp_path: Path) -> None:
        config = 'assertions = [{on = "articles", count = 1}]'
        (finding,) = validated(tmp_path, config).json["findings"]
        assert finding["line"] is None

    def test_severity_of_the_corpus(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, stated("1") + '[severity]\nCOL805 = "warning"')
        assert [finding["severity"] for finding in ran.json["findings"]] == ["warning"]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("config", "says"),
        [
            (stated('"ten"'), "assertions[0].count: 'ten' is no count"),
            (stated('".."'), "is no count"),
            (stated('"10"'), "is no count"),
            (stated('"-1.."'), "is no count"),
            (stated('"1...5"'), "is no count"),
            (stated('"٣.."'), "is no count"),
            (stated('"1..5\\n"'), "is no count"),
            (stated('"9..1"'), "has no number in it"),
            (stated('"as in the first release"'), "is no count"),
            (stated("-1"), "assertions[0].count"),
            (stated("1", "entitys"), "assertions[0].on: no table"),
            (
                stated("1") + stated("1", where="lable = 'x'"),
                "assertions[1].where: entities where lable = 'x', character 1 (lable = 'x')",
            ),
            (stated("1", where="count(*) > 1"), "'count' is not admitted"),
            (stated("1", where="label in (select 1)"), "not admitted"),
            (stated("1") * 201, "201 assertions, where 200 are the most"),
        ],
    )
    def test_says_where(self, tmp_path: Path, config: str, says: str) -> None:
        ran = validated(tmp_path, config)
        assert ran.code == 2
        assert says in ran.err


LAST = stated('"as in the last release"') + stated('"as in the last release"', where="label = 'PER'")


class TestAsInTheLastRelease:
    def corpus(self, folder: Path, extra: str = "") -> Path:
        """The sample corpus, with its releases."""
        shutil.copytree(TOP / "examples" / "harbour-news", folder / "corpus")
        shutil.copytree(TOP / "releases" / "harbour-news", folder / "corpus" / "releases")
        path = folder / "corpus" / "corpus.toml"
        text = path.read_text()
        head = text if "[validate]" in text else f"{text}\n[validate]\n"
        path.write_text(head.replace("[validate]\n", '[validate]\nreleases = "releases"\n') + LAST + extra)
        return folder / "corpus"

    def counted(self, corpus: Path) -> Ran:
        return run("validate", corpus / "articles", "--format", "json", "--select", "COL805")

    def test_the_same(self, tmp_path: Path) -> None:
        ran = self.counted(self.corpus(tmp_path, stated('"1.."') + stated("1", more='severity = "info"')))
        assert (ran.code, ran.json["summary"]["codes"]) == (0, {"COL805": 1})

    def test_fewer(self, tmp_path: Path) -> None:
        corpus = self.corpus(tmp_path)
        (corpus / "articles" / "harbour-0001.json").unlink()
        ran = self.counted(corpus)
        assert ran.code == 1
        assert len(ran.json["findings"]) == 2

    def test_a_damaged_release(self, tmp_path: Path) -> None:
        corpus = self.corpus(tmp_path)
        newest = max((corpus / "releases").glob("[0-9]*"))
        for path in (newest / "articles_raw").glob("*.parquet"):
            path.write_bytes(b"PAR1 no")
        ran = self.counted(corpus)
        assert ran.code == 3
        assert "articles_raw" in ran.err

    def test_a_release_of_another_contract(self, tmp_path: Path) -> None:
        corpus = self.corpus(tmp_path, stated('"as in the last release"', "articles", "mood = 'x'"))
        ran = self.counted(corpus)
        assert ran.code == 2
        assert "there is no column 'mood'" in ran.err

    @pytest.mark.parametrize(
        "config", ["", '[validate]\nreleases = "releases"\n', '[validate]\nreleases = "corpus.toml"\n']
    )
    def test_without_a_release_it_is_not_checked(self, tmp_path: Path, config: str) -> None:
        ran = validated(tmp_path, config + LAST + stated("10"))
        assert ran.code == 0
        assert ran.json["summary"]["not_checked"] == {"COL805": 2}
