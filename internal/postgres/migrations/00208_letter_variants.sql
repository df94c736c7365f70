-- +goose Up
-- Earlier programs: may run beside these tables.

-- Which letters the people of a practice get and how many of each, as they were counted
-- when its papers were made: counts, and nobody. An earlier program makes papers without
-- counting; what lies here is then of other papers, and is not shown for them.
CREATE TABLE letter_variants (
    practice_id   integer PRIMARY KEY REFERENCES practice ON DELETE CASCADE,
    papers_sha256 text NOT NULL,
    counted       jsonb NOT NULL
);

-- +goose Down
DROP TABLE letter_variants;
