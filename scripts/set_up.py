"""Make .venv and install Whimbrel into it; at once when that has been done before.

`set_up.py run` installs what running takes, `set_up.py test` what testing takes besides. With
TORCH_INDEX in the environment, torch and torchvision come from that package index alone.
Needs nothing but the standard library of Python 3.11.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
EXTRAS = {
    "run": "bot,worker,broker,postgres",
    "test": "bot,worker,broker,postgres,checks,fledgling,test",
}
COVERS = {"run": ("run", "test"), "test": ("test",)}
ROOM = {"run": 7.5, "test": 8.0}  # GB on disk with torch's libraries for NVIDIA cards
ROOM_WITHOUT_CUDA = 2.0


def main(profile: str) -> int:
    """Set up for a profile; the exit status."""
    with open(__file__) as lock:  # two at once would spoil each other's work
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_done(profile):
            return 0
        began = time.monotonic()
        steps = make_venv, install_torch, install_whimbrel
        for number, step in enumerate(steps, 1):
            sys.stderr.write(f"[{number}/{len(steps)}] ")
            if status := step(profile):
                return status
        stamp(profile).write_text(fingerprint())
        say(f"Set up in {time.monotonic() - began:.0f} s.")
    return 0


def is_done(profile: str) -> bool:
    """Whether this was set up before, from the same lists of packages."""
    return any(
        stamp(each).is_file() and stamp(each).read_text() == fingerprint()
        for each in COVERS[profile]
    )


def stamp(profile: str) -> Path:
    """The file that says what was installed."""
    return VENV / f".set-up-{profile}"


def fingerprint() -> str:
    """Changes when the packages to install do."""
    content = (ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()
    return hashlib.sha256(content + str(ROOT).encode()).hexdigest()


def make_venv(_profile: str) -> int:
    """A virtual environment, where there is none that starts."""
    if python_works():
        say(f"{VENV.name} is there")
        return 0
    say(f"Making {VENV.name} with Python {sys.version.split()[0]}")
    if VENV.exists():
        say("(the one that is there does not start and is replaced)")
        shutil.rmtree(VENV)
    venv.create(VENV, with_pip=True)
    return 0


def python_works() -> bool:
    """Whether the environment's Python starts and has pip."""
    try:
        command = [python(), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
        # commands of ours
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # nosec B603
    except OSError:
        return False


def install_torch(profile: str) -> int:
    """torch and torchvision from TORCH_INDEX, where that is set; else they come with the rest."""
    index = os.environ.get("TORCH_INDEX", "")
    if not index:
        say("torch comes with the rest" + hint())
        return 0
    say("Installing torch and torchvision from TORCH_INDEX (about 0.2 GB for a CPU build)")
    wanted = [line for line in pins() if line.startswith(("torch==", "torchvision=="))]
    # From there alone, so that no other index can serve a package of that name; and without what
    # they need, which comes from where everything comes from.
    alone = {"PIP_CONFIG_FILE": os.devnull, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": ""}
    options = ["--no-deps", "--index-url", index, *way_out()]
    return pip("install", *options, *wanted, environ=alone)


def way_out() -> list[str]:
    """How pip is configured to reach the network, as options."""
    options = []
    for name in ("cert", "client-cert", "proxy", "trusted-host"):
        command = [python(), "-m", "pip", "config", "get", f"global.{name}"]
        # commands of ours
        told = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603
        if told.returncode == 0 and told.stdout.strip():
            options += [f"--{name}", told.stdout.strip()]
    return options


def hint() -> str:
    """What people without an NVIDIA card can spare."""
    there = any(VENV.glob("lib/python*/site-packages/torch"))
    if there or sys.platform != "linux" or Path("/proc/driver/nvidia").exists():
        return ""
    return " (no NVIDIA card here? TORCH_INDEX=... with PyTorch's CPU index spares 5 GB)"


def install_whimbrel(profile: str) -> int:
    """Whimbrel itself, editable, with everything it needs in the versions of constraints.txt."""
    small = sys.platform != "linux" or bool(os.environ.get("TORCH_INDEX"))
    room = ROOM_WITHOUT_CUDA if small else ROOM[profile]
    say(f"Installing Whimbrel and {len(pins())} pinned packages (up to {room:g} GB on disk)")
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < room:
        say(f"only {free:.1f} GB are free here: this may not be enough")
    project = f"{ROOT}[{EXTRAS[profile]}]"
    return pip("install", "--editable", project, "--constraint", str(CONSTRAINTS))


def pins() -> list[str]:
    """The lines of constraints.txt that name a version."""
    return [line for line in CONSTRAINTS.read_text().splitlines() if "==" in line]


def pip(*arguments: str, environ: dict[str, str] | None = None) -> int:
    """Run pip, which shows its own progress."""
    command = [python(), "-m", "pip", "--disable-pip-version-check", *arguments]
    given = {name: value for name, value in {**os.environ, **(environ or {})}.items() if value}
    # commands of ours
    status = subprocess.run(command, cwd=ROOT, env=given, check=False).returncode  # nosec B603
    if status:
        say(
            f"pip ended with status {status}; its lines above say why. "
            "The same command goes on where this one stopped."
        )
    return status


def python() -> str:
    """The environment's interpreter."""
    return str(VENV / "bin" / "python")


def say(line: str) -> None:
    """A line for whoever waits."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
