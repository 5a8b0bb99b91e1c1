-- The largest package of each section, and its part of the section's total: window functions over extracted members.
SELECT section, name, kib / 1024 AS mib, round(100.0 * kib / total, 1) AS percent
  FROM (SELECT doc->>'section' AS section, doc->>'name' AS name, (doc->>'installed_size')::bigint AS kib,
               row_number() OVER (PARTITION BY doc->>'section' ORDER BY (doc->>'installed_size')::bigint DESC) AS place,
               sum((doc->>'installed_size')::bigint) OVER (PARTITION BY doc->>'section') AS total
          FROM packages
         WHERE doc->>'installed_size' > 0) AS ranked
 WHERE place = 1
 ORDER BY kib DESC
 LIMIT 10;
