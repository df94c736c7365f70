-- +goose Up

-- A session is asked at each request what its person may see, so it has to know
-- who that is for the database, and not only the name they go by. Sessions that
-- do not know it end.
DELETE FROM ui_login;
ALTER TABLE ui_login ADD COLUMN identity text NOT NULL;

-- +goose Down
ALTER TABLE ui_login DROP COLUMN identity;
