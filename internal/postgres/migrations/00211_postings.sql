-- +goose Up
-- Earlier programs: may run beside these tables.

-- Where a notice of the practice is posted now that is to be looked at, '' for nowhere:
-- with the standing, since it follows from the same record.
ALTER TABLE practice ADD COLUMN posting_url text NOT NULL DEFAULT '';
CREATE INDEX practice_posting ON practice (incident_id, practice_key) WHERE posting_url <> '' AND closed_on IS NULL;

-- What the last look at each posting found.
CREATE TABLE posting_state (
    practice_id  integer PRIMARY KEY REFERENCES practice ON DELETE CASCADE,
    incident_id  text NOT NULL,
    practice_key text COLLATE "C" NOT NULL,
    url          text NOT NULL,
    -- Whether the notice was there; else what was amiss.
    shown        boolean NOT NULL,
    problem      text NOT NULL,
    -- The day of the first look that found it so, and the day and time of the last.
    since        date NOT NULL,
    looked_on    date NOT NULL,
    looked_at    timestamptz NOT NULL,
    -- Days on which no look found it, in order.
    missed       date[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80);
CREATE INDEX posting_amiss ON posting_state (incident_id, practice_key) WHERE NOT shown;

-- Every look. Those of a part are one entry of the incident's ledger, which has the root
-- of a Merkle tree over them in the order of their practices: a row here for each of
-- tens of thousands of postings a day, and an entry for each five hundred.
CREATE TABLE posting_look (
    practice_id integer NOT NULL REFERENCES practice ON DELETE CASCADE,
    -- The entry's number in the incident's chain, and the look's place in its tree.
    entry       integer NOT NULL,
    place       integer NOT NULL,
    -- The look in the bytes that are hashed.
    look        text NOT NULL,
    PRIMARY KEY (practice_id, entry)
);
CREATE INDEX posting_look_of_entry ON posting_look (entry);

-- +goose Down
DROP TABLE posting_look;
DROP TABLE posting_state;
DROP INDEX practice_posting;
ALTER TABLE practice DROP COLUMN posting_url;
