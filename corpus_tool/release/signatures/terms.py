"""The files of statements and signatures, and what is said of a signature that is not right."""

from __future__ import annotations

SSH_SIGNATURE = "attestation.intoto.json.sig"
BUNDLE = "attestation.sigstore.json"
SIGNATURES = (SSH_SIGNATURE, BUNDLE)
SIGNER = "signing-key.pub"


class WrongSignatureError(Exception):
    """A signature is not one of these bytes by this key, or not by somebody who is trusted."""


class NotCheckedError(Exception):
    """What checks signatures of this kind is not installed."""
