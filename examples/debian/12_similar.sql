-- Which descriptions are most like that of bash? <=> is the cosine distance; without an index on the vectors the answer
-- is exact: every embedding is read, ten rows are kept. (The embeddings only hash words, so do not expect wit.)
SELECT p._id AS name, round((p.embedding <=> bash.embedding)::numeric, 3) AS distance, p.doc->>'summary' AS summary
  FROM packages AS p, (SELECT embedding FROM packages WHERE _id = 'bash') AS bash
 ORDER BY p.embedding <=> bash.embedding, p._id
 LIMIT 10;
