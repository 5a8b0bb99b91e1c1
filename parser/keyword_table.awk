# keyword_table.awk - makes keyword.c's table from keywords.def: words by first letter and length, and an index.

match($0, /^KEYWORD\(/) {
    split(substr($0, 9), part, /[ ,()]+/)
    letter = index("abcdefghijklmnopqrstuvwxyz", substr(part[1], 1, 1)) - 1
    size = length(part[1])
    if (size > max)
        max = size
    bucket[letter, size] = bucket[letter, size] sprintf("    {\"%s\", TK_%s, KEYWORD_%s, %s},\n", part[1], part[2],
                                                        part[3], part[4] == "BARE_LABEL" ? "true" : "false")
    filled[letter, size]++
}

END {
    print "/* made by keyword_table.awk from keywords.def */"
    print "#define KEYWORD_MAX_BYTES " max
    print "const Keyword keywords[] = {"
    for (letter = 0; letter < 26; letter++)
        for (size = 0; size <= max; size++) {
            start[letter * (max + 1) + size] = total + 0
            printf "%s", bucket[letter, size]
            total += filled[letter, size]
        }
    print "};"
    print "static const uint16_t keyword_start[] = {"
    for (slot = 0; slot < 26 * (max + 1); slot++)
        printf "%d,%s", start[slot], slot % 20 == 19 ? "\n" : " "
    print total "};"
}
