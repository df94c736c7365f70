-- name: PracticeLines :many
-- Practices in the order in which something of theirs is due, after one of them.
SELECT p.practice_key, p.facts, p.phase, p.people, p.delegation, p.next_due, p.needs_person,
    coalesce(p.late_at <= @at::timestamptz, false)::boolean AS late,
    coalesce((SELECT o.state FROM outbox o
        WHERE o.incident_id = p.incident_id AND o.practice_key = p.practice_key AND o.step = @step::text
        ORDER BY o.attempt DESC LIMIT 1), '')::text AS notice
FROM practice p
WHERE p.incident_id = @incident_id
    AND (coalesce(p.next_due, date '9999-12-31'), p.practice_key) > (coalesce(sqlc.narg(after_due)::date, date '9999-12-31'), @after_key::text)
    AND (@phase::text = '' OR p.phase = @phase)
    AND (NOT @only_late::boolean OR p.late_at <= @at::timestamptz)
    AND (NOT @only_open::boolean OR p.closed_on IS NULL)
    AND (NOT @only_waiting::boolean OR p.needs_person <> '')
    AND (sqlc.narg(due_before)::date IS NULL OR coalesce(p.next_due, date '9999-12-31') <= sqlc.narg(due_before)::date)
    AND (@pattern::text = '' OR p.practice_key ILIKE @pattern OR coalesce(nullif(p.facts ->> 'dba', ''), p.facts ->> 'legal_name') ILIKE @pattern)
ORDER BY coalesce(p.next_due, date '9999-12-31'), p.practice_key LIMIT @page;

-- name: DueSoon :one
-- Practices with something open due from a day through another, and nothing late.
SELECT count(*) FROM practice
WHERE incident_id = @incident_id AND coalesce(next_due, date '9999-12-31') BETWEEN @from_day::date AND @through::date AND NOT coalesce(late_at <= @at::timestamptz, false);

-- name: OpenDuties :many
-- Open duties, counted by what for whom each waits depends on.
SELECT o.kind, o.form, o.regime, p.delegation, (CASE WHEN o.kind IN ('covered_entity_notice', 'data_owner_notice') THEN n.notice ELSE '' END)::text AS notice,
    (o.kind IN ('covered_entity_notice', 'data_owner_notice') AND n.notices_owed > 0)::boolean AS notice_owed,
    count(*) AS duties, count(*) FILTER (WHERE o.due_ends <= @at::timestamptz) AS late, min(o.due)::date AS due
FROM practice_count n JOIN practice p ON p.id = n.practice_id JOIN obligation o ON o.practice_id = n.practice_id
WHERE n.incident_id = @incident_id AND NOT o.dropped AND o.settled_on IS NULL
GROUP BY o.kind, o.form, o.regime, p.delegation, 5, 6, o.due IS NULL;

-- name: PatientsTold :many
-- On which day each practice had told all patients whom it owes notice.
SELECT t.on_day::date AS on_day, count(*) AS practices FROM (
    SELECT CASE WHEN bool_and(o.settled_on IS NOT NULL) THEN max(o.settled_on) END AS on_day
    FROM practice_count p JOIN obligation o ON o.practice_id = p.practice_id
    WHERE p.incident_id = @incident_id AND o.kind = 'individual_notice' AND NOT o.dropped GROUP BY p.practice_id
) t GROUP BY t.on_day ORDER BY t.on_day NULLS LAST;

-- name: Ladder :many
-- How many tell HHS of how many people: the number of the step, and of those the ones that tell it at once.
SELECT width_bucket(o.count, @steps::integer[]) AS step, count(*) AS practices, count(*) FILTER (WHERE o.form = 'immediate') AS immediate
FROM practice_count p JOIN obligation o ON o.practice_id = p.practice_id
WHERE p.incident_id = @incident_id AND o.kind = 'hhs_notice' AND o.regime = 'hipaa' AND o.form IN ('immediate', 'annual_log') AND NOT o.dropped
GROUP BY 1 ORDER BY 1;

-- name: NearTheLine :many
SELECT p.practice_key, p.facts, o.count, o.form, o.due, o.settled_on
FROM practice p JOIN obligation o ON o.practice_id = p.id
WHERE p.incident_id = @incident_id AND o.kind = 'hhs_notice' AND o.regime = 'hipaa' AND o.form IN ('immediate', 'annual_log') AND NOT o.dropped
    AND o.count BETWEEN @least::integer AND @most::integer
ORDER BY abs(o.count - @line::integer), p.practice_key LIMIT @page;

-- name: MediaDuties :many
SELECT o.jurisdiction, count(*) AS duties, count(*) FILTER (WHERE o.settled_on IS NULL) AS open,
    count(*) FILTER (WHERE o.settled_on IS NULL AND o.due_ends <= @at::timestamptz) AS late,
    min(o.due) FILTER (WHERE o.settled_on IS NULL)::date AS due, max(o.count)::integer AS most
