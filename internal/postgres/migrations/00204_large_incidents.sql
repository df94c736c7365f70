-- +goose Up

-- Decisions are entries of some thousand bytes, which PostgreSQL compresses. Its own
-- method takes longer for that than everything else that an entry costs here; lz4 takes a
-- fraction. A server that was built without it keeps the other: the bytes that are read
-- and hashed are the same.
-- +goose StatementBegin
DO $$
BEGIN
    ALTER TABLE ledger ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE decision ALTER COLUMN subject SET COMPRESSION lz4;
    ALTER TABLE decision ALTER COLUMN result SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
-- +goose StatementEnd

-- Of 45,000 practices: an array was gone through for each of their millions of people.
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

-- Status counts the practices whose notice is owed: without it, among all duties of all.
CREATE INDEX obligation_notice_owed ON obligation (practice_id)
    WHERE kind = 'covered_entity_notice' AND NOT dropped AND settled_on IS NULL;

-- +goose Down
DROP INDEX obligation_notice_owed;
ALTER TABLE decision ALTER COLUMN result SET COMPRESSION pglz;
ALTER TABLE decision ALTER COLUMN subject SET COMPRESSION pglz;
ALTER TABLE ledger ALTER COLUMN body SET COMPRESSION pglz;
