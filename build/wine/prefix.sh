#!/usr/bin/env bash
# Makes a Wine prefix: prefix.sh PREFIX
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1

mkdir -p "$prefix/home"
# rundll32 and the rest of Wine's own set-up come after wineboot has ended: wait for them.
"$here/run.sh" "$prefix" wineboot.exe --init
WINEPREFIX=$prefix /usr/lib/wine/wineserver --wait
