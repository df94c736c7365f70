-- +goose Up

-- Why nothing further is e-mailed to a practice, as its standing says, '' for no reason:
-- what was sent came back, and neither the address was corrected nor did an officer say
-- that e-mail goes there again.
ALTER TABLE practice ADD COLUMN email_stopped text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE practice DROP COLUMN email_stopped;
