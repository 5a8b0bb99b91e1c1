/*
 * producers.c - the list of all producers.
 */
#include "executor/catalog/producers.h"

const CatalogProducer *const catalog_producers[] = {
    database_producers,
    relation_producers,
    type_producers,
    proc_producers,
    role_producers,
    view_producers,
    session_producers,
    information_producers,
    information_column_producers,
    NULL,
};
