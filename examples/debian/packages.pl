#!/usr/bin/perl
# packages.pl - Debian package records as documents.
#
#   apt-cache dumpavail | examples/debian/packages.pl [--total N] > packages.copy
#
# Reads records as apt-cache dumpavail and /var/lib/dpkg/status have them: "Field: value" lines, continued by lines that
# start with a space, an empty line after each record. Writes one line per package in the text form of COPY:
#
#   a document (JSON), a tab, and an embedding of the package's description: [x1,...,x32]
#
# Relations such as Depends become arrays of arrays: the outer one must all be met, of an inner one any member will do.
# "Depends: libc6 (>= 2.36), debconf | debconf-2.0" gives
#
#   [[{"name": "libc6", "op": ">=", "version": "2.36"}], [{"name": "debconf"}, {"name": "debconf-2.0"}]]
#
# Of a package that comes several times the first record counts. --total N is how many records will come: it turns the
# count shown on standard error into a percentage.
use strict;
use warnings;
use Getopt::Long;

use constant DIMENSIONS => 32;

my $total;
GetOptions('total=i' => \$total) or die "usage: packages.pl [--total N] < records\n";

# ---- JSON ------------------------------------------------------------------------------------------------------------
# The documents are put together as text, since only this script knows which values are numbers. The bytes of the input
# are passed through; dumpavail is UTF-8.

my %escape = ('"' => '\\"', "\\" => "\\\\", "\n" => '\\n', "\t" => '\\t', "\r" => '\\r');

sub json_string {
    my ($text) = @_;
    $text =~ s/(["\\\x00-\x1f])/$escape{$1} \/\/ sprintf('\\u%04x', ord $1)/ge;
    return "\"$text\"";
}

sub json_array { return '[' . join(', ', @_) . ']' }

# Takes pairs of a key and a value that is JSON already; leaves out pairs without a value.
sub json_object {
    my @members;
    while (my ($key, $value) = splice @_, 0, 2) {
        push @members, json_string($key) . ": $value" if defined $value;
    }
    return '{' . join(', ', @members) . '}';
}

sub optional { my ($make, $value) = @_; return defined $value ? $make->($value) : undef }

# ---- fields ----------------------------------------------------------------------------------------------------------

# One alternative: name[:arch] [(op version)] [[architectures]] [<profiles>].
sub dependency {
    my ($text) = @_;
    my ($name, $op, $version) = $text =~ /^\s*([^\s(:\[<]+)(?::\w+)?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?/ or return;
    return json_object(
        name    => json_string($name),
        op      => optional(\&json_string, $op),
        version => optional(\&json_string, $version));
}

sub relation {
    my ($text) = @_;
    return json_array(map { json_array(map { dependency($_) } split /\|/) } split /,/, $text);
}

sub words_of_list { return json_array(map { json_string($_) } split /\s*,\s*/, $_[0]) }

sub person {
    my ($text) = @_;
    my ($name, $email) = $text =~ /^\s*(.*?)\s*<([^>]*)>/;
    return json_object(name => json_string($name // $text), email => optional(\&json_string, $email));
}

sub number { return $_[0] =~ /^\d+$/ ? $_[0] + 0 : undef }

# The description's first line is its summary. What follows is indented; a line with only a dot separates paragraphs.
sub description {
    my ($text) = @_;
    my ($summary, @lines) = split /\n/, $text;
    s/^ //, s/^\.$// for @lines;
    return ($summary // '', join "\n", @lines);
}

# ---- embeddings ------------------------------------------------------------------------------------------------------

# Feature hashing: each distinct word moves one of the coordinates up or down, and the sum is brought to length 1. Texts that
# share words come close to each other. A trained model does better; this one needs nothing but the text.
my %stop = map { $_ => 1 } qw(the and for with from this that are can has you your not which its use uses used using into
    contains provides package packages file files other such also may will all any more than a an of to in on is it as by or be);

sub hash_word { # FNV-1a, 32 bits
    my $hash = 2166136261;
    $hash = (($hash ^ $_) * 16777619) & 0xffffffff for unpack 'C*', $_[0];
    return $hash;
}

my %hashed; # the same words come again and again

sub embedding {
    my ($text) = @_;
    my @sum = (0) x DIMENSIONS;
    my %seen;
    my $squares = 0;

    for my $word (lc($text) =~ /[a-z][a-z0-9+]+/g) {
        next if $stop{$word} || $seen{$word}++;
        my $hash = $hashed{$word} //= hash_word($word);
        $sum[$hash % DIMENSIONS] += $hash & 0x10000 ? 1 : -1;
    }
    $squares += $_ * $_ for @sum;
    my $length = $squares > 0 ? sqrt $squares : 1;
    return '[' . join(',', map { $_ == 0 ? 0 : sprintf '%.4f', $_ / $length } @sum) . ']';
}

# ---- records ---------------------------------------------------------------------------------------------------------

sub fields {
    my ($record) = @_;
    $record =~ s/\n+\z//;
    return map { /^([^:\s]+):[ \t]*(.*)\z/s ? (lc $1, $2) : () } split /\n(?=\S)/, $record;
}

sub document {
    my (%field) = @_;
    my ($summary, $text) = description($field{description} // $field{'description-en'} // '');
    my ($source) = ($field{source} // $field{package}) =~ /^(\S+)/;
    my $json = json_object(
        _id            => json_string($field{package}),
        name           => json_string($field{package}),
        version        => optional(\&json_string, $field{version}),
        source         => json_string($source),
        architecture   => optional(\&json_string, $field{architecture}),
        section        => optional(\&json_string, $field{section}),
        priority       => optional(\&json_string, $field{priority}),
        essential      => ($field{essential} // '') eq 'yes' ? 'true' : undef,
        maintainer     => optional(\&person, $field{maintainer}),
        homepage       => optional(\&json_string, $field{homepage}),
        installed_size => optional(\&number, $field{'installed-size'}),
        size           => optional(\&number, $field{size}),
        depends        => optional(\&relation, $field{depends}),
        pre_depends    => optional(\&relation, $field{'pre-depends'}),
        recommends     => optional(\&relation, $field{recommends}),
        suggests       => optional(\&relation, $field{suggests}),
        provides       => optional(\&relation, $field{provides}),
        tags           => optional(\&words_of_list, $field{tag}),
        summary        => json_string($summary),
        description    => length $text ? json_string($text) : undef);
    return ($json, embedding("$field{package} $summary $text"));
}

sub copy_text { # backslashes are COPY's escape; the JSON holds no tab or newline
    my ($text) = @_;
    $text =~ s/\\/\\\\/g;
    return $text;
}

sub progress {
    my ($count, $end) = @_;
    return unless -t STDERR || $end || $count % 10_000 == 0;
    printf STDERR "%s  %d packages%s, %d s%s", -t STDERR ? "\r" : '', $count,
        $total ? sprintf(' (%d%%)', 100 * $. / $total) : '', time - $^T, -t STDERR && !$end ? '  ' : "\n";
}

my %done;
my $count = 0;
$/ = ''; # a record is a paragraph
while (my $record = <STDIN>) {
    my %field = fields($record);
    next if !defined $field{package} || $done{$field{package}}++;
    next if ($field{status} // 'installed') !~ /installed$/; # of dpkg's records: removed packages whose settings remain
    my ($json, $vector) = document(%field);
    print copy_text($json), "\t$vector\n" or die "packages.pl: $!\n";
    progress($count) if ++$count % 1000 == 0;
}
progress($count, 1);
