#!/bin/sh
# checkpatch.pl --strict and kernel-doc on everything here: no error, no warning, no check.
#
#   c/test/checkpatch.sh BUILD_FOLDER
set -eu
build=$1
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/test/source.sh"
scripts=$build/scripts
mkdir -p "$build/include"
if [ ! -d "$scripts" ]; then
    tar -C "$build" --strip-components=1 --wildcards -xf "$archive" \
        '*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' '*/scripts/kernel-doc'
fi
cd "$here/.."
status=0
for file in c/*.[ch] c/examples/*.c c/test/*.[ch]; do
    # The one name that is not ours.
    case $file in c/test/fuzz.c) ignored=CAMELCASE ;; *) ignored=NONE ;; esac
    perl "$scripts/checkpatch.pl" --root="$build" --no-tree --strict --terse --quiet --ignore "$ignored" -f "$file" || status=1
done
perl "$scripts/kernel-doc" -none -Werror c/range_list.h || status=1
exit $status
