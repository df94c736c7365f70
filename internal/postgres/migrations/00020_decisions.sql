-- +goose Up

-- What the incident's facts were when a decision was taken, once for all
-- practices: they are the longer half of the inputs. Canonical JSON as text,
-- since the bytes themselves are what a replay compares.
CREATE TABLE decision_incident (
    sha256 text PRIMARY KEY,
    facts  text NOT NULL
);

-- Every decision on a practice, with everything it was taken from. Evidence:
-- rows are only ever added. Counts, days and keys; no patient.
CREATE TABLE decision (
    seq              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    practice_id      integer NOT NULL REFERENCES practice,
    -- Over the rulebook's hash, the inputs and the result.
    sha256           text NOT NULL,
    rulebook_version text NOT NULL,
    rulebook_sha256  text NOT NULL,
    incident_sha256  text NOT NULL REFERENCES decision_incident,
    -- The inputs without the incident's facts.
    subject          text NOT NULL,
    result           text NOT NULL,
    at               timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX decision_of_practice ON decision (practice_id, seq);

CREATE TRIGGER decision_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_incident_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON decision_incident
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of the decision that stands: the same one again is not written again.
ALTER TABLE practice ADD COLUMN decision_sha256 text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE practice DROP COLUMN decision_sha256;
DROP TABLE decision, decision_incident;
