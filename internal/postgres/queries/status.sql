-- name: PhaseCounts :many
SELECT phase, count(*) AS practices, coalesce(sum(people), 0)::integer AS people, min(next_due)::date AS oldest_due,
    count(*) FILTER (WHERE late_at <= @at::timestamptz) AS late,
    count(*) FILTER (WHERE waits) AS needs_person,
    count(planned_at) AS launched
FROM practice_count WHERE incident_id = @incident_id GROUP BY phase;

-- name: RecountPractices :many
-- Practices that were counted wrongly; they are counted anew.
SELECT r::text FROM recount_practices(@incident_id::text) AS r;

-- name: DoneLate :one
-- What was done after its due day, and by how many days in all (45 CFR 160.406).
SELECT coalesce(sum(done_late), 0)::integer AS duties, coalesce(sum(days_late), 0)::integer AS days
FROM practice_count WHERE incident_id = @incident_id;

-- name: IncidentAccount :many
-- Everybody by state, over all of the incident's practices.
SELECT a.state, a.why, a.letter, sum(a.people)::integer AS people, max(a.mailed_on)::date AS mailed_on, max(a.told_on)::date AS told_on
FROM account a WHERE a.incident_id = @incident_id AND a.people > 0
GROUP BY a.state, a.why, a.letter ORDER BY a.state, a.why, a.letter;

-- name: AccountsThatDoNotAddUp :many
-- Practices whose account is of another number of people than their list.
SELECT p.practice_key, p.findings, coalesce(sum(c.people), 0)::integer AS accounted
FROM practice_count p LEFT JOIN account c ON c.practice_id = p.practice_id AND c.incident_id = @incident_id AND c.state <> 'left'
WHERE p.incident_id = @incident_id GROUP BY p.practice_id HAVING p.findings <> coalesce(sum(c.people), 0) ORDER BY p.practice_key LIMIT 20;

-- name: Findings :one
SELECT coalesce(sum(findings), 0)::integer FROM practice_count WHERE incident_id = @incident_id;

-- name: LettersReturned :one
-- Of the letters that still stand.
SELECT count(*) FROM returned_letter x JOIN mail_run r ON r.id = x.run_id
WHERE r.incident_id = @incident_id AND EXISTS (SELECT 1 FROM piece m
    WHERE m.run_id = x.run_id AND m.piece_no = x.piece_no AND NOT m.superseded);

-- name: LettersToPrint :one
-- How many practices have letters that may be printed and are in no mail run.
SELECT count(DISTINCT p.id) FROM practice p JOIN account a ON a.practice_id = p.id
WHERE p.incident_id = @incident_id AND p.printable AND p.standing_of = p.changes AND p.closed_on IS NULL
    AND a.state = @waiting AND a.people > 0;

-- name: OutOfDate :one
-- How many practices' standing is being worked out again.
SELECT count(*) FROM practice
WHERE incident_id = @incident_id AND standing_of <> changes AND closed_on IS NULL AND first_planned_at IS NOT NULL;

-- name: Outdated :many
-- Which practices' standing is being worked out again, or waits for somebody to.
SELECT practice_key FROM practice
WHERE incident_id = @incident_id AND practice_key = ANY(@practice_keys::text[])
    AND standing_of <> changes AND closed_on IS NULL AND first_planned_at IS NOT NULL
ORDER BY practice_key;

-- name: BatchTotals :one
SELECT count(*) AS batches, coalesce(sum(b.pages), 0)::integer AS pages, coalesce(sum(b.seconds), 0)::double precision AS seconds
FROM batch b JOIN mail_run r ON r.id = b.run_id WHERE r.incident_id = @incident_id;

-- name: ObligationCounts :one
SELECT coalesce(sum(immediate), 0)::integer AS hhs_immediate, coalesce(sum(annual), 0)::integer AS hhs_annual,
    coalesce(sum(media), 0)::integer AS media_notices, coalesce(sum(regulators), 0)::integer AS regulator_notices
FROM practice_count WHERE incident_id = @incident_id;

-- name: PracticeTotals :one
SELECT count(*) FILTER (WHERE has_notice) AS notices, count(*) FILTER (WHERE late_at <= @at::timestamptz) AS late
FROM practice_count WHERE incident_id = @incident_id;

-- name: Timings :one
SELECT
    (SELECT coalesce(sum(l.seconds), 0) FROM findings_list l WHERE l.incident_id = i.id)::double precision AS load,
    coalesce(extract(epoch FROM (SELECT max(p.planned_at) FROM practice_count p WHERE p.incident_id = i.id) - i.launching_at), 0)::double precision AS plan
FROM incident i WHERE i.id = @id;

-- name: ChosenPractices :many
-- The keys of practices that are chosen, in their order.
SELECT practice_key FROM practice_count
WHERE incident_id = @incident_id AND (@practice_key::text = '' OR practice_key = @practice_key)
    AND (sqlc.narg(due_before)::date IS NULL OR next_due <= sqlc.narg(due_before)::date)
    AND (NOT @only_late::boolean OR late_at <= @at::timestamptz)
    AND (NOT @only_waiting::boolean OR waits)
    AND (NOT @only_open::boolean OR NOT closed)
    AND (@phase::text = '' OR phase = @phase)
