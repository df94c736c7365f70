-- +goose Up
-- The worksheet and the calendar say what was recorded, and follow it; the notice and
-- the letter do not, so the packet's hash cannot say whether these two are current.
ALTER TABLE practice ADD COLUMN worksheet_sha256 text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE practice DROP COLUMN worksheet_sha256;
