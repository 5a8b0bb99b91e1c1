-- Ordered-set and hypothetical-set aggregates.
create temp table v (g int, x float8, n numeric, i interval, t text);
insert into v values (1, 1, 1.5, '1 day', 'a'), (1, 2, 2.5, '2 days', 'b'), (1, 4, 2.5, '1 month', 'b'), (2, 10, null, null, null), (2, null, 7, '1 hour', 'z'), (3, null, null, null, null);

-- one fraction
select g, percentile_cont(0.5) within group (order by x), percentile_disc(0.5) within group (order by n), percentile_disc(0.9) within group (order by t) from v group by g order by g;
select percentile_cont(0.25) within group (order by i), percentile_cont(0.3) within group (order by x desc) from v;
select percentile_cont(0) within group (order by x), percentile_cont(1) within group (order by x), percentile_disc(0) within group (order by x), percentile_disc(1) within group (order by x) from v;
-- many fractions
select percentile_cont(array[0, 0.25, null, 1]) within group (order by x), percentile_disc('{{0,0.5},{0.9,1}}'::float8[]) within group (order by t), percentile_cont(array[0.1,0.5]) within group (order by i) from v;
-- nothing to look at
select percentile_cont(0.5) within group (order by x), mode() within group (order by x), rank(1) within group (order by x), cume_dist(1) within group (order by x), percent_rank(1) within group (order by x), dense_rank(1) within group (order by x) from v where false;
select percentile_cont(null) within group (order by x), percentile_disc(null::float8[]) within group (order by x) from v;
-- fractions outside 0 .. 1
select percentile_cont(1.5) within group (order by x) from v;
select percentile_disc(array[0.5, -1]) within group (order by x) from v;
-- mode
select g, mode() within group (order by n), mode() within group (order by t desc) from v group by g order by g;
-- rows that are not there
select rank(2) within group (order by x), dense_rank(2.5) within group (order by n), percent_rank(3) within group (order by x), cume_dist(2) within group (order by x) from v;
select rank(2) within group (order by x desc), rank(2) within group (order by x nulls first), rank(null) within group (order by x), cume_dist(2) within group (order by x desc nulls last) from v;
select rank('b', 2) within group (order by t, x), dense_rank('b', 3) within group (order by t, x), rank('b', 3) within group (order by t desc, x) from v;
select g, rank(3) within group (order by x) filter (where x > 1) from v group by g order by g;
select percentile_disc(0.5) within group (order by a) from (values ('{1}'::int[]), ('{2}')) s(a);
