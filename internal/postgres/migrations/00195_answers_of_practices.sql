-- +goose Up

-- People of whom a practice said that they are not its patients (docs/adr/0216). A row
-- is open until a list takes the person out, or an officer's act says that they stay.
CREATE TABLE dispute (
    practice_id integer NOT NULL REFERENCES practice,
    person_key  text COLLATE "C" NOT NULL,
    act_id      text NOT NULL,
    at          timestamptz NOT NULL,
    solved      text NOT NULL DEFAULT '' CHECK (solved IN ('', 'kept', 'removed')),
    -- The act that said that they stay; '' where a list took them out.
    solved_by   text NOT NULL DEFAULT '',
    PRIMARY KEY (practice_id, person_key)
);

CREATE INDEX dispute_open ON dispute (practice_id) WHERE solved = '';

-- The papers that were made of answers: a delegation that a practice signed. The file
-- lies among the incident's proofs, under its sum.
CREATE TABLE page_signed (
    answer_id   uuid PRIMARY KEY REFERENCES page_answer,
    practice_id integer NOT NULL REFERENCES practice,
    act_id      text NOT NULL,
    sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX page_signed_of ON page_signed (practice_id, at);

-- Whoever carries out answers holds this row: one worker at a time, so that the answers
-- of a practice keep their order. A worker that dies lets go of it.
CREATE TABLE answer_turn (one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO answer_turn DEFAULT VALUES;

-- When the server of the pages last said that it serves them.
CREATE TABLE page_server (one boolean PRIMARY KEY DEFAULT true CHECK (one), seen_at timestamptz);
INSERT INTO page_server DEFAULT VALUES;

-- +goose StatementBegin
CREATE FUNCTION page_serves() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.page_server SET seen_at = clock_timestamp()
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION page_serves;
DROP TABLE page_server, answer_turn, page_signed, dispute;
