#!/usr/bin/env bash
# Builds the Windows program twice from this commit, and tries it under Wine: build/wine/try.sh [DIST]
# PYTHON (python3 if left out) has the project's test packages. WINDOW_PICTURES keeps pictures.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dist=$(realpath -m "${1:-$root/dist/windows}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for place in one another; do
  git clone --quiet "$root" "$work/$place"
done
"$work/one/build/windows.sh" "$dist"
"$work/another/build/windows.sh" "$work/dist"
diff --recursive "$dist" "$work/dist"
echo "two builds of this commit, in two places, are the same byte for byte"

cd "$root"
WINDOWS_BUILD=$dist "${PYTHON:-python3}" -m pytest tests/windows
