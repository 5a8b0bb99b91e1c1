select 1 + 2 * 3 - 4 / 5 % 6 ^ 7

select - 1, + 1, - - 1, -1.5, -a, -(-1)

select -2147483648, 2147483647, 2147483648, 9999999999999999999

select a < b, a > b, a = b, a <= b, a >= b, a <> b, a != b

select a < b < c

select a = b = c

select a < b = c

select a <> b is true

select not a = b

select not not a

select a or b and not c or d

select a is null is null

select a is not null and b isnull

select a is true, a is not true, a is false, a is not false, a is unknown, a is not unknown

select a is distinct from b, a is not distinct from b

select a is

select a is 1

select a is not

select a between 1 and 2, a not between 1 and 2, a between symmetric 2 and 1, a not between asymmetric 1 and 2

select a between 1 and 2 and 3

select a between b and c or d

select a between 1 or 2 and 3

select a between (1 or 2) and 3

select a between 1 and 2 between 3 and 4

select a like 'x', a not like 'x', a like 'x' escape '\', a not like 'x' escape '\'

select a ilike 'x' escape 'y', a not ilike 'x' escape 'y'

select a similar to 'x', a not similar to 'x' escape 'y', a similar to 'x' escape 'y'

select a similar 'x'

select a like b like c

select a like b escape c escape d

select a like b || c

select a || b || c like d

select a @> b, a <@ b, a ? b, a ?| b, a ?& b, a #> b, a #>> b, a -> b, a ->> b, a #- b, a <-> b, a <=> b, a <#> b

select @ a, ! b, ~ c, |/ d, ||/ e, !! f

select a !

select a @ b

select a operator(pg_catalog.+) b, operator(pg_catalog.-) c

select a operator(+) b

select a operator(s.t.*) b

select a operator() b

select a at time zone 'UTC', a at time zone b at time zone c

select a at time

select a::int, a::int::text, a::int[], a::s.t, a::numeric(10, 2), -1::int, (-1)::int

select cast(a as int), cast(a as int[][]), cast(a as double precision)

select a :: timestamp with time zone at time zone 'x'

select a collate "C", a collate pg_catalog."C" || b

select a collate "C" collate "D"

select (a).b, (a).b.c, (a).*, (a)[1], (a)[1:2], (a)[:2], (a)[1:], (a)[:], a[1][2], a.b[1].c, ((a).b)[1].c[2:3]

select a.*.b from t

select (a).*.b from t

select a[*] from t

select $1, $2.a, $3[1], $4::int

select $1 a

select array[1, 2], array[], array[[1, 2], [3, 4]], array[array[1]], array[1, [2]]

select array[1][1]

select (array[1])[1]

select row(1, 2), row(), row(1), (1, 2), (1), ()

select row(1, 2) = row(3, 4), (1, 2) < (3, 4)

select (1, 2).a

select (row(1, 2)).a

select row(1, 2).a

select case when a then b end, case a when 1 then 2 when 3 then 4 else 5 end

select case end

select case when a end

select case a else b end

select case when a then b else c

select coalesce(a, b), greatest(a, b), least(a), nullif(a, b)

select coalesce()

select nullif(a)

select nullif(a, b, c)

select exists (select 1), exists 1

select extract(year from a), extract(epoch from a), extract('dow' from a), extract(second from a), extract(a from b)

select extract(select from a)

select extract(year, a)

select position('a' in 'abc'), position(a || b in c)

select position('a', 'abc')

select overlay('abc' placing 'x' from 2), overlay('abc' placing 'x' from 2 for 1), overlay(a, b, c)

select substring('abc' from 2), substring('abc' from 2 for 1), substring('abc' for 2), substring('abc' for 2 from 1), substring('abc', 1, 2), substring('abc' similar 'a' escape '#'), substring()

select substring('a' from)

select trim('a'), trim(both from 'a'), trim(leading 'x' from 'a'), trim(trailing 'x' from 'a', 'b'), trim('x' from 'a'), trim(both 'a'), trim(a, b)

select trim()

select treat(a as b.c)

select normalize(a), normalize(a, nfkc), a is normalized, a is not nfd normalized, a is nfc normalized

select normalize(a, xyz)

select collation for (a)

select (a, b) overlaps (c, d), row(a, b) overlaps row(c, d)

select (a, b, c) overlaps (d, e)

select (a, b) overlaps row(c)

select (a, b) overlaps c

select int '1', integer '1', bigint '1', smallint '1', real '1', float '1', float(10) '1', double precision '1', numeric '1', numeric(5, 2) '1', dec '1', decimal(3) '1', boolean 't'

select bit '1', bit(3) '101', bit varying '1', bit varying(5) '1', char 'a', char(3) 'a', character varying 'a', character varying(3) 'a', varchar 'a', varchar(2) 'a', national character 'a', national char varying(3) 'a', nchar 'a', nchar varying (3) 'a'

select date '2020-01-01', time '10:00', time(3) '10:00', time with time zone '10:00', timestamp '2020-01-01', timestamp(3) without time zone 'x', timestamp with time zone 'x', timestamptz 'x'

select interval '1', interval '1' day, interval '1' day to second, interval '1' day to second (3), interval (3) '1', interval '1' year to month, interval '1 2' hour to minute, interval '1' second(2), interval '1' minute to second

select interval '1' month to year

select interval(3) '1' day

select interval day '1'

select s.t '1', t 'x', t(1, 2) 'x', s.t(3) 'x', "T" 'x'

select t(a => 1) 'x'

select t(1 order by 2) 'x'

select t(distinct 1) 'x'

select float(0) '1'

select float(54) '1'

select float(53) '1'

select json '{}', jsonb '{}', vector '[1,2]'

select true, false, null, unknown

select b'101', x'1F', B'12', X'zz', b'' , n'abc'

select 'a' 'b'

select default

select f(default)

select s.f(1), a.b.c.f(2), f.g.h

select f(1).a

select (f(1)).a

select f(1)[1]

select f(1) a, f(1) as b

select a.b(1) from t

select a.b.*(1)

select a[1](2)

select count(*) * 2, (count(*))

select * from t where a = * 

select a * * b

select a + - b, a - - b, a -(-b)

select a+-b, a*-b, a--b

select 1.5e3, 1e10, 1e-5, .5, 5., 5.e3

select a ^ b ^ c, -a ^ b, a ^ -b

select a || - b

select a < - b

select 1 <> all (array[2])

select a = any array[1]

select a = any (1, 2)

select a -> 'b' -> 'c' ->> 'd', a -> 'b' || c

select a -> 0, a -> -1

select a->>'b' = 'c' and d->'e'->>'f' like 'g%'

select a in (1), a in ((1)), a in (1, (2)), a in ((select 1)), a in (select 1), a in ((select 1) union (select 2))

select a in ()

select a in 1

select a not 1

select a not in b

select not in

select unknown is unknown

select a.b is distinct from c.d

select current_timestamp(-1)

select current_timestamp(1.5)

select grouping()

select xmlparse

select row

select any

select a.any

select between, bigint, bit, boolean, char, coalesce from t

select values from t

select setof from t

select row from t

select time from t

select timestamp from t

select interval from t

select interval a from t

select int from t

select int a from t

select char(1)

select precision from t

select national from t

select exists from t

select exists

select none, out, inout from t

select position from t

select trim from t

select verbose from t

select concurrently from t

select collation from t

select authorization from t

select binary from t

select freeze from t

select t.verbose from t

select verbose(1), binary(2), freeze(3), left(4), concurrently(5)

select between(1, 2)

select int(1)

select time(1)

select nullif from t

select xml, xmlconcat from t

select greatest from t

