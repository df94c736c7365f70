-- +goose Up

-- Earlier programs: may run beside these tables.

-- Practices run for months and programs are replaced meanwhile: an old and a new one
-- work on the same cases for a while.

-- What the oldest program has to know that may still work here: one row.
CREATE TABLE release (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- How many changes of the workflows' course were taken up: a program that knows
    -- fewer could not carry on what was begun since.
    changes  integer NOT NULL DEFAULT 0,
    -- The oldest tables that a program may expect and still work with these.
    tables   bigint NOT NULL DEFAULT 0
);
INSERT INTO release DEFAULT VALUES;

-- Which program each worker is: what it was built from, the tables it expects, and how
-- many changes of the workflows' course it knows. A program from before this says none.
ALTER TABLE worker_sign
    ADD COLUMN build   text NOT NULL DEFAULT '',
    ADD COLUMN tables  bigint NOT NULL DEFAULT 0,
    ADD COLUMN changes integer NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE worker_sign DROP COLUMN build, DROP COLUMN tables, DROP COLUMN changes;
DROP TABLE release;