ORDER BY practice_key;

-- name: DetailedPractices :many
-- Brief is without approvals and delays.
SELECT p.id, p.practice_key, p.facts, p.phase, p.people, p.delegation, p.needs_person, p.warnings,
    coalesce(p.late_at <= @at::timestamptz, false)::boolean AS late, p.findings,
    coalesce((SELECT jsonb_agg(jsonb_build_object('state', c.state, 'why', c.why, 'letter', c.letter, 'residence', c.residence,
            'people', c.people, 'mailed_on', c.mailed_on, 'told_on', c.told_on) ORDER BY c.state, c.why, c.letter, c.residence)
        FROM account c WHERE c.practice_id = p.id AND c.people > 0), '[]')::jsonb AS account,
    coalesce((SELECT array_agg(a.who ORDER BY a.at, a.person) FROM approval a
        WHERE NOT @brief::boolean AND a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256), '{}')::text[] AS approvals,
    coalesce((SELECT array_agg(a.at ORDER BY a.at, a.person) FROM approval a
        WHERE NOT @brief AND a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256), '{}')::timestamptz[] AS approved_at,
    -- Two of them came from one account or login.
    (SELECT count(y.identity) > count(DISTINCT y.identity) FROM approval a JOIN act y ON y.incident_id = p.incident_id AND y.id = a.act_id AND y.identity <> ''
        WHERE NOT @brief AND a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256)::boolean AS one_account,
    coalesce((SELECT jsonb_agg(jsonb_build_object('from', a.terms #>> '{Record,Fact,on}',
            'to', coalesce(a.terms #>> '{Record,Fact,through}', a.terms #>> '{Record,Fact,on}'),
            'text', a.terms #>> '{Record,Fact,reference}', 'by', a.who) ORDER BY a.seq)
        FROM act a WHERE NOT @brief AND a.incident_id = p.incident_id AND a.practice_key IN ('', p.practice_key)
            AND a.kind = 'record' AND a.terms #>> '{Record,Fact,fact}' = 'delay_reason'), '[]')::jsonb AS reasons,
    coalesce((SELECT n.notice FROM practice_count n WHERE n.practice_id = p.id), '')::text AS notice,
    -- Of single outlets of the press, while they are not all told.
    CASE WHEN EXISTS (SELECT FROM obligation m WHERE m.practice_id = p.id AND m.kind = 'media_notice' AND NOT m.dropped AND m.settled_on IS NULL)
        THEN (SELECT jsonb_agg(a.terms #> '{Record,Fact}' ORDER BY a.seq) FROM act a
            WHERE a.incident_id = p.incident_id AND a.practice_key IN ('', p.practice_key) AND a.kind = 'record'
                AND a.terms #>> '{Record,Fact,fact}' = 'media_sent' AND a.terms #>> '{Record,Fact,outlet}' <> '')
    END::jsonb AS media_sent,
    -- Where the last look at its posting missed the notice.
    (SELECT jsonb_build_object('url', s.url, 'shown', s.shown, 'problem', s.problem, 'since', s.since, 'looked_on', s.looked_on, 'missed', s.missed)
        FROM posting_state s WHERE s.practice_id = p.id AND NOT s.shown AND p.posting_url <> '' AND p.closed_on IS NULL)::jsonb AS posting
FROM practice p
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[])
ORDER BY p.practice_key;

-- name: StatusLines :many
-- A line for each practice, with how many of its duties are open and done and when the
-- first open one is due.
SELECT p.practice_key, p.facts, p.phase, p.people, p.delegation, p.needs_person, n.notice, o.next_due::date AS next_due,
    coalesce(p.late_at <= @at::timestamptz, false)::boolean AS late, o.open::integer AS open, o.settled::integer AS settled,
    coalesce((SELECT array_agg(a.who ORDER BY a.at, a.person) FROM approval a
        WHERE a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256), '{}')::text[] AS approvals
FROM practice p JOIN practice_count n ON n.practice_id = p.id CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.settled_on IS NULL) AS open, count(d.settled_on) AS settled, min(d.due) FILTER (WHERE d.settled_on IS NULL) AS next_due
    FROM obligation d WHERE d.practice_id = p.id AND NOT d.dropped
) o
WHERE n.incident_id = @incident_id AND n.practice_key = ANY(@practice_keys::text[])
ORDER BY n.practice_key;

-- name: ObligationsOf :many
-- Brief are those that are open, without their earlier days.
SELECT sqlc.embed(o), coalesce((SELECT array_agg(c.old_due ORDER BY c.seq) FROM obligation_change c
        WHERE NOT @brief::boolean AND c.practice_id = o.practice_id AND c.obligation_id = o.obligation_id AND c.what = 'moved' AND c.old_due IS NOT NULL
    )::text[], '{}')::text[] AS moved
FROM obligation o
WHERE o.practice_id = ANY(@practice_ids::integer[]) AND NOT o.dropped AND (NOT @brief OR o.settled_on IS NULL)
ORDER BY o.practice_id, o.position;
