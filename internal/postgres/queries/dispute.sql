-- name: Dispute :execrows
-- Those of the keys who are on the practice's list are disputed, also once more.
INSERT INTO dispute (practice_id, person_key, act_id, at)
SELECT f.practice_id, f.person_key, @act_id, @at FROM finding f WHERE f.practice_id = @practice_id AND f.person_key = ANY(@person_keys::text[])
ON CONFLICT (practice_id, person_key) DO UPDATE SET act_id = excluded.act_id, at = excluded.at, solved = '', solved_by = '';

-- name: KeepDisputed :execrows
UPDATE dispute SET solved = 'kept', solved_by = @act_id
WHERE practice_id = @practice_id AND person_key = ANY(@person_keys::text[]) AND solved = '';

-- name: SolveRemoved :exec
-- Who is on no list any more is disputed no more.
UPDATE dispute d SET solved = 'removed' FROM practice p
WHERE p.id = d.practice_id AND p.incident_id = @incident_id AND d.solved = ''
    AND NOT EXISTS (SELECT FROM finding f WHERE f.practice_id = d.practice_id AND f.person_key = d.person_key);

-- name: HoldDisputed :exec
-- Letters of people who are disputed wait: of some practices, or with none of all of the incident's.
UPDATE finding f SET state = @to_state, state_why = @why FROM dispute d JOIN practice p ON p.id = d.practice_id
WHERE p.incident_id = @incident_id AND (cardinality(@practice_ids::integer[]) = 0 OR p.id = ANY(@practice_ids::integer[])) AND d.solved = ''
    AND f.practice_id = d.practice_id AND f.person_key = d.person_key AND f.state = ANY(@from_states::text[]);

-- name: LetGoKept :exec
UPDATE finding SET state = @to_state, state_why = ''
WHERE practice_id = @practice_id AND person_key = ANY(@person_keys::text[]) AND state = ANY(@from_states::text[]) AND state_why = @why;

-- name: IncidentOfPractice :one
SELECT incident_id FROM practice WHERE id = @id;

-- name: OpenDisputes :many
SELECT p.practice_key, d.person_key, d.at, coalesce(a.who, '')::text AS who FROM dispute d JOIN practice p ON p.id = d.practice_id
LEFT JOIN act a ON a.incident_id = p.incident_id AND a.id = d.act_id
WHERE p.incident_id = @incident_id AND d.solved = '' ORDER BY p.practice_key, d.person_key;

-- name: DisputedOfPractice :many
SELECT d.person_key FROM dispute d JOIN practice p ON p.id = d.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key AND d.solved = '' ORDER BY d.person_key;
