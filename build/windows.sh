#!/usr/bin/env bash
# Builds the Windows program on Linux, under Wine: build/windows.sh [DIST]
# DIST (dist/windows if left out) gets the folder, the ZIP, the installer, the MSI and SHA256SUMS.
#
# WORKBOOK_BUILDER_BENCH  where the bench is kept between builds (see wine/bench.sh)
# SIGN_WITH               a certificate file (.p12): sign all that nobody else has signed (sign.sh)
set -euo pipefail
build=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$build")
dist=$(realpath -m "${1:-$root/dist/windows}")
bench=${WORKBOOK_BUILDER_BENCH:-${XDG_CACHE_HOME:-$HOME/.cache}/workbook-builder/windows-bench}
tools=$bench/tools/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One commit, one time: what would say when it was built says when it was committed.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH PYTHONHASHSEED=1 PYTHONDONTWRITEBYTECODE=1 TZ=UTC

"$build/wine/bench.sh" "$bench" "$root"

rm -rf "$dist"
mkdir -p "$dist"
"$build/wine/with_screen.sh" "$build/wine/run.sh" "$bench/prefix" "$bench/python/python.exe" \
  -m PyInstaller "Z:$build/workbook-builder.spec" --clean --noconfirm --log-level ERROR \
  --workpath "Z:$work" --distpath "Z:$dist"
folder="$dist/Workbook Builder"
