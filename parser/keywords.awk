# keywords.awk - makes the grammar: sql.y and grammar/*.y as they are, then the rules that come from keywords.def.
#
# A word that occurs in no other rule where a name could stand can be one of a token class, which costs Lemon one
# rule for all of them; a class in a state where one of its words also has a rule of its own would be a conflict.
# So words listed in grammar/names.y by a line `//   clash NONTERMINAL: WORD ...` get a rule each, the others are classes.
# Unlike %fallback this accepts exactly what PostgreSQL does: SET local = 1 sets a variable named local.

FILENAME ~ /keywords\.def$/ {
    if (match($0, /^KEYWORD\(/)) {
        split(substr($0, 9), part, /[ ,()]+/)
        count++
        word[count] = part[2]
        category[count] = part[3]
        label[count] = part[4]
    }
    next
}
/^\/\/ +clash / {
    nonterminal = $3
    sub(/:$/, "", nonterminal)
    for (i = 4; i <= NF; i++)
        clash[nonterminal, $i] = 1
}
{ print }

function emit(nonterminal, class, wanted_category, wanted_label,    i, line, plain) {
    printf "\n%%type %s {Token}\n", nonterminal
    plain = ""
    for (i = 1; i <= count; i++) {
        if (wanted_category != "" && category[i] != wanted_category)
            continue
        if (wanted_label != "" && label[i] != wanted_label)
            continue
        if ((nonterminal, word[i]) in clash || (nonterminal, "ALL") in clash)
            printf "%s(Res) ::= %s(Res).\n", nonterminal, word[i]
        else
            plain = plain (plain == "" ? "" : "|") word[i]
    }
    if (plain != "") {
        printf "%%token_class %s %s.\n", class, plain
        printf "%s(Res) ::= %s(Res).\n", nonterminal, class
    }
}

END {
    emit("unreserved_keyword", "unreserved_word", "UNRESERVED", "")
    emit("col_name_keyword", "col_name_word", "COL_NAME", "")
    emit("type_func_name_keyword", "type_func_name_word", "TYPE_FUNC_NAME", "")
    emit("reserved_keyword", "reserved_word", "RESERVED", "")
    emit("bare_label_keyword", "bare_label_word", "", "BARE_LABEL")
}
