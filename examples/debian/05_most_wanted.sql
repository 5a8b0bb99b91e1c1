-- Which packages do most others need? depends is an array of arrays, so it is unnested twice:
-- once into requirements, once into the alternatives that meet one.
SELECT alternative->>'name' AS name, count(DISTINCT p._id) AS needed_by
  FROM packages AS p,
       jsonb_array_elements(p.doc->'depends') AS requirement,
       jsonb_array_elements(requirement) AS alternative
 GROUP BY name
 ORDER BY needed_by DESC, name
 LIMIT 10;
