-- One document per package, and beside it 32 numbers that stand for its description.
-- A collection has the columns _id, doc, _created_at, _updated_at and, with dimensions, embedding.
CREATE COLLECTION packages WITH (dimensions = 32);
