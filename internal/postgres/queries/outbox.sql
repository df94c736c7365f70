-- name: IntendMessage :execrows
INSERT INTO outbox (id, incident_id, practice_key, step, state) VALUES (@id, @incident_id, @practice_key, @step, 'intended')
ON CONFLICT DO NOTHING;

-- name: Message :one
SELECT id, state, provider_id, detail, sent_on FROM outbox
WHERE incident_id = @incident_id AND practice_key = @practice_key AND step = @step;

-- name: MoveMessage :execrows
UPDATE outbox SET state = @to_state, provider_id = @provider_id, detail = @detail, sent_on = @sent_on, moved_at = clock_timestamp()
WHERE id = @id AND state = @from_state;

-- name: PlaceOfMessage :one
SELECT incident_id, practice_key, step FROM outbox WHERE id = @id;
