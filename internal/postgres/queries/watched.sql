-- name: UntoldByDay :many
-- Everybody of open practices by state, and by the days that are left for the nearest open
-- duty to tell them in writing: the number of the step, -1 when that day has passed, -2
-- where there is no day. What the states mean is for package account to say.
WITH d AS MATERIALIZED (
    SELECT p.id, min(o.due) AS due, min(o.due_ends) AS ends FROM practice p
    LEFT JOIN obligation o ON o.practice_id = p.id AND o.kind = ANY(@kinds::text[]) AND NOT o.dropped AND o.settled_on IS NULL
    WHERE p.incident_id = @incident_id AND p.closed_on IS NULL GROUP BY p.id
)
SELECT (CASE WHEN d.due IS NULL THEN -2 WHEN d.ends <= @at::timestamptz THEN -1
    ELSE width_bucket(greatest(d.due - @as_of::date, 0), @steps::integer[]) END)::integer AS step,
    a.state, a.why, a.letter, sum(a.people)::integer AS people
FROM d JOIN account a ON a.practice_id = d.id AND a.people > 0
GROUP BY 1, a.state, a.why, a.letter;

-- name: PhasesSince :many
-- When the practice that has been longest in a phase came into it.
SELECT phase, min(phase_since)::timestamptz AS since FROM practice_count WHERE incident_id = @incident_id GROUP BY phase;

-- name: Disputes :one
-- As Disputing, with when the oldest was raised.
SELECT count(DISTINCT d.practice_id) AS practices, coalesce(min(d.at), 'epoch')::timestamptz AS since
FROM dispute d JOIN practice p ON p.id = d.practice_id WHERE p.incident_id = @incident_id AND d.solved = '';

-- name: LedgerSinceAnchor :one
-- When the last anchor was written, and the entries of practices after it, 'epoch' for none.
SELECT (n.at)::timestamptz AS anchored_at, coalesce(min(l.at), 'epoch')::timestamptz AS first, coalesce(max(l.at), 'epoch')::timestamptz AS last
FROM (SELECT coalesce(max(l.at), 'epoch') AS at FROM ledger l WHERE l.incident_id = @incident_id AND l.practice_key = ''
    AND l.seq = (SELECT max(x.anchor) FROM ledger_anchor x WHERE x.incident_id = @incident_id)) n
LEFT JOIN ledger l ON l.incident_id = @incident_id AND l.practice_key <> '' AND l.at > n.at
GROUP BY n.at;
