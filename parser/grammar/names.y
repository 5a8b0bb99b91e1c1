// names.y - identifiers and the keywords that may serve as one, qualified names, plain literals, small lists.
//
//   clash col_name_keyword: ALL
//   clash type_func_name_keyword: ALL
//   clash unreserved_keyword: ABSOLUTE ADD ADMIN ALTER BACKWARD CATALOG CHARACTERISTICS CLASS CONSTRAINTS CUBE CURRENT DATABASE DOMAIN DOUBLE DROP EXCLUDE FAMILY FIRST FORWARD FUNCTION GLOBAL IF LANGUAGE LARGE LAST LOCAL MAPPING NAMES NEXT OPERATOR PARAMETER PREPARE PRIOR PROCEDURE RECURSIVE RELATIVE ROLE ROLLUP ROUTINE ROWS SAVEPOINT SCHEMA SEQUENCE SESSION SET TABLES TABLESPACE TEMP TEMPORARY TRANSACTION TYPE UNBOUNDED UNLOGGED XML
//   clash bare_label_keyword: AND AT BETWEEN COLLATE ILIKE IN IS LIKE OPERATOR OR SIMILAR

%type colid {Token}
colid(Res) ::= IDENT(Res).
colid(Res) ::= unreserved_keyword(Res).
colid(Res) ::= col_name_keyword(Res).

%type type_function_name {Token}
type_function_name(Res) ::= IDENT(Res).
type_function_name(Res) ::= unreserved_keyword(Res).
type_function_name(Res) ::= type_func_name_keyword(Res).

%type non_reserved_word {Token}
non_reserved_word(Res) ::= IDENT(Res).
non_reserved_word(Res) ::= unreserved_keyword(Res).
non_reserved_word(Res) ::= col_name_keyword(Res).
non_reserved_word(Res) ::= type_func_name_keyword(Res).

// After AS, after a dot, as the name of an option: any word.
%type col_label {Token}
col_label(Res) ::= IDENT(Res).
col_label(Res) ::= unreserved_keyword(Res).
col_label(Res) ::= col_name_keyword(Res).
col_label(Res) ::= type_func_name_keyword(Res).
col_label(Res) ::= reserved_keyword(Res).

// An output column's name without AS.
%type bare_col_label {Token}
bare_col_label(Res) ::= IDENT(Res).
bare_col_label(Res) ::= bare_label_keyword(Res).

%type non_reserved_word_or_sconst {Token}
non_reserved_word_or_sconst(Res) ::= non_reserved_word(Res).
non_reserved_word_or_sconst(Res) ::= SCONST(Res).

%type name_list {NodeList *}
name_list(Res) ::= colid(Name).                       { Res = list_one(pc, make_string(pc, Name)); }
name_list(Res) ::= name_list(Head) COMMA colid(Name). { Res = list_add(pc, Head, make_string(pc, Name)); }

%type opt_name_list {NodeList *}
opt_name_list(Res) ::= .                             { Res = NULL; }
opt_name_list(Res) ::= LPAREN name_list(Names) RPAREN. { Res = Names; }

%type opt_colid {Token}
opt_colid(Res) ::= .          { Res = no_token; }
opt_colid(Res) ::= colid(Res).

// ---- names with dots --------------------------------------------------------------------------------------------

%type any_name {NodeList *}
any_name(Res) ::= colid(Name).               { Res = list_one(pc, make_string(pc, Name)); }
any_name(Res) ::= colid(Name) attrs(Rest).   { Res = list_with_first(pc, make_string(pc, Name), Rest); }

%type attrs {NodeList *}
attrs(Res) ::= DOT col_label(Name).             { Res = list_one(pc, make_string(pc, Name)); }
attrs(Res) ::= attrs(Head) DOT col_label(Name). { Res = list_add(pc, Head, make_string(pc, Name)); }

%type any_name_list {NodeList *}
any_name_list(Res) ::= any_name(Name).                           { Res = list_one(pc, NODE(Name)); }
any_name_list(Res) ::= any_name_list(Head) COMMA any_name(Name). { Res = list_add(pc, Head, NODE(Name)); }

// A relation. With an indirection, since in some places an expression may stand as well; make_ checks its shape.
%type qualified_name {RangeVar *}
qualified_name(Res) ::= colid(Name).                    { Res = make_range_var(pc, Name, NULL); }
qualified_name(Res) ::= colid(Name) indirection(Rest).  { Res = make_range_var(pc, Name, Rest); }

