select * from abort, absolute, access, action

select abort.action from s.abort

create table abort (access int, action text, value numeric, name text, type text, data jsonb, year int, day date, key text)

select name, type, value, key, year, month, day, hour, minute, second from data

select value year from t

select value day from t

select value key, v name, x data, y value from t

select a zone, b text, c temp from t

select f.year from f

select year(1), month(2), day(3), values(4)

select date(1), text(2), time(3)

select date '2020-01-01' + time '10:00'

select "Quoted""Name", "lower", "UPPER" from "My Table"

select MixedCase, UPPER from T

select über, naïve, 日本語 from täble

select a.b, "a"."b", A.B from S.T

select _a, a_1, a$1, a1b2 from t

select 1a

select a from t as t where t.a = 1 and t."a" = 2

select cube, rollup, partition, range, rows, groups, preceding, following, unbounded from t

select over, filter, within, without from t

select a over from t

select a as over from t

select a filter from t

select count(*) filter, 1 from t

select nowait, skip, locked from t

select a from t nowait

select a from nowait for update nowait

select set from set set

update set set set = 1

select no, nothing, off, of, oids, old, new from t

select t.new, old.x from t

select collection from collection where collection.collection = 1

drop table collection

alter table collection rename to collection2

create function collection(collection collection) returns collection language sql as ''

select collection(1)

select collate from t

select tablesample from t

select current_schema from t

select t from t order by t using < , u using >

create table time (time time)

create table timestamp (a int)

create table int (a int)

create table left (a int)

create table all (a int)

create table "all" (a int)

create table values (a int)

create table t (values int, position int, row int)

create table t (verbose int)

create function left(a int) returns int language sql as ''

create function between(a int) returns int language sql as ''

create function values() returns int language sql as ''

create function xyz(left int) returns int language sql as ''

create function xyz(between int) returns int language sql as ''

create type left as (a int)

select a::left

select a::between

select a::verbose

select a::int4, a::"int4", a::pg_catalog.int4, a::text[][3]

select a::select

create index left on t (a)

create index verbose on t (a)

create schema left

create role left

create role between

create role select

set between = 1

set left = 1

show left

show between

grant between to left

prepare values as select 1

execute left

listen between

savepoint values

savepoint left

select * from f() as between(a, b)

select * from t as left

select * from t between

select * from t values

select * from t year

select * from t as t(left)

select * from t as t(between, values)

with left as (select 1) select 1

with between as (select 1) select 1

select sum(a) over between from t window between as ()

select sum(a) over left from t

declare left cursor for select 1

comment on column t.left is 'x'

comment on column left.t is 'x'

alter table t rename left to b

alter table t rename between to b

select xmlelement from t

select extract, overlay, substring, normalize, treat, least from t

