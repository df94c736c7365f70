-- name: PageCounts :one
SELECT count(*) AS pages, count(g.opened_at) AS opened, count(g.answered_at) AS answered,
    count(*) FILTER (WHERE g.opened_at IS NULL AND p.closed_on IS NULL AND NOT EXISTS (SELECT FROM obligation d
        WHERE d.practice_id = p.id AND d.kind = 'covered_entity_notice' AND NOT d.dropped AND d.settled_on IS NULL)) AS unopened,
    count(*) FILTER (WHERE g.wrong >= 10 AND p.closed_on IS NULL) AS codes_ended,
    (SELECT count(*) FROM practice s WHERE s.incident_id = @incident_id AND s.email_stopped <> '' AND s.closed_on IS NULL)::integer AS email_stopped
FROM page_practice g JOIN practice p ON p.id = g.practice_id WHERE p.incident_id = @incident_id;

-- name: Heard :many
-- What shows whether practices heard of their notice: of some, or without keys of all
-- that are open. With only_waiting those are left out that answered on their page or have
-- none: nobody has to call them. The facts are those of some kinds.
SELECT p.practice_key, p.facts, p.delegation, p.phase, coalesce((SELECT jsonb_agg(a.terms -> 'Record' ORDER BY a.seq)
        FROM act a WHERE a.incident_id = p.incident_id AND a.practice_key IN ('', p.practice_key) AND a.kind = 'record'
            AND a.terms #>> '{Record,Fact,fact}' = ANY(@kinds::text[])), '[]')::jsonb AS recorded,
    g.made_at, g.opened_at, g.answered_at, coalesce(g.wrong >= 10, false)::boolean AS codes_ended,
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state = 'received'
        AND NOT EXISTS (SELECT FROM act c WHERE c.incident_id = p.incident_id AND c.id = w.act_id)) AS answers_wait,
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state <> 'refused' AND w.kind IN ('delegate', 'told')) AS decided,
    coalesce((SELECT o.state FROM outbox o WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key AND o.step = 'practice_notice'
        ORDER BY o.attempt DESC LIMIT 1), '')::text AS notice,
    (SELECT count(*) FROM outbox o WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key
        AND o.step LIKE 'practice_reminder_%' AND o.state = 'sent')::integer AS reminders,
    (SELECT max(o.sent_on) FROM outbox o WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key
        AND o.step LIKE 'practice_reminder_%' AND o.state = 'sent')::date AS reminded_on, p.email_stopped
FROM practice p LEFT JOIN page_practice g ON g.practice_id = p.id
WHERE p.incident_id = @incident_id AND CASE WHEN cardinality(@practice_keys::text[]) = 0 THEN p.closed_on IS NULL ELSE p.practice_key = ANY(@practice_keys::text[]) END
    AND (NOT @only_waiting::boolean OR g.made_at IS NOT NULL AND (g.answered_at IS NULL OR g.wrong >= 10) OR p.email_stopped <> '')
ORDER BY p.practice_key;
