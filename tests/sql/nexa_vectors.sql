-- the type
SELECT '[1,2,3]'::vector, ' [ 1.5 , -2 ] '::vector, '[1e-3,2E2]'::vector(2), vector_dims('[1,2,3]'::vector), vector_norm('[3,4]'::vector);
SELECT '[]'::vector;
SELECT '[1,2'::vector;
SELECT '[1,NaN]'::vector;
SELECT '[1,2,3]'::vector(2);
SELECT '[1,2]'::vector(0);
-- distances
SELECT '[1,2]'::vector <-> '[4,6]', '[1,2]'::vector <#> '[3,4]', '[1,0]'::vector <=> '[0,1]', '[1,2]'::vector <+> '[4,6]';
SELECT l2_distance('[0,0]'::vector, '[3,4]'), inner_product('[1,2]'::vector, '[3,4]'), cosine_distance('[1,1]'::vector, '[1,1]'), l1_distance('[0,0]'::vector, '[3,4]');
SELECT '[1,2]'::vector <-> '[1,2,3]';
-- arithmetic, order, casts, aggregates
SELECT '[1,2]'::vector + '[3,4]', '[1,2]'::vector - '[3,4]', '[1,2]'::vector * '[3,4]', '[1]'::vector || '[2,3]', l2_normalize('[3,4]'::vector);
SELECT '[1,2]'::vector < '[1,3]', '[1,2]'::vector = '[1,2]', ARRAY[1,2,3]::vector, '[1,2]'::vector::real[];
SELECT sum(v), avg(v) FROM (VALUES ('[1,2]'::vector), ('[3,4]')) AS t(v);
-- the nearest neighbours, exactly
CREATE TABLE items (id int PRIMARY KEY, name text, embedding vector(3));
INSERT INTO items SELECT g, 'item ' || g, ('[' || g || ',' || (g * 7) % 10 || ',' || (g * 3) % 10 || ']')::vector FROM generate_series(1, 200) g;
SELECT id, embedding <-> '[5,5,5]' AS distance FROM items ORDER BY embedding <-> '[5,5,5]', id LIMIT 3;
SELECT id FROM items ORDER BY embedding <=> '[1,1,1]', id LIMIT 3;
SELECT id FROM items WHERE id > 100 ORDER BY embedding <-> '[5,5,5]' LIMIT 3;
EXPLAIN (COSTS OFF) SELECT id FROM items ORDER BY embedding <-> '[5,5,5]' LIMIT 3;
UPDATE items SET embedding = '[5,5,5]' WHERE id = 150;
UPDATE items SET name = 'renamed' WHERE id = 150;
SELECT id, name FROM items ORDER BY embedding <-> '[5,5,5]', id DESC LIMIT 1;
INSERT INTO items VALUES (1000, 'bad', '[1,2]');
INSERT INTO items VALUES (1001, 'none', NULL);
SELECT count(*) FROM items WHERE embedding IS NULL;
COPY (SELECT embedding FROM items WHERE id <= 2 ORDER BY id) TO STDOUT;
