/*
 * bind.c - see bind.h.
 */
#include "wire/bind.h"

#include "executor/session/portal.h"
#include "executor/session/transaction.h"
#include "wire/connection.h"

typedef struct BindCall {
    Session           *session;
    Slice              payload;
    Arena             *arena; /* the portal's, ours until the portal takes it */
    const char        *text;
} BindCall;

static int16_t *read_codes(MessageReader *reader, Arena *arena, int32_t *count_out)
{
    int32_t  count = (uint16_t)read_int16(reader);
    int16_t *codes = ARENA_ARRAY(arena, count, int16_t);

    for (int32_t i = 0; i < count; i++)
        codes[i] = read_int16(reader);
    *count_out = count;
    return codes;
}

/* One parameter, in text or binary form. The bytes are copied: the message's buffer is used again. */
static void read_value(const TypeInfo *type, Slice bytes, int16_t code, const TypeContext *ctx, Datum *out)
{
    bytes = arena_copy(ctx->arena, bytes);
    if (code == 0 && type->input != NULL)
        type->input(type, bytes, -1, ctx, out);
    else if (code == 1 && type->receive != NULL)
        type->receive(type, bytes, -1, ctx, out);
    else if (code == 0 || code == 1)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "no %s input function available for type %s", code == 1 ? "binary" : "text", type->name);
    else
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unsupported format code: %d", code);
}

static ParamValues read_params(BindCall *call, MessageReader *reader, const PreparedStatement *statement)
{
    TypeContext ctx = call->session->ctx;
    int32_t     code_count;
    int16_t    *codes = read_codes(reader, call->arena, &code_count);
    int32_t     count = (uint16_t)read_int16(reader);
    Datum      *values;
    bool       *nulls;
    Oid        *types;

    if (code_count > 1 && code_count != count)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "bind message has %d parameter formats but %d parameters", (int)code_count, (int)count);
    if (count != statement->params.count)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "bind message supplies %d parameters, but prepared statement \"%s\" requires %d",
                    (int)count, statement->name, (int)statement->params.count);
    values = ARENA_ARRAY_ZEROED(call->arena, count, Datum);
    nulls = ARENA_ARRAY_ZEROED(call->arena, count, bool);
    types = ARENA_ARRAY(call->arena, count, Oid);
    ctx.arena = call->arena;
    for (int32_t i = 0; i < count; i++) {
        int32_t         size = read_int32(reader);
        const TypeInfo *type = type_lookup(call->session, call->arena, statement->params.types[i]);

        types[i] = statement->params.types[i];
        nulls[i] = size == -1;
        if (size < -1)
            raise_error(SQLSTATE_PROTOCOL_VIOLATION, "invalid length in bind message");
        if (type == NULL)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "type with OID %u does not exist", types[i]);
        if (!nulls[i])
            read_value(type, read_bytes(reader, (size_t)size), code_count == 0 ? 0 : codes[code_count == 1 ? 0 : i], &ctx, &values[i]);
    }
    return (ParamValues){count, values, nulls, types};
}

static void bind_body(void *arg)
{
    BindCall          *call = arg;
    MessageReader      reader = message_reader(call->payload);
    const char        *portal_name = read_string(&reader);
    const char        *statement_name = read_string(&reader);
    PreparedStatement *statement = prepared_get(call->session, statement_name);
    ParamValues        params;
    int32_t            format_count;
    int16_t           *formats;

    call->text = statement->text;
    if (call->session->state == TRANSACTION_FAILED && statement->stmt != NULL && !session_is_transaction_exit(statement->stmt))
        raise_error(SQLSTATE_IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
    params = read_params(call, &reader, statement);
    formats = read_codes(&reader, call->arena, &format_count);
    read_end(&reader);
    portal_open(call->session, portal_name, statement, call->arena, params, format_count, formats);
}

const char *bind_message(Session *session, Slice payload)
{
    BindCall call = {.session = session, .payload = payload, .arena = portal_arena_new(session)};
    Error   *err = error_catch(bind_body, &call);

    if (err == NULL)
        return call.text;
    portal_discard_arena(session, call.arena);
    error_raise(err);
}
