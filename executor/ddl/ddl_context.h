/*
 * ddl_context.h - what the files of this folder share: looking objects up, editing descriptors, names for new objects.
 *
 * Editing     descriptors are immutable, so a statement edits copies. ddl_edit() gives the one mutable copy of a relation that this
 *             statement has, however often it is asked for; ddl_flush() writes all of them. A new relation is entered by
 *             ddl_new_relation(), so that a table that references itself, or an index and its table, meet in one copy.
 * Raises      42P01, 3F000, 42704, 42501, 42809 and the like, with PostgreSQL's texts.
 */
#ifndef EXECUTOR_DDL_DDL_CONTEXT_H
#define EXECUTOR_DDL_DDL_CONTEXT_H

#include "executor/session.h"
#include "executor/store/relation_store.h"
#include "executor/store/store.h"
#include "parser/ast.h"

/* memcpy() that takes NULL for an array of no elements. */
static inline void *ddl_copy(void *to, const void *from, size_t size)
{
    return size > 0 ? memcpy(to, from, size) : to;
}

typedef struct DdlEdit {
    RelationDesc *rel;
    bool          dropped;
    bool          is_new;
} DdlEdit;

typedef struct Ddl {
    Session *session;
    Arena   *arena;
    int32_t  edit_count, edit_capacity;
    DdlEdit *edits;
} Ddl;

/* ---- relations ------------------------------------------------------------------------------------------------------- */

/* The relation that a name means, as edited by this statement. NULL with missing_ok; else 42P01 (3F000 for its schema). */
const RelationDesc *ddl_relation(Ddl *ddl, const RangeVar *name, bool missing_ok);
/* The same from the words of a name: [schema.]name. */
const RelationDesc *ddl_relation_by_words(Ddl *ddl, const NodeList *words, bool missing_ok);
const RelationDesc *ddl_relation_by_oid(Ddl *ddl, Oid oid); /* NULL: none */
RangeVar           *ddl_range_var(Ddl *ddl, const NodeList *words); /* 42601 for more than three words */

/* The statement's mutable copy of a relation; its arrays may be changed in place and appended to (ddl_append_*). */
RelationDesc *ddl_edit(Ddl *ddl, const RelationDesc *rel);
/* Enters a relation that this statement makes. */
void ddl_new_relation(Ddl *ddl, RelationDesc *rel);
/* Marks a relation as gone: it is deleted by ddl_flush() and looked up no more. */
void ddl_drop_relation(Ddl *ddl, const RelationDesc *rel);
/* Writes all edits. */
void ddl_flush(Ddl *ddl);

ColumnDesc     *ddl_append_column(Ddl *ddl, RelationDesc *rel, const ColumnDesc *column);
ConstraintDesc *ddl_append_constraint(Ddl *ddl, RelationDesc *rel, const ConstraintDesc *constraint);
void            ddl_append_index(Ddl *ddl, RelationDesc *rel, Oid index);
void            ddl_append_referenced_by(Ddl *ddl, RelationDesc *rel, Oid table);
void            ddl_append_dependency(Ddl *ddl, RelationDesc *rel, Dependency dependency); /* once */
void            ddl_remove_constraint(RelationDesc *rel, int32_t index);
void            ddl_remove_oid(Oid *list, int16_t *count, Oid oid);

/* The column of a name, dropped ones not counted; NULL when there is none. */
ColumnDesc *ddl_find_column(const RelationDesc *rel, const char *name);
/* The same, raising 42703 `column "x" of relation "t" does not exist`. */
ColumnDesc *ddl_need_column(const RelationDesc *rel, const char *name);
/* Index into rel->constraints, -1 when there is none. */
int32_t ddl_find_constraint(const RelationDesc *rel, const char *name);

/* "table", "view", "index" ... of a relkind. */
const char *ddl_relkind_name(char relkind);

/* ---- schemas, names -------------------------------------------------------------------------------------------------- */

/* The schema that a new relation goes to; checks that the role may create there. Marks the name temporary if its schema is. */
Oid  ddl_creation_schema(Ddl *ddl, const RangeVar *name);
/* The same for types and the like, by words. */
Oid  ddl_creation_schema_by_words(Ddl *ddl, const NodeList *words, const char **name_out);
const SchemaDesc *ddl_schema(Ddl *ddl, const char *name, bool missing_ok);
const char       *ddl_schema_name(Ddl *ddl, Oid schema);
/* schema.name, quoted as needed, or just the name when it is visible. */
const char *ddl_display_name(Ddl *ddl, const Desc *desc);
/* A name in double quotes when it needs them. */
const char *ddl_quote(Arena *arena, const char *name);

