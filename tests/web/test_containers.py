"""What counts as a container with a network of its own, seen from a made-up machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from web.containers import has_own_network


def machine(
    root: Path, *, marks: tuple[str, ...] = (), kinds: Mapping[str, str] | None = None
) -> Path:
    """A root with these marks of engines, and interfaces of these kinds beside lo.

    A kind is what the kernel calls the type of a device; `card` is hardware, and "" a veth, to
    which it gives no name.
    """
    for mark in marks:
        (root / mark).parent.mkdir(parents=True, exist_ok=True)
        (root / mark).touch()
    for name, kind in {"lo": "", **(kinds or {})}.items():
        folder = root / "sys/class/net" / name
        folder.mkdir(parents=True)
        about = f"DEVTYPE={kind}\n" if kind not in ("", "card") else ""
        (folder / "uevent").write_text(f"{about}INTERFACE={name}\nIFINDEX=1\n")
        if kind == "card":
            (root / "sys/devices" / name).mkdir(parents=True)
            (folder / "device").symlink_to(root / "sys/devices" / name)
    return root


DOCKER, PODMAN = (".dockerenv",), ("run/.containerenv",)


@pytest.mark.parametrize(
    ("marks", "environ"),
    [
        (DOCKER, {}),
        (PODMAN, {"container": "podman"}),
        ((), {"container": "systemd-nspawn"}),
        ((), {"KUBERNETES_SERVICE_HOST": "10.96.0.1"}),
    ],
    ids=["Docker", "Podman", "nspawn", "Kubernetes"],
)
def test_a_container_with_virtual_interfaces_only(
    tmp_path: Path, marks: tuple[str, ...], environ: dict[str, str]
) -> None:
    inside = machine(tmp_path / "apart", marks=marks, kinds={"eth0": ""})
    assert has_own_network(inside, environ)
    shared = machine(tmp_path / "shared", marks=marks, kinds={"eth0": "card", "docker0": "bridge"})
    assert not has_own_network(shared, environ), "--network host is the machine's network"


def test_no_container_however_its_interfaces_are(tmp_path: Path) -> None:
    assert not has_own_network(machine(tmp_path, kinds={"eth0": ""}), {})
    assert not has_own_network(tmp_path, {"container": "", "KUBERNETES_SERVICE_HOST": ""})


@pytest.mark.parametrize("kind", ["macvlan", "ipvlan", "vlan", "wlan"])
def test_an_interface_in_the_neighbourhood_is_no_network_of_its_own(
    tmp_path: Path, kind: str
) -> None:
    inside = machine(tmp_path, marks=DOCKER, kinds={"eth0": "", "eth1": kind})
    assert not has_own_network(inside, {})


def test_a_container_without_any_network_is_apart(tmp_path: Path) -> None:
    assert has_own_network(machine(tmp_path, marks=DOCKER), {})


def test_what_cannot_be_seen_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / ".dockerenv").touch()
    assert not has_own_network(tmp_path, {})
    (tmp_path / "sys/class/net").mkdir(parents=True)
    assert not has_own_network(tmp_path, {})
    (tmp_path / "sys/class/net/eth0").mkdir()  # and nothing is told of it
    assert not has_own_network(tmp_path, {})
