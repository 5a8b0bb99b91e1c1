#!/usr/bin/perl
# 051_demo_tour.pl - the tour in README.md: what it types is typed, what it shows is what comes.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $nexadb = ($ENV{NEXADB_BUILD} // 'build') . '/nexadb';
my $work   = tempdir(CLEANUP => 1);

sub read_file {
    my ($path) = @_;
    open my $file, '<', $path or return '';
    local $/;
    return scalar <$file> // '';
}

# ---- the tour: indented text of its section; after each prompt one statement, then what it answers ----------------------
my ($section) = read_file('README.md') =~ /^## A tour.*?\n(.*?)^## /ms or BAIL_OUT('README.md has no tour');
my $session = join "\n", map { /^ {4}(.*)/ ? $1 : () } split /\n/, $section;
my @steps;
for my $step (split /^nexadb=\*?> /m, $session) {
    push @steps, [$1, $2] if $step =~ /\A(\\[^\n]*|.*?;)[ ]*(?:\n|\z)(.*)\z/s;
}
cmp_ok(scalar @steps, '>=', 15, 'the tour has its steps');

# ---- the server ----------------------------------------------------------------------------------------------------------
my $server = fork // die "fork: $!\n";
if ($server == 0) {
    open STDOUT, '>', "$work/log" or die $!;
    open STDERR, '>&', \*STDOUT   or die $!;
    exec $nexadb, 'serve', '--data', "$work/data", '--listen', '127.0.0.1', '--port', '0';
    die "$nexadb: $!\n";
}

my $port;
for (1 .. 600) {
    ($port) = read_file("$work/log") =~ / port (\d+)$/m;
    last if defined $port || waitpid($server, 1) == $server;
    select undef, undef, undef, 0.1;
}
defined $port or BAIL_OUT('the server does not start: ' . read_file("$work/log"));

# ---- one session types it all; a line of its own after each statement tells the answers apart ------------------------------
open my $script, '>', "$work/tour.sql" or die $!;
print $script "$_->[0]\n\\echo ----\n\\warn ----\n" for @steps;
close $script;
system("psql -X -h 127.0.0.1 -p $port -U nexadb -d nexadb < $work/tour.sql > $work/out 2> $work/errors");
my @out    = split /^----\n/m, read_file("$work/out"),    -1;
my @errors = split /^----\n/m, read_file("$work/errors"), -1;

sub tidy { # blanks at the ends of lines and empty lines do not count
    return join "\n", map { s/\s+$//r } grep { /\S/ } split /\n/, join '', map { $_ // '' } @_;
}

for my $i (0 .. $#steps) {
    is(tidy($out[$i], $errors[$i]), tidy($steps[$i][1]), $steps[$i][0] =~ s/\s+/ /gr);
}

kill 'TERM', $server;
waitpid $server, 0;
is($?, 0, 'the server stops cleanly') or diag(read_file("$work/log"));
done_testing();
