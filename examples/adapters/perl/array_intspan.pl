# Array::IntSpan under the oracle: values for closed runs of integers.  The first argument chooses how it is written.
#
#   never   set_range, which joins nothing
#   equal   set_consolidate_range, which joins neighbours of one value

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Array::IntSpan;
use Wire;

my $CLOSED = 1;
my $how    = $ARGV[0] // 'never';
my $write  = {never => 'set_range', equal => 'set_consolidate_range'}->{$how}
    or die "no way to write $how, want never or equal\n";
my $map = Array::IntSpan->new;

sub pieces { return [map { piece(@$_) } @{$_[0]}] }

sub ends { return @$map ? ($map->[0][0], $map->[-1][1]) : (0, -1) }

serve({
    name    => "Array::IntSpan $how",
    version => $Array::IntSpan::VERSION,
    words   => ['void', 'ends=closed', "coalesce=$how", 'merge=left', 'split=copy'],
    reset   => sub { $map = Array::IntSpan->new },
    ops     => {
        set => sub {
            my ($line) = @_;
            $map->$write(span($line, $CLOSED), $line->{value});
            return;
        },
        remove => sub {
            my ($line) = @_;
            span($line, $CLOSED) if exists $line->{start} && exists $line->{stop};
            my @run = window($line, $CLOSED, ends());
            $map->set_range(@run, undef) if @run;    # its way to erase
            return;
        },
        clear => sub { $map->clear; return },
        dump  => sub { return pieces($map) },
        len   => sub { return 0 + @$map },
        slice => sub {
            my @run = window($_[0], $CLOSED, ends());
            return @run ? pieces($map->get_range(@run)) : [];
        },
    },
});
