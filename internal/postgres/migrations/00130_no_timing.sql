-- +goose Up
-- Nobody noted how long a step took: the summary has it from the lists, the plans
-- and the batches themselves.
DROP TABLE timing;

-- +goose Down
CREATE TABLE timing (
    incident_id text NOT NULL REFERENCES incident,
    step        text NOT NULL,
    seconds     double precision NOT NULL,
    PRIMARY KEY (incident_id, step)
);
