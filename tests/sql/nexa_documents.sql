-- ->> compared with a number is numeric, wherever it stands: numbers and numeric strings count, the rest is NULL
CREATE TABLE d (id int PRIMARY KEY, doc jsonb);
INSERT INTO d VALUES (1, '{"age": 30, "ok": true}'), (2, '{"age": "26", "ok": "false"}'), (3, '{"age": 20.5}'), (4, '{"age": "old"}'), (5, '{"age": null}'), (6, '{}'), (7, '[1]'), (8, '{"age": {"x": 1}}'), (9, '{"age": "1e2"}');
SELECT id FROM d WHERE doc->>'age' > 25 ORDER BY id;
SELECT id FROM d WHERE 25 < doc->>'age' ORDER BY id;
SELECT id FROM d WHERE doc->>'age' BETWEEN 20 AND 26 ORDER BY id;
SELECT id FROM d WHERE doc->>'age' IN (26, 30) ORDER BY id;
SELECT id FROM d WHERE doc->>'age' <> 30 ORDER BY id;
SELECT id FROM d WHERE doc#>>'{age}' >= 26.0 ORDER BY id;
SELECT id FROM d WHERE doc->>'age' = ANY (ARRAY[20.5, 100]) ORDER BY id;
SELECT count(*) FROM d WHERE NOT doc->>'age' > 25;
SELECT id FROM d WHERE doc->>'ok' = true;
SELECT doc->>'age' > 25 AS older, count(*) FROM d GROUP BY 1 ORDER BY 1 NULLS LAST;
SELECT doc->>'ok', max(jsonb_number(doc, 'age')) FROM d GROUP BY 1 HAVING max(doc->>'age') IS NOT NULL ORDER BY 1 NULLS LAST;
SELECT a.id, b.id FROM d a JOIN (VALUES (26), (30)) AS b(id) ON a.doc->>'age' = b.id ORDER BY 1;
-- with text it stays text
SELECT id FROM d WHERE doc->>'age' > '25' ORDER BY id;
-- an index over the numeric reading serves it
CREATE INDEX d_age ON d (jsonb_number(doc, 'age'));
INSERT INTO d SELECT g, jsonb_build_object('age', g) FROM generate_series(1000, 3000) g;
EXPLAIN (COSTS OFF) SELECT id FROM d WHERE doc->>'age' = 2500;
SELECT id FROM d WHERE doc->>'age' = 2500;
SELECT count(*) FROM d WHERE doc->>'age' BETWEEN 2000 AND 2099;
UPDATE d SET doc = '{"age": -1}' WHERE doc->>'age' = 2500;
SELECT id FROM d WHERE doc->>'age' = 2500;
SELECT id FROM d WHERE doc->>'age' = -1;
DELETE FROM d WHERE doc->>'age' >= 1000;
SELECT id FROM d WHERE doc->>'age' >= 100 ORDER BY id;
-- a collection is a table with _id, doc and its times; _id moves out of the document
CREATE COLLECTION c WITH (dimensions = 3);
INSERT INTO c (doc, embedding) VALUES ('{"_id": "a", "title": "first"}', '[1,2,3]') RETURNING _id, doc, embedding, _created_at = _updated_at AS same;
INSERT INTO c (doc) VALUES ('{"title": "second"}');
SELECT length(_id) FROM c WHERE _id <> 'a';
INSERT INTO c (doc) VALUES ('{"_id": "a"}');
UPDATE c SET doc = doc || '{"n": 1}' WHERE _id = 'a' RETURNING doc, _updated_at >= _created_at AS later;
INSERT INTO c (_id, doc, _created_at, _updated_at) VALUES ('n', NULL, '2020-01-01 00:00Z', '2020-01-01 00:00Z');
INSERT INTO c (doc, embedding) VALUES ('{}', '[1,2]');
CREATE COLLECTION c;
CREATE COLLECTION IF NOT EXISTS c;
DROP COLLECTION c;
SELECT * FROM c;
