// expr.y - expressions.
//
// a_expr is any expression. b_expr leaves out what would be ambiguous where a column constraint or BETWEEN's AND may
// follow (AND, OR, NOT, IN, IS NULL ...). c_expr is what needs no parentheses anywhere. A SELECT in parentheses may
// have more parentheses around it; only c_expr takes it in, with UMINUS's level, so that ((SELECT 1)) is read as one
// select_with_parens and not as an expression in parentheses.

// ---- a_expr -----------------------------------------------------------------------------------------------------

a_expr(Res) ::= c_expr(Res).
a_expr(Res) ::= a_expr(Arg) TYPECAST(Op) typename(Type_name). { Res = make_type_cast(pc, Arg, Type_name, Op.location); }
a_expr(Res) ::= a_expr(Arg) COLLATE(Op) any_name(Name).
    { Res = MAKE(CollateClause, Op.location, .arg = Arg, .collname = Name); }
a_expr(Res) ::= a_expr(Arg) AT(Op) TIME ZONE a_expr(Zone). [AT]
    { Res = make_system_call(pc, Op.location, "timezone", list_two(pc, Zone, Arg)); }

// These signs have levels of their own; all others are OP. Rules are not joined, since a rule has one precedence.
a_expr(Res) ::= PLUS(Op) a_expr(Arg). [UMINUS]   { Res = make_operator(pc, Op, NULL, Arg); }
a_expr(Res) ::= MINUS(Op) a_expr(Arg). [UMINUS]  { Res = make_minus(pc, Op, Arg); }
a_expr(Res) ::= a_expr(Lhs) PLUS(Op) a_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) MINUS(Op) a_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) STAR(Op) a_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) SLASH(Op) a_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) PERCENT(Op) a_expr(Rhs).        { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) CARET(Op) a_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) LESS(Op) a_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) GREATER(Op) a_expr(Rhs).        { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) EQUAL(Op) a_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) LESS_EQUALS(Op) a_expr(Rhs).    { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) GREATER_EQUALS(Op) a_expr(Rhs). { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) NOT_EQUALS(Op) a_expr(Rhs).     { Res = make_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) qual_op(Op) a_expr(Rhs). [OP]   { Res = make_qualified_operator(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= qual_op(Op) a_expr(Arg). [OP]               { Res = make_qualified_operator(pc, Op, NULL, Arg); }

a_expr(Res) ::= a_expr(Lhs) AND(Op) a_expr(Rhs). { Res = make_and(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) OR(Op) a_expr(Rhs).  { Res = make_or(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= NOT(Op) a_expr(Arg).             { Res = make_not(pc, Op.location, Arg); }
a_expr(Res) ::= NOT_LA(Op) a_expr(Arg). [NOT]    { Res = make_not(pc, Op.location, Arg); }

a_expr(Res) ::= a_expr(Lhs) LIKE(Op) a_expr(Rhs). [LIKE]
    { Res = make_match(pc, AEXPR_LIKE, "~~", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) LIKE(Op) a_expr(Rhs) ESCAPE a_expr(Esc). [LIKE]
    { Res = make_match(pc, AEXPR_LIKE, "~~", Op, Lhs, make_escape(pc, "like_escape", Op, Rhs, Esc)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) LIKE a_expr(Rhs). [NOT_LA]
    { Res = make_match(pc, AEXPR_LIKE, "!~~", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) LIKE a_expr(Rhs) ESCAPE a_expr(Esc). [NOT_LA]
    { Res = make_match(pc, AEXPR_LIKE, "!~~", Op, Lhs, make_escape(pc, "like_escape", Op, Rhs, Esc)); }
a_expr(Res) ::= a_expr(Lhs) ILIKE(Op) a_expr(Rhs). [ILIKE]
    { Res = make_match(pc, AEXPR_ILIKE, "~~*", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) ILIKE(Op) a_expr(Rhs) ESCAPE a_expr(Esc). [ILIKE]
    { Res = make_match(pc, AEXPR_ILIKE, "~~*", Op, Lhs, make_escape(pc, "like_escape", Op, Rhs, Esc)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) ILIKE a_expr(Rhs). [NOT_LA]
    { Res = make_match(pc, AEXPR_ILIKE, "!~~*", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) ILIKE a_expr(Rhs) ESCAPE a_expr(Esc). [NOT_LA]
    { Res = make_match(pc, AEXPR_ILIKE, "!~~*", Op, Lhs, make_escape(pc, "like_escape", Op, Rhs, Esc)); }
a_expr(Res) ::= a_expr(Lhs) SIMILAR(Op) TO a_expr(Rhs). [SIMILAR]
    { Res = make_match(pc, AEXPR_SIMILAR, "~", Op, Lhs, make_escape(pc, "similar_to_escape", Op, Rhs, NULL)); }
a_expr(Res) ::= a_expr(Lhs) SIMILAR(Op) TO a_expr(Rhs) ESCAPE a_expr(Esc). [SIMILAR]
    { Res = make_match(pc, AEXPR_SIMILAR, "~", Op, Lhs, make_escape(pc, "similar_to_escape", Op, Rhs, Esc)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) SIMILAR TO a_expr(Rhs). [NOT_LA]
    { Res = make_match(pc, AEXPR_SIMILAR, "!~", Op, Lhs, make_escape(pc, "similar_to_escape", Op, Rhs, NULL)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) SIMILAR TO a_expr(Rhs) ESCAPE a_expr(Esc). [NOT_LA]
    { Res = make_match(pc, AEXPR_SIMILAR, "!~", Op, Lhs, make_escape(pc, "similar_to_escape", Op, Rhs, Esc)); }

a_expr(Res) ::= a_expr(Arg) IS(Op) NULL. [IS]
    { Res = MAKE(NullTest, Op.location, .arg = Arg, .nulltesttype = IS_NULL); }
a_expr(Res) ::= a_expr(Arg) ISNULL(Op).
    { Res = MAKE(NullTest, Op.location, .arg = Arg, .nulltesttype = IS_NULL); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT NULL. [IS]
    { Res = MAKE(NullTest, Op.location, .arg = Arg, .nulltesttype = IS_NOT_NULL); }
a_expr(Res) ::= a_expr(Arg) NOTNULL(Op).
    { Res = MAKE(NullTest, Op.location, .arg = Arg, .nulltesttype = IS_NOT_NULL); }
a_expr(Res) ::= row(Lhs) OVERLAPS(Op) row(Rhs).
    { Res = make_overlaps(pc, Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Arg) IS(Op) TRUE. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_TRUE); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT TRUE. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_NOT_TRUE); }
a_expr(Res) ::= a_expr(Arg) IS(Op) FALSE. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_FALSE); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT FALSE. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_NOT_FALSE); }
a_expr(Res) ::= a_expr(Arg) IS(Op) UNKNOWN. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_UNKNOWN); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT UNKNOWN. [IS]
    { Res = MAKE(BooleanTest, Op.location, .arg = Arg, .booltesttype = IS_NOT_UNKNOWN); }
a_expr(Res) ::= a_expr(Lhs) IS(Op) DISTINCT FROM a_expr(Rhs). [IS]
    { Res = make_match(pc, AEXPR_DISTINCT, "=", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) IS(Op) NOT DISTINCT FROM a_expr(Rhs). [IS]
    { Res = make_match(pc, AEXPR_NOT_DISTINCT, "=", Op, Lhs, Rhs); }
a_expr(Res) ::= a_expr(Lhs) BETWEEN(Op) opt_asymmetric b_expr(Low) AND a_expr(High). [BETWEEN]
    { Res = make_between(pc, AEXPR_BETWEEN, "BETWEEN", Op, Lhs, Low, High); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) BETWEEN opt_asymmetric b_expr(Low) AND a_expr(High). [NOT_LA]
    { Res = make_between(pc, AEXPR_NOT_BETWEEN, "NOT BETWEEN", Op, Lhs, Low, High); }
a_expr(Res) ::= a_expr(Lhs) BETWEEN(Op) SYMMETRIC b_expr(Low) AND a_expr(High). [BETWEEN]
    { Res = make_between(pc, AEXPR_BETWEEN_SYM, "BETWEEN SYMMETRIC", Op, Lhs, Low, High); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) BETWEEN SYMMETRIC b_expr(Low) AND a_expr(High). [NOT_LA]
    { Res = make_between(pc, AEXPR_NOT_BETWEEN_SYM, "NOT BETWEEN SYMMETRIC", Op, Lhs, Low, High); }
a_expr(Res) ::= a_expr(Lhs) IN(Op) select_with_parens(Sub). [IN]
    { Res = make_in_select(pc, Op, Lhs, Sub); }
a_expr(Res) ::= a_expr(Lhs) IN(Op) LPAREN expr_list(List) RPAREN. [IN]
    { Res = make_match(pc, AEXPR_IN, "=", Op, Lhs, NODE(List)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) IN select_with_parens(Sub). [NOT_LA]
    { Res = make_not(pc, Op.location, make_in_select(pc, Op, Lhs, Sub)); }
a_expr(Res) ::= a_expr(Lhs) NOT_LA(Op) IN LPAREN expr_list(List) RPAREN. [NOT_LA]
    { Res = make_match(pc, AEXPR_IN, "<>", Op, Lhs, NODE(List)); }
a_expr(Res) ::= a_expr(Lhs) subquery_op(Op) sub_type(Kind) select_with_parens(Sub). [OP]
    { Res = make_operator_select(pc, Op, Kind, Lhs, Sub); }
a_expr(Res) ::= a_expr(Lhs) subquery_op(Op) sub_type(Kind) LPAREN a_expr(Rhs) RPAREN. [OP]
    { Res = make_operator_array(pc, Op, Kind, Lhs, Rhs); }
a_expr(Res) ::= UNIQUE(Kw) opt_unique_null_treatment select_with_parens.
    { Res = raise_not_implemented(pc, Kw, "UNIQUE predicate is not yet implemented"); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NORMALIZED. [IS]
    { Res = make_system_call(pc, Op.location, "is_normalized", list_one(pc, Arg)); }
a_expr(Res) ::= a_expr(Arg) IS(Op) unicode_normal_form(Form) NORMALIZED. [IS]
    { Res = make_system_call(pc, Op.location, "is_normalized", list_two(pc, Arg, make_string_const(pc, Form))); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT NORMALIZED. [IS]
    { Res = make_not(pc, Op.location, make_system_call(pc, Op.location, "is_normalized", list_one(pc, Arg))); }
a_expr(Res) ::= a_expr(Arg) IS(Op) NOT unicode_normal_form(Form) NORMALIZED. [IS]
    { Res = make_not(pc, Op.location, make_system_call(pc, Op.location, "is_normalized",
                                                       list_two(pc, Arg, make_string_const(pc, Form)))); }
// Only where a value may be left to its default; the analysis refuses it elsewhere.
a_expr(Res) ::= DEFAULT(Kw). { Res = MAKE(SetToDefault, Kw.location); }

opt_asymmetric ::= .
opt_asymmetric ::= ASYMMETRIC.

opt_unique_null_treatment ::= .
opt_unique_null_treatment ::= NULLS DISTINCT.
opt_unique_null_treatment ::= NULLS NOT DISTINCT.

// ---- b_expr -----------------------------------------------------------------------------------------------------

b_expr(Res) ::= c_expr(Res).
b_expr(Res) ::= b_expr(Arg) TYPECAST(Op) typename(Type_name). { Res = make_type_cast(pc, Arg, Type_name, Op.location); }
b_expr(Res) ::= PLUS(Op) b_expr(Arg). [UMINUS]   { Res = make_operator(pc, Op, NULL, Arg); }
b_expr(Res) ::= MINUS(Op) b_expr(Arg). [UMINUS]  { Res = make_minus(pc, Op, Arg); }
b_expr(Res) ::= b_expr(Lhs) PLUS(Op) b_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) MINUS(Op) b_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) STAR(Op) b_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) SLASH(Op) b_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) PERCENT(Op) b_expr(Rhs).        { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) CARET(Op) b_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) LESS(Op) b_expr(Rhs).           { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) GREATER(Op) b_expr(Rhs).        { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) EQUAL(Op) b_expr(Rhs).          { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) LESS_EQUALS(Op) b_expr(Rhs).    { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) GREATER_EQUALS(Op) b_expr(Rhs). { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) NOT_EQUALS(Op) b_expr(Rhs).     { Res = make_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) qual_op(Op) b_expr(Rhs). [OP]   { Res = make_qualified_operator(pc, Op, Lhs, Rhs); }
b_expr(Res) ::= qual_op(Op) b_expr(Arg). [OP]               { Res = make_qualified_operator(pc, Op, NULL, Arg); }
b_expr(Res) ::= b_expr(Lhs) IS(Op) DISTINCT FROM b_expr(Rhs). [IS]
    { Res = make_match(pc, AEXPR_DISTINCT, "=", Op, Lhs, Rhs); }
b_expr(Res) ::= b_expr(Lhs) IS(Op) NOT DISTINCT FROM b_expr(Rhs). [IS]
    { Res = make_match(pc, AEXPR_NOT_DISTINCT, "=", Op, Lhs, Rhs); }

// ---- c_expr -----------------------------------------------------------------------------------------------------

c_expr(Res) ::= columnref(Res).
c_expr(Res) ::= aexpr_const(Res).
c_expr(Res) ::= PARAM(Num) opt_indirection(Rest).
    { Res = make_indirection(pc, MAKE(ParamRef, Num.location, .number = Num.ival), Rest); }
c_expr(Res) ::= LPAREN a_expr(Arg) RPAREN opt_indirection(Rest).
    { Res = make_indirection(pc, Arg, Rest); }
c_expr(Res) ::= case_expr(Res).
c_expr(Res) ::= func_expr(Res).
c_expr(Res) ::= select_with_parens(Sub). [UMINUS]
    { Res = make_sublink(pc, EXPR_SUBLINK, Sub.location, Sub); }
c_expr(Res) ::= select_with_parens(Sub) indirection(Rest).
    { Res = make_indirection(pc, make_sublink(pc, EXPR_SUBLINK, Sub.location, Sub), Rest); }
c_expr(Res) ::= EXISTS(Kw) select_with_parens(Sub).
    { Res = make_sublink(pc, EXISTS_SUBLINK, Kw.location, Sub); }
c_expr(Res) ::= ARRAY(Kw) select_with_parens(Sub).
    { Res = make_sublink(pc, ARRAY_SUBLINK, Kw.location, Sub); }
c_expr(Res) ::= ARRAY(Kw) array_expr(Arr).
    { Res = set_location(Arr, Kw.location); }
c_expr(Res) ::= explicit_row(Row).
    { Res = Row; }
c_expr(Res) ::= implicit_row(Row).
    { Res = Row; }
c_expr(Res) ::= GROUPING(Kw) LPAREN expr_list(List) RPAREN.
    { Res = MAKE(GroupingFunc, Kw.location, .args = List); }

columnref(Res) ::= colid(Name).                   { Res = make_column_ref(pc, Name, NULL); }
columnref(Res) ::= colid(Name) indirection(Rest). { Res = make_column_ref(pc, Name, Rest); }

indirection_el(Res) ::= DOT col_label(Name).             { Res = make_string(pc, Name); }
indirection_el(Res) ::= DOT STAR(Kw).                    { Res = MAKE(A_Star, Kw.location); }
indirection_el(Res) ::= LBRACKET(Kw) a_expr(Idx) RBRACKET.
    { Res = MAKE(A_Indices, Kw.location, .uidx = Idx); }
indirection_el(Res) ::= LBRACKET(Kw) opt_slice_bound(Low) COLON opt_slice_bound(High) RBRACKET.
    { Res = MAKE(A_Indices, Kw.location, .is_slice = true, .lidx = Low, .uidx = High); }

opt_slice_bound(Res) ::= .            { Res = NULL; }
opt_slice_bound(Res) ::= a_expr(Res).

%type indirection {NodeList *}
indirection(Res) ::= indirection_el(Elem).                   { Res = list_one(pc, Elem); }
indirection(Res) ::= indirection(Head) indirection_el(Elem). { Res = list_add(pc, Head, Elem); }

%type opt_indirection {NodeList *}
opt_indirection(Res) ::= .                                           { Res = NULL; }
opt_indirection(Res) ::= opt_indirection(Head) indirection_el(Elem). { Res = list_add(pc, Head, Elem); }

// ---- rows, arrays -----------------------------------------------------------------------------------------------

row(Res) ::= ROW(Kw) LPAREN expr_list(List) RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .args = List, .row_format = COERCE_EXPLICIT_CALL); }
row(Res) ::= ROW(Kw) LPAREN RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .row_format = COERCE_EXPLICIT_CALL); }
row(Res) ::= LPAREN(Kw) expr_list(Head) COMMA a_expr(Last) RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .args = list_add(pc, Head, Last), .row_format = COERCE_IMPLICIT_CAST); }

explicit_row(Res) ::= ROW(Kw) LPAREN expr_list(List) RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .args = List, .row_format = COERCE_EXPLICIT_CALL); }
explicit_row(Res) ::= ROW(Kw) LPAREN RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .row_format = COERCE_EXPLICIT_CALL); }
implicit_row(Res) ::= LPAREN(Kw) expr_list(Head) COMMA a_expr(Last) RPAREN.
    { Res = MAKE(RowExpr, Kw.location, .args = list_add(pc, Head, Last), .row_format = COERCE_IMPLICIT_CAST); }

