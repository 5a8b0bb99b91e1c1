/*
 * scram_test.c - verifiers and access lists in their stored forms.
 */
#include "base/test.h"
#include "executor/ddl/acl.h"
#include "executor/ddl/scram.h"

static void a_verifier_has_postgresqls_form(void **state)
{
    Arena      *arena = arena_new(NULL, NULL, "test");
    const char *verifier = scram_verifier(arena, "secret");

    (void)state;
    assert_int_equal(strncmp(verifier, "SCRAM-SHA-256$4096:", 19), 0);
    assert_true(scram_is_verifier(verifier));
    arena_free(arena);
}

static void two_verifiers_of_one_password_differ_by_their_salt(void **state)
{
    Arena *arena = arena_new(NULL, NULL, "test");

    (void)state;
    assert_string_not_equal(scram_verifier(arena, "secret"), scram_verifier(arena, "secret"));
    arena_free(arena);
}

static void a_password_is_not_taken_for_a_verifier(void **state)
{
    (void)state;
    assert_false(scram_is_verifier("secret"));
    assert_false(scram_is_verifier("SCRAM-SHA-256$4096:short"));
    assert_false(scram_is_verifier("SCRAM-SHA-256$0:AAAA$x:y"));
}

static void access_lists_round_trip(void **state)
{
    Arena  *arena = arena_new(NULL, NULL, "test");
    AclItem items[] = {{10, 10, ACL_ALL_TABLE, 0}, {0, 10, ACL_SELECT, 0}, {0xfffffffe, 10, ACL_INSERT | ACL_SELECT, ACL_SELECT}};
    int32_t count;
    AclItem *back = acl_decode(arena, acl_encode(arena, items, 3), &count);

    (void)state;
    assert_int_equal(count, 3);
    assert_memory_equal(back, items, sizeof items);
    arena_free(arena);
}

static void privileges_have_their_names(void **state)
{
    (void)state;
    assert_int_equal(acl_privilege("select"), ACL_SELECT);
    assert_int_equal(acl_privilege("temp"), ACL_CREATE_TEMP);
    assert_int_equal(acl_privilege("temporary"), ACL_CREATE_TEMP);
    assert_int_equal(acl_privilege("fly"), 0);
}

TEST_MAIN(cmocka_unit_test(a_verifier_has_postgresqls_form), cmocka_unit_test(two_verifiers_of_one_password_differ_by_their_salt),
          cmocka_unit_test(a_password_is_not_taken_for_a_verifier), cmocka_unit_test(access_lists_round_trip),
          cmocka_unit_test(privileges_have_their_names))
