-- the shortest statements there are
SELECT 1;
SELECT 1 + 1 AS two, 'text' AS t, NULL AS n;
-- a table, rows, and what comes back
CREATE TABLE t (id int PRIMARY KEY, name text, price numeric(10,2));
INSERT INTO t VALUES (1, 'one', 1.1), (2, 'two', NULL), (3, NULL, 3);
SELECT * FROM t ORDER BY id;
SELECT name, price * 2 FROM t WHERE id > 1 ORDER BY id DESC;
-- the key holds
INSERT INTO t VALUES (1, 'again', 0);
UPDATE t SET name = 'three' WHERE id = 3;
DELETE FROM t WHERE id = 2 RETURNING id, name;
SELECT count(*), sum(price), max(name) FROM t;
-- names that are not there
SELECT * FROM nowhere;
SELECT nothing FROM t;
-- syntax
SELEC 1;
DROP TABLE t;
SELECT * FROM t;
