# Set::IntervalTree under the oracle: intervals that may overlap, half-open, as a bag.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Set::IntervalTree;
use Wire;

my $HALF_OPEN = 0;
my @FAR       = (-2**53, 2**53);
my $tree      = Set::IntervalTree->new;
my $age       = 0;

# The tree promises no order: what it finds is sorted here.  It stores [piece, age].
sub pieces {
    my @found = sort { $a->[0][0] <=> $b->[0][0] || $a->[1] <=> $b->[1] } @{$_[0]};
    return [map { piece(@{$_->[0]}) } @found];
}

serve({
    name    => 'Set::IntervalTree',
    version => $Set::IntervalTree::VERSION,
    words   => [],
    reset   => sub { $tree = Set::IntervalTree->new },
    ops     => {
        'bag.add' => sub {
            my ($line) = @_;
            my @span = span($line, $HALF_OPEN);
            $tree->insert([[@span, $line->{value}], $age++], @span);
            return;
        },
        'bag.discard' => sub {
            my ($line) = @_;
            my ($start, $stop) = span($line, $HALF_OPEN);
            my $is = sub { my ($low, $high, $value) = @{$_[0][0]}; $low == $start && $high == $stop && $value eq $line->{value} };
            my ($oldest) = sort { $a->[1] <=> $b->[1] } grep { $is->($_) } @{$tree->fetch($start, $stop)};
            refuse('Missing') if !$oldest;
            $tree->remove($start, $stop, sub { $_[0] == $oldest });
            return;
        },
        'bag.overlapping' => sub {
            my @window = window($_[0], $HALF_OPEN, @FAR);
            return @window ? pieces($tree->fetch(@window)) : [];
        },
        'bag.at' => sub { my $key = $_[0]{key}; return pieces($tree->fetch($key, $key + 1)) },
    },
});
