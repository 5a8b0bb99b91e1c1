-- Where do the maintainers have their mail? Members of nested objects: doc->'maintainer'->>'email'.
SELECT split_part(doc->'maintainer'->>'email', '@', 2) AS host,
       count(*) AS packages,
       count(DISTINCT doc->'maintainer'->>'name') AS maintainers
  FROM packages
 GROUP BY host
HAVING count(*) > 1
 ORDER BY packages DESC, host
 LIMIT 10;