array_expr(Res) ::= LBRACKET(Kw) expr_list(List) RBRACKET.       { Res = MAKE(A_ArrayExpr, Kw.location, .elements = List); }
array_expr(Res) ::= LBRACKET(Kw) array_expr_list(List) RBRACKET. { Res = MAKE(A_ArrayExpr, Kw.location, .elements = List); }
array_expr(Res) ::= LBRACKET(Kw) RBRACKET.                       { Res = MAKE(A_ArrayExpr, Kw.location); }

%type array_expr_list {NodeList *}
array_expr_list(Res) ::= array_expr(Elem).                             { Res = list_one(pc, Elem); }
array_expr_list(Res) ::= array_expr_list(Head) COMMA array_expr(Elem). { Res = list_add(pc, Head, Elem); }

%type expr_list {NodeList *}
expr_list(Res) ::= a_expr(Elem).                       { Res = list_one(pc, Elem); }
expr_list(Res) ::= expr_list(Head) COMMA a_expr(Elem). { Res = list_add(pc, Head, Elem); }

// ---- CASE -------------------------------------------------------------------------------------------------------

case_expr(Res) ::= CASE(Kw) opt_case_arg(Arg) when_clauses(Whens) opt_case_default(Def) END.
    { Res = MAKE(CaseExpr, Kw.location, .arg = Arg, .args = Whens, .defresult = Def); }

