-- What does perl need directly, and how large is it? A join whose key stands inside a document: the names found in the
-- arrays against _id, the primary key.
SELECT alternative->>'name' AS needs, alternative->>'op' AS op, alternative->>'version' AS at_least,
       needed.doc->>'version' AS there, needed.doc->>'installed_size' AS kib
  FROM packages AS p
 CROSS JOIN LATERAL jsonb_array_elements(p.doc->'depends') AS requirement
 CROSS JOIN LATERAL jsonb_array_elements(requirement) AS alternative
  LEFT JOIN packages AS needed ON needed._id = alternative->>'name'
 WHERE p._id = 'perl'
 ORDER BY needs;
