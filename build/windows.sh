#!/usr/bin/env bash
# Builds the Windows program on Linux, under Wine: build/windows.sh [DIST]
# DIST (dist/windows if left out) gets the program's folder, the ZIP, the installer for one person,
# the MSI for the whole PC, and SHA256SUMS.
#
# system_needs/windows.txt lists what it needs; what is missing is said before anything is made.
# Nothing is packed that lacks a library or fails its own self-test.
#
# WORKBOOK_BUILDER_BENCH  where the bench is kept between builds
# PIP_CONSTRAINT          the versions of packages to take, as needs.py --as-in gives them
# SIGN_WITH               how to sign (sign.sh says); left out, nothing is signed
set -euo pipefail
build=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$build")
dist=$(realpath -m "${1:-$root/dist/windows}")
bench=${WORKBOOK_BUILDER_BENCH:-${XDG_CACHE_HOME:-$HOME/.cache}/workbook-builder/windows-bench}
tools=$bench/tools/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One commit, one time: what would say when it was built says when it was committed.
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 TZ=UTC
unset PYTHONPATH

sign() {
  if [ -n "${SIGN_WITH:-}" ]; then "$build/sign.sh" "$@"; fi
}

"$build/system_needs.sh" windows
"$build/wine/bench.sh" "$bench" "$root"

# The bill of materials is of an environment that has the packages for Windows and nothing else.
"$tools" -m venv --without-pip "$work/bill"
echo "$bench/python/Lib/site-packages" >"$("$work/bill/bin/python" -c \
  'import site; print(site.getsitepackages()[0])')/windows.pth"
"$tools" -m pip --quiet --disable-pip-version-check install --requirement \
  <("$tools" "$build/needs.py" bill)
"$bench/tools/bin/cyclonedx-py" environment --output-reproducible --pyproject "$root/pyproject.toml" \
  --output-file "$work/bill.json" "$work/bill/bin/python"

version=$("$tools" -c 'import sys, tomllib
print(tomllib.load(open(sys.argv[1], "rb"))["project"]["version"])' "$root/pyproject.toml")
name=workbook-builder-$version-windows
folder="$dist/Workbook Builder"

rm -rf "$dist"
mkdir -p "$dist"
echo "building the program (PyInstaller under Wine)"
# Of warnings there is one for each library api-ms-win-*: Windows has them as names only, Wine in
# another way. What is really missing is found by fit_to_ship.py.
PYTHONPATH="Z:$bench/makers" \
  "$build/wine/with_screen.sh" "$build/wine/run.sh" "$bench/prefix" "$bench/python/python.exe" \
  -m PyInstaller "Z:$build/workbook-builder.spec" --clean --noconfirm --log-level ERROR \
  --workpath "Z:$work" --distpath "Z:$dist"
"$tools" "$build/wine/fit_to_ship.py" "$folder" "$bench/prefix/drive_c/windows/system32" "$version"
sign "$folder"

echo "trying it: self-test"
"$build/wine/with_screen.sh" "$build/wine/run.sh" "$bench/prefix" \
  "$folder/workbook-builder.exe" self-test

echo "packing it: ZIP, installer, MSI"
"$tools" "$build/finish.py" "$folder" --bill "$work/bill.json" --archive "$name"
"$tools" "$build/installers.py" "$folder" --name "$name" ${SIGN_WITH:+--sign "$build/sign.sh"}
sign "$dist/$name-setup.exe" "$dist/$name.msi"
"$tools" "$build/sums.py" "$dist"
