// typename.y - names of types: SQL's own with their odd syntax, and all others.

%type typename {TypeName *}
typename(Res) ::= simple_typename(Type_name) opt_array_bounds(Dims).
    { Res = finish_type(Type_name, false, Dims); }
typename(Res) ::= SETOF simple_typename(Type_name) opt_array_bounds(Dims).
    { Res = finish_type(Type_name, true, Dims); }
typename(Res) ::= simple_typename(Type_name) ARRAY LBRACKET ICONST(Dim) RBRACKET.
    { Res = finish_type(Type_name, false, list_one(pc, make_integer(pc, Dim.ival))); }
typename(Res) ::= SETOF simple_typename(Type_name) ARRAY LBRACKET ICONST(Dim) RBRACKET.
    { Res = finish_type(Type_name, true, list_one(pc, make_integer(pc, Dim.ival))); }
typename(Res) ::= simple_typename(Type_name) ARRAY.
    { Res = finish_type(Type_name, false, list_one(pc, make_integer(pc, -1))); }
typename(Res) ::= SETOF simple_typename(Type_name) ARRAY.
    { Res = finish_type(Type_name, true, list_one(pc, make_integer(pc, -1))); }

%type opt_array_bounds {NodeList *}
opt_array_bounds(Res) ::= .  { Res = NULL; }
opt_array_bounds(Res) ::= opt_array_bounds(Head) LBRACKET RBRACKET.
    { Res = list_add(pc, Head, make_integer(pc, -1)); }
opt_array_bounds(Res) ::= opt_array_bounds(Head) LBRACKET ICONST(Dim) RBRACKET.
    { Res = list_add(pc, Head, make_integer(pc, Dim.ival)); }

%type typename_list {NodeList *}
typename_list(Res) ::= typename(Type_name).                           { Res = list_one(pc, NODE(Type_name)); }
typename_list(Res) ::= typename_list(Head) COMMA typename(Type_name). { Res = list_add(pc, Head, NODE(Type_name)); }

%type simple_typename {TypeName *}
simple_typename(Res) ::= generic_type(Res).
simple_typename(Res) ::= numeric(Res).
simple_typename(Res) ::= bit(Res).
simple_typename(Res) ::= character(Res).
simple_typename(Res) ::= const_datetime(Res).
simple_typename(Res) ::= const_interval(Type_name) opt_interval(Fields).
    { Res = with_typmods(Type_name, Fields); }
simple_typename(Res) ::= const_interval(Type_name) LPAREN ICONST(Digits) RPAREN.
    { Res = with_typmods(Type_name, interval_precision(pc, Digits)); }

// Those that may stand before a string literal, where a generic name followed by ( would be ambiguous.
%type const_typename {TypeName *}
const_typename(Res) ::= numeric(Res).
const_typename(Res) ::= const_bit(Res).
const_typename(Res) ::= const_character(Res).
const_typename(Res) ::= const_datetime(Res).

%type generic_type {TypeName *}
generic_type(Res) ::= type_function_name(Name) opt_type_modifiers(Mods).
    { Res = with_typmods(make_type_name(pc, list_one(pc, make_string(pc, Name))), Mods); }
generic_type(Res) ::= type_function_name(Name) attrs(Rest) opt_type_modifiers(Mods).
    { Res = with_typmods(make_type_name(pc, list_with_first(pc, make_string(pc, Name), Rest)), Mods); }

%type opt_type_modifiers {NodeList *}
opt_type_modifiers(Res) ::= .                             { Res = NULL; }
opt_type_modifiers(Res) ::= LPAREN expr_list(List) RPAREN. { Res = List; }

