-- +goose Up
-- Earlier programs: may run beside these tables.

-- Why somebody left a list, where the program knows a reason ('not_acquired': nobody had
-- seen their data), and in which state they were: a letter that was mailed to them by then
-- should not have been, and the account says so. Both are empty of those who left before,
-- and of those whom an earlier program takes out.
ALTER TABLE removed_finding
    ADD COLUMN reason text COLLATE "C" NOT NULL DEFAULT '' CHECK (reason IN ('', 'not_acquired')),
    ADD COLUMN stood text COLLATE "C" NOT NULL DEFAULT '';

-- How somebody stood when they left, in the words of internal/account.
-- +goose StatementBegin
CREATE FUNCTION left_why(reason text, stood text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT reason || CASE
        WHEN stood IN ('mailed', 'returned', 'told') THEN CASE reason WHEN '' THEN 'left_told' ELSE '_told' END
        WHEN stood = 'printed' THEN CASE reason WHEN '' THEN 'left_printed' ELSE '_printed' END
        ELSE '' END;
$$;
-- +goose StatementEnd

-- Counts a practice's findings anew. Those who left it are kept by key only: each once, by
-- the last time that they left.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_account(practices integer[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM account WHERE practice_id IN (SELECT unnest(practices));
    INSERT INTO account (practice_id, state, why, letter, residence, people, mailed_on, told_on)
    SELECT practice_id, state, state_why, letter, residence, count(*), max(mailed_on), max(told_on)
    FROM finding WHERE practice_id IN (SELECT unnest(practices)) GROUP BY practice_id, state, state_why, letter, residence
    UNION ALL
    SELECT practice_id, 'left', why, '', '', count(*), NULL, NULL
    FROM (
        SELECT DISTINCT ON (x.practice_id, x.person_key) x.practice_id, left_why(x.reason, x.stood) AS why
        FROM removed_finding x WHERE x.practice_id IN (SELECT unnest(practices))
            AND NOT EXISTS (SELECT FROM finding f WHERE f.practice_id = x.practice_id AND f.person_key = x.person_key)
        ORDER BY x.practice_id, x.person_key, x.list_number DESC
    ) gone GROUP BY practice_id, why;
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_account(practices integer[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM account WHERE practice_id IN (SELECT unnest(practices));
    INSERT INTO account (practice_id, state, why, letter, residence, people, mailed_on, told_on)
    SELECT practice_id, state, state_why, letter, residence, count(*), max(mailed_on), max(told_on)
    FROM finding WHERE practice_id IN (SELECT unnest(practices)) GROUP BY practice_id, state, state_why, letter, residence
    UNION ALL
    SELECT x.practice_id, 'left', '', '', '', count(DISTINCT x.person_key), NULL, NULL
    FROM removed_finding x WHERE x.practice_id IN (SELECT unnest(practices))
        AND NOT EXISTS (SELECT FROM finding f WHERE f.practice_id = x.practice_id AND f.person_key = x.person_key)
    GROUP BY x.practice_id;
$$;
-- +goose StatementEnd
DROP FUNCTION left_why(text, text);
ALTER TABLE removed_finding DROP COLUMN stood, DROP COLUMN reason;
