# ast_fields.awk - describes the nodes of ast_*.h to the printer and the walker.
#
# Run with what=tags it makes ast_tags.h (TAG_OF_ColumnRef, for MAKE); with what=fields, ast_fields.h: for each node
# its name and fields (kind, name, offset), for each enum its names. Relies on one field a line.

function upper_snake(name,    out, i, c, before, after) {
    out = ""
    for (i = 1; i <= length(name); i++) {
        c = substr(name, i, 1)
        before = substr(name, i - 1, 1)
        after = substr(name, i + 1, 1)
        if (i > 1 && c ~ /[A-Z]/ && (before ~ /[a-z0-9]/ || (before ~ /[A-Z]/ && after ~ /[a-z]/)))
            out = out "_"
        out = out toupper(c)
    }
    return out
}

/^typedef enum [A-Za-z_]+ \{/ {
    current_enum = $3
    is_enum[current_enum] = 1
    next
}
current_enum != "" && /^}/ { current_enum = ""; next }
current_enum != "" && match($0, /^    [A-Z][A-Z0-9_]*/) {
    enum_values[current_enum] = enum_values[current_enum] " " substr($0, 5, RLENGTH - 4)
    next
}

/^(typedef )?struct [A-Za-z_]+ \{/ {
    current = $1 == "typedef" ? $3 : $2
    if (current == "Node" || current == "NodeList") {
        current = ""
        next
    }
    nodes[++node_count] = current
    next
}
current != "" && /^}/ { current = ""; next }
current != "" && /^    [A-Za-z_]/ {
    line = $0
    sub(/;.*/, "", line)
    sub(/^ +/, "", line)
    name = line
    sub(/.*[ *]/, "", name)
    type = line
    sub(/[A-Za-z_0-9]+$/, "", type)
    gsub(/ +/, " ", type)
    sub(/ $/, "", type)
    if (type == "Node" && name == "node")
        next
    field_count[current]++
    field_type[current, field_count[current]] = type
    field_name[current, field_count[current]] = name
}

function kind_of(type) {
    if (type == "const char *")
        return "STRING"
    if (type == "bool")
        return "BOOL"
    if (type == "char")
        return "CHAR"
    if (type == "int32_t" || type == "uint32_t")
        return "INT32"
    if (type == "int64_t")
        return "INT64"
    if (type ~ /\*$/)
        return "NODE"
    if (type in is_enum)
        return "ENUM"
    print "ast_fields.awk: unknown type " type > "/dev/stderr"
    exit 1
}

END {
    print "/* made by ast_fields.awk from ast_*.h */"
    if (what == "tags") {
        for (i = 1; i <= node_count; i++)
            printf "#define TAG_OF_%s NODE_%s\n", nodes[i], upper_snake(nodes[i])
        exit
    }
    for (e in is_enum) {
        printf "static const EnumName names_of_%s[] = {\n", e
        n = split(enum_values[e], value, " ")
        for (j = 1; j <= n; j++)
            printf "    {%s, \"%s\"},\n", value[j], value[j]
        print "    {0, NULL},\n};"
    }
    for (i = 1; i <= node_count; i++) {
        printf "static const Field fields_of_%s[] = {\n", nodes[i]
        for (j = 1; j <= field_count[nodes[i]]; j++) {
            type = field_type[nodes[i], j]
            printf "    {FIELD_%s, \"%s\", offsetof(%s, %s), %s},\n", kind_of(type), field_name[nodes[i], j], nodes[i],
                   field_name[nodes[i], j], kind_of(type) == "ENUM" ? "names_of_" type : "NULL"
        }
        print "    {FIELD_END, NULL, 0, NULL},\n};"
    }
    print "static const Shape shapes[NODE_TAG_COUNT] = {"
    print "    [NODE_INVALID] = {\"invalid\", NULL},\n    [NODE_LIST] = {\"NodeList\", NULL},"
    for (i = 1; i <= node_count; i++)
        printf "    [NODE_%s] = {\"%s\", fields_of_%s},\n", upper_snake(nodes[i]), nodes[i], nodes[i]
    print "};"
}
