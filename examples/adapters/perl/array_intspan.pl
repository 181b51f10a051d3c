# Array::IntSpan under the oracle: values for closed runs of integers.  The first argument chooses how it is written.
#
#   never         set_range, which joins nothing
#   equal         set_consolidate_range, which joins neighbours of one value
#   consolidate   set_range, and consolidate(bottom, top) for the runs of a window

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Array::IntSpan;
use Wire;

my $how = $ARGV[0] // 'never';
my $write = {never => 'set_range', equal => 'set_consolidate_range', consolidate => 'set_range'}->{$how}
    or die "no way to write $how, want never, equal or consolidate\n";
my $rule = $how eq 'equal' ? 'equal' : 'never';
my $map  = Array::IntSpan->new;

sub pieces { return [map { piece($_->[0], $_->[1] + 1, $_->[2]) } @{$_[0]}] }

sub ends { return @$map ? ($map->[0][0], $map->[-1][1] + 1) : (0, 0) }

# Consolidate the runs that have a border in [start, stop]; its arguments are places, the first and the last.
sub coalesce {
    my ($start, $stop) = window($_[0], ends());
    my @border = grep { $start <= $map->[$_][0] && $map->[$_][0] <= $stop } 1 .. $#$map;
    my $before = @$map;
    $map->consolidate($border[0] - 1, $border[-1]) if @border;
    return $before - @$map;
}

serve({
    name    => "Array::IntSpan $how",
    version => $Array::IntSpan::VERSION,
    words   => ['void', "coalesce=$rule", 'merge=left', 'split=copy'],
    reset   => sub { $map = Array::IntSpan->new },
    ops     => {
        set => sub {
            my ($line) = @_;
            my ($start, $stop) = span($line);
            $map->$write($start, $stop - 1, $line->{value});
            return;
        },
        remove => sub {
            my ($line) = @_;
            span($line) if exists $line->{start} && exists $line->{stop};
            my ($start, $stop) = window($line, ends());
            $map->set_range($start, $stop - 1, undef) if $start < $stop;    # its way to erase
            return;
        },
        $how eq 'consolidate' ? (coalesce => \&coalesce) : (),
        clear => sub { $map->clear; return },
        dump  => sub { return pieces($map) },
        len   => sub { return 0 + @$map },
        slice => sub {
            my ($start, $stop) = window($_[0], ends());
            return $start < $stop ? pieces($map->get_range($start, $stop - 1)) : [];
        },
    },
});
