"""RLS: a release is what was published, as `release verify` finds, and its splits share nothing."""

from __future__ import annotations

from corpus_tool.rules import RELEASE, WARNING, rule


@rule("RLS901", on=RELEASE, message="{detail}")
def listed_file_is_there() -> None:
    """Every file that the manifest or SHA256SUMS lists is there, and is a file.

    A release that lacks one was cut short or tampered with: fetch it again.
    """


@rule("RLS902", on=RELEASE, message="{detail}")
def file_is_listed() -> None:
    """A release holds nothing that SHA256SUMS does not list: no file, link, or empty directory.

    Nor does it hold code, or a name that on some file system is none or that of another file, listed or not.
    `load_dataset` may read what lies beside the data, and a reader would take it for published.
    """


@rule("RLS903", on=RELEASE, message="{detail}")
def size_and_rows_agree() -> None:
    """A Parquet file has the size, rows and row groups that the manifest states, and can be opened."""


@rule("RLS904", on=RELEASE, message="{detail}")
def manifest_is_valid() -> None:
    """`manifest.json`, SHA256SUMS and the index beside the release are whole, and name no path outside of it."""


@rule("RLS905", on=RELEASE, message="{detail}")
def class_number_has_a_label() -> None:
    """Every class number has a label.

    `datasets` reads others without a word, and fails when it is asked for their name.
    """


@rule("RLS906", on=RELEASE, message="{detail}")
def descriptions_agree() -> None:
    """Card, `croissant.json`, `features.json`, manifest, contract and Parquet files have the same columns and labels.

    So do card, CITATION.cff and `.zenodo.json` the title and version.

    `datasets` believes the card: where its labels stand in another order, every class number silently means another.
    """


@rule("RLS907", on=RELEASE, message="{detail}")
def release_loads() -> None:
    """`datasets.load_dataset` loads every view and split of the release, with the rows that the manifest states.

    The cache of `datasets` on this machine holds no other rows under its name: they would be given for it without a
    word. The message names the folder to delete.
    """


@rule("RLS908", on=RELEASE, severity=WARNING, message="{detail}")
def article_bridges_no_splits() -> None:
    """No new article is near articles of two splits. Found by `release build`, which leaves it out.

    In either split it would let a model see what it is tested on, and what is in a split stays there. Near are articles
    of one source or story, and texts that are the same or nearly; so is an article whose own `split` is not that of
    what it is near. The articles of its group are left out with it. Drop it, or say another `source` or story where it
    has none of theirs.
    """


@rule("RLS909", on=RELEASE, severity=WARNING, message="{detail}")
def splits_share_nothing() -> None:
    """No split has a source, a story or nearly a text of another one, nor of one of `[splits] against`.

    Found by `release build`, which never makes such splits: articles came with their own, or were released before. A
    score on such a split is better than the model. Drop one of the two.
    """


@rule("RLS910", on=RELEASE, severity=WARNING, message="{detail}")
def split_is_that_of_the_lock() -> None:
    """An article says no other split than `splits.lock.jsonl`. Found by `release build`, where the lock decides.

    A released article that moved would make scores of two versions tell nothing of each other. Take `split` out of it.
    """


@rule("RLS911", on=RELEASE, severity=WARNING, message="{detail}")
def copies_are_labelled_alike() -> None:
    """Articles with the same text have the same gold: labels and where they stand, layer by layer.

    Found by `release build` where the corpus has `[splits]`. What differs can be neither learned nor scored. Drop one
    of the two, or mend the one that is wrong.
    """


@rule("RLS912", on=RELEASE, message="{detail}")
def signature_is_valid() -> None:
    """The in-toto statement is that of the files, and its signature is by the key of the release, and one you trust.

    Which keys you trust `release verify --signer FILE` says: a public key, or a file of allowed signers as git reads
    it. Without it the release only agrees with itself: somebody who could change it could sign it anew.
    """


@rule("RLS913", on=RELEASE, severity=WARNING, message="{detail}")
def signature_was_checked() -> None:
    """What checks the signature of a release is installed: OpenSSH, or `pip install 'corpus-tool[sign]'`."""


@rule("RLS914", on=RELEASE, message="{detail}")
def withheld_text_is_not_there() -> None:
    """A release that withholds text holds none, and `texts.jsonl` says of each article which text it is.

    Found by `release verify --level logical`. Somebody put text in, or took the list out: fetch the release again.
    """


@rule("RLS915", on=RELEASE, message="{detail}")
def copy_is_the_text() -> None:
    """The reader's copy of a text is the one that was annotated, to the last character.

    Found by `release hydrate`, which writes nothing then: offsets into another text are wrong without a sign of it.
    Fetch the article as it was published, and change nothing of it: no line ends, no spaces, no Unicode form.
    """


@rule("RLS916", on=RELEASE, message="{detail}")
def withdrawn_article_stays_out() -> None:
    """An article that was withdrawn is in no release any more, and comes into none, by its id or with its text.

    Found by `release build` and `release verify --level logical`. Take it out of the sources.
    """


@rule("RLS917", on=RELEASE, message="{detail}")
def article_id_names_a_file() -> None:
    """An article's id can name a file, and no other article's means the same one. Found by `release build`.

    It has at most 255 bytes, no `..` between slashes, no character that cannot be seen, is in normal form C, and
    differs from others in more than case: who takes texts out of a release, or puts them back, names files after ids.
    """