%type qualified_name_list {NodeList *}
qualified_name_list(Res) ::= qualified_name(Name).                                 { Res = list_one(pc, NODE(Name)); }
qualified_name_list(Res) ::= qualified_name_list(Head) COMMA qualified_name(Name). { Res = list_add(pc, Head, NODE(Name)); }

%type func_name {NodeList *}
func_name(Res) ::= type_function_name(Name).          { Res = list_one(pc, make_string(pc, Name)); }
func_name(Res) ::= colid(Name) indirection(Rest).     { Res = make_func_name(pc, Name, Rest); }

%type file_name {Token}
file_name(Res) ::= SCONST(Res).

// ---- numbers ----------------------------------------------------------------------------------------------------

%type signed_iconst {int}
signed_iconst(Res) ::= ICONST(Num).       { Res = Num.ival; }
signed_iconst(Res) ::= PLUS ICONST(Num).  { Res = Num.ival; }
signed_iconst(Res) ::= MINUS ICONST(Num). { Res = -Num.ival; }

numeric_only(Res) ::= FCONST(Num).        { Res = make_float(pc, Num); }
numeric_only(Res) ::= PLUS FCONST(Num).   { Res = make_float(pc, Num); }
numeric_only(Res) ::= MINUS FCONST(Num).  { Res = make_negative_float(pc, Num); }
numeric_only(Res) ::= signed_iconst(Num). { Res = make_integer(pc, Num); }

// ---- roles ------------------------------------------------------------------------------------------------------

%type role_spec {RoleSpec *}
role_spec(Res) ::= non_reserved_word(Name). { Res = make_role_spec(pc, Name); }
role_spec(Res) ::= CURRENT_ROLE(Kw).  { Res = MAKE(RoleSpec, Kw.location, .roletype = ROLESPEC_CURRENT_ROLE); }
role_spec(Res) ::= CURRENT_USER(Kw).  { Res = MAKE(RoleSpec, Kw.location, .roletype = ROLESPEC_CURRENT_USER); }
role_spec(Res) ::= SESSION_USER(Kw).  { Res = MAKE(RoleSpec, Kw.location, .roletype = ROLESPEC_SESSION_USER); }

// A role that is created or named by statements that take no CURRENT_USER.
%type role_id {Token}
role_id(Res) ::= role_spec(Role). { Res = role_id_token(pc, Role); }

%type role_list {NodeList *}
role_list(Res) ::= role_spec(Role).                         { Res = list_one(pc, NODE(Role)); }
role_list(Res) ::= role_list(Head) COMMA role_spec(Role).   { Res = list_add(pc, Head, NODE(Role)); }

// ---- words that several statements share ------------------------------------------------------------------------

%type opt_drop_behavior {int}
opt_drop_behavior(Res) ::= .         { Res = DROP_RESTRICT; }
opt_drop_behavior(Res) ::= CASCADE.  { Res = DROP_CASCADE; }
opt_drop_behavior(Res) ::= RESTRICT. { Res = DROP_RESTRICT; }

%type opt_if_exists {int}
opt_if_exists(Res) ::= .          { Res = false; }
opt_if_exists(Res) ::= IF EXISTS. { Res = true; }

%type opt_if_not_exists {int}
opt_if_not_exists(Res) ::= .              { Res = false; }
opt_if_not_exists(Res) ::= IF NOT EXISTS. { Res = true; }

%type opt_or_replace {int}
opt_or_replace(Res) ::= .           { Res = false; }
opt_or_replace(Res) ::= OR REPLACE. { Res = true; }

%type opt_concurrently {int}
opt_concurrently(Res) ::= .             { Res = false; }
opt_concurrently(Res) ::= CONCURRENTLY. { Res = true; }

opt_with ::= .
opt_with ::= WITH.
opt_with ::= WITH_LA.
opt_as ::= .
opt_as ::= AS.
analyze_keyword ::= ANALYZE.
analyze_keyword ::= ANALYSE.

%type opt_boolean_or_string {Token}
opt_boolean_or_string(Res) ::= TRUE(Res).
opt_boolean_or_string(Res) ::= FALSE(Res).
opt_boolean_or_string(Res) ::= ON(Res).
// OFF is a non_reserved_word
opt_boolean_or_string(Res) ::= non_reserved_word_or_sconst(Res).
