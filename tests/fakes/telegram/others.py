"""Kinds of messages besides text, photos and documents, as the Bot API describes them."""

from __future__ import annotations

from typing import Any


def _file(**fields: Any) -> dict[str, Any]:
    return {"file_id": "BQACAgIAAxkBAAMother", "file_unique_id": "AQADother", **fields}


PLACE = {"latitude": 52.52, "longitude": 13.405}
VIDEO = _file(width=640, height=480, duration=3, mime_type="video/mp4", file_size=1000)

OTHER_KINDS: dict[str, dict[str, Any]] = {
    "voice": {"voice": _file(duration=3, mime_type="audio/ogg", file_size=1000)},
    "audio": {"audio": _file(duration=180, mime_type="audio/mpeg", file_size=1000)},
    "video": {"video": VIDEO},
    "video_note": {"video_note": _file(length=240, duration=3, file_size=1000)},
    "animation": {
        "animation": {**VIDEO, "file_name": "a.mp4"},
        "document": _file(mime_type="video/mp4", file_size=1000, file_name="a.mp4"),
    },
    "sticker": {
        "sticker": _file(
            type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👋"
        )
    },
    "location": {"location": PLACE},
    "venue": {
        "venue": {"location": PLACE, "title": "A café", "address": "Here 1"},
        "location": PLACE,
    },
    "contact": {"contact": {"phone_number": "+490000", "first_name": "Ben"}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Tea?",
            "options": [
                {"persistent_id": "1", "text": "Yes", "voter_count": 0},
                {"persistent_id": "2", "text": "No", "voter_count": 0},
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    },
}
