#!/usr/bin/env bash
# Runs a command with a screen in memory: with_screen.sh COMMAND [ARGUMENT...]
set -euo pipefail

coproc SCREEN { exec Xvfb -displayfd 1 -screen 0 1280x800x24 -nolisten tcp -noreset 2>/dev/null; }
server=$SCREEN_PID
trap 'kill "$server"' EXIT
read -r number <&"${SCREEN[0]}"
DISPLAY=:$number "$@"
