#!/usr/bin/env bash
# Builds the packaged program for Linux, from a clean checkout to the archive and its checksums:
#
#     build/linux.sh [FOLDER]      (dist if left out)
#
# system_needs/linux.txt lists what it needs; what is missing is said before anything is made. Nothing
# is packed that lacks a library or fails its own self-test. The same commit with the same packages
# gives the same bytes; for the packages of an earlier build set PIP_CONSTRAINT to the output of:
# python build/needs.py --as-in sbom.cdx.json
set -euo pipefail
cd "$(dirname "$0")/.."
build/system_needs.sh linux

dist=$(realpath --canonicalize-missing "${1:-dist}")
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

PYTHONHASHSEED=0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export PYTHONHASHSEED SOURCE_DATE_EPOCH
unset PYTHONPATH

# One environment holds what the program carries and nothing else; the other the tools.
python3 -m venv "$work/tools"
python3 -m venv --without-pip "$work/program"
install() { # into one of the environments, what a file lists
  "$work/tools/bin/python" -m pip --python "$work/$1/bin/python" --quiet \
    --disable-pip-version-check install --requirement "$2"
}
"$work/tools/bin/python" build/needs.py >"$work/program.txt"
"$work/tools/bin/python" build/needs.py bill >"$work/bill.txt"
"$work/tools/bin/python" build/needs.py build >"$work/build.txt"
install tools "$work/bill.txt"
install program "$work/program.txt"
"$work/tools/bin/cyclonedx-py" environment --output-reproducible --pyproject pyproject.toml \
  --output-file "$work/bill.json" "$work/program/bin/python"
install program "$work/build.txt"

mkdir -p "$dist"
rm -rf "$dist/Workbook Builder"
"$work/program/bin/python" -m PyInstaller build/workbook-builder.spec --noconfirm --log-level WARN \
  --workpath "$work/made" --distpath "$dist"

echo "trying it: libraries, self-test"
"$work/tools/bin/python" "build/linux/fit_to_ship.py" "$dist/Workbook Builder"
# In a home of its own: nothing of whoever builds has a part in it.
env HOME="$work/home" XDG_DATA_HOME= XDG_CONFIG_HOME= XDG_STATE_HOME= XDG_CACHE_HOME= \
  "$dist/Workbook Builder/workbook-builder" self-test

version=$("$dist/Workbook Builder/workbook-builder" --version)
"$work/tools/bin/python" build/finish.py "$dist/Workbook Builder" --bill "$work/bill.json" \
  --archive "workbook-builder-$version-linux-$(uname -m)"
"$work/tools/bin/python" build/sums.py "$dist"