opt_case_arg(Res) ::= .            { Res = NULL; }
opt_case_arg(Res) ::= a_expr(Res).
opt_case_default(Res) ::= .                 { Res = NULL; }
opt_case_default(Res) ::= ELSE a_expr(Expr). { Res = Expr; }

%type when_clauses {NodeList *}
when_clauses(Res) ::= when_clause(When).                    { Res = list_one(pc, When); }
when_clauses(Res) ::= when_clauses(Head) when_clause(When). { Res = list_add(pc, Head, When); }
when_clause(Res) ::= WHEN(Kw) a_expr(Cond) THEN a_expr(Val).
    { Res = MAKE(CaseWhen, Kw.location, .expr = Cond, .result = Val); }

// ---- operators --------------------------------------------------------------------------------------------------

%type math_op {Token}
math_op(Res) ::= PLUS(Res).
math_op(Res) ::= MINUS(Res).
math_op(Res) ::= STAR(Res).
math_op(Res) ::= SLASH(Res).
math_op(Res) ::= PERCENT(Res).
math_op(Res) ::= CARET(Res).
math_op(Res) ::= LESS(Res).
math_op(Res) ::= GREATER(Res).
math_op(Res) ::= EQUAL(Res).
math_op(Res) ::= LESS_EQUALS(Res).
math_op(Res) ::= GREATER_EQUALS(Res).
math_op(Res) ::= NOT_EQUALS(Res).

