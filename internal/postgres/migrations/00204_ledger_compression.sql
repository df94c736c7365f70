-- +goose Up

-- Decisions are entries of some thousand bytes, which PostgreSQL compresses. Its own
-- method takes longer for that than everything else that an entry costs here; lz4 takes a
-- fraction. A server that was built without it keeps the other: the bytes that are read
-- and hashed are the same.
-- +goose StatementBegin
DO $$
BEGIN
    ALTER TABLE ledger ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE decision ALTER COLUMN subject SET COMPRESSION lz4;
    ALTER TABLE decision ALTER COLUMN result SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
-- +goose StatementEnd

-- +goose Down
ALTER TABLE decision ALTER COLUMN result SET COMPRESSION pglz;
ALTER TABLE decision ALTER COLUMN subject SET COMPRESSION pglz;
ALTER TABLE ledger ALTER COLUMN body SET COMPRESSION pglz;
