# The dialogue with the oracle, for adapters in Perl: JSON lines in, JSON lines out.

package Wire;

use strict;
use warnings;
use Exporter 'import';
use JSON::PP;

our @EXPORT = qw(refuse span window piece serve);

# A right answer: the name of an error of the protocol.
sub refuse { die {refusal => $_[0]} }

# The ends of a write.  That an empty span is an error is a rule of the protocol.
# The stop is the last key where $closed is 1 (ends=closed), the first one behind where it is 0.
sub span {
    my ($line, $closed) = @_;
    my ($start, $stop) = @$line{qw(start stop)};
    $start < $stop + $closed or refuse('EmptySpan');
    return ($start + 0, $stop + 0);
}

# The ends of a window, or nothing if it is empty; one that is left out is $low or $high.
sub window {
    my ($line, $closed, $low, $high) = @_;
    my ($start, $stop) = @$line{qw(start stop)};
    refuse('EmptySpan') if defined $start && defined $stop && $stop + $closed < $start;
    ($start, $stop) = ($start // $low, $stop // $high);
    return $start < $stop + $closed ? ($start + 0, $stop + 0) : ();
}

sub piece { my ($start, $stop, $value) = @_; return ["$start", "$stop", $value] }

sub reply {
    my ($adapter, $line) = @_;
    my $op = $line->{op};
    if (!defined $op) { $adapter->{reset}->($line); return {ok => undef} }
    return {ok => undef} if $op eq 'stop';
    if ($op eq 'start') {
        my @capabilities = (@{$adapter->{words}}, keys %{$adapter->{ops}});
        return {ok => {name => $adapter->{name}, version => $adapter->{version}, capabilities => \@capabilities}};
    }
    return {skip => "no $op"} if !$adapter->{ops}{$op};
    return {skip => 'a key beyond 2^53'} if grep { /^-?[0-9]{16,}$/ } values %$line;
    my $answer = eval { {ok => $adapter->{ops}{$op}->($line)} };
    return $answer if $answer;
    die $@ if ref $@ ne 'HASH';
    return {err => $@->{refusal}};
}

# Serve an adapter: { name, version, words, reset, ops }; the ops are subs of a line.
sub serve {
    my ($adapter) = @_;
    my $json = JSON::PP->new->utf8;
    $| = 1;
    while (my $raw = <STDIN>) {
        my $line = $json->decode($raw);
        print $json->encode(reply($adapter, $line)), "\n";
        last if ($line->{op} // '') eq 'stop';
    }
    return;
}

1;
