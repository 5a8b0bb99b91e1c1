select a, b.c as x, d.*, * from t where a = 1 and b <> 'x' and c or not d

select distinct on (a) b from s.t as u (x, y) order by 1 desc nulls last, c using < limit 5 offset $1

select 1 union all select 2 intersect select 3 order by 1

values (1, default), (-2, null)

with recursive r(n) as not materialized (select 1) select * from r for update of r nowait

select * from a left join b using (x) as j natural join only c, lateral (select 1) s

select * from f(1) with ordinality as g(a, n), rows from (h() as (x int), i()) r

select sum(distinct a order by b) filter (where c) over (partition by d order by e rows between 1 preceding and current row)

select x from t group by distinct rollup (a, b), grouping sets (c, ()) having count(*) > 1

select a::numeric(10, 2)[], cast(b as text), date '2020-01-01', interval '1' day to second(3), char 'x'

select a between 1 and 2, a in (1, 2), a not in (select 1), a = any ($1), (a, b) = (select 1, 2), exists (select 1)

select a like 'x' escape '!', a not ilike b, a similar to c, a is not distinct from b, a is null, b is not true

select -5, - 5.5, -a, 1 - -1, a.b[1].c[2:], (r).*, array[1, 2], row(1), (1, 2)

select case a when 1 then 2 else 3 end, coalesce(a, b), greatest(a, b), nullif(a, b), current_timestamp(3), grouping(a)

select extract(year from d), a at time zone 'utc', substring(a for 2), trim(leading 'x' from a), position('a' in b)

select f(a, b => 1, variadic c), s.f(), count(*), percentile_disc(0.5) within group (order by x)

insert into t (a, b[1]) values (1, 2) on conflict (a) where b > 1 do update set a = excluded.a returning *

update t as x set a = 1, (b, c) = (select 1, 2) from u where current of cur

merge into t using s on t.a = s.a when matched and true then update set a = 1 when not matched then insert (a) values (1)

create table if not exists s.t (a int primary key, b text collate "C" default 'x' not null, constraint f foreign key (a, b) references u on delete cascade deferrable initially deferred, check (a > 0) not valid) with (fillfactor = 70) 

create unlogged table t (like u including all excluding indexes, a int generated always as identity (start 5)) partition by range (a)

create collection if not exists c with (dimensions = 3)

create unique index concurrently i on t using gin (a jsonb_path_ops, lower(b) desc nulls last) include (c) where d

alter table only t add column if not exists a int, drop constraint c cascade, alter b type text using b::text

drop table if exists a.b, c cascade

create role r login password 'x' in role a, public

grant select (a), update on t to public with grant option

create or replace function f(a int, out b text default 'x') returns setof t.a%type language sql immutable begin atomic select 1; end

create trigger g before insert or update of a on t for each row when (new.a > 1) execute function f(1, 'x')

begin isolation level serializable, read only

rollback to savepoint a

set local search_path to a, 'b', 5

set time zone interval '-08:00' hour to minute

explain (analyze, format json) select 1

copy t (a) from stdin with csv header force null a where a > 1

copy (select 1) to stdout (format csv, force_quote *)

prepare p (int) as select $1

declare c scroll cursor with hold for select 1

fetch backward all from c

create view v (a) as select 1 with local check option

create recursive view v (n) as select 1

comment on constraint c on s.t is null

vacuum (full, parallel 4) t (a, b), u

create domain d as int check (value > 0)

create type t as enum ('a', 'b')

create aggregate a (int order by text) (sfunc = f, stype = int4, initcond = '0')

lock table a, only b in share mode nowait

