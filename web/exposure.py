"""Keeps the web chat on loopback until it is safe to show it to a network."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from web.containers import has_own_network
from web.errors import ExposureError
from web.settings import WebSettings


def is_loopback(host: str) -> bool:
    """Whether a host name or address can be reached from this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_exposure(
    settings: WebSettings, *, own_network: Callable[[], bool] = has_own_network
) -> None:
    """Refuse to listen beyond loopback where passwords and pictures would travel in the clear.

    In a container with a network of its own nobody comes in but through a port that is published on
    purpose. The names that we answer to stay as few as on loopback there (see web.hosts). Raises
    ExposureError, which names the settings that help.
    """
    if is_loopback(settings.http_host) or settings.allow_lan:
        return
    if settings.public_url.startswith("https://") or own_network():
        return
    raise ExposureError(
        f"HTTP_HOST={settings.http_host} shows the web chat to a network without encryption. "
        "Set PUBLIC_URL to the https:// address of a proxy in front of it, or ALLOW_LAN=yes "
        "on a private network that you trust."
    )
