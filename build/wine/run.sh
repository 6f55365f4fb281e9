#!/usr/bin/env bash
# Runs a program under Wine: run.sh PREFIX PROGRAM [ARGUMENT...]
# DISPLAY must name a screen, the same one for as long as the prefix is in use: Wine keeps what it
# found at the first start. with_screen.sh gives one.
set -euo pipefail
: "${DISPLAY:?names no screen}"
export WINEPREFIX=$1
shift

# A home of the prefix's own, or Wine would look into that of whoever builds.
export HOME=$WINEPREFIX/home
export WINEARCH=win64 WINEDEBUG=-all
# The libraries in which stand_ins.py changed something come before Wine's own; no Mono, no Gecko,
# and no debugger, which waits for somebody when a program fails.
export WINEDLLOVERRIDES="ucrtbase,mscms,propsys=n,b;mscoree,mshtml=;winedbg.exe=d"

# Python for Windows ends at once under Wine unless its standard streams are pipes.
/usr/lib/wine/wine64 "$@" < <(cat /dev/null) 2>&1 | cat