/* name1[_name2]_label cut to 63 bytes the way PostgreSQL does; name2 and label may be NULL. */
const char *ddl_make_name(Arena *arena, const char *name1, const char *name2, const char *label);
/* The first of name1_name2_label, name1_name2_label1 ... that no relation of the schema has (and none edited here). */
const char *ddl_choose_relation_name(Ddl *ddl, const char *name1, const char *name2, const char *label, Oid schema);
/* Likewise unique among the constraints of a relation. */
const char *ddl_choose_constraint_name(Ddl *ddl, const RelationDesc *rel, const char *name1, const char *name2, const char *label);

/* ---- roles ----------------------------------------------------------------------------------------------------------- */

const RoleDesc *ddl_role(Ddl *ddl, const char *name, bool missing_ok);
Oid             ddl_role_oid(Ddl *ddl, const RoleSpec *spec); /* PUBLIC: 0 */
const char     *ddl_role_name(Ddl *ddl, Oid role);
/* Whether the current role is the owner, a member of it, or a superuser. */
bool ddl_is_owner(Ddl *ddl, Oid owner);
/* 42501 `must be owner of table t` unless it is. what: "table", "schema" ... */
void ddl_check_owner(Ddl *ddl, const Desc *desc, const char *what);

/* ---- options --------------------------------------------------------------------------------------------------------- */

/* Values of a DefElem, with PostgreSQL's errors (42601 `x requires a numeric value`). */
bool        ddl_option_bool(const DefElem *option);
int64_t     ddl_option_int(const DefElem *option);
const char *ddl_option_text(Ddl *ddl, const DefElem *option);
/* WITH (...) as "a=b,c=d", NULL when there is none. */
const char *ddl_options_text(Ddl *ddl, const NodeList *options);

void ddl_notice(Ddl *ddl, Sqlstate sqlstate, const char *format, ...) PRINTF_LIKE(3, 4);
noreturn void ddl_not_supported(const char *what);

/* ---- the statements: one function per family, each returning its command tag ------------------------------------------ */

const char *ddl_create_table(Ddl *ddl, const CreateStmt *stmt);
const char *ddl_create_table_as(Ddl *ddl, const CreateTableAsStmt *stmt);
const char *ddl_refresh_view(Ddl *ddl, const RefreshMatViewStmt *stmt);
const char *ddl_create_collection(Ddl *ddl, const CreateCollectionStmt *stmt);
const char *ddl_alter_table(Ddl *ddl, const AlterTableStmt *stmt);
const char *ddl_create_index(Ddl *ddl, const IndexStmt *stmt);
const char *ddl_reindex(Ddl *ddl, const ReindexStmt *stmt);
const char *ddl_create_sequence(Ddl *ddl, const CreateSeqStmt *stmt);
const char *ddl_alter_sequence(Ddl *ddl, const AlterSeqStmt *stmt);
const char *ddl_create_view(Ddl *ddl, const ViewStmt *stmt);
const char *ddl_create_schema(Ddl *ddl, const CreateSchemaStmt *stmt);
const char *ddl_create_database(Ddl *ddl, const CreatedbStmt *stmt);
const char *ddl_alter_database(Ddl *ddl, const AlterDatabaseStmt *stmt);
const char *ddl_drop_database(Ddl *ddl, const DropdbStmt *stmt);
const char *ddl_create_extension(Ddl *ddl, const CreateExtensionStmt *stmt);
const char *ddl_create_role(Ddl *ddl, const CreateRoleStmt *stmt);
const char *ddl_alter_role(Ddl *ddl, const AlterRoleStmt *stmt);
const char *ddl_drop_role(Ddl *ddl, const DropRoleStmt *stmt);
const char *ddl_alter_setting(Ddl *ddl, const char *database, const RoleSpec *role, bool has_role, const VariableSetStmt *set);
const char *ddl_grant(Ddl *ddl, const GrantStmt *stmt);
const char *ddl_grant_role(Ddl *ddl, const GrantRoleStmt *stmt);
const char *ddl_reassign_owned(Ddl *ddl, const ReassignOwnedStmt *stmt);
const char *ddl_drop_owned(Ddl *ddl, const DropOwnedStmt *stmt);
const char *ddl_drop(Ddl *ddl, const DropStmt *stmt);
const char *ddl_create_enum(Ddl *ddl, const CreateEnumStmt *stmt);
const char *ddl_alter_enum(Ddl *ddl, const AlterEnumStmt *stmt);
const char *ddl_create_domain(Ddl *ddl, const CreateDomainStmt *stmt);
const char *ddl_alter_domain(Ddl *ddl, const AlterDomainStmt *stmt);
const char *ddl_create_composite(Ddl *ddl, const CompositeTypeStmt *stmt);
const char *ddl_comment(Ddl *ddl, const CommentStmt *stmt);
const char *ddl_rename(Ddl *ddl, const RenameStmt *stmt);
const char *ddl_set_schema(Ddl *ddl, const AlterObjectSchemaStmt *stmt);
const char *ddl_alter_owner(Ddl *ddl, const AlterOwnerStmt *stmt);
const char *ddl_truncate(Ddl *ddl, const TruncateStmt *stmt);

#endif
