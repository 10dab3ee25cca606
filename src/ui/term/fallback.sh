#!/bin/sh
# fallback.sh INFOCMP: a C file with the descriptions of the usual terminals, as they are known where it is built.
set -eu
infocmp=$1
echo '/* Made by fallback.sh from the terminal descriptions of the machine that ncred was built on. */'
echo '#include "ui/term/fallback.h"'
echo
echo 'const struct fallback fallbacks[] = {'
count=0
for name in xterm-256color xterm screen-256color screen tmux-256color tmux linux vt100 vt220 ansi rxvt \
  rxvt-256color rxvt-unicode-256color foot alacritty putty st-256color xterm-kitty konsole-256color; do
  code=$("$infocmp" -0 -x -Q2 "$name" 2>/dev/null | sed -n '/^b64:/p') || continue
  [ -n "$code" ] || continue
  printf '    {"%s", {\n' "$name"
  printf '%s\n' "$code" | fold -w 2000 | sed 's/.*/        "&",/; $s/,$/}},/'
  count=$((count + 1))
done
echo '};'
echo "const size_t fallback_count = $count;"
[ "$count" -gt 0 ] || { echo "fallback.sh: $infocmp describes no terminal" >&2; exit 1; }
