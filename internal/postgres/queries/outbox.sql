-- name: IntendMessage :execrows
-- Nothing where the attempt is there, whatever its id.
INSERT INTO outbox (id, incident_id, practice_key, step, attempt, state) VALUES (@id, @incident_id, @practice_key, @step, @attempt, 'intended')
ON CONFLICT DO NOTHING;

-- name: Message :one
-- The latest attempt.
SELECT id, attempt, state, provider_id, detail, sent_on, tries, retry_at, packet_sha256 FROM outbox
WHERE incident_id = @incident_id AND practice_key = @practice_key AND step = @step
ORDER BY attempt DESC LIMIT 1;

-- name: MoveMessage :execrows
UPDATE outbox SET state = @to_state, provider_id = @provider_id, detail = @detail, sent_on = @sent_on,
    tries = @tries, retry_at = @retry_at, packet_sha256 = @packet_sha256, moved_at = clock_timestamp()
WHERE outbox.id = @id AND outbox.state = @from_state
    -- Nothing is handed over on a standing that has changed meanwhile: a hold, say.
    AND (@to_state::text <> 'sending' OR EXISTS (SELECT FROM practice p
        WHERE p.incident_id = outbox.incident_id AND p.practice_key = outbox.practice_key AND p.changes = @changes AND p.closed_on IS NULL));

-- name: PlaceOfMessage :one
SELECT incident_id, practice_key, step FROM outbox WHERE id = @id;

-- name: ConcludeMessages :many
-- What a person recorded about the latest attempts, of one practice or of all:
-- they move from the states that it can follow on.
UPDATE outbox o SET state = @to_state, detail = @detail, retry_at = NULL, moved_at = clock_timestamp()
WHERE o.incident_id = @incident_id AND (@practice_key::text = '' OR o.practice_key = @practice_key)
    AND (@step::text = '' OR o.step = @step) AND o.state = ANY(@from_states::text[])
    AND (@id::text = '' OR o.id = @id)
    AND o.attempt = (SELECT max(l.attempt) FROM outbox l
        WHERE l.incident_id = o.incident_id AND l.practice_key = o.practice_key AND l.step = o.step)
RETURNING o.id, o.practice_key, o.provider_id, o.step;

-- name: SendAgain :many
-- What came back of some steps that begin alike, of one practice, may go out again.
UPDATE outbox o SET state = 'again', moved_at = clock_timestamp()
WHERE o.incident_id = @incident_id AND o.practice_key = @practice_key AND starts_with(o.step, @step_begins) AND o.state IN ('rejected', 'bounced')
    AND o.attempt = (SELECT max(l.attempt) FROM outbox l
        WHERE l.incident_id = o.incident_id AND l.practice_key = o.practice_key AND l.step = o.step)
RETURNING o.id, o.provider_id, o.step;

-- name: ReleaseNotices :exec
UPDATE incident SET notices_held = false WHERE id = @id;

-- name: NoticeCounts :many
-- The notices that are owed, by what became of their latest e-mail, if there is one yet;
-- detail is the cause of one that could not be handed over.
SELECT p.notice AS state, sum(p.notices_owed)::integer AS practices, coalesce(sum(p.notices_owed) FILTER (WHERE p.stopped), 0)::integer AS stopped,
    coalesce((SELECT max(o.detail) FROM practice_count q JOIN outbox o ON o.incident_id = q.incident_id AND o.practice_key = q.practice_key AND o.step = @step AND o.state = 'intended'
        WHERE q.incident_id = @incident_id AND q.stopped AND q.notices_owed > 0 AND NOT q.closed), '')::text AS detail
FROM practice_count p
WHERE p.incident_id = @incident_id AND p.notices_owed > 0 AND NOT p.closed
GROUP BY p.notice;

-- name: Notices :many
-- The latest e-mail of each practice, in key order.
SELECT p.practice_key, p.facts, coalesce(o.id, '')::text AS id, coalesce(o.attempt, 0)::integer AS attempt, coalesce(o.state, '')::text AS state,
    coalesce(o.provider_id, '')::text AS provider_id, coalesce(o.detail, '')::text AS detail, o.sent_on,
    EXISTS (SELECT 1 FROM obligation d WHERE d.practice_id = p.id AND d.kind = 'covered_entity_notice'
        AND NOT d.dropped AND d.settled_on IS NULL)::boolean AS owed
FROM practice p
LEFT JOIN LATERAL (SELECT x.* FROM outbox x
    WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key AND x.step = @step
    ORDER BY x.attempt DESC LIMIT 1) o ON true
WHERE p.incident_id = @incident_id
ORDER BY p.practice_key;

-- name: MessagesByID :many
-- Messages of the incident by our ids or by the provider's, whatever attempt.
SELECT id, practice_key, provider_id, step FROM outbox
WHERE incident_id = @incident_id AND (id = ANY(@ids::text[]) OR (provider_id <> '' AND provider_id = ANY(@provider_ids::text[])));
