CREATE TABLE emp (id int PRIMARY KEY, name text NOT NULL, dept int, salary numeric(10,2), hired date);
CREATE TABLE dept (id int PRIMARY KEY, name text);
INSERT INTO dept VALUES (1,'sales'),(2,'dev'),(3,'empty');
INSERT INTO emp VALUES (1,'ann',1,1000,'2020-01-01'),(2,'bob',1,1500.50,'2019-05-05'),(3,'cid',2,2000,NULL),(4,'dan',2,NULL,'2021-12-31'),(5,'eve',NULL,700,'2018-08-08');
-- joins
SELECT e.name, d.name FROM emp e JOIN dept d ON e.dept = d.id ORDER BY e.id;
SELECT e.name, d.name FROM emp e LEFT JOIN dept d ON e.dept = d.id ORDER BY e.id;
SELECT e.name, d.name FROM emp e RIGHT JOIN dept d ON e.dept = d.id ORDER BY d.id, e.id;
SELECT e.name, d.name FROM emp e FULL JOIN dept d ON e.dept = d.id ORDER BY d.id NULLS FIRST, e.id;
SELECT count(*) FROM emp CROSS JOIN dept;
SELECT * FROM dept NATURAL JOIN (SELECT 1 AS id, 'x' AS z) s;
SELECT id, e.name FROM emp e JOIN dept d USING (id) ORDER BY 1;
SELECT e.name FROM emp e, dept d WHERE e.dept = d.id AND d.name = 'dev' ORDER BY 1;
-- grouping
SELECT dept, count(*), sum(salary), avg(salary), min(hired), max(name) FROM emp GROUP BY dept ORDER BY dept;
SELECT dept, count(*) FROM emp GROUP BY dept HAVING count(*) > 1 ORDER BY 1;
SELECT dept, count(salary) FILTER (WHERE salary > 1000), count(DISTINCT dept) FROM emp GROUP BY 1 ORDER BY 1 NULLS FIRST;
SELECT dept, name, sum(salary) FROM emp GROUP BY ROLLUP (dept, name) ORDER BY 1, 2;
SELECT name, count(*) FROM emp;
SELECT string_agg(name, ', ' ORDER BY name DESC) FROM emp;
SELECT count(*) FROM emp WHERE false;
SELECT sum(salary) FROM emp WHERE false;
-- order, limit
SELECT name FROM emp ORDER BY salary DESC NULLS LAST LIMIT 2 OFFSET 1;
SELECT name AS n FROM emp ORDER BY n DESC FETCH FIRST 2 ROWS ONLY;
SELECT DISTINCT dept FROM emp ORDER BY dept DESC;
SELECT DISTINCT ON (dept) dept, name FROM emp ORDER BY dept, salary DESC NULLS LAST;
-- subqueries
SELECT name FROM emp WHERE salary = (SELECT max(salary) FROM emp);
SELECT name FROM emp WHERE dept IN (SELECT id FROM dept WHERE name LIKE 's%') ORDER BY 1;
SELECT name FROM dept d WHERE NOT EXISTS (SELECT 1 FROM emp e WHERE e.dept = d.id);
SELECT name FROM emp WHERE dept NOT IN (SELECT id FROM dept WHERE id = 1) ORDER BY 1;
SELECT name, (SELECT d.name FROM dept d WHERE d.id = e.dept) FROM emp e ORDER BY id;
SELECT * FROM (SELECT dept, count(*) AS n FROM emp GROUP BY dept) s WHERE n > 1 ORDER BY 1;
SELECT name FROM emp WHERE salary > ALL (SELECT salary FROM emp WHERE dept = 1) ORDER BY 1;
SELECT name FROM emp WHERE id = ANY (ARRAY[1,3,9]) ORDER BY 1;
SELECT (SELECT id FROM emp);
-- set operations
SELECT id FROM dept UNION SELECT dept FROM emp ORDER BY 1;
SELECT id FROM dept UNION ALL SELECT 1 ORDER BY 1;
SELECT id FROM dept INTERSECT SELECT dept FROM emp ORDER BY 1;
SELECT id FROM dept EXCEPT SELECT dept FROM emp;
VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC;
-- common table expressions
WITH x AS (SELECT dept, sum(salary) AS s FROM emp GROUP BY dept) SELECT d.name, x.s FROM x JOIN dept d ON d.id = x.dept ORDER BY 1;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT sum(n), count(*) FROM t;
WITH ins AS (INSERT INTO dept VALUES (4, 'new') RETURNING id) SELECT * FROM ins;
-- expressions
SELECT CASE WHEN salary > 1200 THEN 'high' WHEN salary IS NULL THEN 'none' ELSE 'low' END FROM emp ORDER BY id;
SELECT CASE dept WHEN 1 THEN 'one' ELSE 'other' END, coalesce(salary, 0), nullif(dept, 2) FROM emp ORDER BY id;
SELECT greatest(1, 3, 2), least('b', 'a'), 5 BETWEEN 1 AND 10, 5 NOT BETWEEN SYMMETRIC 10 AND 1;
SELECT 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, true IS NOT FALSE, NULL::boolean IS UNKNOWN;
SELECT 'abc' LIKE 'a%', 'ABC' ILIKE 'a_c', 'abc' NOT LIKE '%d', 'a%c' LIKE 'a\%c', 'abc' ~ '^a.c$', 'abc' SIMILAR TO '(a|b)%';
SELECT 7 / 2, 7 % 3, -7 / 2, 7.0 / 2, 2 ^ 10, 10 / 4.0, 1e3, @ -5, |/ 16, 5 & 3, 1 << 4;
SELECT 1/0;
SELECT 2147483647 + 1;
SELECT 'x' || 1 || true || 1.50;
SELECT length('héllo'), upper('straße'), substring('abcdef' FROM 2 FOR 3), position('c' IN 'abc'), trim(BOTH 'x' FROM 'xxaxx'), overlay('abcdef' PLACING 'ZZ' FROM 2);
SELECT replace('aXbX','X','-'), split_part('a,b,c', ',', 2), lpad('7', 3, '0'), initcap('hello world'), reverse('abc'), md5('a');
SELECT round(2.5), round(-2.5), round(2.345, 2), trunc(2.9), ceil(2.1), floor(-2.1), abs(-3), mod(7, 3), power(2, 3), sqrt(2.0);
SELECT CAST('12' AS int), '3.7'::numeric::int, 'true'::boolean, 12::text, '2020-02-30'::date;
SELECT 'abc'::int;
SELECT date '2020-03-31' + interval '1 month', timestamp '2020-01-01 10:00' - timestamp '2019-12-31 09:00', date '2020-01-10' - date '2020-01-01';
SELECT extract(year FROM date '2020-05-06'), date_trunc('month', timestamp '2020-05-06 07:08:09'), age(timestamp '2020-05-06', timestamp '2019-01-01');
SELECT row_number() OVER (ORDER BY salary DESC NULLS LAST), rank() OVER (PARTITION BY dept ORDER BY salary), sum(salary) OVER (PARTITION BY dept), lag(name) OVER (ORDER BY id), name FROM emp ORDER BY id;
SELECT sum(salary) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM emp ORDER BY id;
SELECT generate_series(1, 3) AS g, 'x';
SELECT * FROM generate_series(1, 10, 4) WITH ORDINALITY AS t(v, n);
-- errors
SELECT name FROM emp GROUP BY dept;
SELECT id FROM emp JOIN dept ON true;
SELECT foo(1);
SELECT 1 + 'a';
SELECT 'a' + 'b';
SELECT * FROM emp WHERE name;
SELECT max(sum(id)) FROM emp;
SELECT e.nothing FROM emp e;
SELECT x.* FROM emp e;
