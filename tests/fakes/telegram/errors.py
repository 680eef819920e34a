"""What the fake Telegram answers when it refuses a call, in the words of the real one."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status, description, and the `parameters` that some of them carry."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that Telegram answers with."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Hangup(Exception):
    """The connection is to be closed without an answer."""


def bad_request(what: str) -> ApiError:
    """400, with the prefix that all of these have."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403, with the prefix that all of these have."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """409, with the prefix that all of these have."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(seconds: int) -> ApiError:
    """429, saying in words and in a field how long to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
