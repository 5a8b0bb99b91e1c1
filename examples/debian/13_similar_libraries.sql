-- The same with a condition on the document: the libraries whose descriptions are most like that of perl-base.
SELECT _id AS name, round((embedding <=> (SELECT embedding FROM packages WHERE _id = 'perl-base'))::numeric, 3) AS distance,
       doc->>'summary' AS summary
  FROM packages
 WHERE doc->>'section' = 'libs' AND doc->>'installed_size' < 10000
 ORDER BY embedding <=> (SELECT embedding FROM packages WHERE _id = 'perl-base'), _id
 LIMIT 5;
