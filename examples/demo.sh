#!/bin/sh
# The best of the command line on the bundled samples and on this machine.  Run by `make demo`.
cd "$(dirname "$0")/.." || exit 1
PYTHON=${PYTHON:-python3}
DATA=examples/data

show() {
    printf '\n\033[1m%s\033[0m\n' "$1"
    shift
    printf '$ rangelist %s\n\n' "$*"
    "$PYTHON" -m rangelist "$@"
}

show "DNA reads that overlap, merged" --picture --width 80 $DATA/reads.bed
show "Each strand by itself, with the names of the reads (bedtools merge -s -c 4 -o collapse)" \
    --group strand --collect reads=collapse:name $DATA/reads.bed
show "How deep they lie over each other (bedtools genomecov)" --overlaps $DATA/reads.bed
show "What no read covers (bedtools complement)" --gaps --within $DATA/genome.sizes $DATA/reads.bed
show "The reads that lie over an exon, untouched (bedtools intersect -u)" \
    --overlapping $DATA/exons.bed $DATA/reads.bed
show "Allowed addresses without the blocked ones, as the fewest blocks (iprange --except)" \
    --as blocks --difference $DATA/blocked.txt $DATA/allowed.txt
show "A shift plan: who sits at which desk; where two lines overlap, the later one wins" \
    --columns from,to --group desk --by who --inclusive --picture $DATA/shifts.csv
show "A file with mistakes: each is reported, the rest is merged" $DATA/broken.bed
if [ -r /proc/self/maps ]; then
    # Paths of files can be long: what a screen of a hundred columns holds is enough here.
    show "The memory of this very process: its mappings, merged by file" /proc/self/maps | cut -c1-100
fi
printf '\nMore: %s -m rangelist --help, and docs/cli.md\n' "$PYTHON"
