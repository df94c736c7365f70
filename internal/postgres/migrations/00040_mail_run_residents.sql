-- +goose Up

-- People found in the incident when the run was planned, by State, for the
-- States whose letters have to tell the number: every letter of a run says the
-- same one, also those printed after a crash.
ALTER TABLE mail_run ADD COLUMN residents jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE mail_run DROP COLUMN residents;
