#!/usr/bin/env bash
# Says what a build needs of the system: system_needs.sh [--all|--missing] linux|windows|run
#
# The lists stand in system_needs/: each package of Debian's with how its presence is looked for, so
# that whoever has a library or a Python from elsewhere is not asked for Debian's. If something is
# missing it is printed as one line for apt-get, and the exit status is 1. With --missing only the
# packages of that line are printed, with --all every package, for scripts:
# apt-get install $(build/system_needs.sh --all linux)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
print=
case ${1:-} in --all | --missing)
  print=$1
  shift
  ;;
esac
list=$here/system_needs/${1:?says for what: linux, windows or run}.txt
PATH=$PATH:/sbin:/usr/sbin # of ldconfig, which only root finds otherwise

python_version() {
  python3 -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null ||
    apt-cache depends python3 | sed -n 's/.*Depends: python\(3\.[0-9]*\)$/\1/p'
}

is_there() { # a way to look, and for what
  case $1 in
    command) command -v "$2" ;;
    module) python3 -c "import $2" ;;
    library) ldconfig -p | grep -F "$2 (" ;;
    file) test -e "$2" ;;
    font) find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" "${HOME:-/}/.local/share/fonts" \
      -regex '.*\.\(ttf\|otf\|ttc\|pfb\)' -print -quit | grep . ;;
    libpython) python3 -c 'import ctypes, os, sysconfig as about
name, folder = map(about.get_config_var, ("INSTSONAME", "LIBDIR"))
own = os.path.join(folder, name)
ctypes.CDLL(own if os.path.exists(own) else name)' ;;
    *) echo "system_needs.sh: nobody knows how to look for \"$1\"" >&2 && exit 2 ;;
  esac >/dev/null 2>&1
}

wanted=()
while read -r package way what; do
  case $package in '' | '#'*) continue ;; esac
  if [ "$print" = --all ] || ! is_there "$way" "$what"; then
    case $package in *{python}) package=${package%\{*}$(python_version) ;; esac
    wanted+=("$package")
  fi
done <"$list"

if [ -n "$print" ]; then
  echo "${wanted[*]}"
elif [ ${#wanted[@]} -gt 0 ]; then
  echo "Missing. On Debian or Ubuntu:" >&2
  echo "apt-get install --no-install-recommends ${wanted[*]}" >&2
  exit 1
fi
