#!/bin/sh
# How long a million nodes take: range_list.h, and beside it the rbtree and the maple tree of the
# kernel's source, built in user space as the kernel's own tests build them.
#
#   apt-get install linux-source liburcu-dev gcc make       (Debian; without the second no maple tree)
#   c/test/numbers.sh BUILD_FOLDER [NODES]
set -eu
build=$1
count=${2:-1000000}
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/test/source.sh"
gcc -std=c11 -O2 "-I$here" "$here/test/numbers.c" -o "$build/numbers"
echo "range_list.h"
"$build/numbers" "$count"

linux=$(find "$build" -maxdepth 1 -name 'linux-*' -type d | head -n 1)
if [ -z "$linux" ]; then
    tar -C "$build" --wildcards -xf "$archive" '*/tools' '*/lib' '*/include' '*/scripts'
    linux=$(find "$build" -maxdepth 1 -name 'linux-*' -type d | head -n 1)
fi
gcc -O2 -w "-I$linux/tools/include" -DPEER_RBTREE "$here/test/peers.c" "$linux/tools/lib/rbtree.c" -o "$build/peer-rbtree"
printf '\nrbtree and list\n'
"$build/peer-rbtree" "$count"

echo '#include <urcu.h>' | gcc -E - >/dev/null 2>&1 || { printf '\nmaple tree: not built, want apt-get install liburcu-dev\n'; exit 0; }
cd "$linux/tools/testing/radix-tree"
make -s generated/map-shift.h generated/bit-length.h
cp "$here/test/peers.c" "$here/test/clock.h" .
gcc -O2 -w -D_LGPL_SOURCE -DPEER_MAPLE -I. -I../../include peers.c linux.c ../../lib/slab.c \
    -lpthread -lurcu -o "$build/peer-maple"
printf '\nmaple tree\n'
"$build/peer-maple" "$count"
