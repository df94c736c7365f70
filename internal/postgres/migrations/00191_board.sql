-- +goose Up

-- The board lists practices page by page, what is due first at the top: all of an
-- incident, and those of one phase. Without an order of its own each page would read
-- and sort all of them.
CREATE INDEX practice_by_due ON practice (incident_id, (coalesce(next_due, date '9999-12-31')), practice_key);
CREATE INDEX practice_of_phase_by_due ON practice (incident_id, phase, (coalesce(next_due, date '9999-12-31')), practice_key);

-- Where letters are held back or came back: few lines of many.
CREATE INDEX account_held_or_returned ON account (practice_id) WHERE state IN ('held', 'returned') AND people > 0;

-- +goose Down
DROP INDEX account_held_or_returned;
DROP INDEX practice_of_phase_by_due;
DROP INDEX practice_by_due;
