"""A network that misbehaves: proxies between us and what we depend on."""

from tests.fakes.proxy.http import HttpProxy, HttpWays
from tests.fakes.proxy.tcp import TcpProxy

__all__ = ["HttpProxy", "HttpWays", "TcpProxy"]
