#!/bin/sh
# The library's three jobs, then the command line on the bundled samples and on this machine.
# Run by `make demo`.
cd "$(dirname "$0")/.." || exit 1
PYTHON=${PYTHON:-python3}
DATA=examples/data

title() {
    printf '\n\033[1m%s\033[0m\n' "$1"
}

show() {
    title "$1"
    shift
    printf '$ rangelist %s\n' "$*" | fold -s -w 98 | sed '$!s/$/\\/'
    echo
    "$PYTHON" -m rangelist "$@"
}

# What fits a screen: so many lines, and a hundred columns.
screen() {
    awk '
        NR <= 20 { print (length($0) > 100 ? substr($0, 1, 99) "…" : $0) }
        END { if (NR > 20) print "… and " NR - 20 " more" }'
}

title "In Python"
"$PYTHON" examples/three_jobs.py
show "On the command line: DNA reads that overlap, merged" --picture --width 80 $DATA/reads.bed
show "Each strand by itself, with the names of the reads (bedtools merge -s -c 4 -o collapse)" \
    --group strand --collect reads=collapse:name $DATA/reads.bed
show "What no read covers (bedtools complement)" --gaps --within $DATA/genome.sizes $DATA/reads.bed
show "The reads that lie over an exon, untouched (bedtools intersect -u)" \
    --overlapping $DATA/exons.bed $DATA/reads.bed
show "Allowed addresses without the blocked ones, as the fewest blocks (iprange --except)" \
    --as blocks --within 10.0.0.0-192.168.255.255 --difference $DATA/blocked.txt $DATA/allowed.txt
show "A shift plan: who sits at which desk; where two lines overlap, the later one wins" \
    --columns from,to --group desk --by who --inclusive --picture $DATA/shifts.csv
show "A file with mistakes: each is reported, the rest is merged" $DATA/broken.bed
if [ -r /proc/self/maps ]; then
    show "The memory of this very process: its mappings, merged by file" /proc/self/maps | screen
fi
printf '\nMore: %s -m rangelist --help, docs/tutorial.md, and docs/cli.md\n' "$PYTHON"
