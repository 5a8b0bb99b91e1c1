-- How much room does each section take, counting only packages of over a megabyte? (installed_size is in KiB.)
-- ->> compared with a number reads the member as a number; packages without the member drop out.
SELECT doc->>'section' AS section,
       count(*) AS packages,
       round(sum((doc->>'installed_size')::bigint) / 1024) AS mib,
       round(avg((doc->>'installed_size')::numeric)) AS average_kib
  FROM packages
 WHERE doc->>'installed_size' > 1024
 GROUP BY doc->>'section'
 ORDER BY mib DESC
 LIMIT 10;
