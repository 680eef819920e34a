"""Where the web chat listens and how people reach it: the settings of this house."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from msgspec import Meta, Struct


class WebSettings(Struct, frozen=True):
    """`http_port` None stands for 8484 or the next free one; `trusted_proxies` are networks.

    `allow_lan` permits a private network without TLS.
    """

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    allow_lan: bool = False

    def __post_init__(self) -> None:
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            raise ValueError("PUBLIC_URL wants an address such as https://chat.example.org")
        for proxy in self.trusted_proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError(
                    f"TRUSTED_PROXIES wants addresses or networks such as 10.0.0.0/8, not {proxy!r}"
                ) from None
