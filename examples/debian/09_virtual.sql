-- Names that are needed although no package has them: virtual packages. NOT EXISTS becomes an anti join.
SELECT alternative->>'name' AS name, count(*) AS times
  FROM packages AS p,
       jsonb_array_elements(p.doc->'depends') AS requirement,
       jsonb_array_elements(requirement) AS alternative
 WHERE NOT EXISTS (SELECT 1 FROM packages AS q WHERE q._id = alternative->>'name')
 GROUP BY name
 ORDER BY times DESC, name
 LIMIT 10;
