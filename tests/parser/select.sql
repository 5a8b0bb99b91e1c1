select

select 1

select 1 as one, 2 two, 3 "Three"

select all 1

select distinct a from t

select distinct on (a, b) a, b, c from t order by a, b

select distinct on a from t

select * from t

select t.* from t

select s.t.*, db.s.t.* from db.s.t

select a b c from t

select a as from t

select a as "from" from t

select 1 year

select 1 as year

select a.b.c.d.e from x

select from t

select from

select 1 from t where

select * into x from t

select * into temp table x from t

select * into local temporary x from t

select * into unlogged x from t

select * into global temp x from t

select * from only t

select * from only (t)

select * from t *

select * from s.t as a (b, c)

select * from t a (b, c)

select * from a, b, c

select * from a cross join b

select * from a join b

select * from a join b on a.x = b.x

select * from a inner join b using (x, y)

select * from a join b using (x) as j

select * from a left join b on true right outer join c on false full join d using (z)

select * from a natural join b

select * from a natural left join b

select * from a natural full outer join b

select * from a natural inner join b natural right join c

select * from (a join b on true)

select * from (a join b on true) as j

select * from (a join b on true) j (x, y)

select * from ((a join b on true) join c on true)

select * from a join (b join c on true) on true

select * from a join b join c on true on false

select * from (a)

select * from (select 1) s

select * from (select 1) as s(x)

select * from (select 1)

select * from (values (1)) 

select * from (values (1, 2), (3, 4)) v(a, b)

select * from ((select 1)) s

select * from (((select 1))) s, lateral (select 2) u

select * from lateral f(1) as x

select * from f(1)

select * from f(1) with ordinality

select * from f(1) with ordinality as t(a, n)

select * from rows from (f(1), g(2)) with ordinality as t

select * from rows from (f(1) as (a int, b text), g()) t

select * from f() as (a int, b text collate "C")

select * from f() as t (a int, b text)

select * from f() t (a int)

select * from f() t (a int, b)

select * from current_date

select * from cast(1 as int) as x

select * from generate_series(1, 10) g

select * from t tablesample bernoulli (10)

select * from t as x tablesample system (1, 2) repeatable (42)

select * from t tablesample (10)

select * from a, lateral (select * from b where b.x = a.x) c

select * from t where a = 1 group by b having count(*) > 1 order by c limit 5 offset 10

select * from t group by ()

select * from t group by a, (b, c), ()

select * from t group by rollup (a, b), cube (c, d)

select * from t group by grouping sets ((a, b), a, (), rollup (c), grouping sets (d))

select * from t group by distinct rollup (a)

select * from t group by all a

select rollup(a) from t

select cube(1)

select grouping(a, b) from t group by a, b

select * from t having true

select * from t order by a

select * from t order by a asc, b desc, c nulls first, d desc nulls last

select * from t order by a using <

select * from t order by a using operator(pg_catalog.>)

select * from t order by nulls

select * from t order by nulls nulls first

select nulls first from t

select * from t limit 10

select * from t limit all

select * from t limit null offset 5

select * from t offset 5 limit 10

select * from t offset 5 rows

select * from t offset 5 row fetch first 3 rows only

select * from t fetch first row only

select * from t fetch next 5 rows only

select * from t order by 1 fetch first 5 rows with ties

select * from t fetch first 5 rows with ties

select * from t fetch first (1 + 2) rows only

select * from t fetch first 1 + 2 rows only

select * from t fetch first -1 rows only

select * from t fetch first +1.5 rows only

select * from t limit 5, 10

select * from t limit 5 limit 6

(select * from t limit 5) limit 6

(select * from t order by 1) order by 2

(select * from t offset 1) offset 2

with a as (select 1) (with b as (select 2) select 3)

select * from t for update

select * from t for no key update

select * from t for share

select * from t for key share

select * from t for update of t, s.u nowait for share skip locked

select * from t for read only

select * from t for update limit 5

select * from t limit 5 for update

select * from t order by a for update limit 5 offset 3

select * from t for update order by a

select * from t order by 1 fetch first 5 rows with ties for update skip locked

select 1 union select 2

select 1 union all select 2 union distinct select 3

select 1 union select 2 intersect select 3 except all select 4

(select 1) union (select 2) order by 1 limit 1

select 1 union (select 2 order by 1 limit 1)

select 1 order by 1 union select 2

(select 1 order by 1) union select 2

((select 1))

((select 1) union (select 2))

(((select 1) union select 2) intersect ((select 3)))

values (1), (2), (3)

values (1, 'a'), (2, default)

