-- +goose Up

-- Keyed hash of a person's code for the credit monitoring, NULL for none: by it a
-- further list is held against the people who are there, so that no two get one code.
ALTER TABLE finding ADD COLUMN code_hash uuid;
ALTER TABLE incoming_finding ADD COLUMN code_hash uuid;
CREATE INDEX finding_code_hash ON finding (code_hash) WHERE code_hash IS NOT NULL;

-- An incident's folder has its id for a name, and many computers ignore capitals.
CREATE UNIQUE INDEX incident_folder ON incident (lower(id));

-- +goose Down
DROP INDEX incident_folder;
DROP INDEX finding_code_hash;
ALTER TABLE incoming_finding DROP COLUMN code_hash;
ALTER TABLE finding DROP COLUMN code_hash;
