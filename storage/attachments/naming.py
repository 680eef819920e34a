"""How attachments are named and told from what is broken."""

from __future__ import annotations

import hashlib
import re

import structlog

from chat.errors import AttachmentMissing

log = structlog.get_logger()

_HEX = re.compile(r"[0-9a-f]{64}")


def sha256_of(content: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(content).hexdigest()


def key_of(sha256: str) -> str:
    """Where the bytes are kept, below two levels of folders, so that none of them grows large.

    Raises AttachmentMissing for what is no SHA-256 in hex: it may have come from a request.
    """
    if not _HEX.fullmatch(sha256):
        raise AttachmentMissing("not the name of an attachment")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def checked(sha256: str, content: bytes) -> bytes:
    """The bytes, when they are still the ones that were stored. Raises AttachmentMissing."""
    if sha256_of(content) != sha256:
        log.error("a stored attachment is damaged", sha256=sha256, size=len(content))
        raise AttachmentMissing(f"the stored bytes of {sha256} are damaged")
    return content
