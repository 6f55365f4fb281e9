#!/usr/bin/env bash
# Fetches packages for Windows by their names, without running Windows: wheels.sh BENCH CHECKOUT
#
#   BENCH/python/Lib/site-packages   what the program is made of
#   BENCH/makers                     what makes it: PyInstaller
#
# BENCH/tools is a Python 3.11 of this computer. PIP_CONSTRAINT may name the versions to take.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bench=$(realpath "$1") checkout=$(realpath "$2")
tools=$bench/tools/bin/python

# pip judges by this computer what is needed on Windows only, so that is named here;
# wanted_on_windows.py says if something is missing.
program_on_windows=(colorama tzdata)
makers_on_windows=(pefile pywin32-ctypes)

fetch() { # into a folder, what a file lists, and more by name
  rm -rf "$1"
  "$tools" -m pip --quiet --disable-pip-version-check install --target "$1" --no-compile \
    --platform win_amd64 --implementation cp --python-version 3.11 --only-binary=:all: \
    --requirement "$2" "${@:3}"
}

"$tools" "$checkout/build/needs.py" >"$bench/program.txt"
"$tools" "$checkout/build/needs.py" build >"$bench/build.txt"
program=$bench/python/Lib/site-packages
fetch "$program" "$bench/program.txt" "${program_on_windows[@]}"
fetch "$bench/makers" "$bench/build.txt" "${makers_on_windows[@]}"
"$tools" "$here/wanted_on_windows.py" "$program"
"$tools" "$here/wanted_on_windows.py" "$program" "$bench/makers"
