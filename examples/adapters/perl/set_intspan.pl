# Set::IntSpan under the oracle: a set of integers, kept as closed runs.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Set::IntSpan;
use Wire;

my $CLOSED = 1;
my $set    = Set::IntSpan->new;

sub pieces { return [map { piece(@$_, 'a') } $_[0]->spans] }

sub ends { return $set->empty ? (0, -1) : ($set->min, $set->max) }

serve({
    name    => 'Set::IntSpan',
    version => $Set::IntSpan::VERSION,
    words   => [qw(void values=one ends=closed coalesce=equal merge=left split=copy)],
    reset   => sub { $set = Set::IntSpan->new },
    ops     => {
        set    => sub { $set->U([[span($_[0], $CLOSED)]]); return },
        remove => sub {
            my ($line) = @_;
            span($line, $CLOSED) if exists $line->{start} && exists $line->{stop};
            my @run = window($line, $CLOSED, ends());
            $set->D([\@run]) if @run;
            return;
        },
        clear => sub { $set = Set::IntSpan->new; return },
        dump  => sub { return pieces($set) },
        len   => sub { return 0 + $set->spans },
        slice => sub {
            my @run = window($_[0], $CLOSED, ends());
            return @run ? pieces($set->intersect([\@run])) : [];
        },
        covers => sub {
            my @run = window($_[0], $CLOSED);
            return !@run || $set->superset([\@run]) ? JSON::PP::true : JSON::PP::false;
        },
        at => sub {
            my $place = $set->span_ord($_[0]{key});
            return defined $place ? piece(@{($set->spans)[$place]}, 'a') : undef;
        },
    },
});
