# Set::IntSpan under the oracle: a set of integers, kept as closed runs.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Set::IntSpan;
use Wire;

my $set = Set::IntSpan->new;

sub pieces { return [map { piece($_->[0], $_->[1] + 1, 'a') } $_[0]->spans] }

sub ends { return $set->empty ? (0, 0) : ($set->min, $set->max + 1) }

sub run { my ($start, $stop) = @_; return Set::IntSpan->new([[$start, $stop - 1]]) }

serve({
    name    => 'Set::IntSpan',
    version => $Set::IntSpan::VERSION,
    words   => [qw(void values=one coalesce=equal merge=left split=copy)],
    reset   => sub { $set = Set::IntSpan->new },
    ops     => {
        set    => sub { $set->U(run(span(@_))); return },
        remove => sub {
            my ($line) = @_;
            span($line) if exists $line->{start} && exists $line->{stop};
            my ($start, $stop) = window($line, ends());
            $set->D(run($start, $stop)) if $start < $stop;
            return;
        },
        clear => sub { $set = Set::IntSpan->new; return },
        dump  => sub { return pieces($set) },
        len   => sub { return 0 + $set->spans },
        slice => sub {
            my ($start, $stop) = window($_[0], ends());
            return $start < $stop ? pieces($set * run($start, $stop)) : [];
        },
        covers => sub {
            my ($start, $stop) = window($_[0]);
            return $start == $stop || run($start, $stop)->subset($set) ? JSON::PP::true : JSON::PP::false;
        },
        at => sub {
            my ($key) = $_[0]{key};
            my ($span) = grep { $_->[0] <= $key && $key <= $_->[1] } $set->spans;
            return $span && piece($span->[0], $span->[1] + 1, 'a');
        },
    },
});
