#!/bin/bash -eu
# Build every driver of tests/fuzz into $OUT, with its seeds, its dictionary, and the libraries that it needs.
# The service sets SRC, OUT, WORK, CC, CFLAGS and LIB_FUZZING_ENGINE.
source=${NCRED_SOURCE:-$SRC/ncred}
rm -rf "$WORK/build"
mkdir -p "$WORK/build" "$OUT/lib"
cd "$WORK/build"
# its sanitizers and its allocator are in CFLAGS; fuzzing fetches nothing
"$source/configure" --quiet --without-api --disable-sandbox --disable-hardening --disable-tests \
  CC="$CC" CFLAGS="$CFLAGS" LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
make -j"$(nproc)" fuzz-here

for driver in tests/fuzz/fuzz_*; do
  case $driver in *.*) continue ;; esac
  name=${driver##*/fuzz_}
  cp "$driver" "$OUT/fuzz_$name"
  # what runs the fuzzers has no libraries of its own
  ldd "$driver" | awk '$1 ~ /^lib(ncursesw|tinfo|pcre2|jansson|expat|z|yaml|utf8proc|csv)/ && $3 { print $3 }' |
    while read -r library; do cp -L "$library" "$OUT/lib/"; done
  if command -v patchelf >/dev/null; then
    # shellcheck disable=SC2016 # the loader replaces $ORIGIN
    patchelf --set-rpath '$ORIGIN/lib' "$OUT/fuzz_$name"
  fi
  (cd "$source/tests/fuzz/corpus/$name" && zip -q -r "$OUT/fuzz_${name}_seed_corpus.zip" .)
  [ ! -f "$source/tests/fuzz/dictionary/$name" ] || cp "$source/tests/fuzz/dictionary/$name" "$OUT/fuzz_$name.dict"
  printf '[libfuzzer]\nmax_len = 65536\ntimeout = 20\n' >"$OUT/fuzz_$name.options"
done
