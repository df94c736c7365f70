-- name: InsertDecision :exec
WITH facts AS (
    INSERT INTO decision_incident (sha256, facts) VALUES (@incident_sha256, @facts) ON CONFLICT DO NOTHING
)
INSERT INTO decision (practice_id, sha256, rulebook_version, rulebook_sha256, incident_sha256, subject, result)
VALUES (@practice_id, @sha256, @rulebook_version, @rulebook_sha256, @incident_sha256, @subject, @result);

-- name: Decisions :many
-- A page of an incident's decisions, in the order in which they were taken.
SELECT d.seq, p.practice_key, d.sha256, d.rulebook_version, d.rulebook_sha256, i.facts, d.subject, d.result, d.at
FROM decision d JOIN practice p ON p.id = d.practice_id JOIN decision_incident i ON i.sha256 = d.incident_sha256
WHERE p.incident_id = @incident_id AND d.seq > @after ORDER BY d.seq LIMIT @page;

-- name: CountDecisions :one
SELECT count(*) FROM decision d JOIN practice p ON p.id = d.practice_id WHERE p.incident_id = @incident_id;

-- name: StandingDecisions :many
-- The decisions that stand, a page in practice-key order; closed practices
-- keep theirs whatever happens and are left out.
SELECT p.practice_key, d.rulebook_version, d.rulebook_sha256, d.result
FROM practice p JOIN LATERAL (
    SELECT * FROM decision WHERE practice_id = p.id ORDER BY seq DESC LIMIT 1
) d ON true
WHERE p.incident_id = @incident_id AND p.practice_key > @after AND p.closed_on IS NULL
ORDER BY p.practice_key LIMIT @page;