%type numeric {TypeName *}
numeric(Res) ::= INT(Kw).                             { Res = make_system_type(pc, "int4", Kw, NULL); }
numeric(Res) ::= INTEGER(Kw).                         { Res = make_system_type(pc, "int4", Kw, NULL); }
numeric(Res) ::= SMALLINT(Kw).                        { Res = make_system_type(pc, "int2", Kw, NULL); }
numeric(Res) ::= BIGINT(Kw).                          { Res = make_system_type(pc, "int8", Kw, NULL); }
numeric(Res) ::= REAL(Kw).                            { Res = make_system_type(pc, "float4", Kw, NULL); }
numeric(Res) ::= FLOAT(Kw).                           { Res = make_system_type(pc, "float8", Kw, NULL); }
numeric(Res) ::= FLOAT(Kw) LPAREN ICONST(Bits) RPAREN. { Res = make_float_type(pc, Kw, Bits); }
numeric(Res) ::= DOUBLE(Kw) PRECISION.                { Res = make_system_type(pc, "float8", Kw, NULL); }
numeric(Res) ::= DECIMAL(Kw) opt_type_modifiers(Mods). { Res = make_system_type(pc, "numeric", Kw, Mods); }
numeric(Res) ::= DEC(Kw) opt_type_modifiers(Mods).    { Res = make_system_type(pc, "numeric", Kw, Mods); }
numeric(Res) ::= NUMERIC(Kw) opt_type_modifiers(Mods). { Res = make_system_type(pc, "numeric", Kw, Mods); }
numeric(Res) ::= BOOLEAN(Kw).                         { Res = make_system_type(pc, "bool", Kw, NULL); }

// BIT alone is BIT(1) as a type, and has the length of the literal before a literal.
%type bit {TypeName *}
bit(Res) ::= bit_with_length(Res).
bit(Res) ::= BIT(Kw).         { Res = make_system_type(pc, "bit", Kw, list_one(pc, make_int_const(pc, 1, -1))); }
bit(Res) ::= BIT(Kw) VARYING. { Res = make_system_type(pc, "varbit", Kw, NULL); }
%type const_bit {TypeName *}
const_bit(Res) ::= bit_with_length(Res).
const_bit(Res) ::= BIT(Kw).         { Res = make_system_type(pc, "bit", Kw, NULL); }
const_bit(Res) ::= BIT(Kw) VARYING. { Res = make_system_type(pc, "varbit", Kw, NULL); }
%type bit_with_length {TypeName *}
bit_with_length(Res) ::= BIT(Kw) LPAREN expr_list(Len) RPAREN.         { Res = make_system_type(pc, "bit", Kw, Len); }
bit_with_length(Res) ::= BIT(Kw) VARYING LPAREN expr_list(Len) RPAREN. { Res = make_system_type(pc, "varbit", Kw, Len); }

// The same for CHAR.
%type character {TypeName *}
character(Res) ::= character_with_length(Res).
character(Res) ::= character_words(Chr). { Res = make_character_type(pc, Chr, DEFAULT_LENGTH_ONE); }
%type const_character {TypeName *}
const_character(Res) ::= character_with_length(Res).
const_character(Res) ::= character_words(Chr). { Res = make_character_type(pc, Chr, DEFAULT_LENGTH_NONE); }
%type character_with_length {TypeName *}
character_with_length(Res) ::= character_words(Chr) LPAREN ICONST(Len) RPAREN.
    { Res = make_system_type(pc, Chr.str, Chr, list_one(pc, make_integer_const(pc, Len))); }

// The token becomes the catalog's name of the type.
%type character_words {Token}
character_words(Res) ::= CHARACTER(Kw).                  { Res = rename_token(Kw, "bpchar"); }
character_words(Res) ::= CHARACTER(Kw) VARYING.          { Res = rename_token(Kw, "varchar"); }
character_words(Res) ::= CHAR(Kw).                       { Res = rename_token(Kw, "bpchar"); }
character_words(Res) ::= CHAR(Kw) VARYING.               { Res = rename_token(Kw, "varchar"); }
character_words(Res) ::= VARCHAR(Kw).                    { Res = rename_token(Kw, "varchar"); }
character_words(Res) ::= NATIONAL(Kw) CHARACTER.         { Res = rename_token(Kw, "bpchar"); }
character_words(Res) ::= NATIONAL(Kw) CHARACTER VARYING. { Res = rename_token(Kw, "varchar"); }
character_words(Res) ::= NATIONAL(Kw) CHAR.              { Res = rename_token(Kw, "bpchar"); }
character_words(Res) ::= NATIONAL(Kw) CHAR VARYING.      { Res = rename_token(Kw, "varchar"); }
character_words(Res) ::= NCHAR(Kw).                      { Res = rename_token(Kw, "bpchar"); }
character_words(Res) ::= NCHAR(Kw) VARYING.              { Res = rename_token(Kw, "varchar"); }

