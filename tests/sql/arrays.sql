-- Arrays: text form, shapes, order, changes, aggregates, rows.


-- faults of the text form
select '{1,2'::int[];
select '{1,2}}'::int[];
select '1,2'::int[];
select '{1,,2}'::int[];
select '{,1}'::int[];
select '{1,}'::int[];
select '{1 2}'::int[];
select '{"1" 2}'::int[];
select '{{1,2},{3}}'::int[];
select '{{1,2},3}'::int[];
select '{1,{2,3}}'::int[];
select '[2:1]={}'::int[];
select '[1:2]={1}'::int[];
select '[1:2]{1,2}'::int[];
select '[1:2] = {1,2}'::int[];
select '[a:2]={1,2}'::int[];
select '[1:]={1,2}'::int[];
select '[1={1,2}'::int[];
select '{}x'::int[];
select '{}  '::int[];
select ' { }'::int[];
select '{{},{}}'::int[];
select '{{{{{{{1}}}}}}}'::int[];
select '{"a","b\"c", d\e , null, "null", NuLL, "" }'::text[];
select '{a"b"c}'::text[];
select '{"a"b}'::text[];
select ''::int[];
select '{'::text[];
select '{a,\'::text[];
select '{a}b'::text[];
select '{ a b , c  d }'::text[];
select '[-2147483648:2147483647]={1}'::int[];
select '[2147483647:2147483647]={1}'::int[];
select '[0:1]={1,2}'::int[];
select '[3]={1,2,3}'::int[];
select '{1,2}'::int2vector;
select '1 2 3'::int2vector, ' 1  2 '::oidvector, ''::oidvector;
select '1 a'::int2vector; select '1 99999'::int2vector;

-- making and changing
select array_fill(1, array[2,null]);
select array_fill(1, null);
select array_fill(1, array[[2]]);
select array_fill(1, array[-1]); select array_fill(1, array[0]); select array_fill(1, array[2,2], array[1]);
select array_fill(1, array[1000000,10000]);
select array_fill(null::int, array[2],array[3]); select array_fill(1,'{}'::int[]);
select array_append(array[[1]],2); select array_prepend(2,array[[1]]);
select array_append('[2147483647:2147483647]={1}'::int[],2);
select array_prepend(0,'[-2147483648:-2147483648]={1}'::int[]);
select array_prepend(0,'[5:6]={1,2}'::int[]), array_append('[5:6]={1,2}'::int[],3);
select array_cat('{1}','{{1,2}}'::int[]);select array_cat('{1,2}','{{1,2}}'::int[]); select array_cat('{{1,2}}'::int[],'{3,4}');select array_cat('{{1,2}}'::int[],'{{3}}'); select array_cat('{{{1}}}'::int[],'{3}');select array_cat('[3:4]={1,2}'::int[],'[7:7]={3}'), array_cat(null,'{1}'::int[]),array_cat('{}'::int[],'[4:4]={1}');
select array_position('{{1}}'::int[],1); select array_positions('{{1}}'::int[],1); select array_remove('{{1}}'::int[],1); select array_replace('{{1,2},{1,3}}'::int[],1,5);
select array_position('[3:5]={1,2,1}'::int[],1,4),array_position('{1}'::int[],1,null);
select array_remove('[3:5]={1,2,1}'::int[],2),array_remove('{1,null}'::int[],null),array_remove('{1}'::int[],1);
select trim_array('{1,2}'::int[],3);select trim_array('{1,2}'::int[],-1);select trim_array('[4:6]={1,2,3}'::int[],1),trim_array('{{1,2},{3,4}}'::int[],1),trim_array('{1,2}'::int[],2),trim_array('{}'::int[],0);

-- texts
select array_to_string('{{1,null},{3,4}}'::int[],','),array_to_string('{{1,null},{3,4}}'::int[],',','*'),array_to_string('{1}'::int[],null,'x');
select string_to_array('abc',''),string_to_array('abc',null),string_to_array('',','),string_to_array('a,b,',','),string_to_array('a,b,c',',','b'),string_to_array('','',''),string_to_array('abc',null,'b');

-- array_agg of arrays
select array_agg(x) from (values ('{1}'::int[]),('{1,2}')) v(x);
select array_agg(x) from (values ('{1}'::int[]),(null)) v(x);
select array_agg(x) from (values ('{}'::int[]),('{}')) v(x);
select array_agg(x) from (values ('[3:4]={1,2}'::int[]),('{4,5}')) v(x);

-- subscripts, containment, shapes, order
select generate_subscripts('[3:5]={1,2,3}'::int[],1), generate_subscripts('[3:5]={1,2,3}'::int[],1,true);
select '{1,2}'::int[] && '{2,null}', '{1,null}'::int[] @> '{null}', '{{1,2},{3,4}}'::int[] @> '{4,1}';
select array_ndims('{}'::int[]), array_dims('{}'::int[]), array_dims('[0:1][-1:0]={{1,2},{3,4}}'::int[]), array_length('{}'::int[],1), array_length('{1}'::int[],2), cardinality('{{1,2},{3,4}}'::int[]);
select '{1,2}'::int[] < '{{1,2}}'::int[], '{1,2}'::int[] = '[2:3]={1,2}', '{1,2}'::int[] < '[2:3]={1,2}','{1,2,3}'::int[] < '{1,3}', '{null}'::int[] < '{1}','{null}'::int[] = '{null}';

