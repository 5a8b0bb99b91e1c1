-- Everything that perl needs, and what that needs, and so on, taking the first of each set of alternatives.
WITH RECURSIVE needed(name) AS (
    SELECT 'perl'
    UNION
    SELECT requirement->0->>'name'
      FROM needed
      JOIN packages AS p ON p._id = needed.name
     CROSS JOIN LATERAL jsonb_array_elements(p.doc->'depends') AS requirement
)
SELECT count(*) AS packages, round(sum((p.doc->>'installed_size')::bigint) / 1024) AS mib,
       string_agg(needed.name, ' ' ORDER BY needed.name) AS names
  FROM needed
  JOIN packages AS p ON p._id = needed.name;
