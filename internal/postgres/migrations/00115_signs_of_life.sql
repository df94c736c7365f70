-- +goose Up

-- What is wrong or not running has to be seen by whoever asks the database, also
-- while Temporal is away. Times are the database's, so that no machine's clock
-- that is wrong makes a dead worker look alive.

-- One row for each worker that was started lately.
CREATE TABLE worker_sign (
    worker     text COLLATE "C" PRIMARY KEY,
    queue      text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When it last said that it lives, and when it last was able to work.
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    worked_at  timestamptz,
    -- What keeps it from working, '' when nothing does.
    problem    text NOT NULL DEFAULT '',
    ended      boolean NOT NULL DEFAULT false
);

-- A step that failed and did not succeed since.
CREATE TABLE trouble (
    -- '' where it concerns no single incident, or the whole of one.
    incident_id  text COLLATE "C" NOT NULL,
    practice_key text COLLATE "C" NOT NULL,
    step         text COLLATE "C" NOT NULL,
    -- Which of several steps of a kind: the batches, the workflow.
    part         text COLLATE "C" NOT NULL,
    since        timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen    timestamptz NOT NULL DEFAULT clock_timestamp(),
    times        integer NOT NULL DEFAULT 1,
    -- The program refused it: it is not tried again at once.
    stopped      boolean NOT NULL,
    what         text NOT NULL,
    todo         text NOT NULL,
    PRIMARY KEY (incident_id, practice_key, step, part)
);

-- Which output folder the papers of this database are in, whatever it is called
-- on each machine.
CREATE TABLE storage (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id       text COLLATE "C" NOT NULL,
    since    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- +goose Down
DROP TABLE storage;
DROP TABLE trouble;
DROP TABLE worker_sign;
