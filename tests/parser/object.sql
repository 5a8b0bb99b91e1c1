drop table t

drop table if exists s.t, u cascade

drop table t restrict, u

drop table if

drop table

drop table t, 

drop view v

drop materialized view if exists v

drop index i, j

drop index concurrently if exists i cascade

drop index concurrently i

drop sequence s

drop foreign table f

drop collation c

drop conversion c

drop statistics s

drop text search parser p

drop text search dictionary if exists d

drop text search template t

drop text search configuration c

drop access method a

drop event trigger e

drop extension if exists e, f cascade

drop foreign data wrapper f

drop procedural language l

drop language if exists l

drop publication p

drop schema s, t cascade

drop schema if exists s.t

drop server s

drop policy p on t

drop policy if exists p on s.t cascade

drop rule r on t

drop trigger t on x restrict

drop type t, s.u, int

drop domain if exists d

drop function f

drop function f(int), g(), s.h(a int, out b text)

drop procedure if exists p(int) cascade

drop routine r

drop aggregate a(*), b(int), c(order by int)

drop aggregate a

drop operator + (int, int), s.- (none, int)

drop operator + (int)

drop operator + (int, none)

drop operator class c using btree

drop operator family if exists f using gin cascade

drop cast (int as text)

drop cast if exists (int as s.t) cascade

drop transform for t language l

drop transform if exists for t language l

drop database d

drop database if exists d

drop database d with (force)

drop database d (force, force)

drop database d with (foo)

drop tablespace t

drop tablespace if exists t

drop role r

drop role if exists a, b, current_user

drop user u

drop user mapping for x server s

drop user mapping if exists for user server s

drop group g

drop owned by a, b cascade

drop subscription s

drop subscription if exists s

drop foo

reassign owned by a, current_user to b

comment on table t is 'x'

comment on column s.t.a is null

comment on view v is 'x'

comment on index i is 'x'

comment on database d is 'x'

comment on schema s is 'x'

comment on role r is 'x'

comment on tablespace t is 'x'

comment on extension e is 'x'

comment on type t is 'x'

comment on domain d is 'x'

comment on function f(int) is 'x'

comment on procedure p is 'x'

comment on aggregate a(*) is 'x'

comment on operator + (int, int) is 'x'

comment on operator class c using btree is 'x'

comment on constraint c on t is 'x'

comment on constraint c on domain d is 'x'

comment on trigger t on x is 'x'

comment on rule r on x is 'x'

comment on policy p on x is 'x'

comment on cast (int as text) is 'x'

comment on large object 1 is 'x'

comment on transform for t language l is 'x'

comment on language l is 'x'

comment on table t is x

comment on text search configuration c is 'x'

security label on table t is 'x'

security label for p on column t.a is null

security label for 'p' on function f is 'x'

create schema s

create schema if not exists s

create schema authorization x

create schema s authorization current_user

create schema if not exists authorization x

create schema s create table t (a int) create view v as select 1 create index i on t (a) grant select on t to x create sequence q

create schema if not exists s create table t (a int)

create schema

create schema s.t

create database d

create database d with owner = x template t0 encoding 'UTF8' lc_collate = 'C' tablespace = default connection limit = 5 is_template = true

create database d owner x

create database if not exists d

create database d foo = 1

create extension e

create extension if not exists e with schema s version '1.0' cascade

create extension e from '0.9'

create tablespace t location '/x'

create tablespace t owner x location '/x' with (seq_page_cost = 1)

create access method a type index handler h

create access method a type table handler s.h

create type t

create type t as (a int, b text collate "C")

create type t as ()

create type t as enum ('a', 'b')

create type t as enum ()

create type t as range (subtype = int, subtype_opclass = x)

create type t (input = f, output = g, internallength = variable, like = int4, passedbyvalue, alignment = double)

create type s.t as enum (a)

create domain d as int

create domain d int not null default 1 check (value > 0) constraint c check (value < 5)

create domain d as text collate "C" collate "D"

create domain s.d as numeric(10, 2)[]

create collation c (locale = 'x', provider = icu)

create collation if not exists c from "C"

create collation s.c from pg_catalog."C"

create conversion c for 'UTF8' to 'LATIN1' from f

create default conversion c for 'a' to 'b' from s.f

create language l

create or replace trusted procedural language l handler h inline i validator v

create language l handler s.h no validator

create cast (int as text) with function f(int) as implicit

create cast (int as text) without function as assignment

create cast (int as text) with inout

create cast (int as text)

create operator + (leftarg = int, rightarg = int, procedure = f, commutator = +, negator = operator(s.-), hashes, merges)

create operator s.@@ (procedure = f)

create operator class c default for type int using btree family f as operator 1 <, operator 2 <= (int, int) for search, operator 3 = for order by g, function 1 f(int, int), function 2 (int, text) h, storage text

create operator class c for type int using btree as operator 1 < recheck

create operator family f using btree

create aggregate a (int) (sfunc = f, stype = int)

create or replace aggregate a (*) (sfunc = f, stype = int, initcond = '0')

create aggregate a (int order by int) (sfunc = f, stype = int)

create aggregate a (order by x int) (sfunc = f)

create aggregate a (variadic "any" order by variadic "any") (sfunc = f)

create aggregate a (variadic "any" order by int) (sfunc = f)

create aggregate a (basetype = int, sfunc = f, stype = int)

create text search parser p (start = a)

create text search dictionary d (template = x, stopwords = 'y')

create text search configuration c (copy = x)

create text search template t (lexize = f)

create transform for t language l (from sql with function f(internal), to sql with function g(internal))

create or replace transform for t language l (to sql with function g)

create foreign data wrapper f handler h validator v options (a 'b')

create foreign data wrapper f

create server s type 'x' version '1' foreign data wrapper f options (a 'b')

create server if not exists s foreign data wrapper f

create foreign table f (a int options (x 'y') not null, check (a > 0)) inherits (p) server s options (x 'y')

create foreign table if not exists f partition of p for values in (1) server s

import foreign schema r limit to (a, b) from server s into l options (x 'y')

import foreign schema r except (a) from server s into l

import foreign schema r from server s into l

create user mapping for current_user server s options (user 'x')

create user mapping if not exists for public server s

create publication p

create publication p for all tables with (publish = 'insert')

create publication p for table t, u, only v, w *, tables in schema s, current_schema, x

create publication p for t

create publication p for tables in schema s, t.u

create publication p for tables in schema s where (a > 1)

create publication p for tables in schema s, t where (a > 1)

create publication p for table t, current_schema

create publication p for table t (a, b) where (a > 1)

create subscription s connection 'x' publication p, q with (enabled = false)

