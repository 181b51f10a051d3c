# Sourced: find the kernel's source below the folder $build, or unpack some of Debian's there.
# LINUX_SOURCE names the archive if it is not /usr/src/linux-source-*.tar.xz.  Sets $archive.
archive=${LINUX_SOURCE:-$(find /usr/src -name 'linux-source-*.tar.xz' 2>/dev/null | sort | tail -n 1)}
[ -n "$archive" ] || { echo "no /usr/src/linux-source-*.tar.xz, want one: apt-get install linux-source" >&2; exit 2; }
mkdir -p "$build"
build=$(cd "$build" && pwd)
