# Set::IntervalTree under the oracle: intervals that may overlap, half-open, as a bag.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Set::IntervalTree;
use Wire;

my $tree = Set::IntervalTree->new;
my $FAR  = 2**53;

# What is found is sorted: the tree promises no order.  A value carries its own piece and its age.
my $age = 0;

sub pieces { return [map { piece(@{$_->{piece}}) } sort { $a->{piece}[0] <=> $b->{piece}[0] || $a->{age} <=> $b->{age} } @{$_[0]}] }

serve({
    name    => 'Set::IntervalTree',
    version => $Set::IntervalTree::VERSION,
    words   => [qw(coalesce=equal merge=left split=copy overlap=new)],
    reset   => sub { $tree = Set::IntervalTree->new },
    ops     => {
        'bag.add' => sub {
            my ($line) = @_;
            my ($start, $stop) = span($line);
            $tree->insert({piece => [$start, $stop, $line->{value}], age => $age++}, $start, $stop);
            return;
        },
        'bag.overlapping' => sub {
            my ($start, $stop) = window($_[0], -$FAR, $FAR);
            return $start < $stop ? pieces($tree->fetch($start, $stop)) : [];
        },
        'bag.at' => sub { my ($key) = $_[0]{key}; return pieces($tree->fetch($key, $key + 1)) },
    },
});