%type const_datetime {TypeName *}
const_datetime(Res) ::= TIMESTAMP(Kw) LPAREN ICONST(Digits) RPAREN opt_timezone(Zone).
    { Res = make_time_type(pc, "timestamp", Zone, Kw, list_one(pc, make_integer_const(pc, Digits))); }
const_datetime(Res) ::= TIMESTAMP(Kw) opt_timezone(Zone).
    { Res = make_time_type(pc, "timestamp", Zone, Kw, NULL); }
const_datetime(Res) ::= TIME(Kw) LPAREN ICONST(Digits) RPAREN opt_timezone(Zone).
    { Res = make_time_type(pc, "time", Zone, Kw, list_one(pc, make_integer_const(pc, Digits))); }
const_datetime(Res) ::= TIME(Kw) opt_timezone(Zone).
    { Res = make_time_type(pc, "time", Zone, Kw, NULL); }

%type opt_timezone {int}
opt_timezone(Res) ::= .                  { Res = false; }
opt_timezone(Res) ::= WITH_LA TIME ZONE. { Res = true; }
opt_timezone(Res) ::= WITHOUT TIME ZONE. { Res = false; }

%type const_interval {TypeName *}
const_interval(Res) ::= INTERVAL(Kw). { Res = make_system_type(pc, "interval", Kw, NULL); }

%type opt_interval {NodeList *}
opt_interval(Res) ::= .                               { Res = NULL; }
opt_interval(Res) ::= YEAR(Kw).                       { Res = interval_fields(pc, Kw, INTERVAL_YEAR); }
opt_interval(Res) ::= MONTH(Kw).                      { Res = interval_fields(pc, Kw, INTERVAL_MONTH); }
opt_interval(Res) ::= DAY(Kw).                        { Res = interval_fields(pc, Kw, INTERVAL_DAY); }
opt_interval(Res) ::= HOUR(Kw).                       { Res = interval_fields(pc, Kw, INTERVAL_HOUR); }
opt_interval(Res) ::= MINUTE(Kw).                     { Res = interval_fields(pc, Kw, INTERVAL_MINUTE); }
opt_interval(Res) ::= interval_second(Res).
opt_interval(Res) ::= YEAR(Kw) TO MONTH.              { Res = interval_fields(pc, Kw, INTERVAL_YEAR | INTERVAL_MONTH); }
opt_interval(Res) ::= DAY(Kw) TO HOUR.                { Res = interval_fields(pc, Kw, INTERVAL_DAY | INTERVAL_HOUR); }
opt_interval(Res) ::= DAY(Kw) TO MINUTE.
    { Res = interval_fields(pc, Kw, INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE); }
opt_interval(Res) ::= DAY(Kw) TO interval_second(Sec).
    { Res = widen_interval(Sec, Kw, INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE); }
opt_interval(Res) ::= HOUR(Kw) TO MINUTE.             { Res = interval_fields(pc, Kw, INTERVAL_HOUR | INTERVAL_MINUTE); }
opt_interval(Res) ::= HOUR(Kw) TO interval_second(Sec). { Res = widen_interval(Sec, Kw, INTERVAL_HOUR | INTERVAL_MINUTE); }
opt_interval(Res) ::= MINUTE(Kw) TO interval_second(Sec). { Res = widen_interval(Sec, Kw, INTERVAL_MINUTE); }

%type interval_second {NodeList *}
interval_second(Res) ::= SECOND(Kw).  { Res = interval_fields(pc, Kw, INTERVAL_SECOND); }
interval_second(Res) ::= SECOND(Kw) LPAREN ICONST(Digits) RPAREN. { Res = interval_seconds(pc, Kw, Digits); }
