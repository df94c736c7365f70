-- +goose Up

-- Whether a practice's letters may be printed stands in clear. The seal is a keyed
-- hash of the standing that it was said in, so that nobody who has not the incident's
-- key can say it; empty while nothing may be printed.
ALTER TABLE practice ADD COLUMN standing_seal bytea NOT NULL DEFAULT '';
-- What was said before there was a seal has none. It is said anew by the practice's
-- workflow at its next look.
UPDATE practice SET standing_of = -1 WHERE printable;

-- +goose Down
ALTER TABLE practice DROP COLUMN standing_seal;
