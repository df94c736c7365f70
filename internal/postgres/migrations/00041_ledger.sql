-- +goose Up

-- The chains that prove what was done (internal/ledger): one for the incident,
-- with practice_key '', and one for each practice. An entry is written in the
-- transaction of what it tells of, so that neither is ever without the other.
--
-- No foreign key to incident: every entry would lock that one row, and
-- thousands of practices write at the same time.
CREATE TABLE ledger (
    incident_id  text COLLATE "C" NOT NULL,
    practice_key text COLLATE "C" NOT NULL,
    seq          integer NOT NULL,
    at           timestamptz NOT NULL,
    prev         bytea NOT NULL,
    hash         bytea NOT NULL,
    -- JSON, byte for byte as hashed.
    body         text NOT NULL,
    -- Two entries after the same one would be a fork: the second fails.
    PRIMARY KEY (incident_id, practice_key, seq)
);

-- An instant as it is hashed.
CREATE FUNCTION ledger_time(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- +goose StatementBegin
-- Links an entry to the last one of its chain, whatever the writer says of
-- seq, at, prev and hash. The text hashed is that of ledger.Entry.Sum.
CREATE FUNCTION ledger_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT seq, at, hash INTO last FROM ledger
    WHERE incident_id = NEW.incident_id AND practice_key = NEW.practice_key ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    -- A clock that was set back must not make the chain look out of order.
    NEW.at := greatest(clock_timestamp(), last.at);
    NEW.prev := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sha256(convert_to('duenotice ledger entry v1' || chr(10) || NEW.incident_id || chr(10)
        || NEW.practice_key || chr(10) || NEW.seq || chr(10) || ledger_time(NEW.at) || chr(10)
        || encode(NEW.prev, 'hex') || chr(10) || NEW.body, 'UTF8'));
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER ledger_is_linked BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_link();

CREATE TRIGGER ledger_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Which entry was the head of each practice's chain at an anchor, where it had
-- changed since the anchor before. anchor is the seq of the incident's entry.
CREATE TABLE ledger_anchor (
    incident_id  text COLLATE "C" NOT NULL,
    anchor       integer NOT NULL,
    practice_key text COLLATE "C" NOT NULL,
    seq          integer NOT NULL,
    PRIMARY KEY (incident_id, practice_key, anchor)
);

CREATE INDEX ledger_anchor_in_order ON ledger_anchor (incident_id, anchor);

CREATE TRIGGER ledger_anchor_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE ledger_anchor, ledger;
DROP FUNCTION ledger_link, ledger_time;
