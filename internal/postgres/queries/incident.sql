-- name: Incident :one
SELECT facts, case_sha256, case_files, rulebook_version, rulebook_sha256, phase, practices, people, findings, closed_on, notices_held
FROM incident WHERE id = @id;

-- name: LockIncident :one
-- Holds off every other change of the whole incident. NO KEY, so that rows which
-- refer to the incident can still be written meanwhile.
SELECT facts, phase, practices FROM incident WHERE id = @id FOR NO KEY UPDATE;

-- name: SetIncidentPhase :exec
UPDATE incident SET phase = @phase, closed_on = @closed_on,
    launching_at = CASE WHEN @phase = 'launching' THEN coalesce(launching_at, clock_timestamp()) ELSE launching_at END
WHERE id = @id;

-- name: SetIncidentFacts :exec
UPDATE incident SET facts = @facts WHERE id = @id;

-- name: SetRulebook :execrows
UPDATE incident SET rulebook_version = @version, rulebook_sha256 = @sha256
WHERE id = @id AND rulebook_sha256 = @before;

-- name: PracticeKeys :many
SELECT practice_key FROM practice
WHERE incident_id = @incident_id AND practice_key > @after AND (NOT @open_only::boolean OR closed_on IS NULL)
ORDER BY practice_key LIMIT @page;

-- name: OpenPractices :one
SELECT count(*) FROM practice WHERE incident_id = @incident_id AND closed_on IS NULL;

-- name: Incidents :many
SELECT i.id, i.facts, i.phase, i.practices, i.people,
    p.late::integer AS late, p.needs_person::integer AS needs_person, p.next_due::date AS next_due
FROM incident i CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE late_at <= @at::timestamptz) AS late,
        count(*) FILTER (WHERE waits) AS needs_person,
        min(next_due) AS next_due
    FROM practice_count WHERE incident_id = i.id AND NOT closed
) p
ORDER BY i.loaded_at, i.id;
