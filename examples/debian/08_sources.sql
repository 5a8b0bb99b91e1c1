-- Source packages that are built into many packages, beside the one that carries the source's name: a join of the
-- collection with itself on two extracted keys.
SELECT main.doc->>'name' AS source, main.doc->>'summary' AS summary, count(*) AS others,
       sum((other.doc->>'installed_size')::bigint) AS kib_of_others
  FROM packages AS main
  JOIN packages AS other ON other.doc->>'source' = main.doc->>'name'
 WHERE other._id <> main._id
 GROUP BY source, summary
 ORDER BY others DESC, source
 LIMIT 10;