%type all_op {Token}
all_op(Res) ::= OP(Res).
all_op(Res) ::= math_op(Res).

%type any_operator {NodeList *}
any_operator(Res) ::= all_op(Op).                           { Res = list_one(pc, make_string(pc, Op)); }
any_operator(Res) ::= colid(Name) DOT any_operator(Rest).   { Res = list_with_first(pc, make_string(pc, Name), Rest); }

%type qual_op {OperatorName}
qual_op(Res) ::= OP(Op).                                     { Res = operator_name(pc, Op); }
qual_op(Res) ::= OPERATOR(Kw) LPAREN any_operator(Name) RPAREN. { Res = qualified_operator_name(Kw, Name); }

%type qual_all_op {NodeList *}
qual_all_op(Res) ::= all_op(Op).                            { Res = list_one(pc, make_string(pc, Op)); }
qual_all_op(Res) ::= OPERATOR LPAREN any_operator(Name) RPAREN. { Res = Name; }

// NOT LIKE ANY (...) works; IN, SIMILAR and BETWEEN have no such form.
%type subquery_op {OperatorName}
subquery_op(Res) ::= all_op(Op).                            { Res = operator_name(pc, Op); }
subquery_op(Res) ::= OPERATOR(Kw) LPAREN any_operator(Name) RPAREN. { Res = qualified_operator_name(Kw, Name); }
subquery_op(Res) ::= LIKE(Op).                              { Res = operator_name_of(pc, Op, "~~"); }
subquery_op(Res) ::= NOT_LA(Op) LIKE.                       { Res = operator_name_of(pc, Op, "!~~"); }
subquery_op(Res) ::= ILIKE(Op).                             { Res = operator_name_of(pc, Op, "~~*"); }
subquery_op(Res) ::= NOT_LA(Op) ILIKE.                      { Res = operator_name_of(pc, Op, "!~~*"); }

