#!/bin/sh
# Build range_list.h and its KUnit suite into a User-Mode-Linux kernel, and run it.
#
#   apt-get install linux-source flex bison bc gcc make     (Debian)
#   c/test/kunit.sh BUILD_FOLDER                            8 minutes the first time, seconds after an edit
#
set -eu
build=$1
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/test/source.sh"
source=$(find "$build" -maxdepth 1 -name 'linux-*' -type d | head -n 1)
if [ -z "$source" ]; then
    tar -C "$build" -xf "$archive"
    source=$(find "$build" -maxdepth 1 -name 'linux-*' -type d | head -n 1)
fi
suite=$source/lib/range_list
mkdir -p "$suite"
# Only what has changed is copied, so that only that is built again.
for file in range_list.h test/model.h test/whiteboard.h test/whiteboard_cases.h test/range_list_kunit.c; do
    cmp -s "$here/$file" "$suite/${file##*/}" || cp "$here/$file" "$suite"
done
cat > "$suite/Kconfig" <<'END'
config RANGE_LIST_KUNIT_TEST
	bool "KUnit test of range_list.h"
	depends on KUNIT
END
echo 'obj-$(CONFIG_RANGE_LIST_KUNIT_TEST) += range_list_kunit.o' > "$suite/Makefile"
printf 'CONFIG_KUNIT=y\nCONFIG_RANGE_LIST_KUNIT_TEST=y\n' > "$suite/.kunitconfig"
grep -q range_list "$source/lib/Kconfig" || echo 'source "lib/range_list/Kconfig"' >> "$source/lib/Kconfig"
grep -q range_list "$source/lib/Makefile" || echo 'obj-y += range_list/' >> "$source/lib/Makefile"
cd "$source"
exec python3 tools/testing/kunit/kunit.py run --arch=um --build_dir="$build/out" \
    --kunitconfig=lib/range_list --jobs="$(nproc)" 'range_list*'
