"""Signed releases through sigstore's own client: run it with `make signatures`; it needs Node.js.

A bundle whose signature is another's shows that the client looks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus_tool.release.signatures.terms import BUNDLE, SIGNER
from tests.release.test_signing import cosign, pem, signed

TOP = Path(__file__).parent.parent
FOLDER = TOP / ".signatures"
CLIENT = ("@sigstore/bundle@4.0.0", "@sigstore/verify@3.1.1")
PURL = "pkg:generic/harbour-news@1.0.0"


def main() -> None:
    """Sign releases with a key of each kind, install the client, and fail where it does not verify them."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: install Node.js")
    FOLDER.mkdir(exist_ok=True)
    install = [npm, "install", "--prefix", str(FOLDER), "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run([*install, *CLIENT], check=True)
    shutil.copy(TOP / "tests" / "signatures.mjs", FOLDER)
    os.environ["COSIGN_PASSWORD"] = "secret"
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "own").mkdir()
        keys = {"elliptic": pem(here), "ed25519": pem(here, "ed25519"), "cosign": cosign(here / "own")}
        made = {name: signed(here / name, key).path for name, key in keys.items()}
        for name, path in made.items():
            said = verified(path / BUNDLE, path / SIGNER)
            if said != PURL:
                sys.exit(f"{name}: sigstore's client does not verify the bundle: {said}")
        swapped = json.loads((made["elliptic"] / BUNDLE).read_text())
        other = json.loads((made["cosign"] / BUNDLE).read_text())
        swapped["dsseEnvelope"]["signatures"] = other["dsseEnvelope"]["signatures"]
        broken = here / "broken.json"
        broken.write_text(json.dumps(swapped))
        if verified(broken, made["elliptic"] / SIGNER) == PURL:
            sys.exit("sigstore's client verifies a signature that is another's")
    print(f"{len(made)} signed releases verified by sigstore's client")


def verified(bundle: Path, key: Path) -> str:
    """The package that a bundle speaks of, by the client; what it complains of otherwise."""
    done = subprocess.run(
        ["node", "signatures.mjs", str(bundle), str(key)], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    return (done.stdout if done.returncode == 0 else done.stderr).strip()


if __name__ == "__main__":
    main()
