"""Whether we run in a container with a network of its own, which nobody enters uninvited."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Docker makes the first, Podman the second. Kubernetes makes neither, and says where its API is
# instead; Podman, Buildah and systemd-nspawn set `container`.
MARKS = (".dockerenv", "run/.containerenv")
MARKING_VARIABLES = ("container", "KUBERNETES_SERVICE_HOST")
# Kinds of interfaces that stand in the machine's neighbourhood without being its hardware.
IN_THE_NEIGHBOURHOOD = frozenset({"macvlan", "ipvlan", "vlan", "wlan"})


def has_own_network(root: Path = Path("/"), environ: Mapping[str, str] | None = None) -> bool:
    """Whether this is a container whose network is not the machine's.

    A container with the machine's network (`--network host`) sees its cards, which have a `device`.
    Where nothing can be seen, as on macOS or in some sandboxes, the answer is no.
    """
    return _is_container(root, os.environ if environ is None else environ) and _is_apart(root)


def _is_container(root: Path, environ: Mapping[str, str]) -> bool:
    return any((root / mark).exists() for mark in MARKS) or any(
        environ.get(name) for name in MARKING_VARIABLES
    )


def _is_apart(root: Path) -> bool:
    try:
        interfaces = list((root / "sys/class/net").iterdir())
        return bool(interfaces) and not any(map(_leads_outside, interfaces))
    except OSError:
        return False


def _leads_outside(interface: Path) -> bool:
    if interface.name == "lo":
        return False
    about = (interface / "uevent").read_text().splitlines()
    kinds = {line.partition("=")[2] for line in about if line.startswith("DEVTYPE=")}
    return (interface / "device").exists() or not kinds.isdisjoint(IN_THE_NEIGHBOURHOOD)
