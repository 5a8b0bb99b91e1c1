#!/usr/bin/perl
# 050_demo.pl - the queries of examples/debian over this machine's installed packages: each runs without an error and finds rows.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $nexadb  = ($ENV{NEXADB_BUILD} // 'build') . '/nexadb';
my $debian  = 'examples/debian';
my $records = '/var/lib/dpkg/status';

plan skip_all => "no $records: not a Debian system" unless -s $records;

my $work = tempdir(CLEANUP => 1);

sub read_file {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$file> // '';
}

# ---- the server --------------------------------------------------------------------------------------------------------
my $server = fork // die "fork: $!\n";
if ($server == 0) {
    open STDOUT, '>', "$work/log" or die $!;
    open STDERR, '>&', \*STDOUT   or die $!;
    exec $nexadb, 'serve', '--data', "$work/data", '--listen', '127.0.0.1', '--port', '0';
    die "$nexadb: $!\n";
}

my $port;
for (1 .. 600) { # sanitized builds on a busy machine take a while
    ($port) = read_file("$work/log") =~ / port (\d+)$/m if -e "$work/log";
    last if defined $port || waitpid($server, 1) == $server;
    select undef, undef, undef, 0.1;
}
defined $port or BAIL_OUT('the server does not start: ' . (-e "$work/log" ? read_file("$work/log") : ''));

END {
    if ($server) {
        my $verdict = $?;
        kill 'TERM', $server;
        waitpid $server, 0;
        $? = $verdict;
        diag(read_file("$work/log")) if !Test::More->builder->is_passing; # what a sanitizer said, for one
    }
}

# Runs a file of statements; returns psql's exit status, and its rows as lines without headings.
sub run_file {
    my ($file) = @_;
    my $out = `psql -X -q -At -v ON_ERROR_STOP=1 -h 127.0.0.1 -p $port -U nexadb -d nexadb -f '$file' 2>'$work/errors'`;
    my $status = $?;
    diag(read_file("$work/errors")) if -s "$work/errors";
    return ($status || (-s "$work/errors" ? 1 : 0), split /\n/, $out);
}

sub value_of {
    my ($query) = @_;
    open my $file, '>', "$work/query.sql" or die $!;
    print $file "$query;\n";
    close $file;
    my ($failed, @lines) = run_file("$work/query.sql");
    return $failed ? undef : join "\n", @lines;
}

# ---- loading -----------------------------------------------------------------------------------------------------------
is((run_file("$debian/00_schema.sql"))[0], 0, '00_schema.sql');
is(system("$debian/packages.pl < $records > $work/packages.copy 2>$work/progress"), 0, 'records become documents');

open my $copy, '<', "$work/packages.copy" or die $!;
my $documents = () = <$copy>;
close $copy;
cmp_ok($documents, '>', 50, "$documents documents");
open my $load, '>', "$work/load.sql" or die $!;
print $load "\\copy packages (doc, embedding) FROM '$work/packages.copy'\n";
close $load;
is((run_file("$work/load.sql"))[0], 0, 'COPY');
is(value_of('SELECT count(*) FROM packages'), $documents, 'every document arrived');

# Against dpkg's own reading of one record, so that a misread field shows.
chomp(my $version = `dpkg-query -W -f '\${Version}' dpkg`);
is(value_of("SELECT doc->>'version' FROM packages WHERE _id = 'dpkg'"), $version, 'a member is what dpkg says');
chomp(my $size = `dpkg-query -W -f '\${Installed-Size}' dpkg`);
is(value_of("SELECT count(*) FROM packages WHERE _id = 'dpkg' AND doc->>'installed_size' = $size"), 1, 'a number is a number');
is(value_of("SELECT jsonb_typeof(doc->'pre_depends'->0->0->'name') FROM packages WHERE _id = 'bash'"), 'string', 'relations nest');
is(value_of("SELECT _id FROM packages ORDER BY embedding <=> (SELECT embedding FROM packages WHERE _id = 'dpkg'), _id <> 'dpkg' LIMIT 1"),
    'dpkg', 'a package is nearest to itself');

# ---- the queries -------------------------------------------------------------------------------------------------------
my $answers = 0;
for my $file (sort glob "$debian/[0-9]*.sql") {
    next if $file =~ /00_schema/;
    my ($failed, @rows) = run_file($file);
    my ($name) = $file =~ m{([^/]+)$};
    ok(!$failed, "$name runs");
    next if $name =~ /indexes/;
    cmp_ok(scalar @rows, '>', 0, "$name finds rows");
    $answers += @rows > 0;
}
cmp_ok($answers, '>=', 12, 'a dozen questions have answers');
my ($failed, @plan) = run_file("$debian/14_explain.sql");
like(join("\n", @plan), qr/Index Cond:.*section.*installed_size/, 'both expressions of the index bound the scan');

done_testing();
