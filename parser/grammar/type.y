// type.y - CREATE and ALTER TYPE, DOMAIN; text search configurations.

stmt(Res) ::= CREATE(Kw) TYPE any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_TYPE, Name, Def); }
stmt(Res) ::= CREATE(Kw) TYPE any_name(Name).
    { Res = make_define(pc, Kw, OBJECT_TYPE, Name, NULL); }
stmt(Res) ::= CREATE(Kw) TYPE any_name(Name) AS LPAREN opt_table_func_element_list(Cols) RPAREN.
    { Res = MAKE(CompositeTypeStmt, Kw.location, .typevar = make_range_var_from_list(pc, Name), .coldeflist = Cols); }
stmt(Res) ::= CREATE(Kw) TYPE any_name(Name) AS ENUM LPAREN opt_string_list(Vals) RPAREN.
    { Res = MAKE(CreateEnumStmt, Kw.location, .type_name = Name, .vals = Vals); }
stmt(Res) ::= CREATE(Kw) TYPE any_name(Name) AS RANGE definition(Def).
    { Res = MAKE(CreateRangeStmt, Kw.location, .type_name = Name, .params = Def); }

%type opt_table_func_element_list {NodeList *}
opt_table_func_element_list(Res) ::= .                            { Res = NULL; }
opt_table_func_element_list(Res) ::= table_func_element_list(Res).
%type opt_string_list {NodeList *}
opt_string_list(Res) ::= .                { Res = NULL; }
opt_string_list(Res) ::= string_list(Res).

stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) ADD VALUE opt_if_not_exists(Skip) SCONST(Val).
    { Res = MAKE(AlterEnumStmt, Kw.location, .type_name = Name, .new_val = Val.str, .new_val_is_after = true,
                 .skip_if_new_val_exists = Skip); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) ADD VALUE opt_if_not_exists(Skip) SCONST(Val) BEFORE SCONST(Near).
    { Res = MAKE(AlterEnumStmt, Kw.location, .type_name = Name, .new_val = Val.str, .new_val_neighbor = Near.str,
                 .skip_if_new_val_exists = Skip); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) ADD VALUE opt_if_not_exists(Skip) SCONST(Val) AFTER SCONST(Near).
    { Res = MAKE(AlterEnumStmt, Kw.location, .type_name = Name, .new_val = Val.str, .new_val_neighbor = Near.str,
                 .new_val_is_after = true, .skip_if_new_val_exists = Skip); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) RENAME VALUE SCONST(Old) TO SCONST(New).
    { Res = MAKE(AlterEnumStmt, Kw.location, .type_name = Name, .old_val = Old.str, .new_val = New.str); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) SET LPAREN operator_def_list(Opts) RPAREN.
    { Res = MAKE(AlterTypeStmt, Kw.location, .type_name = Name, .options = Opts); }

// ---- domains ----------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) DOMAIN any_name(Name) opt_as typename(Type_) col_qual_list(Quals).
    { Res = make_domain(pc, Kw, Name, Type_, Quals); }

stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) alter_column_default(Def).
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_DEFAULT, .type_name = Name, .def = Def); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) DROP NOT NULL.
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_DROP_NOT_NULL, .type_name = Name); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) SET NOT NULL.
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_SET_NOT_NULL, .type_name = Name); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) ADD table_constraint(Con).
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_ADD_CONSTRAINT, .type_name = Name, .def = Con); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) DROP CONSTRAINT colid(Con) opt_drop_behavior(How).
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_DROP_CONSTRAINT, .type_name = Name,
                 .name = Con.str, .behavior = How); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) DROP CONSTRAINT IF EXISTS colid(Con) opt_drop_behavior(How).
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_DROP_CONSTRAINT, .type_name = Name,
                 .name = Con.str, .behavior = How, .missing_ok = true); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) VALIDATE CONSTRAINT colid(Con).
    { Res = MAKE(AlterDomainStmt, Kw.location, .subtype = ALTER_DOMAIN_VALIDATE, .type_name = Name, .name = Con.str); }

// ---- text search ------------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) TEXT SEARCH DICTIONARY any_name(Name) definition(Opts).
    { Res = MAKE(AlterTSDictionaryStmt, Kw.location, .dictname = Name, .options = Opts); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) ADD MAPPING FOR name_list(Tokens) any_with
              any_name_list(Dicts).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_ADD_MAPPING, .cfgname = Name,
                 .tokentype = Tokens, .dicts = Dicts); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) ALTER MAPPING FOR name_list(Tokens) any_with
              any_name_list(Dicts).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN,
                 .cfgname = Name, .tokentype = Tokens, .dicts = Dicts, .override = true); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) ALTER MAPPING REPLACE any_name(Old) any_with
              any_name(New).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_REPLACE_DICT, .cfgname = Name,
                 .dicts = list_two(pc, Old, New), .replace = true); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) ALTER MAPPING FOR name_list(Tokens) REPLACE
              any_name(Old) any_with any_name(New).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_REPLACE_DICT_FOR_TOKEN, .cfgname = Name,
                 .tokentype = Tokens, .dicts = list_two(pc, Old, New), .replace = true); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) DROP MAPPING FOR name_list(Tokens).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_DROP_MAPPING, .cfgname = Name,
                 .tokentype = Tokens); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH CONFIGURATION any_name(Name) DROP MAPPING IF EXISTS FOR name_list(Tokens).
    { Res = MAKE(AlterTSConfigurationStmt, Kw.location, .kind = ALTER_TSCONFIG_DROP_MAPPING, .cfgname = Name,
                 .tokentype = Tokens, .missing_ok = true); }
any_with ::= WITH.
any_with ::= WITH_LA.
