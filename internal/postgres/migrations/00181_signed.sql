-- +goose Up
-- Under which name an identity approved or assessed first is asked at every approval.
CREATE INDEX act_signed ON act (incident_id, identity, seq) WHERE kind IN ('approve', 'assess');

-- +goose Down
DROP INDEX act_signed;
