-- Requirements that leave the most choice: the length of the inner arrays.
SELECT p._id AS package, jsonb_array_length(requirement) AS choices, requirement->0->>'name' AS preferred
  FROM packages AS p, jsonb_array_elements(p.doc->'depends') AS requirement
 WHERE jsonb_array_length(requirement) > 1
 ORDER BY choices DESC, package, preferred
 LIMIT 10;
