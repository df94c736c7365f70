-- name: PageCounts :one
SELECT count(*) FILTER (WHERE page) AS pages, count(*) FILTER (WHERE opened) AS opened, count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE page AND NOT opened AND NOT closed AND notices_owed = 0) AS unopened,
    count(*) FILTER (WHERE codes_ended AND NOT closed) AS codes_ended, count(*) FILTER (WHERE email_stopped AND NOT closed) AS email_stopped
FROM practice_count WHERE incident_id = @incident_id;

-- name: SilentPractices :many
-- Those of which Heard with only_waiting leaves none out.
SELECT practice_key FROM practice_count
WHERE incident_id = @incident_id AND NOT closed AND (page AND (NOT answered OR codes_ended) OR email_stopped) ORDER BY practice_key;

-- name: Heard :many
-- What shows whether practices heard of their notice: of some. With only_waiting those are left out that answered on their page or have
-- none: nobody has to call them. The facts are those of some kinds.
SELECT p.practice_key, p.facts, p.delegation, p.phase, coalesce((SELECT jsonb_agg(a.terms -> 'Record' ORDER BY a.seq)
        FROM act a WHERE a.incident_id = p.incident_id AND a.practice_key IN ('', p.practice_key) AND a.kind = 'record'
            AND a.terms #>> '{Record,Fact,fact}' = ANY(@kinds::text[])), '[]')::jsonb AS recorded,
    g.made_at, g.opened_at, g.answered_at, coalesce(g.wrong >= 10, false)::boolean AS codes_ended,
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state = 'received'
        AND NOT EXISTS (SELECT FROM act c WHERE c.incident_id = p.incident_id AND c.id = w.act_id)) AS answers_wait,
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state <> 'refused' AND w.kind IN ('delegate', 'told')) AS decided,
    coalesce((SELECT n.notice FROM practice_count n WHERE n.practice_id = p.id), '')::text AS notice,
    (SELECT count(*) FROM outbox o WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key
        AND o.step LIKE 'practice_reminder_%' AND o.state = 'sent')::integer AS reminders,
    (SELECT max(o.sent_on) FROM outbox o WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key
        AND o.step LIKE 'practice_reminder_%' AND o.state = 'sent')::date AS reminded_on, p.email_stopped
FROM practice p LEFT JOIN page_practice g ON g.practice_id = p.id
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[])
    AND (NOT @only_waiting::boolean OR g.made_at IS NOT NULL AND (g.answered_at IS NULL OR g.wrong >= 10) OR p.email_stopped <> '')
ORDER BY p.practice_key;
