-- What we will ask for often gets an index: an expression over the document is indexed like a column.
CREATE INDEX packages_source ON packages ((doc->>'source'));
CREATE INDEX packages_section_size ON packages ((doc->>'section'), ((doc->>'installed_size')::numeric));
ANALYZE packages;
