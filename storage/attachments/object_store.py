"""Attachments in an S3-compatible object store, for many machines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Self

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from chat.errors import AssistantError, AttachmentMissing
from storage.attachments.naming import checked, key_of, sha256_of
from storage.errors import AttachmentsUnavailable

RETRY_TIMEOUT = timedelta(seconds=60)  # of a request with all its repeats; one may take 30 s


class ObjectStore:
    """Keeps attachments as objects; implements chat.ports.AttachmentStore.

    Every method raises AttachmentsUnavailable where the store does not answer or denies access.
    """

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str, **config: Any) -> Self:
        """`s3://bucket/prefix`. What `config` (obstore's S3Config) does not say is taken from the
        usual AWS_* variables, AWS_ENDPOINT_URL and AWS_ALLOW_HTTP among them.

        Raises ValueError for what is wrong with the address.
        """
        try:
            store = S3Store.from_url(
                url,
                retry_config={"max_retries": 4, "retry_timeout": RETRY_TIMEOUT},
                **config,
            )
        except BaseError as error:
            raise ValueError(f"ATTACHMENTS_URL wants s3://BUCKET/PREFIX: {error}") from error
        return cls(store)

    async def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex. Storing twice is harmless."""
        sha256 = sha256_of(content)
        async with _storage_errors(AttachmentsUnavailable("there is no such bucket")):
            await self._store.put_async(key_of(sha256), content)
        return sha256

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises AttachmentMissing where they are gone or not what was stored."""
        key = key_of(sha256)
        async with _storage_errors(AttachmentMissing(f"no attachment {sha256}")):
            found = await self._store.get_async(key)
            content = bytes(await found.bytes_async())
        return checked(sha256, content)

    async def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing happens where there are none."""
        key = key_of(sha256)
        with suppress(AttachmentMissing):
            async with _storage_errors(AttachmentMissing(f"no attachment {sha256}")):
                await self._store.delete_async(key)


@asynccontextmanager
async def _storage_errors(not_found: AssistantError) -> AsyncIterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise not_found from None
    except (BaseError, OSError) as error:
        reason = str(error).split("\n", 1)[0]
        raise AttachmentsUnavailable(f"the object store fails: {reason}") from error
