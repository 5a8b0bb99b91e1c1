/*
 * producers.h - the files of producers: one array each, ended by an entry without a schema; catalog_producers lists the arrays.
 */
#ifndef EXECUTOR_CATALOG_PRODUCERS_H
#define EXECUTOR_CATALOG_PRODUCERS_H

#include "executor/catalog/catalog_rows.h"

extern const CatalogProducer *const catalog_producers[]; /* ended by NULL; producers.c */

extern const CatalogProducer database_producers[];
extern const CatalogProducer relation_producers[];
extern const CatalogProducer type_producers[];
extern const CatalogProducer proc_producers[];
extern const CatalogProducer role_producers[];
extern const CatalogProducer view_producers[];
extern const CatalogProducer session_producers[];
extern const CatalogProducer information_producers[];
extern const CatalogProducer information_column_producers[];

#endif
