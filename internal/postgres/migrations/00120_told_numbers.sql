-- +goose Up

-- The number of people that the recipient of the duty was told last, NULL while
-- no record says that it was told. A list that grows later owes the difference.
ALTER TABLE obligation ADD COLUMN told integer;

-- +goose Down
ALTER TABLE obligation DROP COLUMN told;