values (1) order by 1 limit 1

values ()

values

table t

table only t

table s.t order by 1

table t union table u

with a as (select 1) select * from a

with a (x, y) as (select 1, 2), b as (table a) select * from a, b

with recursive t(n) as (values (1) union all select n + 1 from t where n < 100) select sum(n) from t

with a as materialized (select 1), b as not materialized (select 2) select 3

with a as (insert into t values (1) returning *), b as (update t set a = 1), c as (delete from t) select * from a

with a as (merge into t using s on true when matched then delete) select 1

with a as (create table x (a int)) select 1

with recursive t as (select 1) search depth first by a, b set s select * from t

with recursive t as (select 1) search breadth first by a set s cycle a, b set c using p select * from t

with recursive t as (select 1) cycle a set c to 'Y' default 'N' using p select * from t

with time as (select 1) select * from time

with ordinality as (select 1) select * from ordinality

with recursive time as (select 1) select 1

select with time

select count(*) filter (where a > 1), sum(distinct a order by b desc) from t

select f(), f(*), f(all a), f(distinct a, b), f(variadic a), f(a, variadic b)

select f(a := 1, b => 2)

select f(a => 1, 2)

select f(distinct *)

select f(*, a)

select percentile_cont(0.5) within group (order by a desc) filter (where true) over w from t

select percentile_cont(0.5 order by 1) within group (order by a) from t

select percentile_cont(distinct 0.5) within group (order by a) from t

select percentile_cont(variadic x) within group (order by a) from t

select rank() over (), rank() over w, rank() over (w order by a) from t window w as (partition by b), w2 as (w)

select sum(a) over (partition by b, c order by d rows between unbounded preceding and current row) from t

select sum(a) over (order by d range between 1 preceding and 2 following exclude ties) from t

select sum(a) over (groups 2 preceding exclude current row) from t

select sum(a) over (rows unbounded preceding exclude no others) from t

select sum(a) over (rows current row exclude group) from t

select sum(a) over (rows unbounded following) from t

select sum(a) over (rows 1 following) from t

select sum(a) over (rows between unbounded following and current row) from t

select sum(a) over (rows between 1 + 1 following and current row) from t

select sum(a) over (rows between current row and unbounded preceding) from t

select sum(a) over (rows between current row and 1 preceding) from t

select sum(a) over (rows between 1 following and 1 preceding) from t

select sum(a) over (rows between 2 preceding and 1 preceding) from t

select sum(a) over (range between interval '1 day' preceding and interval '1' day following) from t

select sum(a) over (partition order by b) from t

select sum(a) over (rows) from t

select sum(a) over (unbounded) from t

select sum(a) over rows from t

select sum(a) over (partition) from t window partition as ()

select 1 where true

select 1 where exists (select 1) and not exists (select 2)

select a from t where b in (1, 2, 3) and c not in (select 4) and (d, e) in (select 5, 6)

select a from t where a = any (array[1, 2]) or b > all (select 1) or c <> some (select 2)

select a from t where a like any (array['x']) and b not like all (array['y']) and c ilike some (select 1) and d not ilike any (x)

select a from t where a in any (array[1])

select a from t where a similar to any (array['x'])

select (select 1), array(select 2), (select 3).x, ((select 4))[1]

select (select 1) + (select 2)

select ((select 1) union (select 2)) + 1

select * from t where (select 1) = 1

select * from a where a.b is of (int)

select * from t where unique (select 1)

select a, from t

select , a from t

select a from t, where b

selec 1

select 1 from

select 1;

select (1

select 1)

select 1 from t join

select * from t group by

select * from t order by

select * from t where a = group by b

select doc->>'name', count(*) from users where doc->>'age' > 25 group by 1 order by 2 desc limit 10

select doc->>'title' from movies order by embedding <-> $1 limit 10

select a as collection, collection.* from collection

select a collection from t

select a isnull from t

select a notnull, b is null, c is not null from t

select a and b from t

select 1 and from t

select 1 in

select 1 as in

select 1 is

select 1 overlaps

select left('abc', 2), right('abc', 1)

select left from t

select t.left, t.select from t

select * from t left

select * from t left join u using (a)

select * from t as left

select * from natural

select * from t natural

select * from t inner

select * from t window

select * from t window w as ()

select * from t except select * from u

select user, current_user, session_user, current_role, current_catalog, current_schema, current_schema()

select current_date, current_time, current_time(2), current_timestamp, current_timestamp(0), localtime, localtime(1), localtimestamp, localtimestamp(3)

select current_date()

select current_user()