FROM practice_count p JOIN obligation o ON o.practice_id = p.practice_id
WHERE p.incident_id = @incident_id AND o.kind = 'media_notice' AND NOT o.dropped
GROUP BY o.jurisdiction ORDER BY o.jurisdiction;

-- name: ReturnsByReason :many
-- Of the letters that still stand.
SELECT x.reason, count(*) AS letters FROM returned_letter x JOIN mail_run r ON r.id = x.run_id
WHERE r.incident_id = @incident_id AND EXISTS (SELECT 1 FROM piece m
    WHERE m.run_id = x.run_id AND m.piece_no = x.piece_no AND NOT m.superseded)
GROUP BY x.reason ORDER BY x.reason;

-- name: HeldAndReturned :many
-- Practices with letters that are held back or came back, in key order. The states are
-- written out, as in the index that finds the few there are.
SELECT p.practice_key, p.facts, l.state, l.why, l.people FROM (
    SELECT q.id, q.practice_key, q.facts FROM practice q
    WHERE q.incident_id = @incident_id AND q.practice_key > @after
        AND q.id IN (SELECT a.practice_id FROM account a WHERE a.state IN ('held', 'returned') AND a.people > 0)
    ORDER BY q.practice_key LIMIT @page
) p CROSS JOIN LATERAL (
    SELECT a.state, a.why, sum(a.people)::integer AS people FROM account a
    WHERE a.practice_id = p.id AND a.state IN ('held', 'returned') AND a.people > 0 GROUP BY a.state, a.why
) l
ORDER BY p.practice_key, l.state, l.why;

-- name: NoticesOf :many
-- As Notices, of the practices named.
SELECT p.practice_key, p.facts, coalesce(o.id, '')::text AS id, coalesce(o.attempt, 0)::integer AS attempt, coalesce(o.state, '')::text AS state,
    coalesce(o.provider_id, '')::text AS provider_id, coalesce(o.detail, '')::text AS detail, o.sent_on,
    EXISTS (SELECT 1 FROM obligation d WHERE d.practice_id = p.id AND d.kind = 'covered_entity_notice'
        AND NOT d.dropped AND d.settled_on IS NULL)::boolean AS owed
FROM practice p
LEFT JOIN LATERAL (SELECT x.* FROM outbox x
    WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key AND x.step = @step
    ORDER BY x.attempt DESC LIMIT 1) o ON true
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[])
ORDER BY p.practice_key;

-- name: FilesOf :many
SELECT f.path, f.sha256, f.bytes FROM practice_file f JOIN practice p ON p.id = f.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key ORDER BY f.path;

-- name: MessagesOf :many
-- Every attempt of every e-mail to a practice, the first first.
SELECT id, step, attempt, state, detail, sent_on, moved_at FROM outbox
WHERE incident_id = @incident_id AND practice_key = @practice_key ORDER BY intended_at, attempt;

-- name: StoryEntries :many
-- What was done in the practice and in the incident, without the anchors, which tell of no practice.
SELECT practice_key, seq, at, body FROM ledger
WHERE incident_id = @incident_id AND practice_key IN ('', @practice_key::text) AND body::jsonb ->> 'kind' <> @anchor::text
ORDER BY practice_key, seq;

-- name: StoriesEntries :many
-- What was done in some practices, by their own chains.
SELECT practice_key, seq, at, body FROM ledger
WHERE incident_id = @incident_id AND practice_key = ANY(@practice_keys::text[]) AND body::jsonb ->> 'kind' <> @anchor::text
ORDER BY practice_key, seq;

-- name: PageLines :many
-- Practices that have a page, in key order, with when they first opened it and first answered.
SELECT p.practice_key, p.facts, p.next_due, coalesce(p.late_at <= @at::timestamptz, false)::boolean AS late, g.made_at, g.opened_at, g.answered_at
FROM page_practice g JOIN practice p ON p.id = g.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key > @after AND (@practice_key::text = '' OR p.practice_key = @practice_key)
    AND (NOT @only_unopened::boolean OR g.opened_at IS NULL AND p.closed_on IS NULL AND NOT EXISTS (SELECT FROM obligation d
        WHERE d.practice_id = p.id AND d.kind = 'covered_entity_notice' AND NOT d.dropped AND d.settled_on IS NULL))
ORDER BY p.practice_key LIMIT @page;

-- name: Disputing :one
-- Practices that dispute somebody whom nobody has looked into.
SELECT count(DISTINCT d.practice_id) FROM dispute d JOIN practice p ON p.id = d.practice_id WHERE p.incident_id = @incident_id AND d.solved = '';