-- elements without equality
select array_position(array['{}'::json],'{}'::json); select array['{}'::json]=array['{}'::json]; select array['{}'::json]<array['{}'::json]; select array['{}'::json]&&array['{}'::json]; select array_remove(array['{}'::json],'{}'); 
select array_fill('a'::json, array[1]);
select '{(1,2)}'::text[], '{"a,b","{}",\\x,"  ",a''b}'::text[];
select '{2000-01-01 00:00:00,"2000-01-02"}'::timestamp[],'{1.50,NaN}'::numeric[],'{t,f}'::bool[],array['\x01'::bytea], array['{"a": 1}'::jsonb];
select array[1,2]::text, '{a,b}'::varchar(1)[], '{abc}'::varchar(2)[], '{1.234}'::numeric(5,1)[];

-- rows from arrays
select * from unnest(array[1,2,3], array['a','b']) as t(a,b);
select unnest('{{1,2},{3,null}}'::int[]);
select * from unnest('{a,b}'::text[]) with ordinality;

-- array_agg
select array_agg(x), array_agg(distinct x), array_agg(x order by x desc nulls last) from (values (3),(1),(null),(3)) v(x);
select array_agg(x order by x) from (values ('b'),('a')) v(x);
select array_agg(x) from (select 1 where false) v(x);
select array_agg(x) from (values (1.10),(2.0),(null)) v(x);
select array_agg(x), min(x), max(x) from (values ('{1,2}'::int[]),('{3,4}')) v(x);
select x, count(*) from (values ('{1,2}'::int[]),('{3,4}'),('{1,2}')) v(x) group by x order by x;
select distinct x from (values ('{a,b}'::text[]),('{c}'),('{a,b}')) v(x) order by x desc;

-- operators
select array[1,2] || 3, 0 || array[1,2], array[1] || array[2,3], array[1,2] || array[[3,4]], array['a'] || 'b'::text, null || array[1], array[1]||null::int;
select array_append(array[1.5],2), array['a'::varchar,'b']||'c'::text;
select 3 = any(array[1,2,3]), 3 = all('{3,3}'::int[]), 'a' = any('{b,a}');
select (array[1,2,3])[2], (array[1,2,3])[2:3], (array[[1,2],[3,4]])[2][1], (array[[1,2],[3,4]])[1:1];

-- stored arrays
create temp table ta(i int primary key, a int[], t text[], n numeric(5,2)[]);
insert into ta values (1,'{1,2}','{a,NULL}','{1.234,null}'),(2,'{}','{}',null),(3,array[5,6,7],array['x y','z'],array[1,2]);
select * from ta order by a;

-- arrays as keys
create temp table tk(a int[] primary key); insert into tk values ('{1}'),('{1,2}'),('{}'),('{NULL}'),('{-1}'); insert into tk values ('{1,2}'); select * from tk order by a; select * from tk where a > '{1}' order by a;
select array_agg(t) from (values ('2000-01-01'::date),('2001-01-01')) v(t);
select array_to_string(array(select generate_series(1,5)),'-');
select array_fill(1, array[1], array[[1]]);
select cardinality('{}'::int[]), '{}'::int[] = '{}', array[]::int[];
select '1 2'::int2vector = '1 2'::int2vector, ('1 2 3'::int2vector)[0], '1 2'::oidvector < '1 3'::oidvector, 2 = any('1 2'::int2vector), array_lower('1 2'::int2vector,1), array_upper('5 6'::oidvector,1), array_length(''::int2vector,1);
select unnest('5 6'::oidvector);
select * from string_to_table('a,b,,c',',','') x;
select string_to_array('a||b||c','||'), string_to_array('äöü',null);
select json_agg(array[1,2]), to_jsonb('{{1,2},{3,4}}'::int[]);
select array_cat(array[1,2], array['a']);
select array_position(array['a','b','c','b'],'b',3), array_positions(array[1,null,1],null), array_position('{}'::int[],1);
select array_agg(a order by a) from (values ('{1,2}'::int[]),('{0,5}')) v(a);
select array_agg(i) over (order by i) from generate_series(1,3) i;
select generate_subscripts('{}'::int[],1);
select * from unnest(null::int[]);
select array_prepend(null, '{1}'::int[]), array_cat('[0:1]={1,2}'::int[],'{3}'), array_replace('{1,null}'::int[],null,3);
select '{1,2}'::text::int[], '{"x":1}'::jsonb || '{}';
select '{1,2,3}'::int[]::text[], '{1.5,2.5}'::numeric[]::int[];
select array[1,2]=array['1','2']::int[];
select '{1,2}'::bigint[] @> array[1::bigint], array[1,2] <@ array[2,1,3];
