/*
 * registry_test.c - the tables of functions, operators and casts agree with themselves.
 */
#include "executor/func/registry.h"

#include "base/test.h"

static void lookups_find_every_function_by_oid_and_name(void **state)
{
    int                count;
    const Proc *const *all;

    (void)state;
    registry_init();
    all = proc_all(&count);
    assert_true(count > 2000);
    for (int i = 0; i < count; i++) {
        int                named_count;
        const Proc *const *named = proc_by_name(all[i]->name, &named_count);
        bool               found = false;

        assert_ptr_equal(proc_by_oid(all[i]->oid), all[i]);
        if (i > 0)
            assert_true(all[i - 1]->oid < all[i]->oid);
        for (int k = 0; k < named_count; k++) {
            assert_string_equal(named[k]->name, all[i]->name);
            found |= named[k] == all[i];
        }
        assert_true(found);
    }
    assert_null(proc_by_oid(0));
    assert_null(proc_by_oid(4000000000u));
    assert_null(proc_by_name("no_such_function", &count));
    assert_int_equal(count, 0);
}

static void the_facts_of_a_function_are_parsed(void **state)
{
    const Proc *proc;

    (void)state;
    registry_init();
    proc = proc_by_oid(871);
    assert_string_equal(proc->name, "upper");
    assert_int_equal(proc->arg_count, 1);
    assert_int_equal(proc->args[0], TYPE_TEXT);
    assert_int_equal(proc->result, TYPE_TEXT);
    proc = proc_by_oid(3208); /* jsonb_each(from_json, OUT key, OUT value) */
    assert_int_equal(proc->arg_count, 1);
    assert_int_equal(proc->all_arg_count, 3);
    assert_string_equal(proc->arg_modes, "ioo");
    assert_string_equal(proc->arg_names[1], "key");
    assert_true(proc->returns_set);
}

static void functions_name_types_that_exist(void **state)
{
    int                count;
    const Proc *const *all;

    (void)state;
    registry_init();
    all = proc_all(&count);
    for (int i = 0; i < count; i++) {
        if (type_by_oid(all[i]->result) == NULL)
            fail_msg("result type %u of %s", all[i]->result, all[i]->name);
        for (int k = 0; k < all[i]->arg_count; k++) {
            if (type_by_oid(all[i]->args[k]) == NULL)
                fail_msg("argument type %u of %s", all[i]->args[k], all[i]->name);
        }
        assert_true(all[i]->default_count <= all[i]->arg_count);
        if (all[i]->all_arg_count != 0) /* PG15: satisfies_hash_partition has modes without types */
            assert_int_equal(all[i]->all_arg_count, strlen(all[i]->arg_modes));
    }
}

static void operators_have_functions_of_their_types(void **state)
{
    int                    count;
    const Operator *const *all;

    (void)state;
    registry_init();
    all = operator_all(&count);
    for (int i = 0; i < count; i++) {
        const Operator *op = all[i];
        const Proc     *proc = proc_by_oid(op->function);
        int             at = 0;

        assert_ptr_equal(operator_by_oid(op->oid), op);
        if (proc == NULL)
            fail_msg("operator %u %s names function %u", op->oid, op->name, op->function);
        assert_int_equal(proc->arg_count, op->kind == 'b' ? 2 : 1);
        if (op->kind == 'b' && op->left != proc->args[at++])
            fail_msg("operator %u %s: left type", op->oid, op->name);
        if (op->right != proc->args[at])
            fail_msg("operator %u %s: right type", op->oid, op->name);
        if (op->result != proc->result)
            fail_msg("operator %u %s: result type", op->oid, op->name);
        if (op->negator != 0) {
            const Operator *negator = operator_by_oid(op->negator);

            if (negator == NULL || negator->negator != op->oid)
                fail_msg("operator %u %s: negator %u", op->oid, op->name, op->negator);
        }
        if (op->commutator != 0) {
            const Operator *commutator = operator_by_oid(op->commutator);

            if (commutator == NULL || commutator->left != op->right || commutator->right != op->left)
                fail_msg("operator %u %s: commutator %u", op->oid, op->name, op->commutator);
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(all[k]->name, op->name) == 0 && all[k]->left == op->left && all[k]->right == op->right)
                fail_msg("operators %u and %u are the same", op->oid, all[k]->oid);
        }
    }
}

static void casts_have_functions_and_are_found(void **state)
{
    int                count;
    const Cast *const *all;

    (void)state;
    registry_init();
    all = cast_all(&count);
    for (int i = 0; i < count; i++) {
        assert_ptr_equal(cast_find(all[i]->source, all[i]->target), all[i]);
        if (all[i]->method == 'f' && proc_by_oid(all[i]->function) == NULL)
            fail_msg("cast %u names function %u", all[i]->oid, all[i]->function);
        assert_true((all[i]->function != 0) == (all[i]->method == 'f'));
    }
    assert_null(cast_find(TYPE_BOOL, TYPE_UUID));
}

static void no_two_functions_have_one_signature(void **state)
{
    int                count;
    const Proc *const *all;

    (void)state;
    registry_init();
    all = proc_all(&count);
    for (int i = 0; i < count; i++) {
        int                named_count;
        const Proc *const *named = proc_by_name(all[i]->name, &named_count);

        for (int k = 0; k < named_count; k++) {
            if (named[k] != all[i] && named[k]->arg_count == all[i]->arg_count &&
                memcmp(named[k]->args, all[i]->args, (size_t)all[i]->arg_count * sizeof(Oid)) == 0)
                fail_msg("functions %u and %u are both %s", named[k]->oid, all[i]->oid, all[i]->name);
        }
    }
}

static void each_type_knows_its_comparison_operators(void **state)
{
    (void)state;
    registry_init();
    assert_int_equal(type_operator(TYPE_INT4, "=")->oid, 96);
    assert_int_equal(type_operator(TYPE_INT4, "<")->oid, 97);
    assert_int_equal(type_operator(TYPE_VARCHAR, "=")->oid, 98);
    assert_int_equal(type_operator(TYPE_BPCHAR, "<")->oid, 1058);
    assert_int_equal(type_operator(TYPE_NAME, "<")->oid, 660);
    assert_int_equal(type_operator(TYPE_REGCLASS, "=")->oid, 607);
    assert_int_equal(type_operator(TYPE_INT4_ARRAY, "=")->oid, 1070);
    assert_int_equal(type_operator(TYPE_NUMERIC, ">")->oid, 1756);
    assert_int_equal(type_operator(TYPE_JSONB, "=")->oid, 3240);
    assert_null(type_operator(TYPE_JSON, "="));
    assert_null(type_operator(TYPE_XID, "<"));
}

TEST_MAIN(cmocka_unit_test(lookups_find_every_function_by_oid_and_name),
          cmocka_unit_test(the_facts_of_a_function_are_parsed), cmocka_unit_test(functions_name_types_that_exist),
          cmocka_unit_test(operators_have_functions_of_their_types), cmocka_unit_test(casts_have_functions_and_are_found),
          cmocka_unit_test(no_two_functions_have_one_signature), cmocka_unit_test(each_type_knows_its_comparison_operators))
