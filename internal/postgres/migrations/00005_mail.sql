-- +goose Up

-- Every e-mail, written before it is sent. One for each step of a practice,
-- whatever id a caller comes with: the same notice is never sent twice.
CREATE TABLE outbox (
    id           text PRIMARY KEY,
    incident_id  text NOT NULL REFERENCES incident,
    practice_key text COLLATE "C" NOT NULL,
    step         text NOT NULL,
    state        text NOT NULL,
    provider_id  text NOT NULL DEFAULT '',
    detail       text NOT NULL DEFAULT '',
    sent_on      date,
    intended_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    moved_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (incident_id, practice_key, step)
);

CREATE TABLE mail_run (
    id          integer NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    incident_id text NOT NULL REFERENCES incident,
    number      integer NOT NULL CHECK (number > 0),
    mail_on     date,
    batch_size  integer NOT NULL CHECK (batch_size > 0),
    batches     integer NOT NULL,
    pieces      integer NOT NULL,
    planned_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (incident_id, number)
);

-- The findings each piece of mail writes for: one, or several practices' of one
-- person. Pieces are numbered in print order, so a batch is a range of numbers.
--
-- A table of its own, because filling it costs a fraction of rewriting the
-- findings, and because a superseded piece stays on record. No foreign keys,
-- for the same reason as finding.
CREATE TABLE piece (
    run_id      integer NOT NULL,
    piece_no    integer NOT NULL,
    practice_id integer NOT NULL,
    -- The practice that sends it: the first in key order. The others are joined.
    lead        boolean NOT NULL,
    -- Set back by an amendment after it was printed: what the letter says of this
    -- finding is no longer so, and another letter is owed.
    superseded  boolean NOT NULL DEFAULT false,
    person_key  text COLLATE "C" NOT NULL,
    -- Why it was not printed: 'unprintable', else ''.
    held        text NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, piece_no, practice_id)
);

-- Nobody gets two letters for one finding unless the first one is superseded.
CREATE UNIQUE INDEX piece_once ON piece (practice_id, person_key) WHERE NOT superseded;

CREATE TABLE mail_run_practice (
    run_id      integer NOT NULL REFERENCES mail_run (id),
    practice_id integer NOT NULL REFERENCES practice,
    findings    integer NOT NULL,
    PRIMARY KEY (run_id, practice_id)
);

CREATE TABLE batch (
    run_id      integer NOT NULL REFERENCES mail_run (id),
    number      integer NOT NULL CHECK (number > 0),
    name        text NOT NULL,
    pieces      integer NOT NULL,
    pages       integer NOT NULL,
    pdf_sha256  text NOT NULL,
    csv_sha256  text NOT NULL,
    pdf_bytes   bigint NOT NULL,
    csv_bytes   bigint NOT NULL,
    seconds     double precision NOT NULL,
    unprintable text[] NOT NULL,
    saved_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, number)
);

-- +goose Down
DROP TABLE batch, mail_run_practice, piece, mail_run, outbox;
