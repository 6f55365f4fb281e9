#!/usr/bin/env bash
# Builds the Windows program twice from this commit, and tries it under Wine: build/wine/try.sh [DIST]
#
# Both builds go on at once, each from a clean checkout in a place of its own; the second on a bench
# made anew. PYTHON (python3 if left out) has the project's test packages.
# WINDOW_PICTURES names a folder for pictures of the window.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dist=$(realpath -m "${1:-$root/dist/windows}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for place in one another; do
  git clone --quiet "$root" "$work/$place"
done
"$work/one/build/windows.sh" "$dist" &
first=$!
WORKBOOK_BUILDER_BENCH=$work/bench "$work/another/build/windows.sh" "$work/dist" \
  >"$work/another.log" 2>&1 || { cat "$work/another.log" && exit 1; }
wait "$first"
diff --recursive "$dist" "$work/dist"
echo "two builds of this commit, in two places, are the same byte for byte"

cd "$work/one" # not where somebody may be at work
WINDOWS_BUILD=$dist "${PYTHON:-python3}" -m pytest tests/windows
