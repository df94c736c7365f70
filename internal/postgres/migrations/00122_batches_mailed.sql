-- +goose Up

-- The day on which a batch of letters was mailed, as a person recorded it. A
-- mailing counts for exactly the people whose letters are in the batch.
ALTER TABLE batch ADD COLUMN mailed_on date;

-- +goose Down
ALTER TABLE batch DROP COLUMN mailed_on;
