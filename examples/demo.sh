#!/bin/sh
# The main job on this machine's own memory map and on the bundled samples.  Run by `make demo`.
cd "$(dirname "$0")/.." || exit 1
PYTHON=${PYTHON:-python3}

show() {
    printf '\n\033[1m%s\033[0m\n' "$1"
    shift
    printf '$ python -m rangelist %s\n\n' "$*"
    "$PYTHON" -m rangelist "$@"
}

if [ -r /proc/self/maps ]; then
    show "The memory of this very process: its mappings, merged by file" /proc/self/maps
    show "The same as pictures: above as the kernel lists it, below merged" \
        --picture --width 100 /proc/self/maps
    show "What lies free between the mappings" --by nothing --gaps /proc/self/maps
fi
show "DNA reads that overlap, merged" --picture --width 80 examples/data/reads.bed
show "How deep they lie over each other" --overlaps examples/data/reads.bed
show "Allowed addresses without the blocked ones, as the fewest blocks" \
    --output same --difference examples/data/blocked.txt examples/data/allowed.txt
show "A shift plan: who sits at which desk; where two lines overlap, the later one wins" \
    --start-column from --stop-column to --group-column desk --by who --inclusive \
    --picture --width 80 examples/data/shifts.csv
show "A file with mistakes: each is reported, the rest is merged" examples/data/broken.bed
printf '\nMore: %s -m rangelist --help\n' "$PYTHON"
