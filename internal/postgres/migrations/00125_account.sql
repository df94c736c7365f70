-- +goose Up

-- The account: each finding is in exactly one state (package account), kept with
-- the finding, and counted by practice in a table that a trigger keeps, so that no
-- statement can move somebody and forget to count them.

-- The defaults are for rows of a list, of which the loader writes state and why.
ALTER TABLE finding
    ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN (
        'waiting', 'printing', 'printed', 'mailed', 'held', 'no_address', 'returned', 'told', 'practice_tells', 'dead_50_years')),
    ADD COLUMN state_why text COLLATE "C" NOT NULL DEFAULT '',
    -- How it is in a printed letter: 'own', 'joined', or '' when it is in none.
    ADD COLUMN letter text COLLATE "C" NOT NULL DEFAULT '' CHECK (letter IN ('', 'own', 'joined')),
    -- The day its letter was mailed, and the day on which it was told otherwise.
    ADD COLUMN mailed_on date,
    ADD COLUMN told_on date;
ALTER TABLE incoming_finding
    ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'waiting',
    ADD COLUMN state_why text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN letter text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN mailed_on date,
    ADD COLUMN told_on date;

-- What was kept before the account was: as flags, counters and rows of pieces.
UPDATE finding f SET
    state = CASE
        WHEN m.held <> '' THEN 'held'
        WHEN f.returned THEN 'returned'
        WHEN m.mailed_on IS NOT NULL THEN 'mailed'
        WHEN m.saved THEN 'printed'
        ELSE 'printing' END,
    state_why = CASE WHEN m.held <> '' THEN m.held WHEN f.returned AND f.deceased THEN 'next_of_kin' ELSE '' END,
    letter = CASE WHEN NOT m.saved OR m.held <> '' THEN '' WHEN m.lead THEN 'own' ELSE 'joined' END,
    mailed_on = m.mailed_on
