#!/usr/bin/env bash
# Gives the Windows interpreter the packages that the program is built from, without running it:
# wheels.sh INTERPRETER PYTHON CHECKOUT
# PYTHON runs here, is a 3.11 and has pip, hatchling and packaging. PIP_CONSTRAINT may name a file
# with the versions to take.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
interpreter=$(realpath "$1") python=$2 checkout=$3

windows=(--platform win_amd64 --implementation cp --python-version 3.11 --only-binary=:all:)
# pip judges by this computer what is needed on Windows only, so that is named here;
# wanted_on_windows.py says if something is missing.
only_on_windows=(colorama tzdata pefile pywin32-ctypes)

wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
"$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$wheels" "$checkout"
"$python" -m pip download --quiet --disable-pip-version-check "${windows[@]}" --dest "$wheels" \
  "$wheels"/*.whl pyinstaller "${only_on_windows[@]}"
rm "$wheels"/workbook_builder-*.whl # the program itself comes from the checkout
rm -rf "$interpreter/Lib/site-packages"
"$python" -m pip install --quiet --disable-pip-version-check "${windows[@]}" --no-index --no-deps \
  --no-compile --target "$interpreter/Lib/site-packages" "$wheels"/*.whl
"$python" "$here/wanted_on_windows.py" "$interpreter/Lib/site-packages"
