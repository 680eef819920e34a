#!/bin/sh
# Find a Python of 3.11 or newer and let it set up .venv: `sh scripts/set-up.sh run|test`.
# PYTHON=... names one by hand.
set -eu
cd "$(dirname "$0")/.."

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
say() { printf '%s\n' "$@" >&2; }

if [ -z "${PYTHON:-}" ] && new_enough .venv/bin/python; then
    exec .venv/bin/python scripts/set_up.py "$@"
fi

bare=
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3 python}; do
    # A name on the PATH may be a shim that starts nothing, so each is run.
    if new_enough "$candidate"; then
        if makes_venvs "$candidate"; then
            exec "$candidate" scripts/set_up.py "$@"
        fi
        bare=${bare:-$candidate}
    fi
done

if [ -n "$bare" ]; then
    version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "$bare (Python $version) is here, but without the parts that make virtual environments" \
        "(the modules venv and ensurepip)." \
        "On Debian and Ubuntu they come with:  sudo apt install python$version-venv"
elif [ -n "${PYTHON:-}" ]; then
    say "PYTHON=$PYTHON is not a Python of 3.11 or newer that starts."
else
    say "Whimbrel needs Python 3.11 or newer, and none was found." \
        "Debian, Ubuntu:  sudo apt install python3 python3-venv" \
        "Fedora:          sudo dnf install python3" \
        "macOS:           brew install python    (or the installer of python.org)" \
        "One that is not on the PATH can be named:  make run PYTHON=/path/to/python3"
fi
exit 1
