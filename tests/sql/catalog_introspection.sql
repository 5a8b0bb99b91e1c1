-- what drivers and psql ask of the catalogs
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS integer;
CREATE TABLE catalog_a (
    id serial PRIMARY KEY,
    price numeric(10,2) DEFAULT 5 CHECK (price > 0),
    name text NOT NULL,
    code varchar(20) COLLATE "C",
    made timestamptz DEFAULT now(),
    feeling mood,
    rank positive);
CREATE INDEX catalog_a_name ON catalog_a (lower(name), code DESC) WHERE id > 5;
CREATE UNIQUE INDEX catalog_a_code ON catalog_a (code) INCLUDE (name);
CREATE TABLE catalog_b (
    id integer GENERATED ALWAYS AS IDENTITY,
    a integer REFERENCES catalog_a (id) ON DELETE CASCADE,
    twice integer GENERATED ALWAYS AS (id * 2) STORED,
    UNIQUE (a, id));
CREATE VIEW catalog_v AS SELECT id, name FROM catalog_a WHERE price > 1;
CREATE SEQUENCE catalog_s INCREMENT 5;
COMMENT ON TABLE catalog_a IS 'a table';
COMMENT ON COLUMN catalog_a.id IS 'its key';
-- relations, columns, defaults
SELECT relname, relkind, relpersistence, relnatts, relchecks, relhasindex, relhastriggers FROM pg_class WHERE relname LIKE 'catalog\_%' ORDER BY relname;
SELECT attname, attnum, format_type(atttypid, atttypmod), attnotnull, atthasdef, attidentity, attgenerated FROM pg_attribute WHERE attrelid = 'catalog_a'::regclass AND attnum > 0 ORDER BY attnum;
SELECT adnum, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true) FROM pg_attrdef WHERE adrelid IN ('catalog_a'::regclass, 'catalog_b'::regclass) ORDER BY adrelid, adnum;
-- indexes and constraints
SELECT indexrelid::regclass, indisunique, indisprimary, indnatts, indnkeyatts FROM pg_index WHERE indrelid = 'catalog_a'::regclass ORDER BY 1::text;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'catalog\_%' ORDER BY indexname;
SELECT pg_get_indexdef('catalog_a_name'::regclass, 1, true), pg_get_indexdef('catalog_a_name'::regclass, 2, false);
SELECT conname, contype, conrelid::regclass, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conname LIKE 'catalog\_%' ORDER BY conname;
-- views, sequences
SELECT pg_get_viewdef('catalog_v'::regclass), pg_get_viewdef('catalog_v'::regclass, true);
SELECT viewname, definition FROM pg_views WHERE viewname = 'catalog_v';
SELECT nextval('catalog_s'), currval('catalog_s'), lastval(), setval('catalog_s', 50);
SELECT nextval('catalog_s');
SELECT setval('catalog_s', 0);
SELECT sequencename, data_type, increment_by, last_value FROM pg_sequences WHERE sequencename LIKE 'catalog\_%' ORDER BY 1;
SELECT pg_get_serial_sequence('catalog_a', 'id'), pg_get_serial_sequence('catalog_b', 'id'), pg_get_serial_sequence('catalog_a', 'name');
-- types
SELECT typname, typtype, typcategory, typelem::regtype, typarray::regtype FROM pg_type WHERE typname IN ('mood', 'positive', 'int4', '_text', 'catalog_a') ORDER BY typname;
SELECT enumlabel, enumsortorder FROM pg_enum WHERE enumtypid = 'mood'::regtype ORDER BY enumsortorder;
SELECT format_type(1700, 655366), format_type(1043, 24), format_type(0, NULL), format_type(99999, NULL), format_type(1042, NULL), format_type(1042, -1);
-- names
SELECT 'catalog_a'::regclass, 'int4'::regtype, 'now'::regproc, 'public'::regnamespace, 'upper(text)'::regprocedure, '+(int4,int4)'::regoperator;
SELECT to_regclass('nothing'), to_regtype('nothing'), to_regproc('nothing'), to_regnamespace('nothing'), to_regrole('nothing');
SELECT 'nothing'::regclass;
SELECT 'nothing'::regtype;
SELECT 'nothing'::regproc;
SELECT pg_table_is_visible('catalog_a'::regclass), pg_type_is_visible('mood'::regtype), pg_function_is_visible('now'::regproc), pg_table_is_visible(1);
SELECT obj_description('catalog_a'::regclass, 'pg_class'), col_description('catalog_a'::regclass, 1), col_description('catalog_a'::regclass, 2);
SELECT pg_encoding_to_char(6), pg_char_to_encoding('utf-8'), pg_encoding_to_char(99), pg_get_userbyid(1);
-- functions
SELECT pg_get_function_arguments('jsonb_set'::regproc), pg_get_function_result('jsonb_each'::regproc), pg_get_function_identity_arguments('jsonb_set'::regproc);
-- the session
SELECT current_schema(), current_schemas(false), pg_is_in_recovery();
SELECT set_config('application_name', 'tests', false), current_setting('application_name'), current_setting('no.such', true);
SELECT current_setting('no_such');
SELECT pg_size_pretty(10::bigint), pg_size_pretty(20000::bigint), pg_size_pretty(123456789::bigint), pg_size_pretty(-99999999999::bigint), pg_size_pretty(9223372036854775807);
SELECT has_table_privilege('catalog_a', 'select'), has_table_privilege('catalog_a', 'SELECT, INSERT WITH GRANT OPTION'), has_schema_privilege('public', 'usage'), has_column_privilege('catalog_a', 'id', 'update'), pg_has_role(current_user, 'member');
SELECT has_table_privilege('catalog_a', 'nonsense');
SELECT has_table_privilege('nobody', 'catalog_a', 'select');
-- information_schema
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'catalog\_%' ORDER BY table_name;
SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, domain_name, udt_name, is_identity, is_generated FROM information_schema.columns WHERE table_name LIKE 'catalog\_%' ORDER BY table_name, ordinal_position;
SELECT constraint_name, table_name, constraint_type FROM information_schema.table_constraints WHERE constraint_name LIKE 'catalog\_%' ORDER BY constraint_name;
SELECT constraint_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE constraint_name LIKE 'catalog\_%' ORDER BY constraint_name, ordinal_position;
SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints;
DROP VIEW catalog_v;
DROP TABLE catalog_b, catalog_a;
DROP SEQUENCE catalog_s;
DROP DOMAIN positive;
DROP TYPE mood;
