"""Reads the parameters of a call: query string, form, JSON, or multipart with files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from tests.fakes.telegram.errors import bad_request


class Upload(NamedTuple):
    """A file that came with a call."""

    name: str
    content: bytes


class Call(NamedTuple):
    """The parameters of one call as they came, and the files by the name of their field."""

    parameters: dict[str, Any]
    uploads: dict[str, Upload]


def read_call(query: str, content_type: str, body: bytes) -> Call:
    """Everything that a call carries. Files can also be fields, as `attach://name` says."""
    parameters: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    uploads: dict[str, Upload] = {}
    kind, _, rest = content_type.partition(";")
    if not body:
        return Call(parameters, uploads)
    if kind == "application/x-www-form-urlencoded":
        parameters.update(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == "application/json":
        parameters.update(_json_object(body))
    elif kind == "multipart/form-data":
        for headers, content in _parts(body, _parameter(rest, "boundary")):
            disposition = headers.get("content-disposition", "")
            name = _parameter(disposition, "name")
            if "filename" in disposition:
                uploads[name] = Upload(_parameter(disposition, "filename"), content)
            else:
                parameters[name] = content.decode()
    else:
        raise bad_request(f"content type {kind!r} is not understood")
    return Call(parameters, uploads)


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        decoded = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON body") from None
    if not isinstance(decoded, dict):
        raise bad_request("JSON body is not an object")
    return decoded


def _parts(body: bytes, boundary: str) -> list[tuple[dict[str, str], bytes]]:
    """The parts of a multipart body (RFC 7578), each with its headers in lower case."""
    parts = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        if piece.startswith(b"--"):
            break
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = {}
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        parts.append((headers, content))
    return parts


def _parameter(header: str, name: str) -> str:
    """The parameter of a header value, without its quotes; empty where it is missing."""
    for field in header.split(";"):
        key, _, value = field.strip().partition("=")
        if key == name:
            return value.strip('"')
    return ""
