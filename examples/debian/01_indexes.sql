-- What we will ask for often gets an index: an expression over the document is indexed like a column.
-- jsonb_number() is how ->> is read when it is compared with a number; EXPLAIN shows it.
CREATE INDEX packages_source ON packages ((doc->>'source'));
CREATE INDEX packages_section_size ON packages ((doc->>'section'), jsonb_number(doc, 'installed_size'));
ANALYZE packages;
