insert into t values (1, 2)

insert into t values (1), (default)

insert into t (a, b) values (1, 2)

insert into t (a[1], b.c, d[1:2].e) values (1, 2, 3)

insert into t (a.*) values (1)

insert into t (a.*.b) values (1)

insert into s.t as x (a) values (1)

insert into t x values (1)

insert into t default values

insert into t select * from u

insert into t (select * from u)

insert into t (a) (select * from u)

insert into t table u

insert into t with x as (select 1) select * from x

with x as (select 1) insert into t select * from x

insert into t ()

insert into t () values (1)

insert into t (a) default values

insert into t overriding user value values (1)

insert into t (a) overriding system value select 1

insert into t overriding value values (1)

insert into t values (1) returning *

insert into t values (1) returning a, b as c, d + 1 e

insert into t values (1) on conflict do nothing

insert into t values (1) on conflict (a) do nothing

insert into t values (1) on conflict (a, lower(b), (c + d) collate "C" text_ops) where e > 1 do update set a = excluded.a, b = 1 where t.c > 1 returning *

insert into t values (1) on conflict on constraint c do update set (a, b) = (1, 2)

insert into t values (1) on conflict on constraint c do update set a = default

insert into t values (1) on conflict do update set a = 1

insert into t values (1) on conflict (a desc nulls last) do nothing

insert into t values (1) on conflict

insert into t values (1) on conflict do

insert into t values (1) on conflict () do nothing

insert into t set a = 1

insert t values (1)

insert into t

insert into values (1)

insert into t (values (1) order by 1) on conflict do nothing

insert into only t values (1)

update t set a = 1

update only t set a = 1

update t * set a = 1

update t as x set a = 1

update t x set a = 1

update t set set a = 1

update t set a = 1, b = default, c.d = 2, e[1] = 3

update t set (a, b) = (1, 2), (c, d) = (select 1, 2), (e) = row(1)

update t set (a) = 1

update t set (a, b) = f(1)

update t set a = 1 from u, v where t.x = u.x returning *

update t set a = 1 where current of c

update t set a = 1 where current of

update t set a

update t set a = 

update t a = 1

update t set t.a = 1

update set set a = 1

with x as (select 1) update t set a = 1 from x

update t set a = 1 order by a

update t set a = 1 limit 1

update s.t set a = 1 where b = 2;

delete from t

delete from only t as x

delete from t using u, v where t.a = u.a returning t.*

delete from t where current of c

delete from t x where x.a = 1

delete t

delete from t, u

with x as (select 1) delete from t using x where true

delete from t where

delete from t limit 1

merge into t using s on t.a = s.a when matched then delete

merge into t as x using (select 1 as a) s on true when matched and x.b > 1 then update set a = 1, (b, c) = (1, 2) when not matched then insert (a, b) values (1, default) when matched then do nothing when not matched and true then do nothing

merge into only t using s join u using (a) on true when not matched then insert default values

merge into t using s on true when not matched then insert values (1) when not matched then insert overriding user value values (1) when not matched then insert (a) overriding system value values (1)

merge into t using s on true

merge into t using s when matched then delete

merge into t using s on true when matched then insert values (1)

merge into t using s on true when not matched then delete

merge into t using s on true when not matched then insert values (1), (2)

with x as (select 1) merge into t using x on true when matched then delete

merge into t using s on true when matched then delete returning *

