-- +goose Up

-- A notice that was refused or came back is sent again as another attempt; the
-- earlier ones stay. tries counts how often an attempt could not be handed over,
-- and retry_at says when it is tried next. packet_sha256 is what the message was
-- made from.
ALTER TABLE outbox
    ADD attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    ADD tries integer NOT NULL DEFAULT 0,
    ADD retry_at timestamptz,
    ADD packet_sha256 text NOT NULL DEFAULT '',
    DROP CONSTRAINT outbox_incident_id_practice_key_step_key,
    ADD CONSTRAINT outbox_attempt_key UNIQUE (incident_id, practice_key, step, attempt);

-- Started with --no-notices: nothing goes to a practice until somebody says so.
ALTER TABLE incident ADD notices_held boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE incident DROP notices_held;
DELETE FROM outbox o WHERE attempt < (SELECT max(attempt) FROM outbox l
    WHERE (l.incident_id, l.practice_key, l.step) = (o.incident_id, o.practice_key, o.step));
ALTER TABLE outbox
    DROP CONSTRAINT outbox_attempt_key,
    DROP attempt, DROP tries, DROP retry_at, DROP packet_sha256,
    ADD CONSTRAINT outbox_incident_id_practice_key_step_key UNIQUE (incident_id, practice_key, step);