FROM (
    SELECT x.practice_id, x.person_key, x.lead, x.held, b.run_id IS NOT NULL AS saved,
        CASE WHEN b.run_id IS NOT NULL AND x.held = '' THEN (SELECT min(a.terms #>> '{Record,Fact,on}') FROM act a
            WHERE a.incident_id = r.incident_id AND a.practice_key IN ('', q.practice_key) AND a.kind = 'record'
                AND a.seq > r.after_act AND a.terms #>> '{Record,Fact,fact}' = 'letters_mailed')::date END AS mailed_on
    FROM piece x JOIN mail_run r ON r.id = x.run_id JOIN practice q ON q.id = x.practice_id
    LEFT JOIN batch b ON b.run_id = x.run_id AND b.number = (x.piece_no - 1) / r.batch_size + 1
    WHERE NOT x.superseded
) m
WHERE m.practice_id = f.practice_id AND m.person_key = f.person_key;
UPDATE finding f SET
    state = CASE
        WHEN NOT f.protected THEN 'dead_50_years'
        WHEN NOT f.usable_address THEN 'no_address'
        ELSE 'practice_tells' END,
    state_why = CASE WHEN f.protected AND NOT f.usable_address AND f.deceased THEN 'next_of_kin' ELSE '' END
FROM practice p JOIN incident i ON i.id = p.incident_id
WHERE p.id = f.practice_id AND f.state = 'waiting' AND (NOT f.protected OR NOT f.usable_address
    OR p.delegation NOT IN ('all', 'letters') AND i.facts #>> '{entity,role}' <> 'covered_entity');

-- How many findings of a practice are in each state. Residence, because a State's
-- duty is to the people of that State. A line of nobody may stay.
CREATE TABLE account (
    practice_id integer NOT NULL REFERENCES practice,
    state       text COLLATE "C" NOT NULL,
    why         text COLLATE "C" NOT NULL,
    letter      text COLLATE "C" NOT NULL,
    residence   text COLLATE "C" NOT NULL,
    people      integer NOT NULL CHECK (people >= 0),
    -- The latest days in the line.
    mailed_on   date,
    told_on     date,
    PRIMARY KEY (practice_id, state, why, letter, residence)
);

-- Counts a practice's findings anew; those who left it are kept by key only.
-- +goose StatementBegin
CREATE FUNCTION count_account(practices integer[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM account WHERE practice_id = ANY (practices);
    INSERT INTO account (practice_id, state, why, letter, residence, people, mailed_on, told_on)
    SELECT practice_id, state, state_why, letter, residence, count(*), max(mailed_on), max(told_on)
    FROM finding WHERE practice_id = ANY (practices) GROUP BY practice_id, state, state_why, letter, residence
    UNION ALL
    SELECT x.practice_id, 'left', '', '', '', count(DISTINCT x.person_key), NULL, NULL
    FROM removed_finding x WHERE x.practice_id = ANY (practices)
        AND NOT EXISTS (SELECT FROM finding f WHERE f.practice_id = x.practice_id AND f.person_key = x.person_key)
    GROUP BY x.practice_id;
$$;
-- +goose StatementEnd
SELECT count_account((SELECT array_agg(id) FROM practice));

-- Those whom a statement took out of lines first, then those whom it put into
-- some, each in one order: two statements on the same lines wait and do not lock
-- each other up.
-- +goose StatementBegin
CREATE FUNCTION account_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account a SET people = a.people - o.people
    FROM (
        SELECT practice_id, state, state_why, letter, residence, count(*) AS people
        FROM before_rows GROUP BY practice_id, state, state_why, letter, residence
    ) o
    WHERE (a.practice_id, a.state, a.why, a.letter, a.residence) = (o.practice_id, o.state, o.state_why, o.letter, o.residence);
    INSERT INTO account AS a (practice_id, state, why, letter, residence, people, mailed_on, told_on)
    SELECT practice_id, state, state_why, letter, residence, count(*), max(mailed_on), max(told_on)
    FROM after_rows GROUP BY practice_id, state, state_why, letter, residence ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (practice_id, state, why, letter, residence) DO UPDATE SET
        people = a.people + EXCLUDED.people,
        mailed_on = greatest(a.mailed_on, EXCLUDED.mailed_on), told_on = greatest(a.told_on, EXCLUDED.told_on);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER finding_moved AFTER UPDATE ON finding
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION account_moved();

-- What the account counts is counted nowhere else.
ALTER TABLE practice
    DROP CONSTRAINT practice_to_plan_check,
    DROP COLUMN to_plan, DROP COLUMN not_protected, DROP COLUMN unaddressable,
    DROP COLUMN planned, DROP COLUMN letters, DROP COLUMN joined, DROP COLUMN held, DROP COLUMN returned_act;

-- Where a practice stands, worked out once (activities) and read by everybody.
-- printable: its letters may go into a mail run. late_at: the instant from which
-- its first open duty is late, in the practice's zone. changes counts what the
-- standing rests on, standing_of is its value when the standing was worked out:
-- while they differ the standing is out of date and allows nothing.
ALTER TABLE practice
    ADD COLUMN changes integer NOT NULL DEFAULT 0,
    ADD COLUMN standing_of integer NOT NULL DEFAULT -1,
    ADD COLUMN printable boolean NOT NULL DEFAULT false,
    ADD COLUMN late_at timestamptz,
    DROP COLUMN late;

-- +goose Down
DROP TRIGGER finding_moved ON finding;
DROP FUNCTION account_moved, count_account;
DROP TABLE account;
ALTER TABLE practice
    DROP COLUMN changes, DROP COLUMN standing_of, DROP COLUMN printable, DROP COLUMN late_at,
    ADD COLUMN late boolean NOT NULL DEFAULT false,
    ADD COLUMN not_protected integer NOT NULL DEFAULT 0, ADD COLUMN unaddressable integer NOT NULL DEFAULT 0,
    ADD COLUMN planned integer NOT NULL DEFAULT 0, ADD COLUMN letters integer NOT NULL DEFAULT 0,
    ADD COLUMN joined integer NOT NULL DEFAULT 0, ADD COLUMN held integer NOT NULL DEFAULT 0,
    ADD COLUMN returned_act bigint NOT NULL DEFAULT 0,
    ADD COLUMN to_plan integer NOT NULL GENERATED ALWAYS AS (findings - not_protected - unaddressable - planned) STORED;
ALTER TABLE practice ADD CONSTRAINT practice_to_plan_check CHECK (to_plan >= 0);
ALTER TABLE incoming_finding DROP COLUMN told_on, DROP COLUMN mailed_on, DROP COLUMN letter, DROP COLUMN state_why, DROP COLUMN state;
ALTER TABLE finding DROP COLUMN told_on, DROP COLUMN mailed_on, DROP COLUMN letter, DROP COLUMN state_why, DROP COLUMN state;
