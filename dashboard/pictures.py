"""A picture that staff may see, sent to them."""

from __future__ import annotations

from starlette.responses import Response

from chat.errors import AttachmentMissing
from chat.messages import Attachment
from chat.ports import AttachmentStore
from handlers.errors import NotFound
from web.headers import MEDIA_POLICY


async def picture_response(store: AttachmentStore, attachment: Attachment | None) -> Response:
    """The picture, kept by no browser. Raises NotFound where there is none, or none any more."""
    if attachment is None or attachment.picture is None:
        raise NotFound
    try:
        content = await store.get(attachment.picture.sha256)
    except AttachmentMissing:
        raise NotFound from None
    headers = {"Content-Security-Policy": MEDIA_POLICY, "Cache-Control": "no-store"}
    return Response(content, media_type=attachment.picture.media_type, headers=headers)
