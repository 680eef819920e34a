"""The private Valkey server of one home: from a wheel, on a unix socket, gone with its parent."""

from storage.valkey.server import PrivateValkey

__all__ = ["PrivateValkey"]
