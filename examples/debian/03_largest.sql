-- The ten largest packages: a top-N, which keeps ten rows and never sorts the rest.
SELECT doc->>'name' AS name, (doc->>'installed_size')::bigint / 1024 AS mib, doc->>'summary' AS summary
  FROM packages
 WHERE doc ? 'installed_size'
 ORDER BY (doc->>'installed_size')::bigint DESC
 LIMIT 10;