%type sub_type {int}
sub_type(Res) ::= ANY.  { Res = ANY_SUBLINK; }
sub_type(Res) ::= SOME. { Res = ANY_SUBLINK; }
sub_type(Res) ::= ALL.  { Res = ALL_SUBLINK; }

%type unicode_normal_form {Token}
unicode_normal_form(Res) ::= NFC(Res).
unicode_normal_form(Res) ::= NFD(Res).
unicode_normal_form(Res) ::= NFKC(Res).
unicode_normal_form(Res) ::= NFKD(Res).

// ---- constants --------------------------------------------------------------------------------------------------

aexpr_const(Res) ::= ICONST(Val).  { Res = make_integer_const(pc, Val); }
aexpr_const(Res) ::= FCONST(Val).  { Res = make_const(pc, CONST_FLOAT, Val); }
aexpr_const(Res) ::= SCONST(Val).  { Res = make_const(pc, CONST_STRING, Val); }
aexpr_const(Res) ::= BCONST(Val).  { Res = make_const(pc, CONST_BITSTRING, Val); }
aexpr_const(Res) ::= XCONST(Val).  { Res = make_const(pc, CONST_BITSTRING, Val); }
aexpr_const(Res) ::= func_name(Name) SCONST(Val).
    { Res = make_typed_const(pc, make_type_name(pc, Name), Val); }
// A type with typmods looks like a call until the string comes, so it is read as one; see make_generic_const().
aexpr_const(Res) ::= func_name(Name) LPAREN func_arg_list(Args) opt_sort_clause(Sort) RPAREN SCONST(Val).
    { Res = make_generic_const(pc, Name, Args, Sort, Val); }
aexpr_const(Res) ::= const_typename(Type_name) SCONST(Val).
    { Res = make_typed_const(pc, Type_name, Val); }
aexpr_const(Res) ::= const_interval(Type_name) SCONST(Val) opt_interval(Fields).
    { Res = make_typed_const(pc, with_typmods(Type_name, Fields), Val); }
aexpr_const(Res) ::= const_interval(Type_name) LPAREN ICONST(Digits) RPAREN SCONST(Val).
    { Res = make_typed_const(pc, with_typmods(Type_name, interval_precision(pc, Digits)), Val); }
aexpr_const(Res) ::= TRUE(Val).    { Res = make_bool_const(pc, Val.location, true); }
aexpr_const(Res) ::= FALSE(Val).   { Res = make_bool_const(pc, Val.location, false); }
aexpr_const(Res) ::= NULL(Val).    { Res = MAKE(A_Const, Val.location, .kind = CONST_NULL); }
