#!/usr/bin/env bash
# Makes a Wine prefix with the stand-ins: prefix.sh PREFIX PYTHON QT6CORE.DLL
# PYTHON runs here and has pefile.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1 python=$2 qt_core=$3

mkdir -p "$prefix/home"
# rundll32 and the rest of Wine's own set-up come after wineboot has ended: wait for them.
"$here/run.sh" "$prefix" wineboot.exe --init
WINEPREFIX=$prefix /usr/lib/wine/wineserver --wait
"$python" "$here/stand_ins/stand_ins.py" "$prefix" "$qt_core"
