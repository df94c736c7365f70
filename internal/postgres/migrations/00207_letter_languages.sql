-- +goose Up
-- Earlier programs: may run beside these tables.

-- In which languages the letters of a batch are, and why, sealed with the incident's data
-- key: what somebody reads is nothing to be in clear (ADR 90). Null where all are in
-- English because nobody asked, and of batches of an earlier program.
ALTER TABLE batch ADD COLUMN languages bytea;

-- +goose Down
ALTER TABLE batch DROP COLUMN languages;
