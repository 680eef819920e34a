"""One contract for every attachment store: what goes in comes out, whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from chat.errors import AttachmentMissing
from chat.ports import AttachmentStore
from storage.attachments import FolderStore, ObjectStore, open_store
from storage.errors import AttachmentsUnavailable

CONTENT = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, and the variables by which an operator would give access to it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_endpoint)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    resource = boto3.resource("s3", endpoint_url=s3_endpoint, region_name="eu-central-1")
    bucket = resource.Bucket("pictures")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AttachmentStore]:
    if request.param == "folder":
        yield open_store("", tmp_path)
    else:
        request.getfixturevalue("bucket")
        yield open_store("s3://pictures/whimbrel", tmp_path)


async def test_what_goes_in_comes_out(store: AttachmentStore) -> None:
    assert await store.put(CONTENT) == SHA256
    assert await store.get(SHA256) == CONTENT


async def test_storing_twice_is_harmless(store: AttachmentStore) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(store.put(CONTENT))

    assert await store.get(SHA256) == CONTENT


async def test_nothing_and_much_can_be_stored(store: AttachmentStore) -> None:
    much = os.urandom(12_000_000)

    assert await store.get(await store.put(b"")) == b""
    assert await store.get(await store.put(much)) == much


async def test_what_was_deleted_is_missing(store: AttachmentStore) -> None:
    await store.put(CONTENT)
    await store.delete(SHA256)
    await store.delete(SHA256)

    with pytest.raises(AttachmentMissing):
        await store.get(SHA256)


async def test_what_was_never_stored_is_missing(store: AttachmentStore) -> None:
    with pytest.raises(AttachmentMissing):
        await store.get(SHA256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA256.upper(), SHA256 + "\n", "é" * 64])
async def test_what_is_no_name_is_missing(store: AttachmentStore, name: str) -> None:
    await store.put(CONTENT)

    with pytest.raises(AttachmentMissing):
        await store.get(name)
    with pytest.raises(AttachmentMissing):
        await store.delete(name)


async def test_a_damaged_file_is_missing_until_it_is_stored_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    await store.put(CONTENT)
    (tmp_path / KEY).write_bytes(CONTENT[:-1])

    with pytest.raises(AttachmentMissing):
        await store.get(SHA256)
    await store.put(CONTENT)
    assert await store.get(SHA256) == CONTENT


async def test_a_damaged_object_is_missing_until_it_is_stored_again(bucket: Any) -> None:
    store = ObjectStore.from_url("s3://pictures/whimbrel")
    await store.put(CONTENT)
    bucket.put_object(Key=f"whimbrel/{KEY}", Body=CONTENT[:-1])

    with pytest.raises(AttachmentMissing):
        await store.get(SHA256)
    await store.put(CONTENT)
    assert await store.get(SHA256) == CONTENT


async def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    await FolderStore(tmp_path / "attachments").put(CONTENT)

    found = list((tmp_path / "attachments").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in found if path.is_dir()} == {0o700}
    assert [path for path in found if path.is_file()] == [tmp_path / "attachments" / KEY]


async def test_what_was_left_half_written_is_removed_in_time(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    for name, age in (("old", 7200), ("of somebody else now", 10)):
        (incoming / name).write_bytes(b"half a pict")
        os.utime(incoming / name, (1_000_000 - age,) * 2)

    await FolderStore(tmp_path, clock=lambda: 1_000_000).put(CONTENT)

    assert [path.name for path in incoming.iterdir()] == ["of somebody else now"]


async def test_a_folder_that_cannot_be_used_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = FolderStore(tmp_path / "file")

    with pytest.raises(AttachmentsUnavailable):
        await store.put(CONTENT)
    with pytest.raises(AttachmentsUnavailable):
        await store.get(SHA256)


async def test_a_bucket_that_cannot_be_used_is_said_to_be(bucket: Any) -> None:
    store = ObjectStore.from_url("s3://no-such-bucket/whimbrel")

    with pytest.raises(AttachmentsUnavailable):
        await store.put(CONTENT)


async def test_stores_are_found_by_their_address(tmp_path: Path) -> None:
    await open_store((tmp_path / "with space").as_uri(), Path("/nonexistent")).put(CONTENT)

    assert (tmp_path / "with space" / KEY).is_file()


@pytest.mark.parametrize("url", ["ftp://host/folder", "s3:///prefix", "file://host/folder", "x"])
def test_other_addresses_are_refused_by_name(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ATTACHMENTS_URL"):
        open_store(url, tmp_path)
