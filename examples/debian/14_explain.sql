-- How an equality and a range on extracted members are answered: by one index over both expressions.
EXPLAIN (COSTS OFF)
SELECT _id FROM packages WHERE doc->>'section' = 'shells' AND doc->>'installed_size' > 1000;
