-- name: AnnualLog :many
SELECT p.incident_id, p.practice_key, p.facts, p.discovered, p.delegation, o.count, o.regime, o.due, o.settled_on
FROM obligation o JOIN practice p ON p.id = o.practice_id
WHERE o.kind = 'hhs_notice' AND o.form = 'annual_log' AND NOT o.dropped
    AND p.discovered BETWEEN @first_day::date AND @last_day::date
ORDER BY p.incident_id, p.practice_key, o.position;
