"""MET and PRV: metadata, and who made what."""

from __future__ import annotations

from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import add, annotations, choose

MADE = ("entities", "relations", "events", "quotations", "coreference", "labels", "notes")
LATER = ("2026-06-03", "2031-01-01", "2999-12-31")
"""After the day that the policy of the sample takes for today, in every time zone."""


@breaks("MET701")
def metadata_missing(pick: Random, article: Article) -> str:
    name = pick.choice(["uri", "language", "usageTerms", "contentCreated"])
    article["metadata"].pop(name)
    return f"/metadata/{name}"


@breaks("MET701")
def version_older_than_the_first(pick: Random, article: Article) -> str:
    first, version = pick.choice([
        ("2026-03-02T09:00:00Z", "2026-03-02T08:59:59Z"),
        ("2026-03-02T00:30:00-05:00", "2026-03-02T05:00:00Z"),
        ("2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00Z"),
    ])  # fmt: skip
    article["metadata"] |= {"firstCreated": first, "versionCreated": version}
    return "/metadata/versionCreated"


@breaks("MET701")
def date_in_the_future(pick: Random, article: Article) -> str:
    name, day = pick.choice(["contentCreated", "versionCreated", "firstCreated"]), pick.choice(LATER)
    article["metadata"][name] = day if name == "contentCreated" else f"{day}T00:00:00Z"
    return f"/metadata/{name}"


@breaks("MET702")
def not_to_be_published(pick: Random, article: Article) -> str:
    article["metadata"]["pubStatus"] = pick.choice(["withheld", "canceled"])
    return "/metadata/pubStatus"


@breaks("MET702")
def not_yet_to_be_published(pick: Random, article: Article) -> str:
    article["metadata"]["embargoedUntil"] = f"{pick.choice(LATER)}T00:00:00{pick.choice(['Z', '+05:00'])}"
    return "/metadata/embargoedUntil"


@breaks("PRV703")
def made_by_nobody(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, *MADE))
    if pick.random() < 0.5:
        del one["prov"]
    else:
        one["prov"] = None
    return f"{at}/prov"


@breaks("PRV703")
def named_as_a_person(pick: Random, article: Article) -> str:
    at, record = pick.choice(
        [found for found in annotations(article, "provenance") if found[1]["agent_type"] == "human"]
    )
    record["agent"] = pick.choice(["mara.quill@news.example", "Mara Quill", "Mara J. Quill", "Anne-Marie O'Neill"])
    return f"{at}/agent"


@breaks("PRV703")
def stranger(pick: Random, article: Article) -> str:
    at, record = pick.choice(annotations(article, "provenance"))
    record["agent"] = pick.choice(["annotator-99", "en_core_web_lg", record["agent"].upper()])
    return f"{at}/agent"


@breaks("PRV707")
def gives_somebody_away(pick: Random, article: Article) -> str:
    at, record = pick.choice(annotations(article, "provenance"))
    name = pick.choice(["tool", "run", "decoding", "guideline_version"])
    said = [
        "mara.quill@news.example",
        "/home/mara/brat",
        "C:\\Users\\Mara\\brat",
        "+44 (0)20 7946 0018",
        "0000-0002-1825-0097",
    ]
    record[name] = pick.choice(["", "brat, "]) + pick.choice(said)
    return f"{at}/{name}"


@breaks("PRV704")
def model_without_version(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, [found for found in annotations(article, "provenance") if found[1]["agent_type"] == "model"])
    if chosen is None:
        return None
    chosen[1]["model_version"] = pick.choice(["", None, " "])
    return f"{chosen[0]}/model_version"


@breaks("PRV704")
def gold_by_its_own_word(pick: Random, article: Article) -> str | None:
    models = [one["id"] for one in article["provenance"] if one["agent_type"] == "model"]
    if not models:
        return None
    article["adjudication"] = []
    layer = pick.choice(["entities", "tokens", "sentences"])
    return (
        add(article, "adjudication", {"layer": layer, "status": "adjudicated", "prov": pick.choice(models)}) + "/prov"
    )


@breaks("PRV704")
def more_than_sure(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, *MADE[:-1]))
    one["confidence"] = pick.choice([-0.1, 1.01, 97, 1e300])
    return f"{at}/confidence"


@breaks("PRV705")
def work_withdrawn(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, *MADE[:-1]))
    record = {"layer": at.split("/")[1], "status": "withdrawn"}
    if pick.random() < 0.5:
        record["prov"] = one["prov"]
    return add(article, "adjudication", record)


@breaks("PRV705")
def no_gold_in_the_test_set(pick: Random, article: Article) -> str | None:
    """Two people's work, neither of which is said to be complete, and nobody to decide."""
    layer = pick.choice(
        [name for name in ("relations", "events", "coreference") if len(article.get(name, [])) > 1] or [""]
    )
    if not layer:
        return None
    article["split"] = pick.choice(["test", "validation"])
    add(
        article, "provenance", {**article["provenance"][1], "id": "second", "derived_from": [article[layer][0]["prov"]]}
    )
    pick.choice(article[layer][1:])["prov"] = "second"
    article["coverage"] = [one for one in article["coverage"] if one["layer"] != layer]
    return f"/{layer}/0"


@breaks("PRV705")
def too_few_annotators(pick: Random, article: Article) -> str | None:
    """A layer of the test set that a model made alone."""
    models = [one["id"] for one in article["provenance"] if one["agent_type"] == "model"]
    if not models:
        return None
    article["split"] = "test"
    article["labels"] = [{"axis": "subject", "value": "people", "prov": models[0]}]
    article["coverage"] = [one for one in article["coverage"] if one["layer"] != "labels"]
    return "/labels/0"


@breaks("PRV706")
def complete_and_partial(pick: Random, article: Article) -> str:
    """The same again, or that it is not."""
    whole = [one for one in article["coverage"] if not one.get("labels") and one["status"] == "complete"]
    return add(article, "coverage", {**pick.choice(whole), "status": pick.choice(["complete", "partial"])})


@breaks("PRV706")
def adjudicated_by_nobody(pick: Random, article: Article) -> str:
    article["adjudication"] = []
    layer = pick.choice(annotations(article, *MADE[:-1]))[0].split("/")[1]
    return add(article, "adjudication", {"layer": layer, "status": "adjudicated"})


@breaks("PRV706")
def adjudicated_and_undecided(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, *MADE[:-1]))
    layer, article["split"] = at.split("/")[1], "train"
    decided = {"layer": layer, "status": "adjudicated", "prov": pick.choice(humans(article) or [one["prov"]])}
    other = {"layer": layer, "status": pick.choice(["pending", "disagreed"])}
    article["adjudication"] = pick.sample([decided, other], 2)
    return "/adjudication/1"


def humans(article: Article) -> list[str]:
    return [record["id"] for record in article["provenance"] if record["agent_type"] == "human"]
