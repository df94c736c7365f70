-- +goose Up

-- Letters to practices: notices by post, and printed reminders. A batch is planned by
-- an act and printed by one worker at a time, which holds it by a claim that ends by
-- itself. Codes for pages are made while it is printed and are nowhere but on paper:
-- a batch that is printed anew, because a process died, has new ones.
CREATE TABLE post_batch (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id   text NOT NULL REFERENCES incident,
    number        integer NOT NULL CHECK (number > 0),
    kind          text NOT NULL CHECK (kind IN ('notice', 'reminder')),
    act_id        text NOT NULL,
    planned_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    claim    text NOT NULL DEFAULT '',
    claim_until timestamptz,
    -- Of the finished files; printed_at is NULL until they are there.
    pages         integer NOT NULL DEFAULT 0,
    pdf_sha256    text NOT NULL DEFAULT '',
    csv_sha256    text NOT NULL DEFAULT '',
    printed_at    timestamptz,
    UNIQUE (incident_id, number)
);

-- In print order.
CREATE TABLE post_piece (
    batch_id    integer NOT NULL REFERENCES post_batch,
    piece_no    integer NOT NULL CHECK (piece_no > 0),
    practice_id integer NOT NULL REFERENCES practice,
    -- Why it was not printed, '' where it was.
    held        text NOT NULL DEFAULT '',
    PRIMARY KEY (batch_id, piece_no),
    UNIQUE (batch_id, practice_id)
);

CREATE INDEX post_piece_of ON post_piece (practice_id);

-- +goose Down
DROP TABLE post_piece, post_batch;
